"""Adam and the optimizers that differ from it by little."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common import dtype as mstype
from mindspore.common.api import jit
from mindspore.common.initializer import initializer
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register


def _check_param_value(beta1, beta2, eps, prim_name):
    for name, value in (('beta1', beta1), ('beta2', beta2)):
        validator.check_value_type(name, value, [float], prim_name)
        validator.check_float_range(value, 0.0, 1.0, validator.INC_NEITHER, name, prim_name)
    validator.check_value_type('eps', eps, [float], prim_name)
    validator.check_positive_float(eps, 'eps', prim_name)


class Adam(Optimizer):
    @opt_init_args_register
    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, use_locking=False,
                 use_nesterov=False, weight_decay=0.0, loss_scale=1.0, use_amsgrad=False, **kwargs):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        invalid = [key for key in kwargs if key not in ('use_lazy', 'use_offload')]
        if invalid:
            raise TypeError(f"For 'Adam', invalid arguments {invalid}.")
        _check_param_value(beta1, beta2, eps, self.cls_name)
        self.use_lazy = validator.check_bool(kwargs.get('use_lazy', False), 'use_lazy')
        self.use_offload = validator.check_bool(kwargs.get('use_offload', False), 'use_offload')
        if self.use_lazy and self.use_offload:
            raise ValueError("For 'Adam', 'use_lazy' and 'use_offload' can not both be True.")
        if use_amsgrad and (self.use_lazy or self.use_offload):
            raise ValueError("For lazy Adam and Adam with offload, there is no parameter named 'use_amsgrad'.")
        self.use_locking = validator.check_bool(use_locking, 'use_locking')
        self.use_nesterov = validator.check_bool(use_nesterov, 'use_nesterov')
        self.use_amsgrad = validator.check_bool(use_amsgrad, 'use_amsgrad')
        self.beta1 = Tensor(beta1, mstype.float32)
        self.beta2 = Tensor(beta2, mstype.float32)
        self.beta1_power = Parameter(initializer(1, (), mstype.float32), name='beta1_power')
        self.beta2_power = Parameter(initializer(1, (), mstype.float32), name='beta2_power')
        self.eps = Tensor(eps, mstype.float32)
        self.moment1 = self._parameters.clone(prefix='moment1', init='zeros')
        self.moment2 = self._parameters.clone(prefix='moment2', init='zeros')
        if use_amsgrad:
            self.vhat = self._parameters.clone(prefix='vhat', init='zeros')
            self.opt = ops.ApplyAdamWithAmsgradV2(use_locking)
        else:
            self.opt = ops.Adam(use_locking, use_nesterov)

    @jit
    def construct(self, gradients):
        gradients = self._prepare(gradients)
        rates = self._take_step()
        beta1_power = self.beta1_power * self.beta1
        beta2_power = self.beta2_power * self.beta2
        self.beta1_power = beta1_power
        self.beta2_power = beta2_power
        shared = (self.beta1, self.beta2, self.eps)
        rows = enumerate(zip(rates, gradients, self._parameters, self.moment1, self.moment2))
        for index, (rate, gradient, weight, first, second) in rows:
            moments = (first, second, self.vhat[index]) if self.use_amsgrad else (first, second)
            self.opt(weight, *moments, beta1_power, beta2_power, rate, *shared, gradient)
        return (True,) * self.param_length


class AdamOffload(Adam):
    """Adam whose arithmetic MindSpore moves to the host: the same numbers."""

    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, use_locking=False,
                 use_nesterov=False, weight_decay=0.0, loss_scale=1.0):
        super().__init__(params, learning_rate, beta1, beta2, eps, use_locking, use_nesterov, weight_decay, loss_scale)


class LazyAdam(Adam):
    """Adam that touches only the rows of sparse gradients; for dense gradients it is Adam."""

    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, use_locking=False,
                 use_nesterov=False, weight_decay=0.0, loss_scale=1.0):
        super().__init__(params, learning_rate, beta1, beta2, eps, use_locking, use_nesterov, weight_decay, loss_scale)


class AdamWeightDecay(Optimizer):
    """Adam without bias correction whose decay is no part of the gradient."""
    _support_parallel_optimizer = True

    def __init__(self, params, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-6, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay)
        _check_param_value(beta1, beta2, eps, self.cls_name)
        self.beta1 = Tensor([beta1], mstype.float32)
        self.beta2 = Tensor([beta2], mstype.float32)
        self.eps = Tensor([eps], mstype.float32)
        self.moments1 = self._parameters.clone(prefix='adam_m', init='zeros')
        self.moments2 = self._parameters.clone(prefix='adam_v', init='zeros')
        self.fused_opt = ops.AdamWeightDecay()
        self.use_fused_opt = True

    @jit
    def construct(self, gradients):
        decays = self._decays()
        rates = self._take_step()
        rows = zip(rates, decays, self.decay_flags, gradients, self._parameters, self.moments1, self.moments2)
        for rate, decay, decays_here, gradient, weight, first, second in rows:
            self.fused_opt(weight, first, second, rate, self.beta1, self.beta2, self.eps,
                           decay if decays_here else 0.0, gradient)
        return (True,) * self.param_length


class AdaMax(Optimizer):
    @opt_init_args_register
    def __init__(self, params, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-08, weight_decay=0.0,
                 loss_scale=1.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        _check_param_value(beta1, beta2, eps, self.cls_name)
        self.beta1 = Tensor(beta1, mstype.float32)
        self.beta2 = Tensor(beta2, mstype.float32)
        self.beta1_power = Parameter(initializer(1, [1], mstype.float32), name='beta1_power')
        self.eps = Tensor(eps, mstype.float32)
        self.moment1 = self._parameters.clone(prefix='moment1', init='zeros')
        self.moment2 = self._parameters.clone(prefix='moment2', init='zeros')
        self.opt = ops.ApplyAdaMax()

    @jit
    def construct(self, gradients):
        gradients = self._prepare(gradients)
        rates = self._take_step()
        self.beta1_power *= self.beta1
        rows = zip(rates, gradients, self._parameters, self.moment1, self.moment2)
        for rate, gradient, weight, first, second in rows:
            self.opt(weight, first, second, self.beta1_power, rate, self.beta1, self.beta2, self.eps, gradient)
        return (True,) * self.param_length
