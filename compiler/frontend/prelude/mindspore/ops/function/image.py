"""Resizing and adaptive pooling."""
from _msc.ops import _resize
from mindspore import ops


def _target(x, size, scale_factor):
    spatial = x.shape[2:]
    if size is not None:
        return (size,) * len(spatial) if isinstance(size, int) else tuple(size)
    factors = (scale_factor,) * len(spatial) if isinstance(scale_factor, (int, float)) else tuple(scale_factor)
    return tuple([int(extent * factor) for extent, factor in zip(spatial, factors)])


def interpolate(x, size, scale_factor, mode, align_corners, recompute):
    if size is None and scale_factor is None:
        raise ValueError("For 'interpolate', one of 'size' and 'scale_factor' must be given.")
    kinds = {'nearest': ('nearest', 3), 'linear': ('bilinear', 3), 'bilinear': ('bilinear', 4), 'bicubic': ('bicubic', 4),
             'nearest-exact': ('nearest', 4), 'area': ('area', 4)}
    if mode not in kinds:
        raise ValueError(f"For 'interpolate', the mode '{mode}' is not supported by this version of msc.")
    target = _target(x, size, scale_factor)
    if mode == 'area':
        return ops.adaptive_avg_pool2d(x, target)
    if mode == 'nearest':
        coordinates = 'asymmetric'
    else:
        coordinates = 'align_corners' if align_corners else 'half_pixel'
    if x.ndim == 3:
        return _resize(x.expand_dims(2), (1,) + target, kinds[mode][0], coordinates).squeeze(2)
    return _resize(x, target, kinds[mode][0], coordinates)


def adaptive_max_pool2d(x, size, return_indices):
    if return_indices:
        raise NotImplementedError("adaptive_max_pool2d with return_indices is not supported by this version of msc")
    if x.ndim == 3:
        return adaptive_max_pool2d(x.expand_dims(0), size, False).squeeze(0)
    size = (size, size) if isinstance(size, int) else size
    height, width = [extent if wanted is None else wanted for wanted, extent in zip(size, x.shape[2:])]
    if x.shape[2] % height == 0 and x.shape[3] % width == 0:
        kernel = (x.shape[2] // height, x.shape[3] // width)
        return ops.max_pool2d(x, kernel, kernel)
    rows = [ops.ReduceMax(True)(x[:, :, i * x.shape[2] // height:-(-(i + 1) * x.shape[2] // height)], 2)
            for i in range(height)]
    x = ops.concat(rows, 2)
    columns = [ops.ReduceMax(True)(x[:, :, :, i * x.shape[3] // width:-(-(i + 1) * x.shape[3] // width)], 3)
               for i in range(width)]
    return ops.concat(columns, 3)
