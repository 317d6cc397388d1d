"""Data classes."""
import copy
import inspect


class _Missing:
    def __repr__(self):
        return "MISSING"


MISSING = _Missing()


class _KeywordOnly:
    pass


KW_ONLY = _KeywordOnly()


class FrozenInstanceError(AttributeError):
    pass


class InitVar:
    def __init__(self, type):
        self.type = type

    def __class_getitem__(cls, type):
        return cls(type)


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = metadata or {}
        self.kw_only = kw_only
        self.is_init_only = False

    def __repr__(self):
        return f"Field(name={self.name!r},type={self.type!r},default={self.default!r},default_factory={self.default_factory!r})"


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _annotation_says(annotation, word):
    if isinstance(annotation, str):
        return word in annotation.split("[")[0]
    if word == "InitVar":
        return annotation is InitVar or isinstance(annotation, InitVar)
    return word in repr(annotation).split("[")[0]


def _collect_fields(cls, kw_only):
    fields = {}
    for base in reversed(cls.__mro__[1:]):
        for name, known in getattr(base, "__dataclass_fields__", {}).items():
            fields[name] = known
    for name, annotation in cls.__dict__.get("__annotations__", cls.__annotations__).items():
        if annotation is KW_ONLY or _annotation_says(annotation, "KW_ONLY"):
            kw_only = True
            continue
        if _annotation_says(annotation, "ClassVar"):
            continue
        default = cls.__dict__.get(name, MISSING)
        made = default if isinstance(default, Field) else field(default=default)
        made.name = name
        made.type = annotation
        made.is_init_only = _annotation_says(annotation, "InitVar")
        if made.kw_only is MISSING:
            made.kw_only = kw_only
        if isinstance(made.default, (list, dict, set)):
            raise ValueError(f"mutable default {type(made.default)} for field {name} is not allowed: use default_factory")
        if isinstance(default, Field):
            if made.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, made.default)
        fields[name] = made
    return fields


def _required_names(missing):
    quoted = [repr(name) for name in missing]
    if len(quoted) <= 2:
        return " and ".join(quoted)
    return ", ".join(quoted[:-1]) + f", and {quoted[-1]}"


def _bind(cls, positional, keyword_only, args, kwargs):
    """The values of the fields from the arguments of a call."""
    where = f"{cls.__qualname__}.__init__()"
    if len(args) > len(positional):
        required = [known for known in positional if known.default is MISSING and known.default_factory is MISSING]
        takes = len(positional) + 1
        text = f"from {len(required) + 1} to {takes}" if len(required) < len(positional) else str(takes)
        raise TypeError(f"{where} takes {text} positional arguments but {len(args) + 1} were given")
    values = {known.name: value for known, value in zip(positional, args)}
    names = [known.name for known in positional + keyword_only]
    for key, value in kwargs.items():
        if key not in names:
            raise TypeError(f"{where} got an unexpected keyword argument {key!r}")
        if key in values:
            raise TypeError(f"{where} got multiple values for argument {key!r}")
        values[key] = value
    for kind, group in (("positional", positional), ("keyword-only", keyword_only)):
        missing = [known.name for known in group if known.name not in values and known.default is MISSING and known.default_factory is MISSING]
        if missing:
            plural = "" if len(missing) == 1 else "s"
            raise TypeError(f"{where} missing {len(missing)} required {kind} argument{plural}: {_required_names(missing)}")
    return values


def _make_init(cls, fields, frozen):
    in_init = [known for known in fields.values() if known.init]
    positional = [known for known in in_init if not known.kw_only]
    keyword_only = [known for known in in_init if known.kw_only]
    seen_default = None
    for known in positional:
        has_default = known.default is not MISSING or known.default_factory is not MISSING
        if not has_default and seen_default:
            raise TypeError(f"non-default argument {known.name!r} follows default argument {seen_default!r}")
        seen_default = known.name if has_default else seen_default

    def __init__(self, *args, **kwargs):
        values = _bind(cls, positional, keyword_only, args, kwargs)
        init_only = []
        for known in fields.values():
            if known.name in values:
                value = values[known.name]
            elif known.default_factory is not MISSING:
                value = known.default_factory()
            elif known.default is not MISSING:
                value = known.default
            else:
                continue
            if known.is_init_only:
                init_only.append(value)
            elif frozen:
                object.__setattr__(self, known.name, value)
            else:
                setattr(self, known.name, value)
        if hasattr(self, "__post_init__"):
            self.__post_init__(*init_only)

    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    for known in positional + keyword_only:
        kind = inspect.Parameter.KEYWORD_ONLY if known.kw_only else inspect.Parameter.POSITIONAL_OR_KEYWORD
        default = inspect.Parameter.empty
        if known.default is not MISSING:
            default = known.default
        elif known.default_factory is not MISSING:
            default = known.default_factory
        parameters.append(inspect.Parameter(known.name, kind, default=default, annotation=known.type))
    __init__.__signature__ = inspect.Signature(parameters, return_annotation=None)
    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    return __init__


def _values(instance, names):
    return tuple(getattr(instance, name) for name in names)


def _make_repr(fields):
    def __repr__(self):
        parts = [f"{known.name}={getattr(self, known.name)!r}" for known in fields if known.repr]
        return f"{self.__class__.__qualname__}({', '.join(parts)})"

    return __repr__


def _add_comparisons(cls, names, order):
    def __eq__(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return _values(self, names) == _values(other, names)

    if "__eq__" not in cls.__dict__:
        cls.__eq__ = __eq__
    if not order:
        return
    for name, compare in (
        ("__lt__", lambda a, b: a < b),
        ("__le__", lambda a, b: a <= b),
        ("__gt__", lambda a, b: a > b),
        ("__ge__", lambda a, b: a >= b),
    ):
        if name in cls.__dict__:
            raise TypeError(f"Cannot overwrite attribute {name} in class {cls.__name__}. Consider using functools.total_ordering")
        setattr(cls, name, _ordering(names, compare))


def _ordering(names, compare):
    def method(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compare(_values(self, names), _values(other, names))

    return method


def _make_hash(names):
    def __hash__(self):
        return hash(_values(self, names))

    return __hash__


def _freeze(cls, names):
    def __setattr__(self, name, value):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    cls.__setattr__ = __setattr__
    cls.__delattr__ = __delattr__


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only):
    own_hash = cls.__dict__.get("__hash__")
    has_own_hash = own_hash is not None or ("__hash__" in cls.__dict__ and "__eq__" not in cls.__dict__)
    fields = _collect_fields(cls, kw_only)
    cls.__dataclass_fields__ = fields
    stored = [known for known in fields.values() if not known.is_init_only]
    if order and not eq:
        raise ValueError("eq must be true if order is true")
    if init:
        cls.__init__ = _make_init(cls, fields, frozen)
    if repr and "__repr__" not in cls.__dict__:
        cls.__repr__ = _make_repr(stored)
    if eq:
        _add_comparisons(cls, [known.name for known in stored if known.compare], order)
    hashed = [known.name for known in stored if (known.compare if known.hash is None else known.hash)]
    if unsafe_hash or (eq and frozen and not has_own_hash):
        cls.__hash__ = _make_hash(hashed)
    elif eq and not has_own_hash:
        cls.__hash__ = None
    if frozen:
        _freeze(cls, [known.name for known in stored])
    if match_args and "__match_args__" not in cls.__dict__:
        cls.__match_args__ = tuple(known.name for known in fields.values() if known.init and not known.kw_only)
    return cls


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only)

    return wrap if cls is None else wrap(cls)


def is_dataclass(obj):
    return hasattr(obj if isinstance(obj, type) else type(obj), "__dataclass_fields__")


def fields(class_or_instance):
    known = getattr(class_or_instance, "__dataclass_fields__", None)
    if known is None:
        raise TypeError("must be called with a dataclass type or instance")
    return tuple(item for item in known.values() if not item.is_init_only)


def _inner(value, dict_factory):
    if is_dataclass(value) and not isinstance(value, type):
        return dict_factory([(item.name, _inner(getattr(value, item.name), dict_factory)) for item in fields(value)])
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*[_inner(item, dict_factory) for item in value])
    if isinstance(value, (list, tuple)):
        return type(value)([_inner(item, dict_factory) for item in value])
    if isinstance(value, dict):
        return {_inner(key, dict_factory): _inner(item, dict_factory) for key, item in value.items()}
    return copy.deepcopy(value)


def asdict(obj, *, dict_factory=dict):
    if not is_dataclass(obj) or isinstance(obj, type):
        raise TypeError("asdict() should be called on dataclass instances")
    return _inner(obj, dict_factory)


def astuple(obj, *, tuple_factory=tuple):
    return tuple_factory([getattr(obj, item.name) for item in fields(obj)])


def replace(obj, /, **changes):
    values = {item.name: getattr(obj, item.name) for item in fields(obj) if item.init}
    values.update(changes)
    return obj.__class__(**values)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **kwargs):
    body = dict(namespace or {})
    annotations = {}
    for item in fields:
        name, annotation, default = (item, "typing.Any", MISSING) if isinstance(item, str) else (*item, MISSING)[:3]
        annotations[name] = annotation
        if default is not MISSING:
            body[name] = default
    body["__annotations__"] = annotations
    return dataclass(type(cls_name, bases, body), **kwargs)
