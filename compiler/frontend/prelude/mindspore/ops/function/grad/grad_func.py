"""grad, value_and_grad, vjp, jvp and Jacobians, all made of one vector-Jacobian product of the graph."""
from functools import partial

from mindspore import ops
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from _msc.autodiff import custom_vjp as with_rule, vjp as pull_back, vjp_again as pull_back_again

stop_gradient = ops.stop_gradient


def _positions(grad_position):
    if grad_position is None:
        return ()
    return (grad_position,) if isinstance(grad_position, int) else tuple(grad_position)


def weight_tuple(weights):
    if weights is None:
        return ()
    return (weights,) if isinstance(weights, Parameter) else tuple(weights)


def _check_position(grad_position, weights):
    wrong = [item for item in _positions(grad_position) if not isinstance(item, int) or item < 0]
    if wrong:
        raise ValueError(f"The element in 'grad_position' must be a non-negative int, but got {wrong[0]}.")
    if grad_position is None and weights is None:
        raise ValueError("`grad_position` and `weight` can not be None at the same time.")
    if grad_position == ():
        raise RuntimeError("grad_position should not be empty when grad by position!")


def has_gradient(value):
    """Whether an argument can have a gradient: numbers are constants."""
    if isinstance(value, dict):
        value = tuple(value.values())
    return any([has_gradient(item) for item in value]) if isinstance(value, (tuple, list)) else isinstance(value, Tensor)


def grad(fn, grad_position=0, weights=None, has_aux=False, return_ids=False):
    with_value = value_and_grad(fn, grad_position, weights, has_aux, return_ids)

    def gradient_of(*args, **kwargs):
        value, gradients = with_value(*args, **kwargs)
        return (gradients, tuple(value[1:])) if has_aux else gradients
    return gradient_of


def value_and_grad(fn, grad_position=0, weights=None, has_aux=False, return_ids=False):
    _check_position(grad_position, weights)
    asked = _positions(grad_position)
    parameters = weight_tuple(weights)

    def value_and_gradient_of(*args, **kwargs):
        if asked and max(asked) >= len(args):
            raise IndexError(f"The grad position {max(asked)} exceeds the number of inputs {len(args)}.")
        positions = tuple([item for item in asked if has_gradient(args[item])])
        called = partial(fn, **kwargs) if kwargs else fn
        value, inputs, own = pull_back(called, args, positions, parameters, None, has_aux)
        if return_ids:
            inputs = tuple(zip(positions, inputs))
            own = tuple([(item.name, gradient) for item, gradient in zip(parameters, own)])
        return value, _gradients(inputs, own, asked, weights)
    return value_and_gradient_of


def _gradients(inputs, own, positions, weights):
    """One gradient stands alone, several are a tuple; where both are asked for, those of inputs come first."""
    inputs = inputs[0] if len(inputs) == 1 else inputs
    if weights is None:
        return inputs
    own = own[0] if isinstance(weights, Parameter) else own
    return (inputs, own) if positions else own


def get_grad(gradients, identifier):
    """The gradient of a position or parameter among those that `return_ids=True` names."""
    wanted = identifier.name if isinstance(identifier, Parameter) else identifier
    found = _find_gradient(gradients, wanted)
    if found is None:
        raise RuntimeError(f"For 'get_grad', the input {identifier} is not in the gradients.")
    return found


def _find_gradient(gradients, wanted):
    if not isinstance(gradients, tuple):
        return None
    if len(gradients) == 2 and isinstance(gradients[0], (int, str)):
        return gradients[1] if gradients[0] == wanted else None
    for item in gradients:
        found = _find_gradient(item, wanted)
        if found is not None:
            return found
    return None


def _split(outputs, has_aux):
    """The differentiated output and what the function passes on; one passed value stands alone."""
    if not has_aux:
        return outputs, ()
    rest = tuple(outputs[1:])
    return outputs[0], (rest[0] if len(rest) == 1 else rest,)


def vjp(fn, *inputs, weights=None, has_aux=False):
    outputs, aux = _split(fn(*inputs), has_aux)

    def pull(*sens):
        cotangent = sens if isinstance(outputs, tuple) else sens[0]
        _, own, of_weights = pull_back_again(
            fn, inputs, tuple(range(len(inputs))), weight_tuple(weights), cotangent, has_aux)
        if weights is None:
            return own
        return own, of_weights[0] if isinstance(weights, Parameter) else of_weights
    return (outputs, pull) + aux


def jvp(fn, inputs, v, has_aux=False):
    inputs = inputs if isinstance(inputs, (tuple, list)) else (inputs,)
    v = v if isinstance(v, (tuple, list)) else (v,)
    outputs, aux = _split(fn(*inputs), has_aux)
    return (outputs, _push(fn, tuple(inputs), tuple(v), outputs, has_aux)) + aux


def _push(fn, inputs, v, outputs, has_aux):
    """J v: the pulled-back gradient is linear in the cotangent, and its own derivative for the cotangent is J."""
    positions = tuple(range(len(inputs)))

    def pulled(cotangent):
        return pull_back_again(fn, inputs, positions, (), cotangent, has_aux)[1]

    zeros = tuple([ops.zeros_like(item) for item in outputs]) if isinstance(outputs, tuple) else ops.zeros_like(outputs)
    return pull_back(pulled, (zeros,), (0,), (), v, False)[1][0]


def linearize(fn, inputs):
    inputs = inputs if isinstance(inputs, (tuple, list)) else (inputs,)
    outputs = fn(*inputs)

    def push(*v):
        return _push(fn, tuple(inputs), tuple(v), outputs, False)
    return outputs, push


def _basis(like):
    """The unit tensors of a shape."""
    units = ops.eye(like.size, like.size, like.dtype)
    return [units[index].reshape(like.shape) for index in range(like.size)]


def jacrev(fn, grad_position=0, has_aux=False):
    """Row by row: one pull back for each element of the outputs."""
    positions = _positions(grad_position)

    def jacobian(*inputs):
        outputs, aux = _split(fn(*inputs), has_aux)
        several = isinstance(outputs, tuple)
        made = []
        for place, output in enumerate(outputs if several else (outputs,)):
            zeros = [ops.zeros_like(item) for item in outputs] if several else None
            rows = []
            for unit in _basis(output):
                sens = tuple(zeros[:place] + [unit] + zeros[place + 1:]) if several else unit
                rows.append(pull_back(fn, inputs, positions, (), sens, has_aux)[1])
            made.append(tuple([ops.stack(column).reshape(output.shape + inputs[position].shape)
                               for position, column in zip(positions, zip(*rows))]))
        return _nested(made, several, grad_position, aux)
    return jacobian


def jacfwd(fn, grad_position=0, has_aux=False):
    """Column by column: one push forward for each element of the inputs."""
    positions = _positions(grad_position)

    def jacobian(*inputs):
        outputs, aux = _split(fn(*inputs), has_aux)
        several = isinstance(outputs, tuple)
        made = [[] for _ in (outputs if several else (outputs,))]
        for position in positions:
            at = [ops.zeros_like(item) for item in inputs]
            columns = [_push(fn, inputs, tuple(at[:position] + [unit] + at[position + 1:]), outputs, has_aux)
                       for unit in _basis(inputs[position])]
            for place, output in enumerate(outputs if several else (outputs,)):
                own = [column[place] if several else column for column in columns]
                made[place].append(ops.stack(own, -1).reshape(output.shape + inputs[position].shape))
        return _nested([tuple(item) for item in made], several, grad_position, aux)
    return jacobian


def _nested(made, several, grad_position, aux):
    """Outputs times positions, without the tuples of one."""
    if isinstance(grad_position, int):
        made = [item[0] for item in made]
    jacobians = tuple(made) if several else made[0]
    return (jacobians,) + aux if aux else jacobians


class custom_vjp:
    """A function with a backward rule of its own: `fn.defbwd(rule)`, called with inputs, output and its gradient."""

    def __init__(self, fn):
        self.fn = fn
        self.bwd = None

    def defbwd(self, bwd):
        self.bwd = bwd

    def __call__(self, *args):
        return self.fn(*args) if self.bwd is None else with_rule(self.fn, self.bwd, args)
