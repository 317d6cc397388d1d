"""Normalizations by the statistics of the batch."""
from mindspore import ops


def _along_channels(value, rank):
    return value.reshape((1, -1) + (1,) * (rank - 2))


def batch_norm_train(x, gamma, beta, mean, variance, epsilon, momentum):
    """Normalizes by the batch and moves the running statistics: new = (1 - momentum) old + momentum batch."""
    axes = (0,) + tuple(range(2, x.ndim))
    count = 1
    for axis in axes:
        count *= x.shape[axis]
    batch_mean = ops.ReduceMean()(x, axes)
    centered = x - _along_channels(batch_mean, x.ndim)
    batch_variance = ops.ReduceMean()(ops.square(centered), axes)
    scale = ops.rsqrt(batch_variance + epsilon) * gamma
    y = centered * _along_channels(scale, x.ndim) + _along_channels(beta, x.ndim)
    unbiased = batch_variance * (count / max(count - 1, 1))
    ops.assign(mean, (1 - momentum) * mean + momentum * batch_mean)
    ops.assign(variance, (1 - momentum) * variance + momentum * unbiased)
    return y, mean, variance, batch_mean, batch_variance


def instance_norm(x, gamma, beta, mean, variance, epsilon, momentum):
    return ops.group_norm(x, x.shape[1], gamma, beta, epsilon), mean, variance
