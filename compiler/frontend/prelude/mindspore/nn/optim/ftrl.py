"""FTRL: follow the regularized leader."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common.api import jit
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register


class FTRL(Optimizer):
    @opt_init_args_register
    def __init__(self, params, initial_accum=0.1, learning_rate=0.001, lr_power=-0.5, l1=0.0, l2=0.0,
                 use_locking=False, loss_scale=1.0, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        if self.dynamic_lr or self.is_group_lr:
            raise ValueError("For 'FTRL', dynamic learning rate and group learning rate are currently not supported "
                             "in FTRL, they should all be false.")
        for name, value in (('initial_accum', initial_accum), ('l1', l1), ('l2', l2)):
            validator.check_value_type(name, value, [float], self.cls_name)
            validator.check_non_negative_float(value, name, self.cls_name)
        validator.check_value_type('lr_power', lr_power, [float], self.cls_name)
        if lr_power > 0.0:
            raise ValueError(f"For 'FTRL', the 'lr_power' must be at most 0.0, but got {lr_power}.")
        self.moments = self._parameters.clone(prefix='moments', init=initial_accum)
        self.linear = self._parameters.clone(prefix='linear', init='zeros')
        self.l1 = l1
        self.l2 = l2
        self.lr = learning_rate
        self.lr_power = lr_power
        if not self.is_group:
            self.decay_flags = (True,) * self.param_length
        self.opt = ops.ApplyFtrl(use_locking=use_locking)
        self.use_locking = use_locking

    @jit
    def construct(self, grads):
        grads = self._prepare(grads)
        rows = zip(self._take_step(), grads, self._parameters, self.moments, self.linear)
        for rate, gradient, weight, moment, linear in rows:
            self.opt(weight, moment, linear, gradient, rate, self.l1, self.l2, self.lr_power)
        return (True,) * self.param_length
