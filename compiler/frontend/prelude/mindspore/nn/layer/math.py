"""Layers that wrap one mathematical function."""
from mindspore import ops
from mindspore.nn.cell import Cell


class ReduceLogSumExp(Cell):
    def __init__(self, axis, keep_dims=False):
        super().__init__()
        self.axis = axis
        self.keep_dims = keep_dims

    def construct(self, x):
        return ops.logsumexp(x, self.axis, self.keep_dims)


class Moments(Cell):
    def __init__(self, axis=None, keep_dims=None):
        super().__init__()
        self.axis = () if axis is None else axis
        self.keep_dims = bool(keep_dims)

    def construct(self, x):
        mean = ops.ReduceMean(True)(x, self.axis)
        variance = ops.ReduceMean(self.keep_dims)(ops.square(x - mean), self.axis)
        return ops.ReduceMean(self.keep_dims)(x, self.axis), variance


class MatMul(Cell):
    def __init__(self, transpose_x1=False, transpose_x2=False):
        super().__init__()
        self.transpose_x1 = transpose_x1
        self.transpose_x2 = transpose_x2

    def construct(self, x1, x2):
        if self.transpose_x1:
            x1 = x1.swapaxes(-1, -2)
        if self.transpose_x2:
            x2 = x2.swapaxes(-1, -2)
        return ops.matmul(x1, x2)
