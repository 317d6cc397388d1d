"""RMSProp, plain and centered."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common.api import jit
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register


class RMSProp(Optimizer):
    @opt_init_args_register
    def __init__(self, params, learning_rate=0.1, decay=0.9, momentum=0.0, epsilon=1e-10, use_locking=False,
                 centered=False, loss_scale=1.0, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        for name, value in (('decay', decay), ('momentum', momentum), ('epsilon', epsilon)):
            validator.check_value_type(name, value, [float], self.cls_name)
            validator.check_non_negative_float(value, name, self.cls_name)
        validator.check_positive_float(epsilon, 'epsilon', self.cls_name)
        validator.check_value_type('use_locking', use_locking, [bool], self.cls_name)
        validator.check_value_type('centered', centered, [bool], self.cls_name)
        self.centered = centered
        self.decay = decay
        self.momentum = momentum
        self.epsilon = epsilon
        if centered:
            self.opt = ops.ApplyCenteredRMSProp(use_locking)
            self.mg = self._parameters.clone(prefix='mean_grad', init='zeros')
        else:
            self.opt = ops.ApplyRMSProp(use_locking)
        self.ms = self._parameters.clone(prefix='mean_square', init='ones')
        self.moment = self._parameters.clone(prefix='moment', init='zeros')

    @jit
    def construct(self, gradients):
        gradients = self._prepare(gradients)
        rows = enumerate(zip(self._take_step(), gradients, self._parameters, self.ms, self.moment))
        for index, (rate, gradient, weight, square, moment) in rows:
            settings = (self.decay, self.momentum, self.epsilon)
            if self.centered:
                self.opt(weight, self.mg[index], square, moment, gradient, rate, *settings)
            else:
                self.opt(weight, square, moment, rate, gradient, *settings)
        return (True,) * self.param_length
