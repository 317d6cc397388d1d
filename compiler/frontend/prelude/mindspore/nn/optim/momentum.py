"""Gradient descent with momentum."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common import dtype as mstype
from mindspore.common.api import jit
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register


class Momentum(Optimizer):
    @opt_init_args_register
    def __init__(self, params, learning_rate, momentum, weight_decay=0.0, loss_scale=1.0, use_nesterov=False):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        validator.check_value_type('momentum', momentum, [float], self.cls_name)
        if momentum < 0.0:
            raise ValueError(f"For 'Momentum', the argument 'momentum' must be at least 0.0, but got {momentum}")
        self.momentum = Parameter(Tensor(momentum, mstype.float32), name='momentum')
        self.params = self._parameters
        self.use_nesterov = validator.check_bool(use_nesterov)
        self.moments = self.params.clone(prefix='moments', init='zeros')
        self.opt = ops.ApplyMomentum(use_nesterov=self.use_nesterov)

    @jit
    def construct(self, gradients):
        gradients = self._prepare(gradients)
        for rate, gradient, weight, moment in zip(self._take_step(), gradients, self.params, self.moments):
            self.opt(weight, moment, rate, gradient, self.momentum)
        return (True,) * self.param_length
