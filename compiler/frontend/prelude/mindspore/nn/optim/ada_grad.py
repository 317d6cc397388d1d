"""Adagrad and its proximal form: rates that shrink with the squares seen so far."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common import dtype as mstype
from mindspore.common.api import jit
from mindspore.common.tensor import Tensor
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register


class Adagrad(Optimizer):
    @opt_init_args_register
    def __init__(self, params, accum=0.1, learning_rate=0.001, update_slots=True, loss_scale=1.0, weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        validator.check_value_type('accum', accum, [float], self.cls_name)
        validator.check_value_type('update_slots', update_slots, [bool], self.cls_name)
        validator.check_non_negative_float(accum, 'accum', self.cls_name)
        self.accum = self._parameters.clone(prefix='accum', init=accum)
        self.opt = ops.ApplyAdagrad(update_slots=update_slots)

    @jit
    def construct(self, grads):
        grads = self._prepare(grads)
        for rate, gradient, weight, accum in zip(self._take_step(), grads, self._parameters, self.accum):
            self.opt(weight, accum, rate, gradient)
        return (True,) * self.param_length


class ProximalAdagrad(Optimizer):
    @opt_init_args_register
    def __init__(self, params, accum=0.1, learning_rate=0.001, l1=0.0, l2=0.0, use_locking=False, loss_scale=1.0,
                 weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay, loss_scale)
        for name, value in (('accum', accum), ('l1', l1), ('l2', l2)):
            validator.check_value_type(name, value, [float], self.cls_name)
            validator.check_non_negative_float(value, name, self.cls_name)
        self.accum = self._parameters.clone(prefix='accum', init=accum)
        self.l1 = Tensor(l1, mstype.float32)
        self.l2 = Tensor(l2, mstype.float32)
        self.use_locking = use_locking
        self.opt = ops.ApplyProximalAdagrad(use_locking=use_locking)

    @jit
    def construct(self, grads):
        grads = self._prepare(grads)
        for rate, gradient, weight, accum in zip(self._take_step(), grads, self._parameters, self.accum):
            self.opt(weight, accum, rate, self.l1, self.l2, gradient)
        return (True,) * self.param_length
