"""Activations made of arithmetic."""
from mindspore import ops


def prelu(x, weight):
    shape = (1, weight.shape[0]) + (1,) * (x.ndim - 2) if x.ndim > 1 else (weight.shape[0],)
    return ops.select(x >= 0, x, x * weight.reshape(shape))


def fast_gelu(x):
    return x / (1 + ops.exp(-1.702 * ops.abs(x))) * ops.exp(0.851 * (x - ops.abs(x)))


def selu(x):
    return 1.0507009873554805 * ops.elu(x, 1.6732632423543772)


def celu(x, alpha):
    return ops.maximum(x, 0.0) + ops.minimum(alpha * ops.expm1(x / alpha), 0.0)


def softsign(x):
    return x / (1 + ops.abs(x))


def erfc(x):
    return 1 - ops.erf(x)
