"""Jvp and Vjp: the last argument is the tangent or the cotangent."""
from mindspore.nn.cell import Cell
from mindspore.ops.function.grad.grad_func import jvp, vjp


class Jvp(Cell):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def construct(self, *args):
        return jvp(self.fn, args[:-1], args[-1])


class Vjp(Cell):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def construct(self, *args):
        outputs, pull = vjp(self.fn, *args[:-1])
        sens = args[-1]
        gradients = pull(*sens) if isinstance(sens, tuple) else pull(sens)
        return outputs, gradients[0] if len(gradients) == 1 else gradients
