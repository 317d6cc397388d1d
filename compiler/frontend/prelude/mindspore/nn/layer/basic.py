"""Dense, Dropout, Flatten, Identity and other layers with little of their own."""
import math

from _msc.ops import _extract_image_patches
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.initializer import HeUniform, Uniform, initializer
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell
from mindspore.nn.layer.activation import get_activation
from mindspore.ops.primitive import Primitive
from mindspore._checkparam import check_bool, check_positive_int, check_string


class Dense(Cell):
    def __init__(self, in_channels, out_channels, weight_init=None, bias_init=None, has_bias=True, activation=None,
                 dtype=mstype.float32):
        super().__init__()
        self.in_channels = check_positive_int(in_channels, 'in_channels', self.cls_name)
        self.out_channels = check_positive_int(out_channels, 'out_channels', self.cls_name)
        self.has_bias = check_bool(has_bias, 'has_bias', self.cls_name)
        self.reshape = ops.Reshape()
        self.shape_op = ops.Shape()
        if weight_init is None:
            weight_init = HeUniform(math.sqrt(5))
        self.weight = Parameter(initializer(weight_init, [out_channels, in_channels], dtype=dtype), name='weight')
        self.bias = None
        if self.has_bias:
            if bias_init is None:
                bias_init = Uniform(scale=1 / math.sqrt(in_channels))
            self.bias = Parameter(initializer(bias_init, [out_channels], dtype=dtype), name='bias')
            self.bias_add = ops.BiasAdd()
        self.matmul = ops.MatMul(transpose_b=True)
        self.activation = get_activation(activation) if isinstance(activation, str) else activation
        if activation is not None and not isinstance(self.activation, (Cell, Primitive)):
            raise TypeError(f"For '{self.cls_name}', the 'activation' must be str or Cell or Primitive, "
                            f"but got {type(activation).__name__}.")
        self.activation_flag = self.activation is not None

    def construct(self, x):
        x_shape = self.shape_op(x)
        if len(x_shape) != 2:
            x = self.reshape(x, (-1, x_shape[-1]))
        x = self.matmul(x, self.weight)
        if self.has_bias:
            x = self.bias_add(x, self.bias)
        if self.activation_flag:
            x = self.activation(x)
        if len(x_shape) != 2:
            x = self.reshape(x, x_shape[:-1] + (x.shape[-1],))
        return x

    def extend_repr(self):
        text = f'input_channels={self.in_channels}, output_channels={self.out_channels}'
        if self.has_bias:
            text += f', has_bias={self.has_bias}'
        if self.activation_flag:
            text += f', activation={self.activation}'
        return text


class Linear(Cell):
    """mint's form of Dense: any rank, no reshape."""

    def __init__(self, in_features, out_features, bias=True, weight_init=None, bias_init=None, dtype=None):
        super().__init__()
        self.in_features = check_positive_int(in_features, 'in_features', self.cls_name)
        self.out_features = check_positive_int(out_features, 'out_features', self.cls_name)
        self.has_bias = bias
        self.dense = ops.Dense()
        dtype = mstype.float32 if dtype is None else dtype
        self.weight = Parameter(initializer(weight_init or HeUniform(math.sqrt(5)), [out_features, in_features], dtype),
                                name='weight')
        self.bias = None
        if bias:
            self.bias = Parameter(initializer(bias_init or Uniform(1 / math.sqrt(in_features)), [out_features], dtype),
                                  name='bias')

    def construct(self, x):
        return self.dense(x, self.weight, self.bias)


class BiDense(Cell):
    def __init__(self, in1_channels, in2_channels, out_channels, weight_init=None, bias_init=None, has_bias=True,
                 dtype=mstype.float32):
        super().__init__()
        self.in1_channels = in1_channels
        self.in2_channels = in2_channels
        self.out_channels = out_channels
        self.has_bias = has_bias
        bound = 1 / math.sqrt(in1_channels)
        self.weight = Parameter(initializer(weight_init or Uniform(bound), [out_channels, in1_channels, in2_channels],
                                            dtype=dtype), name='weight')
        self.bias = None
        if has_bias:
            self.bias = Parameter(initializer(bias_init or Uniform(bound), [out_channels], dtype=dtype), name='bias')
            self.bias_add = ops.BiasAdd()
        self.matmul = ops.MatMul()

    def construct(self, input1, input2):
        rows = input1.reshape((-1, self.in1_channels))
        others = input2.reshape((-1, self.in2_channels))
        weight = self.weight.transpose((1, 0, 2)).reshape((self.in1_channels, self.out_channels * self.in2_channels))
        mixed = self.matmul(rows, weight).reshape((-1, self.out_channels, self.in2_channels))
        output = ops.mul(mixed, others.expand_dims(1)).sum(2)
        if self.has_bias:
            output = self.bias_add(output, self.bias)
        return output.reshape(input1.shape[:-1] + (self.out_channels,))


class Dropout(Cell):
    def __init__(self, keep_prob=0.5, p=None, dtype=mstype.float32):
        super().__init__()
        if p is None:
            if not isinstance(keep_prob, float):
                raise TypeError(f"For 'Dropout', the type of 'keep_prob' must be float, but got {type(keep_prob)}.")
            if keep_prob <= 0 or keep_prob > 1:
                raise ValueError(f"For 'Dropout', the 'keep_prob' must be a number in range (0, 1], "
                                 f"but got {keep_prob}.")
            self.dropout = ops.Dropout(keep_prob, 0, 0)
        else:
            if not isinstance(p, (float, int)):
                raise TypeError(f"For 'Dropout', the type of 'p' must be float or int, but got {type(p)}.")
            if p < 0 or p >= 1:
                raise ValueError(f"For 'Dropout', the 'p' must be a number in range [0, 1), but got {p}.")
            self.dropout = ops.Dropout(1.0 - p, 0, 0)
        self.p = p
        self.keep_prob = keep_prob

    def construct(self, x):
        if not self.training or self.keep_prob == 1 or self.p == 0:
            return x
        out, _ = self.dropout(x)
        return out

    def extend_repr(self):
        return f'keep_prob={self.keep_prob}' if self.p is None else f'p={self.p}'


class DropoutExt(Cell):
    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        self.p = p
        self.inplace = inplace

    def construct(self, input):
        return ops.dropout(input, self.p, self.training)


class _DropoutNd(Cell):
    """Drops whole channels."""

    def __init__(self, p=0.5):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"For '{self.cls_name}', the 'p' must be a number in range [0, 1], but got {p}.")
        self.keep_prob = 1.0 - p

    def construct(self, x):
        if not self.training or self.keep_prob == 1:
            return x
        mask = ops.dropout(ops.ones(x.shape[:2] + (1,) * (x.ndim - 2), x.dtype), 1.0 - self.keep_prob, True)
        return x * mask

    def extend_repr(self):
        return f'p={1.0 - self.keep_prob}'


class Dropout1d(_DropoutNd):
    pass


class Dropout2d(_DropoutNd):
    pass


class Dropout3d(_DropoutNd):
    pass


class Flatten(Cell):
    def __init__(self, start_dim=1, end_dim=-1):
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def construct(self, x):
        rank = max(x.ndim, 1)
        for axis in (self.start_dim, self.end_dim):
            if axis < -rank or axis >= rank:
                raise ValueError("'start_dim' or 'end_dim' out of range.")
        return ops.flatten(x, start_dim=self.start_dim, end_dim=self.end_dim)


class Unflatten(Cell):
    def __init__(self, axis, unflattened_size):
        super().__init__()
        self.axis = axis
        self.unflattened_size = unflattened_size

    def construct(self, input_x):
        axis = self.axis % input_x.ndim
        return input_x.reshape(input_x.shape[:axis] + tuple(self.unflattened_size) + input_x.shape[axis + 1:])


class Identity(Cell):
    def __init__(self, *args, **kwargs):
        super().__init__()

    def construct(self, input):
        return input


class OneHot(Cell):
    def __init__(self, axis=-1, depth=1, on_value=1.0, off_value=0.0, dtype=mstype.float32):
        super().__init__()
        self.onehot = ops.OneHot(axis)
        self.depth = depth
        self.dtype = dtype
        self.on_value = on_value
        self.off_value = off_value

    def construct(self, indices):
        return self.onehot(indices, self.depth, ops.cast(self.on_value, self.dtype),
                           ops.cast(self.off_value, self.dtype))


class Pad(Cell):
    def __init__(self, paddings, mode='CONSTANT'):
        super().__init__()
        self.mode = check_string(mode, ['CONSTANT', 'REFLECT', 'SYMMETRIC'], 'mode', self.cls_name)
        self.paddings = paddings
        if not isinstance(paddings, tuple):
            raise TypeError(f"For 'Pad', the type of 'paddings' must be tuple, but got {type(paddings).__name__}.")
        for item in paddings:
            if len(item) != 2:
                raise ValueError(f"For 'Pad', the dimension of 'paddings' must be (n, 2), but got {paddings}.")
        self.pad = ops.Pad(paddings) if mode == 'CONSTANT' else ops.MirrorPad(mode=mode)

    def construct(self, x):
        return self.pad(x) if self.mode == 'CONSTANT' else self.pad(x, self.paddings)


class Unfold(Cell):
    def __init__(self, ksizes, strides, rates, padding='valid'):
        super().__init__()
        for label, value in (('ksizes', ksizes), ('strides', strides), ('rates', rates)):
            if len(value) != 4 or value[0] != 1 or value[3] != 1:
                raise ValueError(f"For 'Unfold' the format of '{label}' must be [1, row, col, 1], but got {value}.")
        self.ksizes = (ksizes[1], ksizes[2])
        self.strides = (strides[1], strides[2])
        self.rates = (rates[1], rates[2])
        self.padding = padding

    def construct(self, input_x):
        return _extract_image_patches(input_x, self.ksizes, self.strides, self.rates, self.padding)


class Upsample(Cell):
    def __init__(self, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None):
        super().__init__()
        self.size = size
        self.scale_factor = scale_factor
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def construct(self, x):
        return ops.interpolate(x, self.size, self.scale_factor, self.mode, self.align_corners,
                               self.recompute_scale_factor)


class ResizeBilinear(Cell):
    """Of MindSpore 1.x; many public networks still use it."""

    def __init__(self, half_pixel_centers=False):
        super().__init__()
        self.half_pixel_centers = half_pixel_centers

    def construct(self, x, size=None, scale_factor=None, align_corners=False):
        if size is None:
            size = (x.shape[2] * scale_factor, x.shape[3] * scale_factor)
        return ops.ResizeBilinearV2(align_corners, self.half_pixel_centers)(x, size)


class Roll(Cell):
    def __init__(self, shift, axis):
        super().__init__()
        self.shift = shift
        self.axis = axis

    def construct(self, input_x):
        return ops.roll(input_x, self.shift, self.axis)


class Norm(Cell):
    def __init__(self, axis=(), keep_dims=False):
        super().__init__()
        self.axis = axis
        self.keep_dims = keep_dims

    def construct(self, x):
        return ops.sqrt(ops.ReduceSum(self.keep_dims)(ops.square(x), self.axis))


class Tril(Cell):
    def construct(self, x, k=0):
        return ops.tril(x, k)


class Triu(Cell):
    def construct(self, x, k=0):
        return ops.triu(x, k)


class L1Regularizer(Cell):
    def __init__(self, scale):
        super().__init__()
        self.scale = Tensor(scale, dtype=mstype.float32)

    def construct(self, weights):
        return self.scale * ops.abs(weights).sum()


class ClipByNorm(Cell):
    def __init__(self, axis=None):
        super().__init__()
        self.axis = axis

    def construct(self, x, clip_norm):
        axis = tuple(range(x.ndim)) if self.axis is None else self.axis
        norm = ops.sqrt(ops.ReduceSum(True)(ops.square(x), axis))
        return x * clip_norm / ops.maximum(norm, clip_norm)
