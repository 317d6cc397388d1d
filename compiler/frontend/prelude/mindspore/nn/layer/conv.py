"""Convolution layers. Weight layout [O, I/group, kh, kw]; transposed [I, O/group, kh, kw]."""
import math

from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.initializer import HeUniform, Uniform, _calculate_fan_in_and_fan_out, initializer
from mindspore.common.parameter import Parameter
from mindspore.nn.cell import Cell
from mindspore._checkparam import check_bool, check_non_negative_int, check_positive_int, check_string, twice


class _Conv(Cell):
    def __init__(self, in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias,
                 weight_init, bias_init, data_format='NCHW', transposed=False, dtype=mstype.float32):
        super().__init__()
        self.in_channels = check_positive_int(in_channels, 'in_channels', self.cls_name)
        self.out_channels = check_positive_int(out_channels, 'out_channels', self.cls_name)
        self.kernel_size = kernel_size
        self.stride = stride
        self.pad_mode = pad_mode
        self.data_format = check_string(data_format, ['NCHW', 'NHWC', 'NCDHW'], 'format', self.cls_name)
        if isinstance(padding, int):
            check_non_negative_int(padding, 'padding', self.cls_name)
        elif isinstance(padding, tuple):
            for item in padding:
                check_non_negative_int(item, 'padding item', self.cls_name)
        else:
            raise TypeError(f"For '{self.cls_name}', the type of 'padding' must be int or tuple(int), "
                            f"but got {type(padding).__name__}.")
        self.padding = padding
        self.dilation = dilation
        self.group = check_positive_int(group, 'group', self.cls_name)
        self.has_bias = check_bool(has_bias, 'has_bias', self.cls_name)
        for label, values in (('kernel_size', kernel_size), ('stride', stride), ('dilation', dilation)):
            for item in values:
                check_positive_int(item, label + ' item', self.cls_name)
        if in_channels % group != 0:
            raise ValueError(f"For '{self.cls_name}', the attr 'in_channels' must be divisible by attr 'group', "
                             f"but got 'in_channels': {in_channels} and 'group': {group}.")
        if out_channels % group != 0:
            raise ValueError(f"For '{self.cls_name}', the 'out_channels' must be divisible by attr 'group', "
                             f"but got 'out_channels': {out_channels} and 'group': {group}.")
        shape = [in_channels, out_channels // group] if transposed else [out_channels, in_channels // group]
        shape += list(kernel_size)
        self.weight_init = HeUniform(math.sqrt(5)) if weight_init is None else weight_init
        self.weight = Parameter(initializer(self.weight_init, shape, dtype=dtype), name='weight')
        self.bias_init = bias_init
        self.bias = None
        if has_bias:
            if bias_init is None:
                fan_in, _ = _calculate_fan_in_and_fan_out(shape)
                self.bias_init = Uniform(1 / math.sqrt(fan_in)) if fan_in != 0 else 'zeros'
            self.bias = Parameter(initializer(self.bias_init, [out_channels], dtype=dtype), name='bias')

    def extend_repr(self):
        return f'input_channels={self.in_channels}, output_channels={self.out_channels}, ' \
               f'kernel_size={self.kernel_size}, stride={self.stride}, pad_mode={self.pad_mode}, ' \
               f'padding={self.padding}, dilation={self.dilation}, group={self.group}, has_bias={self.has_bias}, ' \
               f'weight_init={self.weight_init}, bias_init={self.bias_init}, format={self.data_format}'


class Conv2d(_Conv):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode='same', padding=0, dilation=1,
                 group=1, has_bias=False, weight_init=None, bias_init=None, data_format='NCHW',
                 dtype=mstype.float32):
        super().__init__(in_channels, out_channels, twice(kernel_size), twice(stride), pad_mode, padding,
                         twice(dilation), group, has_bias, weight_init, bias_init, data_format, dtype=dtype)
        self.conv2d = ops.Conv2D(out_channel=self.out_channels, kernel_size=self.kernel_size, mode=1,
                                 pad_mode=self.pad_mode, pad=self.padding, stride=self.stride,
                                 dilation=self.dilation, group=self.group, data_format=self.data_format)
        self.bias_add = ops.BiasAdd(data_format=self.data_format)

    def construct(self, x):
        output = self.conv2d(x, self.weight)
        if self.has_bias:
            output = self.bias_add(output, self.bias)
        return output


class Conv1d(_Conv):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode='same', padding=0, dilation=1,
                 group=1, has_bias=False, weight_init=None, bias_init=None, dtype=mstype.float32):
        for label, value in (('kernel_size', kernel_size), ('stride', stride), ('padding', padding),
                             ('dilation', dilation)):
            if not isinstance(value, int):
                raise TypeError(f"For 'Conv1d', the type of '{label}' must be int, but got {type(value).__name__}.")
        super().__init__(in_channels, out_channels, (1, kernel_size), (1, stride), pad_mode, padding, (1, dilation),
                         group, has_bias, weight_init, bias_init, dtype=dtype)
        self.padding = (0, 0, padding, padding)
        check_string(pad_mode, ['valid', 'same', 'pad'], 'pad_mode', self.cls_name)
        self.conv2d = ops.Conv2D(out_channel=self.out_channels, kernel_size=self.kernel_size, mode=1,
                                 pad_mode=self.pad_mode, pad=self.padding, stride=self.stride,
                                 dilation=self.dilation, group=self.group)
        self.bias_add = ops.BiasAdd()
        self.expand_dims = ops.ExpandDims()
        self.squeeze = ops.Squeeze(2)
        self.shape = ops.Shape()

    def construct(self, x):
        output = self.conv2d(self.expand_dims(x, 2), self.weight)
        if self.has_bias:
            output = self.bias_add(output, self.bias)
        return self.squeeze(output)


def _transposed_extent(pad_mode, extent, kernel, stride, dilation, padding):
    if pad_mode == 'same':
        return extent * stride
    span = dilation * (kernel - 1) + 1
    if pad_mode == 'valid':
        return extent * stride + max(span - stride, 0)
    return extent * stride - (stride + padding) + span


class Conv2dTranspose(_Conv):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode='same', padding=0, output_padding=0,
                 dilation=1, group=1, has_bias=False, weight_init=None, bias_init=None, dtype=mstype.float32):
        super().__init__(in_channels, out_channels, twice(kernel_size), twice(stride), pad_mode, padding,
                         twice(dilation), group, has_bias, weight_init, bias_init, transposed=True, dtype=dtype)
        check_string(pad_mode, ['valid', 'same', 'pad'], 'pad_mode', self.cls_name)
        self.output_padding = output_padding
        self.conv2d_transpose = ops.Conv2DTranspose(out_channel=in_channels, kernel_size=self.kernel_size, mode=1,
                                                    pad_mode=pad_mode, pad=padding, stride=self.stride,
                                                    dilation=self.dilation, group=group)
        self.bias_add = ops.BiasAdd()
        pads = (padding,) * 4 if isinstance(padding, int) else padding
        self.padding_top, self.padding_bottom, self.padding_left, self.padding_right = pads

    def construct(self, x):
        n, _, h, w = x.shape
        h_out = _transposed_extent(self.pad_mode, h, self.kernel_size[0], self.stride[0], self.dilation[0],
                                   self.padding_top + self.padding_bottom)
        w_out = _transposed_extent(self.pad_mode, w, self.kernel_size[1], self.stride[1], self.dilation[1],
                                   self.padding_left + self.padding_right)
        output = self.conv2d_transpose(x, self.weight, (n, self.out_channels, h_out, w_out))
        if self.has_bias:
            output = self.bias_add(output, self.bias)
        extra = twice(self.output_padding)
        if extra == (0, 0):
            return output
        if self.pad_mode != 'pad':
            raise ValueError("when output_padding is not zero, pad_mode must be 'pad'")
        return ops.Pad(((0, 0), (0, 0), (0, extra[0]), (0, extra[1])))(output)


class Conv1dTranspose(_Conv):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode='same', padding=0, dilation=1,
                 group=1, has_bias=False, weight_init=None, bias_init=None, dtype=mstype.float32):
        super().__init__(in_channels, out_channels, (1, kernel_size), (1, stride), pad_mode, padding, (1, dilation),
                         group, has_bias, weight_init, bias_init, transposed=True, dtype=dtype)
        self.padding = (0, 0, padding, padding)
        self.conv2d_transpose = ops.Conv2DTranspose(out_channel=in_channels, kernel_size=self.kernel_size, mode=1,
                                                    pad_mode=pad_mode, pad=self.padding, stride=self.stride,
                                                    dilation=self.dilation, group=group)
        self.bias_add = ops.BiasAdd()

    def construct(self, x):
        x = x.expand_dims(2)
        n, _, h, w = x.shape
        w_out = _transposed_extent(self.pad_mode, w, self.kernel_size[1], self.stride[1], self.dilation[1],
                                   self.padding[2] + self.padding[3])
        output = self.conv2d_transpose(x, self.weight, (n, self.out_channels, h, w_out))
        if self.has_bias:
            output = self.bias_add(output, self.bias)
        return output.squeeze(2)


class Conv3d(_Conv):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad_mode='same', padding=0, dilation=1,
                 group=1, has_bias=False, weight_init=None, bias_init=None, data_format='NCDHW',
                 dtype=mstype.float32):
        thrice = [(value,) * 3 if isinstance(value, int) else tuple(value) for value in (kernel_size, stride, dilation)]
        super().__init__(in_channels, out_channels, thrice[0], thrice[1], pad_mode, padding, thrice[2], group,
                         has_bias, weight_init, bias_init, data_format, dtype=dtype)
        self.conv3d = ops.Conv3D(out_channel=self.out_channels, kernel_size=self.kernel_size, mode=1,
                                 pad_mode=self.pad_mode, pad=self.padding, stride=self.stride,
                                 dilation=self.dilation, group=self.group, data_format=self.data_format)
        self.bias_add = ops.BiasAdd(data_format=self.data_format)

    def construct(self, x):
        output = self.conv3d(x, self.weight)
        if self.has_bias:
            output = self.bias_add(output, self.bias)
        return output
