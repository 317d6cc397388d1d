"""Normalizations by the statistics of the batch."""
from mindspore import context, ops
from mindspore.context import ParallelMode, get_auto_parallel_context


def _along_channels(value, rank):
    return value.reshape(value.shape[:-1] + (1, -1) + (1,) * (rank - 2))


def _statistics_parts():
    """How many parts of the batch have statistics of their own: one, or by flag a part for each rank of data parallelism."""
    if not context._parallel.get('local_statistics'):
        return 1
    if get_auto_parallel_context('parallel_mode') not in (ParallelMode.DATA_PARALLEL, ParallelMode.HYBRID_PARALLEL):
        return 1
    return get_auto_parallel_context('device_num') // get_auto_parallel_context('pipeline_stages')


def _in_parts(x, parts):
    if x.shape[0] % parts != 0:
        raise ValueError(f"A batch of {x.shape[0]} does not divide into the statistics of {parts} ranks.")
    return x.reshape((parts, -1) + x.shape[1:])


def batch_norm_train(x, gamma, beta, mean, variance, epsilon, momentum, parts=None):
    """Normalizes by the batch and moves the running statistics: new = (1 - momentum) old + momentum batch.

    Parts of the batch are normalized each by its own statistics; the running ones follow the first part.
    """
    parts = _statistics_parts() if parts is None else parts
    batch = x if parts == 1 else _in_parts(x, parts)
    samples = batch.ndim - x.ndim
    axes = (samples,) + tuple(range(samples + 2, batch.ndim))
    count = 1
    for axis in axes:
        count *= batch.shape[axis]
    batch_mean = ops.ReduceMean()(batch, axes)
    centered = batch - _along_channels(batch_mean, x.ndim)
    batch_variance = ops.ReduceMean()(ops.square(centered), axes)
    scale = ops.rsqrt(batch_variance + epsilon) * gamma
    y = centered * _along_channels(scale, x.ndim) + _along_channels(beta, x.ndim)
    if parts > 1:
        y, batch_mean, batch_variance = y.reshape(x.shape), batch_mean[0], batch_variance[0]
    unbiased = batch_variance * (count / max(count - 1, 1))
    ops.assign(mean, (1 - momentum) * mean + momentum * batch_mean)
    ops.assign(variance, (1 - momentum) * variance + momentum * unbiased)
    return y, mean, variance, batch_mean, batch_variance


def instance_norm(x, gamma, beta, mean, variance, epsilon, momentum):
    return ops.group_norm(x, x.shape[1], gamma, beta, epsilon), mean, variance
