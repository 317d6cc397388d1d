"""Signatures, and what an object is."""
import _inspect
from _signature import BoundArguments, Parameter, Signature, _Empty, formatannotation
from functools import partial


def _of_function(obj):
    annotations = getattr(obj, "__annotations__", {})
    parameters = []
    for name, kind, *default in _inspect.parameters(obj):
        value = default[0] if default else _Empty
        parameters.append(Parameter(name, kind, default=value, annotation=annotations.get(name, _Empty)))
    return Signature(parameters, return_annotation=annotations.get("return", _Empty))


def _without_first(found):
    parameters = list(found.parameters.values())
    if parameters and parameters[0].kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
        parameters = parameters[1:]
    return found.replace(parameters=parameters)


def _of_partial(obj):
    found = signature(obj.func)
    bound = found.bind_partial(*obj.args, **obj.keywords).arguments
    parameters = []
    keyword_only = False
    for name, parameter in found.parameters.items():
        if name in obj.keywords:
            keyword_only = True
            parameters.append(parameter.replace(kind=Parameter.KEYWORD_ONLY, default=obj.keywords[name]))
        elif name in bound and parameter.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
            continue
        elif keyword_only and parameter.kind == Parameter.POSITIONAL_OR_KEYWORD:
            parameters.append(parameter.replace(kind=Parameter.KEYWORD_ONLY))
        else:
            parameters.append(parameter)
    return found.replace(parameters=parameters)


def signature(obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
    if not callable(obj):
        raise TypeError(f"{obj!r} is not a callable object")
    if _inspect.is_method(obj):
        return _without_first(signature(obj.__func__))
    if follow_wrapped and not isinstance(obj, type):
        obj = unwrap(obj, stop=lambda fn: hasattr(fn, "__signature__"))
    declared = getattr(obj, "__signature__", None)
    if isinstance(declared, Signature):
        return declared
    if _inspect.parameters(obj) is not None:
        return _of_function(obj)
    if isinstance(obj, partial):
        return _of_partial(obj)
    if isinstance(obj, type):
        return _of_class(obj)
    return _without_first(signature(type(obj).__call__))


def _of_class(cls):
    if type(cls).__call__ is not type.__call__ and _inspect.is_function(type(cls).__call__):
        return _without_first(signature(type(cls).__call__))
    for base in cls.__mro__:
        for name in ("__init__", "__new__"):
            if name in base.__dict__ and base is not object:
                return _without_first(signature(getattr(base.__dict__[name], "__func__", base.__dict__[name])))
    return Signature()


def unwrap(func, *, stop=None):
    while "__wrapped__" in getattr(func, "__dict__", {}) and not (stop is not None and stop(func)):
        func = func.__wrapped__
    return func


class FullArgSpec:
    def __init__(self, args, varargs, varkw, defaults, kwonlyargs, kwonlydefaults, annotations):
        self.args, self.varargs, self.varkw, self.defaults = args, varargs, varkw, defaults
        self.kwonlyargs, self.kwonlydefaults, self.annotations = kwonlyargs, kwonlydefaults, annotations

    def __iter__(self):
        return iter((self.args, self.varargs, self.varkw, self.defaults, self.kwonlyargs, self.kwonlydefaults, self.annotations))

    def __getitem__(self, index):
        return tuple(self)[index]


def getfullargspec(func):
    target = func.__func__ if _inspect.is_method(func) else func
    if isinstance(target, type):
        target = target.__init__
    args, kwonly, defaults, kwdefaults = [], [], [], {}
    varargs = varkw = None
    for name, kind, *default in _inspect.parameters(target) or ():
        if kind < 2:
            args.append(name)
            defaults.extend(default)
        elif kind == 2:
            varargs = name
        elif kind == 3:
            kwonly.append(name)
            if default:
                kwdefaults[name] = default[0]
        else:
            varkw = name
    return FullArgSpec(args, varargs, varkw, tuple(defaults) or None, kwonly, kwdefaults or None, getattr(target, "__annotations__", {}))


getargspec = getfullargspec


def isclass(obj):
    return isinstance(obj, type)


def isfunction(obj):
    return _inspect.is_function(obj)


def isbuiltin(obj):
    return _inspect.is_native(obj)


def ismethod(obj):
    return _inspect.is_method(obj)


def ismodule(obj):
    return _inspect.is_module(obj)


def isroutine(obj):
    return isfunction(obj) or isbuiltin(obj) or ismethod(obj)


def isgeneratorfunction(obj):
    return _inspect.is_generator_function(obj)


def iscoroutinefunction(obj):
    return _inspect.is_coroutine_function(obj)


def isgenerator(obj):
    return type(obj).__name__ == "generator"


def isabstract(obj):
    return bool(getattr(obj, "__abstractmethods__", ()))


def isdatadescriptor(obj):
    return not isclass(obj) and not isfunction(obj) and (hasattr(type(obj), "__set__") or hasattr(type(obj), "__delete__"))


def getmembers(obj, predicate=None):
    found = []
    for name in dir(obj):
        try:
            value = getattr(obj, name)
        except AttributeError:
            continue
        if predicate is None or predicate(value):
            found.append((name, value))
    return sorted(found, key=lambda pair: pair[0])


def getmro(cls):
    return cls.__mro__


def getdoc(obj):
    return cleandoc(obj.__doc__) if obj.__doc__ else None


def cleandoc(doc):
    lines = doc.expandtabs().split("\n")
    indents = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    margin = min(indents, default=0)
    lines = [lines[0].lstrip()] + [line[margin:] for line in lines[1:]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines)


def getsource(obj):
    text = _inspect.source(unwrap(obj))
    if text is None:
        raise OSError("could not get source code")
    return text


def getfile(obj):
    name = _inspect.file(obj)
    if name is None:
        raise TypeError(f"{obj!r} has no file")
    return name


getsourcefile = getfile


def getmodule(obj):
    import sys

    return sys.modules.get(getattr(obj, "__module__", None))


def currentframe():
    return None


def stack(context=1):
    return []


def getattr_static(obj, name, default=_Empty):
    for cls in (obj.__mro__ if isinstance(obj, type) else type(obj).__mro__):
        if name in cls.__dict__:
            return cls.__dict__[name]
    if default is _Empty:
        raise AttributeError(name)
    return default
