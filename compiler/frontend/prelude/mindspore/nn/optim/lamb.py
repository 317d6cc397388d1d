"""LAMB: Adam's step, scaled for each parameter by the ratio of the norms of parameter and step."""
from mindspore.common import dtype as mstype
from mindspore.common.api import jit
from mindspore.common.tensor import Tensor
from mindspore.nn.optim.adam import _check_param_value
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register
from mindspore.ops.function.optimize import lamb


class Lamb(Optimizer):
    _support_parallel_optimizer = True

    @opt_init_args_register
    def __init__(self, params, learning_rate, beta1=0.9, beta2=0.999, eps=1e-6, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay)
        _check_param_value(beta1, beta2, eps, self.cls_name)
        self.beta1 = Tensor([beta1], mstype.float32)
        self.beta2 = Tensor([beta2], mstype.float32)
        self.eps = Tensor([eps], mstype.float32)
        self.params = self._parameters
        self.moments1 = self.params.clone(prefix='lamb_m', init='zeros')
        self.moments2 = self.params.clone(prefix='lamb_v', init='zeros')

    @jit
    def construct(self, gradients):
        decays = self._decays()
        rates = self._take_step()
        gradients = self.gradients_centralization(self.flatten_gradients(gradients))
        rows = zip(rates, decays, self.decay_flags, gradients, self.params, self.moments1, self.moments2)
        for rate, decay, decays_here, gradient, weight, first, second in rows:
            lamb(weight, first, second, rate, self.beta1, self.beta2, self.eps, decay if decays_here else 0.0,
                 self.global_step, gradient)
        return (True,) * self.param_length
