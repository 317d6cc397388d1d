"""ASGD: gradient descent that keeps an average of the parameters."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common import dtype as mstype
from mindspore.common.api import jit
from mindspore.common.parameter import Parameter, ParameterTuple
from mindspore.common.tensor import Tensor
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register


class ASGD(Optimizer):
    @opt_init_args_register
    def __init__(self, params, learning_rate=0.1, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay)
        for name, value in (('lambd', lambd), ('alpha', alpha), ('t0', t0)):
            validator.check_value_type(name, value, [float], self.cls_name)
        self.lambd = lambd
        self.alpha = alpha
        self.t0 = Tensor([t0], dtype=mstype.float32)
        named = [(item, item.name) for item in self._parameters]
        self.mu = ParameterTuple([Parameter(Tensor(1.0, mstype.float32), name='mu_' + name) for _, name in named])
        self.eta = ParameterTuple([Parameter(Tensor(0.0, mstype.float32), name='eta_' + name) for _, name in named])
        self.ax = self._parameters.clone(prefix='ax_', init='zeros')

    @jit
    def construct(self, gradients):
        gradients = self._prepare(gradients)
        rates = self._take_step()
        step = self.global_step.reshape(()).astype(mstype.float32)
        for rate, gradient, weight, mu, eta, average in zip(rates, gradients, self._parameters, self.mu, self.eta,
                                                            self.ax):
            now = ops.select(step == 1.0, rate, eta)
            moved = weight * (1.0 - self.lambd * now) - now * gradient
            ops.assign(weight, moved)
            ops.assign(average, ops.select(mu == 1.0, moved, average + (moved - average) * mu))
            ops.assign(eta, rate / ops.pow(1.0 + self.lambd * rate * step, self.alpha))
            ops.assign(mu, 1.0 / ops.maximum(1.0, step - self.t0.reshape(())))
        return (True,) * self.param_length
