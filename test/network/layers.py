"""Small cells, one for each corner of the API that real networks lean on; each answer is recorded from MindSpore."""
import numpy as np
import mindspore as ms
import mindspore.nn as nn
import mindspore.ops as ops
from mindspore import Parameter, Tensor


class ConvPadModes(nn.Cell):
    """An even kernel and stride 2 make the uneven padding of 'same' visible."""

    def __init__(self):
        super().__init__()
        self.same = nn.Conv2d(3, 4, 4, stride=2)
        self.valid = nn.Conv2d(3, 4, (3, 2), pad_mode="valid", stride=(1, 2), has_bias=True)
        self.pad = nn.Conv2d(3, 4, 3, pad_mode="pad", padding=(0, 1, 2, 3), dilation=(1, 2))

    def construct(self, x):
        return self.same(x), self.valid(x), self.pad(x)


class ConvTransposes(nn.Cell):
    def __init__(self):
        super().__init__()
        self.pad = nn.Conv2dTranspose(4, 3, 4, stride=2, pad_mode="pad", padding=1)
        self.same = nn.Conv2dTranspose(4, 2, 3, stride=2, pad_mode="same", has_bias=True)
        self.valid = nn.Conv2dTranspose(4, 6, 3, stride=2, pad_mode="valid", group=2)

    def construct(self, x):
        return self.pad(x), self.same(x), self.valid(x)


class Conv1ds(nn.Cell):
    def __init__(self):
        super().__init__()
        self.same = nn.Conv1d(3, 5, 4, stride=2, has_bias=True)
        self.pad = nn.Conv1d(3, 6, 3, pad_mode="pad", padding=2, dilation=2, group=3)

    def construct(self, x):
        return self.same(x), self.pad(x)


class MaxPools(nn.Cell):
    def __init__(self):
        super().__init__()
        self.valid = nn.MaxPool2d(3, 2)
        self.same = nn.MaxPool2d(kernel_size=2, stride=2, pad_mode="same")
        self.pad = nn.MaxPool2d(3, stride=2, pad_mode="pad", padding=1, ceil_mode=True)

    def construct(self, x):
        return self.valid(x), self.same(x), self.pad(x)


class AvgPools(nn.Cell):
    def __init__(self):
        super().__init__()
        self.valid = nn.AvgPool2d(3, 2)
        self.same = nn.AvgPool2d(kernel_size=3, stride=2, pad_mode="same")
        self.adaptive = nn.AdaptiveAvgPool2d((3, 2))

    def construct(self, x):
        return self.valid(x), self.same(x), self.adaptive(x)


class Norms(nn.Cell):
    def __init__(self):
        super().__init__()
        self.batch = nn.BatchNorm2d(4, eps=1e-3, momentum=0.9)
        self.layer = nn.LayerNorm((6, 5), begin_norm_axis=2, begin_params_axis=2)
        self.group = nn.GroupNorm(2, 4)

    def construct(self, x):
        return self.batch(x), self.layer(x), self.group(x)


class Activations(nn.Cell):
    def __init__(self):
        super().__init__()
        self.functions = nn.CellList([
            nn.ReLU(), nn.ReLU6(), nn.LeakyReLU(), nn.ELU(), nn.Sigmoid(), nn.Tanh(), nn.SiLU(), nn.GELU(),
            nn.GELU(approximate=False), nn.HSigmoid(), nn.HSwish(), nn.LogSoftmax(), nn.Softmax(0), nn.Mish(),
            nn.LogSigmoid(), nn.PReLU(channel=1),
        ])

    def construct(self, x):
        x = x * 4
        return [cell(x) for cell in self.functions]


class Shapes(nn.Cell):
    """Data movement in every spelling: methods, functions, primitives and subscripts."""

    def __init__(self):
        super().__init__()
        self.concat = ops.Concat(axis=1)
        self.tile = ops.Tile()
        self.pad = nn.Pad(paddings=((0, 0), (1, 2), (0, 0)), mode="SYMMETRIC")

    def construct(self, x):
        first, second = ops.split(x, 3, axis=1)
        joined = self.concat((second, x[:, ::2], first[:, 1:2]))
        stacked = ops.stack([first.swapaxes(0, 1), second.transpose(1, 0, 2)], axis=-1)
        rows = x[:, -1, None, ...].expand_dims(0).squeeze((0, 2))
        tiled = self.tile(rows, (2, 1, 3)) if rows.ndim == 3 else self.tile(rows, (2, 3))
        rolled = ms.numpy.roll(x, (1, -2), (1, 2))
        turned = ops.flip(x, (1,))
        repeated = ops.repeat_interleave(rows, 2, 1)
        return joined, stacked, tiled, rolled, turned, repeated, self.pad(x), x.reshape(-1, 4).view(4, -1)


class Reductions(nn.Cell):
    def construct(self, x):
        mean = ops.mean(x, (0, 2))
        deviation = ops.std(x, axis=1)
        largest, index = ops.max(x, axis=2)
        total = x.sum(axis=1, keepdims=True)
        product = ops.prod(x, axis=0)
        norm = ops.norm(x, ord=2, dim=-1)
        return (mean, deviation, largest, index, total, product, norm, x.min(), x.argmax(1), ops.cumsum(x, 1),
                ops.logsumexp(x, -1), (x > 0).all(axis=1), (x > 0.9).any(axis=2))


class Indexing(nn.Cell):
    def __init__(self):
        super().__init__()
        self.table = Parameter(Tensor(np.zeros((7, 4)), ms.float32), name="table_weight")
        self.one_hot = nn.OneHot(depth=7)

    def construct(self, indices, x):
        looked_up = ops.gather(self.table, indices, 0)
        pairs = ops.gather_nd(self.table, ops.stack((indices, indices // 2), axis=-1))
        along = ops.gather_elements(x, 1, indices[:, :1] % 3)
        chosen = ops.where(x > 0, x, Tensor(0.5, ms.float32))
        filled = x.masked_fill(x < -0.5, -1e4)
        best, position = ops.topk(x, 2)
        ordered, order = ops.sort(x, axis=1, descending=True)
        return looked_up, pairs, along, chosen, filled, best, position, ordered, order, self.one_hot(indices)


class Assignments(nn.Cell):
    """Subscript stores make a new tensor and keep the old one."""

    def construct(self, x):
        y = x.copy()
        y[:, 1] = 0.25
        y[0, ::2] = x[1, ::2] * 2
        y[..., -1] += 1
        return y, x


class Arithmetic(nn.Cell):
    """Operators between tensors, scalars and integers: promotion and rounding are MindSpore's."""

    def construct(self, x, n):
        quotient = n / 4
        floor = n // 4
        rest = n % 4
        power = ops.pow(x, 2) + x ** 3
        mixed = n * 0.5 + x
        flags = ops.logical_and(x > 0, n.astype(ms.float32) > 3)
        return (quotient, floor, rest, power, mixed, flags, -n, ops.abs(x - 1), ops.clip_by_value(x, -0.5, 0.5),
                ops.rsqrt(x * x + 1), ops.floor(x * 3), ops.round(x * 3), ops.erf(x), ops.atan2(x, x + 2), n.float())


class Products(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(6, 4, activation="relu")
        self.left = ops.MatMul(transpose_a=True)

    def construct(self, x, y):
        batched = ops.matmul(x, y)
        outer = ops.tensor_dot(x, y, ((2,), (1,)))
        summed = ops.bmm(x, y)
        return batched, outer, summed, self.dense(x), self.left(x[0], x[1]), x @ y


class Resizes(nn.Cell):
    def construct(self, x):
        size = (7, 9)
        return (ops.interpolate(x, size=size, mode="bilinear", align_corners=False),
                ops.interpolate(x, size=size, mode="bilinear", align_corners=True),
                ops.interpolate(x, size=size, mode="nearest"))


class MaskedAttention(nn.Cell):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(embed_dim=16, num_heads=4, batch_first=True)

    def construct(self, x):
        output, weights = self.attention(x, x, x)
        return output, weights


class Loop(nn.Cell):
    """Control flow that depends on values: a while loop and an if on tensors."""

    def construct(self, x):
        steps = Tensor(0, ms.int32)
        while x.sum() < 40:
            x = x * 1.5 + 0.1
            steps = steps + 1
        if x.max() > 8:
            y = x - 8
        else:
            y = x + 8
        return x, y, steps
