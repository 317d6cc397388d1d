"""Learning rates as cells: the rate of a step that is counted in the graph."""
import math

from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common import dtype as mstype
from mindspore.nn.cell import Cell

__all__ = ['LearningRateSchedule', 'ExponentialDecayLR', 'NaturalExpDecayLR', 'InverseDecayLR', 'CosineDecayLR',
           'PolynomialDecayLR', 'WarmUpLR']


class LearningRateSchedule(Cell):
    def construct(self, global_step):
        raise NotImplementedError


def _check_float(value, name, cls_name):
    if not isinstance(value, float):
        raise TypeError(f"For '{cls_name}', the argument '{name}' must be type of float, but got '{name}' type: "
                        f"{type(value)}.")
    return validator.check_non_negative_float(value, name, cls_name)


class _Decay(LearningRateSchedule):
    """A rate that falls by `decay_rate` every `decay_steps` steps, at once (is_stair) or evenly."""

    def __init__(self, learning_rate, decay_rate, decay_steps, is_stair=False):
        super().__init__()
        validator.check_positive_int(decay_steps, 'decay_steps', self.cls_name)
        for name, value in (('learning_rate', learning_rate), ('decay_rate', decay_rate)):
            validator.check_positive_float(value, name, self.cls_name)
        validator.check_value_type('is_stair', is_stair, [bool], self.cls_name)
        self.learning_rate = learning_rate
        self.decay_rate = decay_rate
        self.decay_steps = decay_steps
        self.is_stair = is_stair

    def _periods(self, global_step):
        periods = ops.cast(global_step, mstype.float32) / self.decay_steps
        return ops.floor(periods) if self.is_stair else periods


class ExponentialDecayLR(_Decay):
    def construct(self, global_step):
        return self.learning_rate * ops.pow(self.decay_rate, self._periods(global_step))


class NaturalExpDecayLR(_Decay):
    def construct(self, global_step):
        step = self._periods(global_step) * self.decay_steps if self.is_stair else ops.cast(global_step, mstype.float32)
        return self.learning_rate * ops.exp(-self.decay_rate * step)


class InverseDecayLR(_Decay):
    def construct(self, global_step):
        return self.learning_rate / (1.0 + self.decay_rate * self._periods(global_step))


class CosineDecayLR(LearningRateSchedule):
    def __init__(self, min_lr, max_lr, decay_steps):
        super().__init__()
        _check_float(min_lr, 'min_lr', self.cls_name)
        validator.check_positive_float(max_lr, 'max_lr', self.cls_name)
        validator.check_positive_int(decay_steps, 'decay_steps', self.cls_name)
        if min_lr >= max_lr:
            raise ValueError("For 'CosineDecayLR', the 'max_lr' must be greater than the 'min_lr', but got 'max_lr' "
                             f"value: {max_lr}, 'min_lr' value: {min_lr}.")
        self.min_lr = min_lr
        self.max_lr = max_lr
        self.decay_steps = decay_steps
        self.delta = 0.5 * (max_lr - min_lr)

    def construct(self, global_step):
        part = ops.cast(ops.minimum(global_step, self.decay_steps), mstype.float32) / self.decay_steps
        return self.min_lr + self.delta * (1.0 + ops.cos(math.pi * part))


class PolynomialDecayLR(LearningRateSchedule):
    def __init__(self, learning_rate, end_learning_rate, decay_steps, power, update_decay_steps=False):
        super().__init__()
        validator.check_positive_float(learning_rate, 'learning_rate', self.cls_name)
        _check_float(end_learning_rate, 'end_learning_rate', self.cls_name)
        validator.check_positive_int(decay_steps, 'decay_steps', self.cls_name)
        validator.check_value_type('update_decay_steps', update_decay_steps, [bool], self.cls_name)
        validator.check_positive_float(power, 'power', self.cls_name)
        self.decay_steps = decay_steps
        self.start_learning_rate = learning_rate
        self.end_learning_rate = end_learning_rate
        self.diff_learning_rate = learning_rate - end_learning_rate
        self.power = power
        self.update_decay_steps = update_decay_steps

    def construct(self, global_step):
        step = ops.cast(global_step, mstype.float32)
        if self.update_decay_steps:
            part = step / (self.decay_steps * ops.maximum(ops.ceil(step / self.decay_steps), 1.0))
        else:
            part = ops.minimum(step, float(self.decay_steps)) / self.decay_steps
        return self.diff_learning_rate * ops.pow(1.0 - part, self.power) + self.end_learning_rate


class WarmUpLR(LearningRateSchedule):
    def __init__(self, learning_rate, warmup_steps):
        super().__init__()
        _check_float(learning_rate, 'learning_rate', self.cls_name)
        validator.check_positive_int(warmup_steps, 'warmup_steps', self.cls_name)
        self.warmup_steps = warmup_steps
        self.learning_rate = learning_rate

    def construct(self, global_step):
        part = ops.cast(ops.minimum(global_step, self.warmup_steps), mstype.float32) / self.warmup_steps
        return self.learning_rate * part
