"""Data movement made of reshape, transpose, pad and slice."""
from mindspore import ops
from mindspore.common import dtype as mstype


def _pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def diag(x, offset=0):
    if x.ndim == 1:
        return x.reshape((-1, 1)) * ops.eye(x.shape[0], x.shape[0], x.dtype)
    extent = min(x.shape)
    index = ops.arange(extent)
    return x[index, index]


def matrix_diag(x, offset=0):
    return x.expand_dims(-1) * ops.eye(x.shape[-1], x.shape[-1], x.dtype)


def meshgrid(inputs, indexing):
    if len(inputs) == 1 and isinstance(inputs[0], (tuple, list)):
        inputs = inputs[0]
    count = len(inputs)
    shape = tuple([item.shape[0] if item.ndim else 1 for item in inputs])
    grids = []
    for position, item in enumerate(inputs):
        line = [1] * count
        line[position] = shape[position]
        grids.append(ops.broadcast_to(item.reshape(tuple(line)), shape))
    if indexing == 'xy' and count > 1:
        grids = [grid.swapaxes(0, 1) for grid in grids]
    return tuple(grids)


def vstack(tensors):
    return ops.concat([item.expand_dims(0) if item.ndim == 1 else item for item in tensors], 0)


def hstack(tensors):
    return ops.concat(tensors, 0 if tensors[0].ndim == 1 else 1)


def make_range(start, stop, step):
    return tuple(range(start)) if stop is None else tuple(range(start, stop, step))


def _windows(x, kernel, strides, rates):
    """For each position in the kernel, the elements of x under it: a list of [n, c, oh, ow], row by row."""
    height = (x.shape[2] - rates[0] * (kernel[0] - 1) - 1) // strides[0] + 1
    width = (x.shape[3] - rates[1] * (kernel[1] - 1) - 1) // strides[1] + 1
    found = []
    for row in range(kernel[0]):
        for column in range(kernel[1]):
            top, left = row * rates[0], column * rates[1]
            found.append(x[:, :, top:top + (height - 1) * strides[0] + 1:strides[0],
                           left:left + (width - 1) * strides[1] + 1:strides[1]])
    return found, height, width


def extract_image_patches(x, kernel, strides, rates, padding):
    if padding.lower() == 'same':
        pads = []
        for axis in (0, 1):
            extent = x.shape[2 + axis]
            reach = rates[axis] * (kernel[axis] - 1) + 1
            total = max(0, (-(-extent // strides[axis]) - 1) * strides[axis] + reach - extent)
            pads = [total // 2, total - total // 2] + pads
        x = ops.pad(x, tuple(pads))
    found, _, _ = _windows(x, kernel, strides, rates)
    return ops.concat(found, 1)


def unfold(x, kernel, dilation, padding, stride):
    kernel, dilation, stride = _pair(kernel), _pair(dilation), _pair(stride)
    pads = _pair(padding)
    if any(pads):
        x = ops.pad(x, (pads[1], pads[1], pads[0], pads[0]))
    found, height, width = _windows(x, kernel, stride, dilation)
    stacked = ops.stack(found, 2)
    return stacked.reshape((x.shape[0], x.shape[1] * kernel[0] * kernel[1], height * width))


def space_to_depth(x, size):
    n, c, h, w = x.shape
    x = x.reshape((n, c, h // size, size, w // size, size)).permute((0, 3, 5, 1, 2, 4))
    return x.reshape((n, c * size * size, h // size, w // size))


def depth_to_space(x, size):
    n, c, h, w = x.shape
    x = x.reshape((n, size, size, c // (size * size), h, w)).permute((0, 3, 4, 1, 5, 2))
    return x.reshape((n, c // (size * size), h * size, w * size))


def pixel_shuffle(x, factor):
    c, h, w = x.shape[-3:]
    lead = x.shape[:-3]
    x = x.reshape((-1, c // (factor * factor), factor, factor, h, w)).permute((0, 1, 4, 2, 5, 3))
    return x.reshape(lead + (c // (factor * factor), h * factor, w * factor))


def pixel_unshuffle(x, factor):
    c, h, w = x.shape[-3:]
    lead = x.shape[:-3]
    x = x.reshape((-1, c, h // factor, factor, w // factor, factor)).permute((0, 1, 3, 5, 2, 4))
    return x.reshape(lead + (c * factor * factor, h // factor, w // factor))


def channel_shuffle(x, groups):
    n, c = x.shape[:2]
    return x.reshape((n, groups, c // groups) + x.shape[2:]).swapaxes(1, 2).reshape(x.shape)
