"""Adadelta: steps as large as the steps before them."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common.api import jit
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register


class Adadelta(Optimizer):
    @opt_init_args_register
    def __init__(self, params, learning_rate=1.0, rho=0.9, epsilon=1e-6, loss_scale=1.0, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        validator.check_value_type('rho', rho, [float], self.cls_name)
        validator.check_value_type('epsilon', epsilon, [float], self.cls_name)
        validator.check_float_range(rho, 0.0, 1.0, validator.INC_BOTH, 'rho', self.cls_name)
        validator.check_non_negative_float(epsilon, 'epsilon', self.cls_name)
        self.accum = self.parameters.clone(prefix='accum', init=0)
        self.accum_update = self.parameters.clone(prefix='accum_update', init=0)
        self.opt = ops.ApplyAdadelta()
        self.rho = rho
        self.epsilon = epsilon

    @jit
    def construct(self, grads):
        grads = self._prepare(grads)
        rows = zip(self._take_step(), grads, self.parameters, self.accum, self.accum_update)
        for rate, gradient, weight, accum, update in rows:
            self.opt(weight, accum, update, rate, self.rho, self.epsilon, gradient)
        return (True,) * self.param_length
