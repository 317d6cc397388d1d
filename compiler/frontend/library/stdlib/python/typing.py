"""Names for annotations: importable and subscriptable, without meaning at run time."""
import collections
import collections.abc as _abc

TYPE_CHECKING = False


class _Form:
    """A special form such as `Any`, or an alias such as `List[int]`."""

    __typing_form__ = True

    def __init__(self, name, origin=None, args=()):
        self._name = name
        self.__origin__ = origin
        self.__args__ = args

    def __getitem__(self, key):
        args = key if isinstance(key, tuple) else (key,)
        return _make(self, args)

    def __call__(self, *args, **kwargs):
        if self.__origin__ is None:
            raise TypeError(f"Cannot instantiate typing.{self._name}")
        return self.__origin__(*args, **kwargs)

    def __instancecheck__(self, instance):
        if self.__origin__ is None:
            raise TypeError(f"typing.{self._name} cannot be used with isinstance()")
        if self.__args__:
            raise TypeError("Subscripted generics cannot be used with class and instance checks")
        return isinstance(instance, self.__origin__)

    def __subclasscheck__(self, cls):
        return issubclass(cls, self.__origin__)

    def __mro_entries__(self, bases):
        if self._name == "Generic" or self._name == "Protocol":
            return (Generic,)
        return (self.__origin__,) if isinstance(self.__origin__, type) else ()

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __eq__(self, other):
        return isinstance(other, _Form) and self._name == other._name and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self._name, self.__args__))

    def __repr__(self):
        if not self.__args__:
            return f"typing.{self._name}"
        if self._name == "Optional":
            return f"typing.Optional[{_show(self.__args__[0])}]"
        return f"typing.{self._name}[{', '.join(_show(arg) for arg in self.__args__)}]"


def _show(arg):
    if arg is Ellipsis:
        return "..."
    if arg is None:
        return "None"
    if isinstance(arg, list):
        return "[" + ", ".join(_show(item) for item in arg) + "]"
    if isinstance(arg, type):
        return arg.__qualname__ if arg.__module__ == "builtins" else f"{arg.__module__}.{arg.__qualname__}"
    return repr(arg)


def _make(form, args):
    name = form._name
    if name == "Union":
        flat = []
        for arg in args:
            for item in arg.__args__ if isinstance(arg, _Form) and arg._name in ("Union", "Optional") else (arg,):
                item = type(None) if item is None else item
                if item not in flat:
                    flat.append(item)
        if len(flat) == 1:
            return flat[0]
        if len(flat) == 2 and type(None) in flat:
            other = flat[0] if flat[1] is type(None) else flat[1]
            return _Form("Optional", Union, (other, type(None)))
        return _Form("Union", Union, tuple(flat))
    if name == "Optional":
        return Union[args[0], None]
    if name == "Annotated":
        return args[0]
    return _Form(name, form.__origin__, args)


Any = _Form("Any")
Union = _Form("Union")
Optional = _Form("Optional")
Literal = _Form("Literal")
Final = _Form("Final")
ClassVar = _Form("ClassVar")
Annotated = _Form("Annotated")
NoReturn = _Form("NoReturn")
Never = _Form("Never")
Self = _Form("Self")
LiteralString = _Form("LiteralString")
TypeAlias = _Form("TypeAlias")
Concatenate = _Form("Concatenate")
TypeGuard = _Form("TypeGuard")
Required = _Form("Required")
NotRequired = _Form("NotRequired")
Unpack = _Form("Unpack")
List = _Form("List", list)
Dict = _Form("Dict", dict)
Tuple = _Form("Tuple", tuple)
Set = _Form("Set", set)
FrozenSet = _Form("FrozenSet", frozenset)
Type = _Form("Type", type)
DefaultDict = _Form("DefaultDict", collections.defaultdict)
OrderedDict = _Form("OrderedDict", collections.OrderedDict)
Counter = _Form("Counter", collections.Counter)
ChainMap = _Form("ChainMap", collections.ChainMap)
Deque = _Form("Deque", collections.deque)
Callable = _Form("Callable", _abc.Callable)
Iterable = _Form("Iterable", _abc.Iterable)
Iterator = _Form("Iterator", _abc.Iterator)
Generator = _Form("Generator", _abc.Generator)
Sequence = _Form("Sequence", _abc.Sequence)
MutableSequence = _Form("MutableSequence", _abc.MutableSequence)
Mapping = _Form("Mapping", _abc.Mapping)
MutableMapping = _Form("MutableMapping", _abc.MutableMapping)
AbstractSet = _Form("AbstractSet", _abc.Set)
MutableSet = _Form("MutableSet", _abc.MutableSet)
Collection = _Form("Collection", _abc.Collection)
Container = _Form("Container", _abc.Container)
Hashable = _Form("Hashable", _abc.Hashable)
Sized = _Form("Sized", _abc.Sized)
Reversible = _Form("Reversible", _abc.Reversible)
Awaitable = _Form("Awaitable", _abc.Awaitable)
Coroutine = _Form("Coroutine", _abc.Coroutine)
AsyncIterable = _Form("AsyncIterable", _abc.AsyncIterable)
AsyncIterator = _Form("AsyncIterator", _abc.AsyncIterator)
AsyncGenerator = _Form("AsyncGenerator")
ContextManager = _Form("ContextManager")
KeysView = _Form("KeysView", _abc.KeysView)
ValuesView = _Form("ValuesView", _abc.ValuesView)
ItemsView = _Form("ItemsView", _abc.ItemsView)
ByteString = _Form("ByteString", bytes)
Text = str
Pattern = _Form("Pattern")
Match = _Form("Match")
IO = _Form("IO")
TextIO = _Form("TextIO")
BinaryIO = _Form("BinaryIO")
SupportsInt = _Form("SupportsInt")
SupportsFloat = _Form("SupportsFloat")
SupportsIndex = _Form("SupportsIndex")
SupportsAbs = _Form("SupportsAbs")
SupportsRound = _Form("SupportsRound")


class TypeVar:
    __typing_form__ = True

    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False, infer_variance=False):
        self.__name__ = name
        self.__constraints__ = constraints
        self.__bound__ = bound
        self.__covariant__ = covariant
        self.__contravariant__ = contravariant

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __repr__(self):
        return ("+" if self.__covariant__ else "-" if self.__contravariant__ else "~") + self.__name__


class ParamSpec(TypeVar):
    @property
    def args(self):
        return self

    @property
    def kwargs(self):
        return self


class TypeVarTuple(TypeVar):
    def __iter__(self):
        return iter((self,))


AnyStr = TypeVar("AnyStr", str, bytes)
T = TypeVar("T")
KT = TypeVar("KT")
VT = TypeVar("VT")


class Generic:
    __slots__ = ()

    def __class_getitem__(cls, key):
        name = "Generic" if cls is Generic else "Protocol" if cls is Protocol else cls.__qualname__
        return _Form(name, cls, key if isinstance(key, tuple) else (key,))


class Protocol(Generic):
    _is_protocol = True


def runtime_checkable(cls):
    return cls


def NewType(name, tp):
    def new_type(value):
        return value

    new_type.__name__ = name
    new_type.__supertype__ = tp
    return new_type


def cast(typ, val):
    return val


def overload(func):
    def refused(*args, **kwds):
        raise NotImplementedError("You should not call an overloaded function.")

    return refused


def final(f):
    return f


def override(f):
    return f


def no_type_check(arg):
    return arg


def dataclass_transform(**kwargs):
    return lambda cls: cls


def assert_never(arg, /):
    raise AssertionError(f"Expected code to be unreachable, but got: {arg!r}")


def assert_type(val, typ, /):
    return val


def reveal_type(obj, /):
    return obj


def get_origin(tp):
    return getattr(tp, "__origin__", None)


def get_args(tp):
    return getattr(tp, "__args__", ())


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    if isinstance(obj, type):
        hints = {}
        for base in reversed(obj.__mro__):
            hints.update(base.__dict__.get("__annotations__", {}))
        return hints
    hints = getattr(obj, "__annotations__", {})
    return {name: type(None) if hint is None else hint for name, hint in hints.items()}


class _NamedTupleMeta(type):
    def __new__(mcls, name, bases, namespace, **kwargs):
        if name == "NamedTuple" and not bases:
            return super().__new__(mcls, name, bases, namespace)
        fields = list(namespace.get("__annotations__", {}))
        defaults = [namespace[field] for field in fields if field in namespace]
        made = collections.namedtuple(name, fields, defaults=defaults, module=namespace.get("__module__"))
        for key, value in namespace.items():
            if key not in fields and key not in ("__module__", "__qualname__", "__doc__", "__annotations__"):
                setattr(made, key, value)
        made.__annotations__ = namespace.get("__annotations__", {})
        return made

    def __call__(cls, typename, fields=(), /, **kwargs):
        return collections.namedtuple(typename, [name for name, _ in fields] + list(kwargs))


class NamedTuple(metaclass=_NamedTupleMeta):
    pass


class _TypedDictMeta(type):
    def __new__(mcls, name, bases, namespace, total=True):
        return super().__new__(mcls, name, (dict,), {key: value for key, value in namespace.items() if key != "total"})

    def __call__(cls, *args, **kwargs):
        if cls.__name__ == "TypedDict":
            return type(args[0], (dict,), {})
        return dict(*args, **kwargs)


class TypedDict(metaclass=_TypedDictMeta):
    pass


class ForwardRef:
    def __init__(self, arg):
        self.__forward_arg__ = arg
