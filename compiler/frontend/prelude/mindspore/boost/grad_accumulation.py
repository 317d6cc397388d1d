"""Accumulating gradients over several steps before the optimizer takes them."""
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell
from mindspore.ops.composite import MultitypeFuncGraph

gradient_accumulation_op = MultitypeFuncGraph('gradient_accumulation_op')
gradient_clear_op = MultitypeFuncGraph('gradient_clear_op')


@gradient_accumulation_op.register('Int64', 'Tensor', 'Tensor')
def _accumulate(steps, total, grad):
    ops.assign_add(total, grad / steps)
    return total


@gradient_clear_op.register('Tensor')
def _clear(total):
    return ops.assign(total, ops.zeros_like(total))


class GradientAccumulation(Cell):
    def __init__(self, max_accumulation_step, optimizer):
        super().__init__()
        self._max_accumulation_step = max_accumulation_step
        self.optimizer = optimizer
        self.weights = optimizer.parameters
        self.hyper_map = ops.HyperMap()
        self._grad_accumulation = self.weights.clone(prefix='grad_accumulation', init='zeros')
        self._accumulation_step = Parameter(Tensor(0, dtype=mstype.int32), name='accumulation_step')

    def construct(self, loss, grads):
        add = ops.partial(gradient_accumulation_op, self._max_accumulation_step)
        self.hyper_map(add, self._grad_accumulation, grads)
        self._accumulation_step += 1
        if self._accumulation_step >= self._max_accumulation_step:
            self.optimizer(self._grad_accumulation)
            self.hyper_map(gradient_clear_op, self._grad_accumulation)
            self._accumulation_step = 0
        return loss
