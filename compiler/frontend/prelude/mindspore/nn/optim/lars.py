"""LARS: wraps an optimizer; each gradient is scaled by the ratio of the norms of parameter and gradient."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common import dtype as mstype
from mindspore.common.api import jit
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register


class LARS(Optimizer):
    @opt_init_args_register
    def __init__(self, optimizer, epsilon=1e-05, coefficient=0.001, use_clip=False,
                 lars_filter=lambda x: 'LayerNorm' not in x.name and 'bias' not in x.name):
        super().__init__(0.0, [Parameter(Tensor(0.0), name='fake_param')])
        validator.check_value_type('optimizer', optimizer, Optimizer, self.cls_name)
        validator.check_value_type('epsilon', epsilon, [float], self.cls_name)
        validator.check_value_type('coefficient', coefficient, [float], self.cls_name)
        validator.check_value_type('use_clip', use_clip, [bool], self.cls_name)
        self.opt = optimizer
        self.use_clip = use_clip
        self._take_over(optimizer)
        self.lars_flag = tuple([lars_filter(item) for item in self.parameters])
        self.learning_rate = Parameter(Tensor(0.0, dtype=mstype.float32), name='fake_lr')
        self.lars = ops.LARSUpdate(epsilon, coefficient, use_clip)
        self.cast = ops.Cast()
        if use_clip:
            self.is_group_lr = optimizer.is_group_lr
            self.dynamic_lr = optimizer.dynamic_lr
            self.origin_learning_rate = optimizer.learning_rate
            if self.is_group_lr and self.dynamic_lr:
                raise ValueError("For 'LARS', if the argument 'use_clip' is set to True, then the dynamic learning "
                                 "rate and group learning rate cannot both be true.")

    def _take_over(self, optimizer):
        """Decay and loss scale are applied here and no more by the wrapped optimizer."""
        for name in ('dynamic_decay_flags', 'dynamic_weight_decay', 'weight_decay', 'global_step', 'parameters',
                     'is_group', 'decay_flags', 'reciprocal_scale', 'need_scale', 'loss_scale'):
            setattr(self, name, getattr(optimizer, name))
        self._parameters = self.parameters
        self.param_length = len(self.parameters)
        none = tuple([False for _ in self.parameters])
        optimizer.dynamic_decay_flags = none if self.is_group else False
        optimizer.decay_flags = none
        optimizer.dynamic_weight_decay = False
        optimizer.need_scale = False
        optimizer.exec_weight_decay = False

    def _get_lr(self):
        if not self.dynamic_lr:
            return self.origin_learning_rate
        return self.origin_learning_rate(self.global_step)

    @jit
    def construct(self, gradients):
        rates = self._get_lr() if self.use_clip else self.learning_rate
        rates = rates if self.is_group_lr else (rates,) * self.param_length
        gradients = self.scale_grad(self.flatten_gradients(gradients))
        scaled = []
        rows = zip(gradients, self.parameters, rates, self._decays(), self.decay_flags, self.lars_flag)
        for gradient, weight, rate, decay, decays_here, adapts in rows:
            if adapts:
                decay = decay / self.loss_scale if decays_here else 0.0
                norms = ops.SquareSumAll()(weight, gradient)
                gradient = self.lars(weight, gradient, *norms, decay, rate)
            scaled.append(gradient)
        done = self.opt(tuple(scaled))
        if self._is_dynamic_lr_or_weight_decay() and not self.opt.dynamic_lr and not self.opt.dynamic_weight_decay:
            self.assignadd(self.global_step, self.global_step_increase_tensor)
        return done
