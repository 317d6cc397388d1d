"""LossBase: what all losses share."""
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell


class LossBase(Cell):
    def __init__(self, reduction='mean'):
        super().__init__()
        if reduction not in ('mean', 'sum', 'none'):
            raise ValueError(f"For '{self.cls_name}', the 'reduction' must be in ['mean', 'sum', 'none'], "
                             f"but got {reduction}.")
        self.average = reduction != 'sum'
        self.reduce = reduction != 'none'
        self.reduce_mean = ops.ReduceMean()
        self.reduce_sum = ops.ReduceSum()
        self.mul = ops.Mul()
        self.cast = ops.Cast()

    def get_axis(self, x):
        return tuple(range(x.ndim))

    def get_loss(self, x, weights=1.0):
        """Weighted and reduced in float32, whatever type x has."""
        loss = self.mul(self.cast(weights, mstype.float32), self.cast(x, mstype.float32))
        if self.reduce:
            reduce = self.reduce_mean if self.average else self.reduce_sum
            loss = reduce(loss, self.get_axis(loss))
        return self.cast(loss, x.dtype)

    def construct(self, logits, labels):
        raise NotImplementedError


class _Loss(LossBase):
    pass


def check_tensors(cls_name, **values):
    for name, value in values.items():
        if not isinstance(value, Tensor):
            raise TypeError(f"For '{cls_name}', the '{name}' must be a Tensor, but got '{type(value)}'")
