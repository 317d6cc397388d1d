"""Functions of functions: gradients, mapping, overloading."""
from functools import partial

from mindspore.common.absent import absent_function
from mindspore.common.tensor import Tensor
from mindspore.ops.function.clip import clip_by_global_norm, clip_by_norm, clip_by_value
from mindspore.ops.function.grad.grad_func import (
    custom_vjp, get_grad, grad, has_gradient, jacfwd, jacrev, jvp, linearize, value_and_grad, vjp, weight_tuple)
from _msc.autodiff import vjp as pull_back

vmap = absent_function('mindspore.ops.vmap')
stack_gradient = absent_function('mindspore.ops.stack_gradient')
jet = absent_function('mindspore.ops.jet')
derivative = absent_function('mindspore.ops.derivative')


class GradOperation:
    """A gradient with respect to the first input, all inputs, parameters, or both."""

    def __init__(self, get_all=False, get_by_list=False, sens_param=False):
        for name, value in (('get_all', get_all), ('get_by_list', get_by_list), ('sens_param', sens_param)):
            if not isinstance(value, bool):
                raise TypeError(f"For 'GradOperation', the '{name}' should be bool, but got {type(value).__name__}")
        self.get_all = get_all
        self.get_by_list = get_by_list
        self.sens_param = sens_param

    def __call__(self, fn, weights=None):
        def gradient_of(*args, **kwargs):
            sens = None
            if self.sens_param:
                sens = kwargs.pop('sens', None)
                args, sens = (args, sens) if sens is not None else (args[:-1], args[-1])
            called = partial(fn, **kwargs) if kwargs else fn
            parameters = weight_tuple(weights) if self.get_by_list else ()
            _, inputs, own = pull_back(called, args, self._positions(args), parameters, sens, False)
            return self._gradients(inputs, own, weights)
        return gradient_of

    def _positions(self, args):
        tensors = [index for index, item in enumerate(args) if has_gradient(item)]
        if self.get_all:
            return tuple(tensors)
        return () if self.get_by_list else tuple(tensors[:1])

    def _gradients(self, inputs, own, weights):
        own = own[0] if isinstance(weights, Tensor) else own
        if self.get_all and self.get_by_list:
            return inputs, own
        if self.get_by_list:
            return own
        return inputs if self.get_all or not inputs else inputs[0]


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
             'String': (str,), 'Dictionary': (dict,), 'NoneType': (type(None),), 'Int': (int,), 'Int32': (int,),
             'Int64': (int,), 'Float': (float,), 'Float32': (float,), 'Float64': (float,)}
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
    lengths = [len(items) for items in sequences]
    if min(lengths) != max(lengths):
        raise ValueError(f"For 'Map' and 'HyperMap', all sequences must have the same length, but got {lengths}.")
    results = []
    for items in zip(*sequences):
        results.append(_map_leaves(function, items, nested) if nested else function(*items))
    return tuple(results)
