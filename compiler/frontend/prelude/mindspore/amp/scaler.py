"""Loss scalers: the loss is multiplied before its gradients are taken, the gradients are divided after."""
from functools import partial

from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common import dtype as mstype
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor


def all_finite(inputs):
    """Whether no element of any tensor is infinite or NaN."""
    tensors = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    finite = [ops.isfinite(item).all() for item in tensors]
    result = finite[0]
    for item in finite[1:]:
        result = ops.logical_and(result, item)
    return result


def init_status():
    return Tensor([0] * 8, mstype.float32)


def _scaled(scale, tensor):
    return tensor * scale.astype(tensor.dtype)


def _unscaled(scale, tensor):
    return tensor * ops.reciprocal(scale).astype(tensor.dtype)


def _check_scale(scale_value):
    validator.check_value_type('scale_value', scale_value, [float, int])
    if scale_value < 1.0:
        raise ValueError(f"The argument 'scale_value' must be > 1, but got {scale_value}")
    return Parameter(Tensor(scale_value, dtype=mstype.float32), name='scale_value')


class LossScaler:
    def scale(self, inputs):
        return ops.HyperMap()(partial(_scaled, self.scale_value), inputs)

    def unscale(self, inputs):
        return ops.HyperMap()(partial(_unscaled, self.scale_value), inputs)

    def adjust(self, grads_finite):
        raise NotImplementedError


class StaticLossScaler(LossScaler):
    def __init__(self, scale_value):
        self.scale_value = _check_scale(scale_value)

    def adjust(self, grads_finite):
        return False


class DynamicLossScaler(LossScaler):
    """Falls by `scale_factor` when a gradient overflows, and grows by it after `scale_window` steps without one."""

    def __init__(self, scale_value, scale_factor, scale_window):
        self.scale_value = _check_scale(scale_value)
        self.scale_window = validator.check_positive_int(scale_window, 'scale_window')
        self.scale_factor = validator.check_positive_int(scale_factor, 'scale_factor')
        self.counter = Parameter(Tensor(0, dtype=mstype.int32), name='counter')

    def adjust(self, grads_finite):
        larger = self.scale_value * self.scale_factor
        smaller = ops.maximum(self.scale_value / self.scale_factor, 1.0)
        grows = ops.logical_and(self.counter == self.scale_window - 1, ops.isfinite(larger))
        steady = ops.select(grows, larger, self.scale_value)
        count = ops.select(grads_finite, (self.counter + 1) % self.scale_window, ops.zeros_like(self.counter))
        ops.assign(self.scale_value, ops.select(grads_finite, steady, smaller))
        ops.assign(self.counter, count)
        return True
