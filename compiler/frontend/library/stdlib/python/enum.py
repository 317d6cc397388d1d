"""Enumerations."""


class _AutoValue:
    """What `auto()` gives until the class is made."""

    def __or__(self, other):
        return self


def auto():
    return _AutoValue()


class nonmember:
    def __init__(self, value):
        self.value = value


class member:
    def __init__(self, value):
        self.value = value


def _is_dunder(name):
    return name.startswith("__") and name.endswith("__")


def _is_member(name, value):
    if isinstance(value, (nonmember, staticmethod, classmethod, property)) or _is_dunder(name) or name.startswith("_"):
        return False
    if isinstance(value, type):
        return True
    return isinstance(value, member) or not hasattr(value, "__get__")


class _Namespace(dict):
    """The namespace of an enum body: gives `auto()` its value as soon as it is assigned."""

    def __init__(self):
        super().__init__()
        self._order = []
        self._last_values = []
        self._generate = None

    def __setitem__(self, name, value):
        if name == "_generate_next_value_":
            self._generate = value.__func__ if isinstance(value, staticmethod) else value
        elif _is_member(name, value):
            if name in self._order:
                raise TypeError(f"{name!r} already defined as {self[name]!r}")
            if isinstance(value, member):
                value = value.value
            if isinstance(value, _AutoValue):
                value = self._next(name)
            elif isinstance(value, tuple) and any(isinstance(item, _AutoValue) for item in value):
                value = tuple(self._next(name) if isinstance(item, _AutoValue) else item for item in value)
            self._order.append(name)
            self._last_values.append(value)
        super().__setitem__(name, value)

    def _next(self, name):
        generate = self._generate or _next_number
        return generate(name, 1, len(self._order), list(self._last_values))


def _next_number(name, start, count, last_values):
    numbers = [value for value in last_values if isinstance(value, int)]
    return max(numbers) + 1 if numbers else start


def _next_bit(name, start, count, last_values):
    numbers = [value for value in last_values if isinstance(value, int)]
    return 1 << max(numbers).bit_length() if numbers else start


class EnumType(type):
    @classmethod
    def __prepare__(metacls, name, bases, **kwds):
        namespace = _Namespace()
        for base in bases:
            generate = getattr(base, "_generate_next_value_", None)
            if generate is not None:
                namespace._generate = generate
                break
        return namespace

    def __new__(metacls, name, bases, namespace, **kwds):
        order = list(getattr(namespace, "_order", []))
        values = {key: namespace[key] for key in order}
        body = {}
        for key, value in namespace.items():
            if key not in values:
                body[key] = value.value if isinstance(value, nonmember) else value
        if isinstance(body.get("_generate_next_value_"), type(_next_number)):
            body["_generate_next_value_"] = staticmethod(body["_generate_next_value_"])
        cls = super().__new__(metacls, name, bases, body, **kwds)
        cls._member_names_ = []
        cls._member_map_ = {}
        cls._value2member_map_ = {}
        data_type = next((base for base in cls.__mro__ if base in (int, str, float, bytes, tuple)), None)
        user_bases = [base for base in cls.__mro__ if isinstance(base, EnumType) and base.__name__ not in _own_names]
        maker = next((base.__dict__["__new__"] for base in user_bases if "__new__" in base.__dict__), None)
        if data_type is not None and name not in _own_names and not any(base.__name__ == "ReprEnum" for base in cls.__mro__):
            for key in ("__repr__", "__str__", "__format__"):
                if not any(key in base.__dict__ for base in user_bases):
                    type.__setattr__(cls, key, Enum.__dict__[key])
        for key in order:
            metacls._add_member(cls, key, values[key], data_type, maker)
        return cls

    @staticmethod
    def _add_member(cls, key, value, data_type, maker):
        args = value if isinstance(value, tuple) else (value,)
        if maker is not None:
            made = getattr(maker, "__func__", maker)(cls, *args)
        elif data_type is not None:
            made = data_type.__new__(cls, *args)
        else:
            made = object.__new__(cls)
        if "_value_" not in made.__dict__:
            made._value_ = data_type(*args) if data_type not in (None, tuple) and maker is None else value
        made._name_ = key
        made.__objclass__ = cls
        made._sort_order_ = len(cls._member_names_)
        if any("__init__" in base.__dict__ for base in cls.__mro__ if isinstance(base, EnumType)):
            made.__init__(*args)
        for known in cls._member_map_.values():
            if known._value_ == made._value_ and type(known._value_) is type(made._value_):
                cls._member_map_[key] = known
                type.__setattr__(cls, key, known)
                return
        cls._member_names_.append(key)
        cls._member_map_[key] = made
        type.__setattr__(cls, key, made)
        try:
            cls._value2member_map_[made._value_] = made
        except TypeError:
            pass

    def __call__(cls, value, names=None, *, module=None, qualname=None, type=None, start=1):
        if names is not None or not cls._member_map_ and value.__class__ is str and cls.__name__ in _own_names:
            return _functional(cls, value, names, start, type)
        return cls._lookup(value)

    def _lookup(cls, value):
        if isinstance(value, cls):
            return value
        try:
            if value in cls._value2member_map_:
                return cls._value2member_map_[value]
        except TypeError:
            for known in cls._member_map_.values():
                if known._value_ == value:
                    return known
        found = cls._missing_(value)
        if isinstance(found, cls):
            return found
        raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __reversed__(cls):
        return iter([cls._member_map_[name] for name in reversed(cls._member_names_)])

    def __len__(cls):
        return len(cls._member_names_)

    def __contains__(cls, value):
        return isinstance(value, cls) or value in [known._value_ for known in cls._member_map_.values()]

    def __bool__(cls):
        return True

    def __repr__(cls):
        return f"<enum {cls.__name__!r}>"

    @property
    def __members__(cls):
        return dict(cls._member_map_)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError(f"cannot reassign member {name!r}")
        super().__setattr__(name, value)


EnumMeta = EnumType
_own_names = ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum", "object", "int", "str", "float", "bytes", "tuple")


def _functional(cls, name, names, start, mixin):
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    pairs = []
    for index, item in enumerate(names.items() if isinstance(names, dict) else names):
        pairs.append((item, start + index) if isinstance(item, str) else tuple(item))
    bases = (cls,) if mixin is None else (mixin, cls)
    namespace = EnumType.__prepare__(name, bases)
    for key, value in pairs:
        namespace[key] = value
    return EnumType.__new__(EnumType, name, bases, namespace)


class Enum(metaclass=EnumType):
    name = property(lambda self: self._name_)
    value = property(lambda self: self._value_)

    @classmethod
    def _missing_(cls, value):
        return None

    def __repr__(self):
        return f"<{self.__class__.__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        return f"{self.__class__.__name__}.{self._name_}"

    def __format__(self, format_spec):
        return format(str(self), format_spec)

    def __hash__(self):
        return hash(self._name_)

    def __eq__(self, other):
        return self is other

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce_ex__(self, protocol):
        return self.__class__, (self._value_,)


class ReprEnum(Enum):
    pass


class IntEnum(int, ReprEnum):
    __repr__ = Enum.__repr__
    __str__ = int.__repr__
    __format__ = int.__format__
    __eq__ = int.__eq__
    __hash__ = int.__hash__


class StrEnum(str, ReprEnum):
    __repr__ = Enum.__repr__
    __str__ = str.__str__
    __format__ = str.__format__
    __eq__ = str.__eq__
    __hash__ = str.__hash__

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()


class Flag(Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return _next_bit(name, start, count, last_values)

    @classmethod
    def _missing_(cls, value):
        return cls._combined(value)

    @classmethod
    def _combined(cls, value):
        known = cls._value2member_map_.get(value)
        if known is not None:
            return known
        made = int.__new__(cls, value) if issubclass(cls, int) else object.__new__(cls)
        made._value_ = value
        made._name_ = "|".join(part._name_ for part in cls if part._value_ & value) or None
        cls._value2member_map_[value] = made
        return made

    def _number(self, other):
        return other._value_ if isinstance(other, Flag) else other

    def __or__(self, other):
        return self.__class__._combined(self._value_ | self._number(other))

    def __and__(self, other):
        return self.__class__._combined(self._value_ & self._number(other))

    def __xor__(self, other):
        return self.__class__._combined(self._value_ ^ self._number(other))

    def __invert__(self):
        mask = 0
        for part in self.__class__:
            mask |= part._value_
        return self.__class__._combined(mask & ~self._value_)

    def __contains__(self, other):
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        return iter([part for part in self.__class__ if part._value_ & self._value_])

    def __bool__(self):
        return bool(self._value_)


class IntFlag(int, ReprEnum, Flag):
    __repr__ = Enum.__repr__
    __str__ = int.__repr__
    __format__ = int.__format__
    __hash__ = int.__hash__
    __eq__ = int.__eq__
    __ror__ = Flag.__or__
    __rand__ = Flag.__and__
    __or__ = Flag.__or__
    __and__ = Flag.__and__
    __xor__ = Flag.__xor__
    __invert__ = Flag.__invert__


def unique(enumeration):
    """Refuses an enumeration in which two names have one value."""
    aliases = [f"{alias} -> {known.name}" for alias, known in enumeration.__members__.items() if alias != known.name]
    if aliases:
        raise ValueError(f"duplicate values found in {enumeration!r}: {', '.join(aliases)}")
    return enumeration


def verify(*conditions):
    return lambda enumeration: enumeration


CONTINUOUS, NAMED_FLAGS, UNIQUE = "one", "two", "three"
STRICT, CONFORM, EJECT, KEEP = "strict", "conform", "eject", "keep"
