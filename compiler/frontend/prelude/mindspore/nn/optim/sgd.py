"""Stochastic gradient descent."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common import dtype as mstype
from mindspore.common.api import jit
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register


class SGD(Optimizer):
    @opt_init_args_register
    def __init__(self, params, learning_rate=0.1, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False,
                 loss_scale=1.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        momentum = self._not_negative(momentum, 'momentum')
        self.dampening = self._not_negative(dampening, 'dampening')
        validator.check_value_type('nesterov', nesterov, [bool], self.cls_name)
        if nesterov and (momentum <= 0.0 or self.dampening != 0.0):
            raise ValueError("For 'SGD', if 'nesterov' is true, 'momentum' must be > 0.0 and 'dampening' must equal to "
                             f"0.0, but got 'momentum' {momentum}, 'dampening' {dampening}.")
        if self.dynamic_weight_decay:
            raise TypeError("For 'SGD', dynamic weight decay is currently not supported, the argument 'weight_decay' "
                            "or 'weight_decay' set in grouped 'params' must be float or int type.")
        self.nesterov = nesterov
        self._has_momentum = momentum > 0.0
        self.opt = tuple([ops.SGD(self.dampening, 0.0, nesterov)] * len(self._parameters))
        self.momentum = Parameter(Tensor(momentum, mstype.float32), name='momentum')
        self.accum = self._parameters.clone(prefix='accum', init='zeros')
        self.stat = self._parameters.clone(prefix='stat', init='ones')

    def _not_negative(self, value, name):
        value = float(value) if isinstance(value, int) else value
        if not isinstance(value, float):
            raise TypeError(f"For 'SGD', the argument '{name}' must be float type, but got {type(value)}.")
        if value < 0.0:
            raise ValueError(f"For 'SGD', the argument '{name}' must be at least 0.0, but got {value}.")
        return value

    @jit
    def construct(self, gradients):
        gradients = self._prepare(gradients)
        rows = zip(self.opt, self._take_step(), gradients, self._parameters, self.accum, self.stat)
        for opt, rate, gradient, weight, accum, stat in rows:
            if self._has_momentum:
                opt(weight, gradient, rate, accum, self.momentum, stat)
            else:
                ops.ApplyGradientDescent()(weight, rate, gradient)
        return (True,) * self.param_length
