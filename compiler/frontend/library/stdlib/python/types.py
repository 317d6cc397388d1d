"""Names of built-in types."""
from _types import (
    BuiltinFunctionType,
    BuiltinMethodType,
    CellType,
    EllipsisType,
    FunctionType,
    GeneratorType,
    GenericAlias,
    GetSetDescriptorType,
    LambdaType,
    MethodType,
    ModuleType,
    NoneType,
    NotImplementedType,
    UnionType,
)

MappingProxyType = dict
CodeType = type((lambda: None).__code__)
TracebackType = type("traceback", (), {})
FrameType = type("frame", (), {})
CoroutineType = type("coroutine", (), {})


class SimpleNamespace:
    def __init__(self, /, **kwargs):
        self.__dict__.update(kwargs)

    def __repr__(self):
        items = ", ".join(f"{key}={value!r}" for key, value in self.__dict__.items())
        return f"{'namespace' if type(self) is SimpleNamespace else type(self).__name__}({items})"

    def __eq__(self, other):
        return isinstance(other, SimpleNamespace) and self.__dict__ == other.__dict__


class DynamicClassAttribute(property):
    pass


def new_class(name, bases=(), kwds=None, exec_body=None):
    namespace = {}
    if exec_body is not None:
        exec_body(namespace)
    keywords = dict(kwds or {})
    metaclass = keywords.pop("metaclass", type(bases[0]) if bases else type)
    return metaclass(name, bases, namespace, **keywords)


def coroutine(func):
    return func
