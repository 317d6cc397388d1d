"""Functions of functions. Gradients are not in this version of msc; mapping and overloading are."""
from functools import partial

from mindspore.common.absent import absent, absent_function

GradOperation = absent('mindspore.ops.GradOperation')
grad = absent_function('mindspore.ops.grad')
value_and_grad = absent_function('mindspore.ops.value_and_grad')
jvp = absent_function('mindspore.ops.jvp')
vjp = absent_function('mindspore.ops.vjp')
jacfwd = absent_function('mindspore.ops.jacfwd')
jacrev = absent_function('mindspore.ops.jacrev')
vmap = absent_function('mindspore.ops.vmap')
clip_by_global_norm = absent_function('mindspore.ops.clip_by_global_norm')
clip_by_norm = absent_function('mindspore.ops.clip_by_norm')
stack_gradient = absent_function('mindspore.ops.stack_gradient')


def add_flags(fn=None, **flags):
    if fn is None:
        return lambda decorated: decorated
    return fn


def core(fn=None, **flags):
    return add_flags(fn)


class MultitypeFuncGraph:
    """A function with an overload for each list of type names."""

    def __init__(self, name, read_value=False):
        self.name = name
        self.entries = []

    def register(self, *type_names):
        def decorate(function):
            self.entries.append((type_names, function))
            return function
        return decorate

    def __call__(self, *args):
        for type_names, function in self.entries:
            if len(type_names) == len(args) and all([_has_type(arg, name) for arg, name in zip(args, type_names)]):
                return function(*args)
        raise TypeError(f"For 'MultitypeFuncGraph', no overload of '{self.name}' takes "
                        f"{[type(arg).__name__ for arg in args]}; the overloads are {[names for names, _ in self.entries]}.")


def _has_type(value, name):
    from mindspore.common.tensor import Tensor
    if not isinstance(name, str):
        return isinstance(value, Tensor) and value.dtype == name
    kinds = {'Number': (int, float), 'Bool': (bool,), 'Tensor': (Tensor,), 'Tuple': (tuple,), 'List': (list,),
             'String': (str,), 'Dictionary': (dict,), 'NoneType': (type(None),)}
    if name == 'Function':
        return callable(value)
    return isinstance(value, kinds.get(name, ()))


class HyperMap:
    """Applies a function to corresponding leaves of nested sequences."""

    def __init__(self, ops=None, reverse=False):
        self.ops = ops
        self.reverse = reverse

    def __call__(self, func, *args):
        if self.ops is not None:
            return _map_leaves(self.ops, (func,) + args, True)
        return _map_leaves(func, args, True)


class Map:
    """Applies a function to corresponding items of sequences."""

    def __init__(self, ops=None, reverse=False):
        self.ops = ops

    def __call__(self, func, *args):
        if self.ops is not None:
            return _map_leaves(self.ops, (func,) + args, False)
        return _map_leaves(func, args, False)


def _map_leaves(function, sequences, nested):
    if not isinstance(sequences[0], (tuple, list)):
        return function(*sequences)
    results = []
    for items in zip(*sequences):
        results.append(_map_leaves(function, items, nested) if nested else function(*items))
    return tuple(results)
