"""Means of squares, norms, and what follows from them."""
from mindspore import ops
from mindspore.common import dtype as mstype


def _axes(x, axis):
    if axis is None or axis == ():
        return tuple(range(x.ndim))
    return tuple([item % x.ndim for item in ((axis,) if isinstance(axis, int) else axis)])


def var(x, axis, ddof, keep_dims):
    axes = _axes(x, axis)
    count = 1
    for item in axes:
        count *= x.shape[item]
    centered = ops.square(x - ops.ReduceMean(True)(x, axes))
    return ops.ReduceSum(bool(keep_dims))(centered, axes) / (count - int(ddof or 0))


def std(x, axis, ddof, keep_dims):
    return ops.sqrt(var(x, axis, ddof, keep_dims))


def logsumexp(x, axis, keep_dims):
    axes = _axes(x, axis)
    top = ops.stop_gradient(ops.ReduceMax(True)(x, axes))
    total = ops.log(ops.ReduceSum(True)(ops.exp(x - top), axes)) + top
    return total if keep_dims else total.squeeze(axes)


def norm(x, ord, axis, keep_dims, dtype):
    if dtype is not None:
        x = x.astype(dtype)
    axes = _axes(x, axis)
    keep_dims = bool(keep_dims)
    if ord is None or ord == 2 or ord == 'fro':
        return ops.sqrt(ops.ReduceSum(keep_dims)(ops.square(x), axes))
    if ord == 1:
        return ops.ReduceSum(keep_dims)(ops.abs(x), axes)
    if ord == float('inf'):
        return ops.ReduceMax(keep_dims)(ops.abs(x), axes)
    if ord == float('-inf'):
        return ops.ReduceMin(keep_dims)(ops.abs(x), axes)
    if ord == 0:
        return ops.ReduceSum(keep_dims)((x != 0).astype(x.dtype), axes)
    return ops.pow(ops.ReduceSum(keep_dims)(ops.pow(ops.abs(x), ord), axes), 1.0 / ord)


def lp_norm(x, axis, p, keep_dims, epsilon):
    return ops.maximum(norm(x, p, axis, keep_dims, None), epsilon)


def l2_normalize(x, axis, epsilon):
    total = ops.ReduceSum(True)(ops.square(x), _axes(x, axis))
    return x * ops.rsqrt(ops.maximum(total, epsilon))


def normalize(x, p, axis, epsilon):
    return x / ops.maximum(norm(x, p, axis, True, None), epsilon)


def l2_loss(x):
    return ops.ReduceSum()(ops.square(x), tuple(range(x.ndim))) / 2


def count_nonzero(x, axis, keep_dims):
    return ops.ReduceSum(bool(keep_dims))((x != 0).astype(mstype.int32), _axes(x, axis))


def median(x, axis, keep_dims):
    values, indices = ops.sort(x, axis)
    middle = (x.shape[axis] - 1) // 2
    value, index = ops.narrow(values, axis, middle, 1), ops.narrow(indices, axis, middle, 1)
    return (value, index) if keep_dims else (value.squeeze(axis), index.squeeze(axis))
