"""Container types."""
import collections.abc as abc
from _collections import defaultdict, deque
from keyword import iskeyword
from operator import itemgetter


class OrderedDict(dict):
    """A dict that can reorder its keys; equality with another OrderedDict looks at the order too."""

    def move_to_end(self, key, last=True):
        value = self.pop(key)
        if last:
            self[key] = value
            return
        rest = list(self.items())
        self.clear()
        self[key] = value
        for other, item in rest:
            self[other] = item

    def popitem(self, last=True):
        if not self:
            raise KeyError("dictionary is empty")
        key = list(self)[-1 if last else 0]
        return key, self.pop(key)

    def copy(self):
        return self.__class__(self)

    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return dict.__eq__(self, other) and list(self) == list(other)
        return dict.__eq__(self, other)

    __hash__ = None

    def __ne__(self, other):
        return not self == other

    def __repr__(self):
        if not self:
            return f"{self.__class__.__name__}()"
        return f"{self.__class__.__name__}({dict.__repr__(self)})"

    def __or__(self, other):
        merged = self.__class__(self)
        merged.update(other)
        return merged


class Counter(dict):
    """Counts hashable items."""

    def __init__(self, iterable=None, /, **kwds):
        super().__init__()
        self.update(iterable, **kwds)

    def __missing__(self, key):
        return 0

    def most_common(self, n=None):
        ordered = sorted(self.items(), key=itemgetter(1), reverse=True)
        return ordered if n is None else ordered[:n]

    def elements(self):
        for key, count in self.items():
            for _ in range(count):
                yield key

    def total(self):
        return sum(self.values())

    def update(self, iterable=None, /, **kwds):
        if iterable is not None:
            if isinstance(iterable, abc.Mapping):
                for key, count in iterable.items():
                    self[key] = self.get(key, 0) + count
            else:
                for key in iterable:
                    self[key] = self.get(key, 0) + 1
        for key, count in kwds.items():
            self[key] = self.get(key, 0) + count

    def subtract(self, iterable=None, /, **kwds):
        counts = Counter(iterable, **kwds)
        for key, count in counts.items():
            self[key] = self[key] - count

    def copy(self):
        return self.__class__(self)

    def __add__(self, other):
        result = Counter()
        for key in list(self) + [key for key in other if key not in self]:
            count = self[key] + other[key]
            if count > 0:
                result[key] = count
        return result

    def __sub__(self, other):
        result = Counter()
        for key in list(self) + [key for key in other if key not in self]:
            count = self[key] - other[key]
            if count > 0:
                result[key] = count
        return result

    def __and__(self, other):
        result = Counter()
        for key in self:
            count = min(self[key], other[key])
            if count > 0:
                result[key] = count
        return result

    def __or__(self, other):
        result = Counter()
        for key in list(self) + [key for key in other if key not in self]:
            count = max(self[key], other[key])
            if count > 0:
                result[key] = count
        return result

    def __repr__(self):
        if not self:
            return "Counter()"
        items = ", ".join(f"{key!r}: {count!r}" for key, count in self.most_common())
        return "Counter({" + items + "})"


class ChainMap(abc.MutableMapping):
    """Several mappings looked up one after the other."""

    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __getitem__(self, key):
        for mapping in self.maps:
            if key in mapping:
                return mapping[key]
        raise KeyError(key)

    def __iter__(self):
        seen = {}
        for mapping in reversed(self.maps):
            seen.update(dict.fromkeys(mapping))
        return iter(seen)

    def __len__(self):
        return len(set().union(*self.maps))

    def __contains__(self, key):
        return any(key in mapping for mapping in self.maps)

    def __setitem__(self, key, value):
        self.maps[0][key] = value

    def __delitem__(self, key):
        del self.maps[0][key]

    def new_child(self, m=None):
        return self.__class__({} if m is None else m, *self.maps)

    @property
    def parents(self):
        return self.__class__(*self.maps[1:])


class UserDict(abc.MutableMapping):
    def __init__(self, mapping=None, /, **kwargs):
        self.data = {}
        if mapping is not None:
            self.update(mapping)
        self.update(kwargs)

    def __len__(self):
        return len(self.data)

    def __getitem__(self, key):
        return self.data[key]

    def __setitem__(self, key, item):
        self.data[key] = item

    def __delitem__(self, key):
        del self.data[key]

    def __iter__(self):
        return iter(self.data)

    def __contains__(self, key):
        return key in self.data

    def __repr__(self):
        return repr(self.data)


class UserList(abc.MutableSequence):
    def __init__(self, initlist=None):
        self.data = list(initlist or [])

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        return self.data[index]

    def __setitem__(self, index, value):
        self.data[index] = value

    def __delitem__(self, index):
        del self.data[index]

    def insert(self, index, value):
        self.data.insert(index, value)

    def __repr__(self):
        return repr(self.data)


def _field_names(field_names, rename):
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    names = [str(name) for name in field_names]
    for index, name in enumerate(names):
        valid = name.isidentifier() and not iskeyword(name) and not name.startswith("_") and name not in names[:index]
        if not valid and rename:
            names[index] = f"_{index}"
        elif not valid:
            raise ValueError(f"Type names and field names must be valid identifiers: {name!r}")
    return tuple(names)


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    """A tuple subclass with named fields."""
    names = _field_names(field_names, rename)
    default_values = tuple(defaults or ())
    field_defaults = dict(zip(names[len(names) - len(default_values):], default_values))

    def __new__(cls, *args, **kwargs):
        if len(args) > len(names):
            raise TypeError(f"{typename}.__new__() takes {len(names) + 1} positional arguments but {len(args) + 1} were given")
        values = dict(zip(names, args))
        for key, value in kwargs.items():
            if key not in names:
                raise TypeError(f"{typename}.__new__() got an unexpected keyword argument '{key}'")
            if key in values:
                raise TypeError(f"{typename}.__new__() got multiple values for argument '{key}'")
            values[key] = value
        missing = [name for name in names if name not in values and name not in field_defaults]
        if missing:
            plural = "" if len(missing) == 1 else "s"
            listed = " and ".join(repr(name) for name in missing)
            raise TypeError(f"{typename}.__new__() missing {len(missing)} required positional argument{plural}: {listed}")
        return tuple.__new__(cls, [values.get(name, field_defaults.get(name)) for name in names])

    def _make(cls, iterable):
        return cls(*iterable)

    def _replace(self, /, **kwds):
        unknown = [key for key in kwds if key not in names]
        if unknown:
            raise ValueError(f"Got unexpected field names: {unknown!r}")
        return self.__class__(*[kwds.get(name, value) for name, value in zip(names, self)])

    def _asdict(self):
        return dict(zip(names, self))

    def __repr__(self):
        return f"{self.__class__.__name__}({', '.join(f'{name}={value!r}' for name, value in zip(names, self))})"

    def __getnewargs__(self):
        return tuple(self)

    namespace = {
        "__doc__": f"{typename}({', '.join(names)})",
        "__slots__": (),
        "_fields": names,
        "_field_defaults": field_defaults,
        "__match_args__": names,
        "__new__": __new__,
        "_make": classmethod(_make),
        "_replace": _replace,
        "_asdict": _asdict,
        "__repr__": __repr__,
        "__getnewargs__": __getnewargs__,
        "__module__": module or "__main__",
    }
    for index, name in enumerate(names):
        namespace[name] = property(itemgetter(index))
    return type(typename, (tuple,), namespace)
