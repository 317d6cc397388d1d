"""Pooling layers."""
from mindspore import ops
from mindspore.nn.cell import Cell
from mindspore._checkparam import check_positive_int, check_string, twice


class _PoolNd(Cell):
    def __init__(self, kernel_size, stride, pad_mode, data_format='NCHW'):
        super().__init__()
        if not isinstance(pad_mode, str):
            raise TypeError(f"For '{self.cls_name}', the type of 'pad_mode' must be str, but got {type(pad_mode)}.")
        self.pad_mode = check_string(pad_mode.upper(), ['VALID', 'SAME', 'PAD'], 'pad_mode', self.cls_name)
        self.format = check_string(data_format, ['NCHW', 'NHWC'], 'format', self.cls_name)
        self.kernel_size = self._extents('kernel_size', kernel_size)
        self.stride = self._extents('stride', stride)

    def _extents(self, label, value):
        if isinstance(value, tuple):
            for item in value:
                check_positive_int(item, label, self.cls_name)
            return value[0] if len(value) == 1 else value
        return check_positive_int(value, label, self.cls_name)

    def extend_repr(self):
        return f'kernel_size={self.kernel_size}, stride={self.stride}, pad_mode={self.pad_mode}'


def _as_batched(x, rank):
    return x.expand_dims(0) if x.ndim == rank else x


class MaxPool2d(_PoolNd):
    def __init__(self, kernel_size=1, stride=1, pad_mode='valid', padding=0, dilation=1, return_indices=False,
                 ceil_mode=False, data_format='NCHW'):
        super().__init__(kernel_size, stride, pad_mode, data_format)
        self.return_indices = return_indices
        self.use_pad = self.pad_mode == 'PAD'
        if not self.use_pad and (padding != 0 or dilation != 1 or return_indices or ceil_mode):
            raise ValueError(f"For MaxPool2d, the parameter 'padding', 'dilation', 'return_indices', 'ceil_mode' can "
                             f"not be set to non-default value when pad_mode is not 'pad', but got "
                             f"pad_mode:{pad_mode}.")
        self.padding = padding
        self.dilation = dilation
        self.ceil_mode = ceil_mode
        if not self.use_pad:
            self.max_pool = ops.MaxPool(kernel_size=self.kernel_size, strides=self.stride, pad_mode=self.pad_mode,
                                        data_format=self.format)

    def construct(self, x):
        batched = _as_batched(x, 3)
        if self.use_pad:
            out = ops.max_pool2d(batched, self.kernel_size, self.stride, self.padding, self.dilation,
                                 self.return_indices, self.ceil_mode)
        else:
            out = self.max_pool(batched)
        if x.ndim != 3:
            return out
        return tuple([item.squeeze(0) for item in out]) if self.return_indices else out.squeeze(0)


class AvgPool2d(_PoolNd):
    def __init__(self, kernel_size=1, stride=1, pad_mode='valid', padding=0, ceil_mode=False, count_include_pad=True,
                 divisor_override=None, data_format='NCHW'):
        super().__init__(kernel_size, stride, pad_mode, data_format)
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override
        self.is_expand = self.pad_mode == 'PAD' or padding != 0 or ceil_mode or not count_include_pad or \
            divisor_override is not None
        if not self.is_expand:
            self.avg_pool = ops.AvgPool(kernel_size=self.kernel_size, strides=self.stride, pad_mode=self.pad_mode,
                                        data_format=self.format)

    def construct(self, x):
        batched = _as_batched(x, 3)
        if self.is_expand:
            out = ops.avg_pool2d(batched, self.kernel_size, self.stride, self.padding, self.ceil_mode,
                                 self.count_include_pad, self.divisor_override or 0)
        else:
            out = self.avg_pool(batched)
        return out.squeeze(0) if x.ndim == 3 else out


class MaxPool1d(_PoolNd):
    def __init__(self, kernel_size=1, stride=1, pad_mode='valid', padding=0, dilation=1, return_indices=False,
                 ceil_mode=False):
        super().__init__((1, kernel_size), (1, stride), pad_mode)
        self.pool = MaxPool2d((1, kernel_size), (1, stride), pad_mode, (0, padding) if padding else 0,
                              (1, dilation) if dilation != 1 else 1, return_indices, ceil_mode)
        self.return_indices = return_indices

    def construct(self, x):
        out = self.pool(_as_batched(x, 2).expand_dims(2))
        if self.return_indices:
            return tuple([item.squeeze(2).reshape(item.shape[:-2][-x.ndim + 1:] + item.shape[-1:]) for item in out])
        out = out.squeeze(2)
        return out.squeeze(0) if x.ndim == 2 else out


class AvgPool1d(_PoolNd):
    def __init__(self, kernel_size=1, stride=1, pad_mode='valid', padding=0, ceil_mode=False, count_include_pad=True):
        super().__init__((1, kernel_size), (1, stride), pad_mode)
        self.pool = AvgPool2d((1, kernel_size), (1, stride), pad_mode, (0, padding) if padding else 0, ceil_mode,
                              count_include_pad)

    def construct(self, x):
        out = self.pool(_as_batched(x, 2).expand_dims(2)).squeeze(2)
        return out.squeeze(0) if x.ndim == 2 else out


class AdaptiveAvgPool2d(Cell):
    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size
        self.adaptive_avgpool2d = ops.AdaptiveAvgPool2D(output_size)

    def construct(self, input):
        return self.adaptive_avgpool2d(input)


class AdaptiveAvgPool1d(Cell):
    def __init__(self, output_size):
        super().__init__()
        self.output_size = check_positive_int(output_size, 'output_size', self.cls_name)

    def construct(self, input):
        return ops.adaptive_avg_pool2d(input.expand_dims(-2), (1, self.output_size)).squeeze(-2)


class AdaptiveMaxPool2d(Cell):
    def __init__(self, output_size, return_indices=False):
        super().__init__()
        self.output_size = output_size
        self.return_indices = return_indices

    def construct(self, input):
        return ops.adaptive_max_pool2d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool1d(Cell):
    def __init__(self, output_size):
        super().__init__()
        self.output_size = check_positive_int(output_size, 'output_size', self.cls_name)

    def construct(self, x):
        return ops.adaptive_max_pool2d(x.expand_dims(-2), (1, self.output_size)).squeeze(-2)
