"""Initializers as data: `initializer` returns a lazy tensor; nothing is drawn until a value is asked for."""
import math

from mindspore.common import dtype as mstype
from mindspore.common.tensor import Tensor
from _msc.tensor import lazy_tensor


class Initializer:
    """A distribution: its class name and its numbers."""

    def __init__(self, **kwargs):
        self._kwargs = kwargs

    def describe(self, shape):
        return type(self).__name__, self._kwargs

    def __call__(self, arr):
        raise NotImplementedError("msc initializers are lazy; use initializer(...) to make a tensor")

    def __repr__(self):
        return type(self).__name__ + '(' + ', '.join([f'{k}={v}' for k, v in self._kwargs.items()]) + ')'


def _calculate_fan_in_and_fan_out(shape):
    dimensions = len(shape)
    if dimensions < 2:
        raise ValueError("'fan_in' and 'fan_out' can not be computed for tensor with fewer than 2 dimensions")
    receptive_field = 1
    for extent in shape[2:]:
        receptive_field *= extent
    return shape[1] * receptive_field, shape[0] * receptive_field


def _calculate_correct_fan(shape, mode):
    fan_in, fan_out = _calculate_fan_in_and_fan_out(shape)
    if mode not in ('fan_in', 'fan_out'):
        raise ValueError(f"'mode' should be 'fan_in' or 'fan_out', but got {mode}")
    return fan_in if mode == 'fan_in' else fan_out


def _calculate_gain(nonlinearity, param=None):
    if nonlinearity in ('linear', 'sigmoid', 'conv1d', 'conv2d', 'conv3d', 'conv_transpose1d', 'conv_transpose2d',
                        'conv_transpose3d'):
        return 1
    if nonlinearity == 'tanh':
        return 5.0 / 3
    if nonlinearity == 'relu':
        return math.sqrt(2.0)
    if nonlinearity == 'leaky_relu':
        return math.sqrt(2.0 / (1 + (0.01 if param is None else param) ** 2))
    raise ValueError(f"The argument 'nonlinearity' '{nonlinearity}' is not supported.")


class Zero(Initializer):
    def describe(self, shape):
        return 'Constant', {'value': 0}


class One(Initializer):
    def describe(self, shape):
        return 'Constant', {'value': 1}


class Constant(Initializer):
    def __init__(self, value):
        super().__init__(value=value)
        self.value = value


class Uniform(Initializer):
    def __init__(self, scale=0.07):
        super().__init__(scale=scale)
        self.scale = scale


class Normal(Initializer):
    def __init__(self, sigma=0.01, mean=0.0):
        super().__init__(sigma=sigma, mean=mean)
        self.sigma = sigma
        self.mean = mean


class TruncatedNormal(Initializer):
    def __init__(self, sigma=0.01, mean=0.0, a=-2.0, b=2.0):
        super().__init__(sigma=sigma, mean=mean, a=a, b=b)
        self.sigma = sigma
        self.mean = mean
        self.a = a
        self.b = b


class XavierUniform(Initializer):
    def __init__(self, gain=1):
        super().__init__(gain=gain)
        self.gain = gain

    def describe(self, shape):
        fan_in, fan_out = _calculate_fan_in_and_fan_out(shape)
        return 'Uniform', {'scale': self.gain * math.sqrt(6.0 / (fan_in + fan_out))}


class XavierNormal(Initializer):
    def __init__(self, gain=1):
        super().__init__(gain=gain)
        self.gain = gain

    def describe(self, shape):
        fan_in, fan_out = _calculate_fan_in_and_fan_out(shape)
        return 'Normal', {'sigma': self.gain * math.sqrt(2.0 / (fan_in + fan_out)), 'mean': 0.0}


class HeUniform(Initializer):
    def __init__(self, negative_slope=0, mode='fan_in', nonlinearity='leaky_relu'):
        super().__init__(negative_slope=negative_slope, mode=mode, nonlinearity=nonlinearity)
        self.negative_slope = negative_slope
        self.mode = mode
        self.nonlinearity = nonlinearity

    def describe(self, shape):
        gain = _calculate_gain(self.nonlinearity, self.negative_slope)
        return 'Uniform', {'scale': math.sqrt(3.0) * gain / math.sqrt(_calculate_correct_fan(shape, self.mode))}


class HeNormal(Initializer):
    def __init__(self, negative_slope=0, mode='fan_in', nonlinearity='leaky_relu'):
        super().__init__(negative_slope=negative_slope, mode=mode, nonlinearity=nonlinearity)
        self.negative_slope = negative_slope
        self.mode = mode
        self.nonlinearity = nonlinearity

    def describe(self, shape):
        gain = _calculate_gain(self.nonlinearity, self.negative_slope)
        return 'Normal', {'sigma': gain / math.sqrt(_calculate_correct_fan(shape, self.mode)), 'mean': 0.0}


class VarianceScaling(Initializer):
    def __init__(self, scale=1.0, mode='fan_in', distribution='truncated_normal'):
        super().__init__(scale=scale, mode=mode, distribution=distribution)
        self.scale = scale
        self.mode = mode
        self.distribution = distribution

    def describe(self, shape):
        fan_in, fan_out = _calculate_fan_in_and_fan_out(shape)
        fan = {'fan_in': fan_in, 'fan_out': fan_out, 'fan_avg': (fan_in + fan_out) / 2.0}[self.mode]
        variance = self.scale / max(1.0, fan)
        if self.distribution == 'uniform':
            return 'Uniform', {'scale': math.sqrt(3.0 * variance)}
        if self.distribution == 'untruncated_normal':
            return 'Normal', {'sigma': math.sqrt(variance), 'mean': 0.0}
        return 'TruncatedNormal', {'sigma': math.sqrt(variance) / 0.87962566103423978, 'mean': 0.0, 'a': -2.0, 'b': 2.0}


class Orthogonal(Initializer):
    def __init__(self, gain=1.):
        super().__init__(gain=gain)
        self.gain = gain


class Sparse(Initializer):
    def __init__(self, sparsity, sigma=0.01):
        super().__init__(sparsity=sparsity, sigma=sigma)
        self.sparsity = sparsity
        self.sigma = sigma


class Identity(Initializer):
    pass


class Dirac(Initializer):
    def __init__(self, groups=1):
        super().__init__(groups=groups)
        self.groups = groups


_BY_NAME = {
    'zero': Zero, 'zeros': Zero, 'one': One, 'ones': One, 'normal': Normal, 'uniform': Uniform,
    'truncatednormal': TruncatedNormal, 'truncated_normal': TruncatedNormal,
    'xavier_uniform': XavierUniform, 'xavieruniform': XavierUniform, 'xavier_normal': XavierNormal,
    'he_uniform': HeUniform, 'heuniform': HeUniform, 'he_normal': HeNormal, 'henormal': HeNormal,
    'identity': Identity, 'orthogonal': Orthogonal, 'dirac': Dirac, 'variance_scaling': VarianceScaling,
    'varianceScaling': VarianceScaling,
}


def initializer(init, shape=None, dtype=mstype.float32):
    if isinstance(init, Tensor):
        if shape is not None and tuple(_as_shape(shape)) != init.shape:
            raise ValueError(f"For 'initializer', the shape of the 'init' argument should be same as the argument "
                             f"'shape', but got the 'init' shape {init.shape} and the 'shape' {tuple(_as_shape(shape))}.")
        return init
    if isinstance(init, str):
        found = _BY_NAME.get(init.lower())
        if found is None:
            raise ValueError(f"For 'initializer', the class corresponding to '{init}' was not found.")
        init = found()
    elif isinstance(init, (int, float)):
        init = Constant(init)
    if not isinstance(init, Initializer):
        raise TypeError(f"For 'initializer', the type of the 'init' argument should be 'Tensor', 'number', 'string' "
                        f"or 'initializer', but got {type(init)}.")
    extents = tuple(_as_shape(shape))
    for extent in extents:
        if not isinstance(extent, int) or extent <= 0:
            raise ValueError(f"For 'initializer', the argument 'shape' is invalid, the value of 'shape' must be "
                             f"positive integer, but got {shape}")
    kind, arguments = init.describe(extents)
    return lazy_tensor(kind, arguments, extents, dtype)


def _as_shape(shape):
    if shape is None:
        return ()
    return (shape,) if isinstance(shape, int) else shape
