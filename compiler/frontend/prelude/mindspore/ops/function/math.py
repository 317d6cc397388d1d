"""Arithmetic made of arithmetic."""
from mindspore import ops


def addcmul(x, first, second, value):
    return x + first * second * value


def addcdiv(x, first, second, value):
    return x + first / second * value


def lerp(start, end, weight):
    return start + weight * (end - start)


def log2(x):
    return ops.log(x) * 1.4426950408889634


def log10(x):
    return ops.log(x) * 0.4342944819032518


def frac(x):
    return x - ops.trunc(x)


def xlogy(x, y):
    return ops.select(x == 0, ops.zeros_like(x), x * ops.log(y))


def div_no_nan(x, y):
    return ops.select(y == 0, ops.zeros_like(x), x / ops.select(y == 0, ops.ones_like(y), y))


def nan_to_num(x, nan, posinf, neginf):
    x = ops.select(ops.isnan(x), ops.full_like(x, 0.0 if nan is None else nan), x)
    highest = 3.4028234663852886e38
    x = ops.select(x == float('inf'), ops.full_like(x, highest if posinf is None else posinf), x)
    return ops.select(x == float('-inf'), ops.full_like(x, -highest if neginf is None else neginf), x)


def outer(x, y):
    return x.reshape((-1, 1)) * y.reshape((1, -1))


def tensordot(x, y, axes):
    if isinstance(axes, int):
        axes = (list(range(x.ndim - axes, x.ndim)), list(range(axes)))
    first, second = [[axis] if isinstance(axis, int) else list(axis) for axis in axes]
    first = [axis % x.ndim for axis in first]
    second = [axis % y.ndim for axis in second]
    kept_x = [axis for axis in range(x.ndim) if axis not in first]
    kept_y = [axis for axis in range(y.ndim) if axis not in second]
    inner = 1
    for axis in first:
        inner *= x.shape[axis]
    rows = x.permute(tuple(kept_x + first)).reshape((-1, inner))
    columns = y.permute(tuple(second + kept_y)).reshape((inner, -1))
    shape = tuple([x.shape[axis] for axis in kept_x] + [y.shape[axis] for axis in kept_y])
    return ops.MatMul()(rows, columns).reshape(shape)


def addmm(x, first, second, beta, alpha):
    return beta * x + alpha * ops.matmul(first, second)
