"""Rprop: only the signs of gradients count; steps grow while signs agree and shrink when they change."""
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.api import jit
from mindspore.nn.optim.optimizer import Optimizer, opt_init_args_register


class Rprop(Optimizer):
    @opt_init_args_register
    def __init__(self, params, learning_rate=0.1, etas=(0.5, 1.2), step_sizes=(1e-6, 50.0), weight_decay=0.0):
        super().__init__(learning_rate, params, weight_decay)
        for name, value in (('etas', etas), ('step_sizes', step_sizes)):
            if not isinstance(value, tuple):
                raise TypeError(f"For 'Rprop', {name} must be a tuple, but got {type(value)}.")
            if len(value) != 2:
                raise ValueError(f"For 'Rprop', {name} must be a tuple with the size of 2, but got {len(value)}.")
        if step_sizes[0] > step_sizes[1]:
            raise ValueError("For 'Rprop', minimal step size should not be larger than maximal step size, "
                             f"but got {step_sizes[0]} > {step_sizes[1]}.")
        if etas[0] < 0.0 or etas[0] >= 1.0 or etas[1] <= 1.0:
            raise ValueError(f"For 'Rprop', etas[0] must be in [0, 1) and etas[1] larger than 1, but got {etas}.")
        self.etaminus, self.etaplus = etas
        self.step_size_min, self.step_size_max = step_sizes
        self.prev = self._parameters.clone(prefix='prev', init='zeros')
        self.step_size = self._parameters.clone(prefix='step_size', init='zeros')

    @jit
    def construct(self, gradients):
        gradients = self._prepare(gradients)
        rates = self._take_step()
        first = self.global_step == 1
        for rate, gradient, weight, before, size in zip(rates, gradients, self._parameters, self.prev, self.step_size):
            gradient = gradient.astype(mstype.float32)
            agreement = ops.sign(gradient * before)
            factor = ops.select(agreement > 0, self.etaplus, ops.select(agreement < 0, self.etaminus, agreement + 1.0))
            start = ops.select(first, ops.ones_like(size) * rate, size)
            now = ops.clip_by_value(start * factor, self.step_size_min, self.step_size_max)
            kept = ops.select(agreement < 0, ops.zeros_like(gradient), gradient)
            ops.assign(weight, weight - ops.sign(kept) * now)
            ops.assign(before, kept)
            ops.assign(size, now)
        return (True,) * self.param_length
