"""One update of one parameter: what the optimizer primitives do. Each assigns the parameter and its state."""
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.tensor import Tensor


def _scalar(value):
    """A rate or coefficient as a scalar: tensors of one element may come as [1]."""
    return value.reshape(()) if isinstance(value, Tensor) and value.ndim > 0 else value


def _blend(old, new, keep):
    keep = _scalar(keep)
    return keep * old + (1.0 - keep) * new


def apply_momentum(weight, moment, rate, gradient, momentum, nesterov, gradient_scale):
    gradient = gradient if gradient_scale in (None, 1.0) else gradient * gradient_scale
    rate, momentum = _scalar(rate), _scalar(momentum)
    moved = moment * momentum + gradient
    ops.assign(moment, moved)
    step = (gradient + momentum * moved) if nesterov else moved
    return ops.assign(weight, weight - rate * step)


def sgd(weight, gradient, rate, accum, momentum, stat, dampening, weight_decay, nesterov):
    """`stat` is above 0 until the first step, whose gradient is not damped. Momentum 0 leaves the state alone."""
    rate, momentum = _scalar(rate), _scalar(momentum)
    if weight_decay:
        gradient = gradient + weight * weight_decay
    damped = accum * momentum + gradient * (1.0 - (dampening or 0.0))
    moved = ops.select(stat > 0, gradient, damped)
    step = gradient + momentum * moved if nesterov else moved
    moves = ops.cast(momentum, mstype.float32) > 0.0
    ops.assign(stat, ops.select(moves, ops.zeros_like(stat), stat))
    ops.assign(accum, ops.select(moves, moved, accum))
    return ops.assign(weight, weight - rate * ops.select(moves, step, gradient))


def adam(weight, first, second, beta1_power, beta2_power, rate, beta1, beta2, epsilon, gradient, nesterov):
    moved, spread = _blend(first, gradient, beta1), _blend(second, ops.square(gradient), beta2)
    ops.assign(first, moved)
    ops.assign(second, spread)
    step = _blend(moved, gradient, beta1) if nesterov else moved
    rate = _corrected_rate(rate, beta1_power, beta2_power)
    ops.assign(weight, weight - rate * step / (ops.sqrt(spread) + _scalar(epsilon)))
    return weight, first, second


def _corrected_rate(rate, beta1_power, beta2_power):
    return _scalar(rate) * ops.sqrt(1.0 - _scalar(beta2_power)) / (1.0 - _scalar(beta1_power))


def adam_amsgrad(weight, first, second, largest, beta1_power, beta2_power, rate, beta1, beta2, epsilon, gradient):
    moved, spread = _blend(first, gradient, beta1), _blend(second, ops.square(gradient), beta2)
    top = ops.maximum(largest, spread)
    ops.assign(first, moved)
    ops.assign(second, spread)
    ops.assign(largest, top)
    rate = _corrected_rate(rate, beta1_power, beta2_power)
    ops.assign(weight, weight - rate * moved / (ops.sqrt(top) + _scalar(epsilon)))
    return weight, first, second, largest


def adam_weight_decay(weight, first, second, rate, beta1, beta2, epsilon, decay, gradient):
    """Computed in float32, whatever the parameter is; no bias correction."""
    gradient = gradient.astype(mstype.float32)
    moved, spread = _blend(first, gradient, beta1), _blend(second, ops.square(gradient), beta2)
    ops.assign(first, moved)
    ops.assign(second, spread)
    step = moved / (ops.sqrt(spread) + _scalar(epsilon)) + _scalar(decay) * weight
    ops.assign(weight, weight - _scalar(rate) * step)
    return weight, first, second


def adamax(weight, first, second, beta1_power, rate, beta1, beta2, epsilon, gradient):
    moved = _blend(first, gradient, beta1)
    top = ops.maximum(_scalar(beta2) * second, ops.abs(gradient))
    ops.assign(first, moved)
    ops.assign(second, top)
    rate = _scalar(rate) / (1.0 - _scalar(beta1_power))
    ops.assign(weight, weight - rate * moved / (top + _scalar(epsilon)))
    return weight, first, second


def lamb(weight, first, second, rate, beta1, beta2, epsilon, decay, step, gradient):
    gradient = gradient.astype(mstype.float32)
    moved, spread = _blend(first, gradient, beta1), _blend(second, ops.square(gradient), beta2)
    ops.assign(first, moved)
    ops.assign(second, spread)
    count = _scalar(step).astype(mstype.float32)
    moved = moved / (1.0 - ops.pow(_scalar(beta1), count))
    spread = spread / (1.0 - ops.pow(_scalar(beta2), count))
    move = moved / (ops.sqrt(spread) + _scalar(epsilon)) + _scalar(decay) * weight
    sizes = [ops.sqrt(ops.ReduceSum()(ops.square(item))) for item in (weight.astype(mstype.float32), move)]
    known = ops.logical_and(sizes[0] > 0, sizes[1] > 0)
    trust = ops.select(known, sizes[0] / ops.select(known, sizes[1], ops.ones_like(sizes[1])), ops.ones_like(sizes[0]))
    return ops.assign(weight, weight - _scalar(rate) * trust * move)


def rmsprop(weight, square, moment, rate, gradient, decay, momentum, epsilon):
    spread = _blend(square, ops.square(gradient), decay)
    moved = _scalar(momentum) * moment + _scalar(rate) * gradient * ops.rsqrt(spread + _scalar(epsilon))
    ops.assign(square, spread)
    ops.assign(moment, moved)
    return ops.assign(weight, weight - moved)


def centered_rmsprop(weight, mean, square, moment, gradient, rate, decay, momentum, epsilon):
    center, spread = _blend(mean, gradient, decay), _blend(square, ops.square(gradient), decay)
    moved = _scalar(momentum) * moment + \
        _scalar(rate) * gradient * ops.rsqrt(spread - ops.square(center) + _scalar(epsilon))
    ops.assign(mean, center)
    ops.assign(square, spread)
    ops.assign(moment, moved)
    return ops.assign(weight, weight - moved)


def adagrad(weight, accum, rate, gradient, update_slots, epsilon):
    total = accum + ops.square(gradient) if update_slots else accum
    divisor = ops.sqrt(total) + epsilon if epsilon else ops.sqrt(total)
    step = _scalar(rate) * gradient / divisor
    ops.assign(accum, total)
    ops.assign(weight, weight - step)
    return weight, accum


def adadelta(weight, accum, accum_update, rate, rho, epsilon, gradient):
    total = _blend(accum, ops.square(gradient), rho)
    step = ops.sqrt(accum_update + _scalar(epsilon)) * ops.rsqrt(total + _scalar(epsilon)) * gradient
    moved = _blend(accum_update, ops.square(step), rho)
    ops.assign(accum, total)
    ops.assign(accum_update, moved)
    ops.assign(weight, weight - _scalar(rate) * step)
    return weight, accum, accum_update


def _shrunk(weight, rate, l1, l2):
    """The proximal step of an l1 and an l2 penalty."""
    nearer = ops.maximum(ops.abs(weight) - rate * l1, 0.0)
    return ops.sign(weight) * nearer / (1.0 + rate * l2)


def proximal_adagrad(weight, accum, rate, l1, l2, gradient):
    total = accum + ops.square(gradient)
    own = _scalar(rate) * ops.rsqrt(total)
    ops.assign(accum, total)
    ops.assign(weight, _shrunk(weight - own * gradient, own, _scalar(l1), _scalar(l2)))
    return weight, accum


def ftrl(weight, accum, linear, gradient, rate, l1, l2, power):
    total = accum + ops.square(gradient)
    rate = _scalar(rate)
    sigma = (ops.pow(total, -power) - ops.pow(accum, -power)) / rate
    moved = linear + gradient - sigma * weight
    quadratic = ops.pow(total, -power) / rate + 2.0 * l2
    found = (ops.sign(moved) * l1 - moved) / quadratic
    ops.assign(accum, total)
    ops.assign(linear, moved)
    return ops.assign(weight, ops.select(ops.abs(moved) > l1, found, ops.zeros_like(found)))


def gradient_descent(weight, rate, gradient):
    return ops.assign(weight, weight - _scalar(rate) * gradient)


def lars_update(weight, gradient, weight_square, gradient_square, decay, rate, epsilon, coefficient, use_clip):
    size, steepness = ops.sqrt(weight_square), ops.sqrt(gradient_square)
    decay = _scalar(decay)
    trust = coefficient * size / (steepness + decay * size + epsilon)
    known = ops.logical_and(size > 0, steepness > 0)
    trust = ops.select(known, trust, ops.ones_like(trust))
    if use_clip:
        trust = ops.minimum(trust / _scalar(rate), 1.0)
    return trust * (gradient + decay * weight)


def square_sum_all(first, second):
    return ops.ReduceSum()(ops.square(first)), ops.ReduceSum()(ops.square(second))
