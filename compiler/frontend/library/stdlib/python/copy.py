"""Shallow and deep copies."""


class Error(Exception):
    pass


error = Error
_atomic = (type(None), int, float, bool, complex, str, bytes, type, range, slice, type(Ellipsis), type(NotImplemented), type(len), type(lambda: 0), property)


def _rebuild(x, state):
    """An object of the class of `x` with another `__dict__`; `__init__` does not run."""
    made = x.__class__.__new__(x.__class__)
    if hasattr(made, "__setstate__"):
        made.__setstate__(state)
    else:
        made.__dict__.update(state)
    return made


def _state(x):
    return x.__getstate__() if hasattr(x, "__getstate__") else getattr(x, "__dict__", {})


def copy(x):
    cls = type(x)
    if cls in _atomic or isinstance(x, type) or cls in (tuple, frozenset):
        return x
    if cls in (list, dict, set, bytearray):
        return x.copy() if cls is not bytearray else bytearray(x)
    copier = getattr(cls, "__copy__", None)
    if copier is not None:
        return copier(x)
    if isinstance(x, tuple):
        return x
    made = _rebuild(x, _state(x))
    if isinstance(x, list):
        made.extend(x)
    elif isinstance(x, (dict, set)):
        made.update(x)
    return made


def deepcopy(x, memo=None, _nil=[]):
    memo = {} if memo is None else memo
    known = memo.get(id(x), _nil)
    if known is not _nil and not isinstance(x, (int, str, float, type(None))):
        return known
    cls = type(x)
    if cls in _atomic or isinstance(x, type):
        return x
    made = _deep(x, cls, memo)
    memo[id(x)] = made
    memo.setdefault("keep", []).append(x)
    return made


def _deep(x, cls, memo):
    copier = getattr(cls, "__deepcopy__", None)
    if copier is not None:
        return copier(x, memo)
    if cls is tuple or cls is frozenset:
        items = [deepcopy(item, memo) for item in x]
        return x if all(a is b for a, b in zip(items, x)) else cls(items)
    if cls is list:
        made = memo[id(x)] = []
        for item in x:
            made.append(deepcopy(item, memo))
        return made
    if cls is dict:
        made = memo[id(x)] = {}
        for key, value in x.items():
            made[deepcopy(key, memo)] = deepcopy(value, memo)
        return made
    if cls is set:
        return {deepcopy(item, memo) for item in x}
    if cls.__name__ == "method":
        return type(x)(x.__func__, deepcopy(x.__self__, memo))
    if isinstance(x, tuple):
        return cls.__new__(cls, *[deepcopy(item, memo) for item in x]) if hasattr(x, "_fields") else cls([deepcopy(item, memo) for item in x])
    if isinstance(x, (int, str, float)):
        return x
    return _deep_object(x, memo)


def _deep_object(x, memo):
    made = x.__class__.__new__(x.__class__)
    memo[id(x)] = made
    state = deepcopy(_state(x), memo)
    if hasattr(made, "__setstate__"):
        made.__setstate__(state)
    else:
        made.__dict__.update(state)
    if hasattr(x, "default_factory"):
        made.default_factory = x.default_factory
    if isinstance(x, dict):
        for key, value in x.items():
            made[deepcopy(key, memo)] = deepcopy(value, memo)
    elif isinstance(x, list):
        made.extend(deepcopy(item, memo) for item in x)
    elif isinstance(x, set):
        made.update(deepcopy(item, memo) for item in x)
    elif type(x).__name__ == "deque":
        made.extend(deepcopy(item, memo) for item in x)
    return made


def replace(obj, /, **changes):
    return type(obj).__replace__(obj, **changes)
