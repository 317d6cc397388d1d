"""Activation layers: each calls one op."""
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.initializer import initializer
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell


class ReLU(Cell):
    def __init__(self):
        super().__init__()
        self.relu = ops.ReLU()

    def construct(self, input):
        return self.relu(input)


class ReLU6(Cell):
    def __init__(self):
        super().__init__()
        self.relu6 = ops.ReLU6()

    def construct(self, x):
        return self.relu6(x)


class LeakyReLU(Cell):
    def __init__(self, alpha=0.2):
        super().__init__()
        self.alpha = alpha
        self.greater_equal = ops.GreaterEqual()
        self.mul = ops.Mul()
        self.maximum = ops.Maximum()

    def construct(self, x):
        return ops.leaky_relu(x, self.alpha)


class PReLU(Cell):
    def __init__(self, channel=1, w=0.25):
        super().__init__()
        shape = (channel,)
        if isinstance(w, (float, int)):
            w = initializer(w, shape, mstype.float32)
        elif not isinstance(w, Tensor):
            w = Tensor(w, mstype.float32)
        self.w = Parameter(w, name='a')
        self.prelu = ops.PReLU()

    def construct(self, x):
        return self.prelu(x, self.w)


class RReLU(Cell):
    def __init__(self, lower=1. / 8, upper=1. / 3):
        super().__init__()
        self.lower = lower
        self.upper = upper

    def construct(self, x):
        return ops.leaky_relu(x, (self.lower + self.upper) / 2)


class ELU(Cell):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.elu = ops.Elu(alpha)

    def construct(self, x):
        return self.elu(x)


class CELU(Cell):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def construct(self, x):
        return ops.celu(x, self.alpha)


class SeLU(Cell):
    def construct(self, input_x):
        return ops.selu(input_x)


class GELU(Cell):
    def __init__(self, approximate=True):
        super().__init__()
        self.approximate = approximate
        if approximate:
            self.gelu = ops.GeLU()

    def construct(self, x):
        return ops.gelu(x, 'tanh' if self.approximate else 'none')


class FastGelu(Cell):
    def construct(self, x):
        return ops.fast_gelu(x)


class GLU(Cell):
    def __init__(self, axis=-1):
        super().__init__()
        self.dim = axis

    def construct(self, x):
        first, second = ops.chunk(x, 2, self.dim)
        return first * ops.sigmoid(second)


class Sigmoid(Cell):
    def __init__(self):
        super().__init__()
        self.sigmoid = ops.Sigmoid()

    def construct(self, x):
        return self.sigmoid(x)


class LogSigmoid(Cell):
    def construct(self, input_x):
        return ops.logsigmoid(input_x)


class Tanh(Cell):
    def __init__(self):
        super().__init__()
        self.tanh = ops.Tanh()

    def construct(self, x):
        return self.tanh(x)


class Tanhshrink(Cell):
    def construct(self, x):
        return x - ops.tanh(x)


class Hardtanh(Cell):
    def __init__(self, min_val=-1.0, max_val=1.0):
        super().__init__()
        self.min_val = min_val
        self.max_val = max_val

    def construct(self, x):
        return ops.clamp(x, self.min_val, self.max_val)


class HSwish(Cell):
    def __init__(self):
        super().__init__()
        self.hswish = ops.HSwish()

    def construct(self, input):
        return self.hswish(input)


class HSigmoid(Cell):
    def __init__(self):
        super().__init__()
        self.hsigmoid = ops.HSigmoid()

    def construct(self, input):
        return self.hsigmoid(input)


class HShrink(Cell):
    def __init__(self, lambd=0.5):
        super().__init__()
        self.lambd = lambd

    def construct(self, input):
        return ops.select(ops.abs(input) > self.lambd, input, ops.zeros_like(input))


class SoftShrink(Cell):
    def __init__(self, lambd=0.5):
        super().__init__()
        self.lambd = lambd

    def construct(self, input):
        return ops.sign(input) * ops.relu(ops.abs(input) - self.lambd)


class SiLU(Cell):
    def construct(self, x):
        return ops.silu(x)


class Mish(Cell):
    def construct(self, input_x):
        return ops.mish(input_x)


class Softmax(Cell):
    def __init__(self, axis=-1):
        super().__init__()
        self.axis = axis
        self.softmax = ops.Softmax(axis)

    def construct(self, input):
        return self.softmax(input)

    def extend_repr(self):
        return f'axis={self.axis}'


class Softmax2d(Cell):
    def construct(self, x):
        return ops.softmax(x, -3)


class Softmin(Cell):
    def __init__(self, axis=-1):
        super().__init__()
        self.axis = axis

    def construct(self, x):
        return ops.softmax(ops.neg(x), self.axis)


class LogSoftmax(Cell):
    def __init__(self, axis=-1):
        super().__init__()
        self.axis = axis
        self.log_softmax = ops.LogSoftmax(axis)

    def construct(self, x):
        return self.log_softmax(x)

    def extend_repr(self):
        return f'axis={self.axis}'


class LogSoftmaxExt(Cell):
    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    def construct(self, x):
        return ops.log_softmax(x, -1 if self.dim is None else self.dim)


class Softplus(Cell):
    def construct(self, x):
        return ops.softplus(x)


class Softsign(Cell):
    def construct(self, x):
        return ops.softsign(x)


class Threshold(Cell):
    def __init__(self, threshold, value):
        super().__init__()
        self.threshold = threshold
        self.value = value

    def construct(self, input_x):
        return ops.select(input_x > self.threshold, input_x, ops.full_like(input_x, self.value))


_BY_NAME = {
    'softmin': Softmin, 'softmax': Softmax, 'softmax2d': Softmax2d, 'logsoftmax': LogSoftmax, 'relu': ReLU,
    'relu6': ReLU6, 'rrelu': RReLU, 'silu': SiLU, 'tanh': Tanh, 'mish': Mish, 'gelu': GELU, 'fast_gelu': FastGelu,
    'glu': GLU, 'elu': ELU, 'sigmoid': Sigmoid, 'prelu': PReLU, 'leakyrelu': LeakyReLU, 'hswish': HSwish,
    'hsigmoid': HSigmoid, 'logsigmoid': LogSigmoid, 'softshrink': SoftShrink, 'hshrink': HShrink,
    'threshold': Threshold,
}


def get_activation(name, prim_name=None):
    if name is None:
        return None
    if name not in _BY_NAME:
        owner = f"For '{prim_name}', the" if prim_name else 'The'
        raise KeyError(f"{owner} 'name' must be in {list(_BY_NAME.keys())}, but got {name}.")
    return _BY_NAME[name]()
