"""Bounding values and norms."""
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.tensor import Tensor

clip_by_value = ops.clip_by_value


def _square_sum(x):
    return ops.ReduceSum()(ops.square(x.astype(mstype.float32)))


def _each(x, change):
    return change(x) if isinstance(x, Tensor) else tuple([change(item) for item in x])


def clip_by_global_norm(x, clip_norm=1.0, use_norm=None):
    """Scales all tensors by one factor, so that the norm of all together is at most `clip_norm`."""
    if use_norm is not None:
        raise ValueError(f"For 'clip_by_global_norm', input 'use_norm' only supports None currently, but got {use_norm}")
    if clip_norm <= 0:
        raise ValueError(f"For 'clip_by_global_norm', the 'clip_norm' must be > 0, but got {clip_norm}.")
    items = [x] if isinstance(x, Tensor) else list(x)
    norm = ops.sqrt(ops.addn([_square_sum(item) for item in items]))
    divisor = ops.maximum(norm, float(clip_norm))
    return _each(x, lambda item: (item * clip_norm / divisor).astype(item.dtype))


def clip_by_norm(x, max_norm, norm_type=2.0, error_if_nonfinite=False):
    """Scales all tensors so that the norm of their norms is at most `max_norm`."""
    items = [x] if isinstance(x, Tensor) else list(x)
    norms = ops.stack([ops.norm(item.astype(mstype.float32).reshape(-1), norm_type) for item in items])
    factor = ops.minimum(max_norm / (ops.norm(norms, norm_type) + 1e-6), 1.0)
    return _each(x, lambda item: (item * factor).astype(item.dtype))


def float_status(x):
    """[1.0] where an element is infinite or NaN, else [0.0]."""
    return ops.logical_not(ops.isfinite(x).all()).astype(mstype.float32).reshape((1,))
