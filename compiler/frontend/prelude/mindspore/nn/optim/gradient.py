"""What happens to a gradient before its update: weight decay, centralization, undoing the loss scale."""
from mindspore import ops
from mindspore.ops.composite import MultitypeFuncGraph

apply_decay = MultitypeFuncGraph('apply_decay')
centralize = MultitypeFuncGraph('apply_grad_centralization')
grad_scale = MultitypeFuncGraph('grad_scale')


@apply_decay.register('Tensor', 'Bool', 'Tensor', 'Tensor')
def _decayed(weight_decay, if_apply, weight, gradient):
    if not if_apply:
        return gradient
    return weight * weight_decay.astype(weight.dtype) + gradient


@centralize.register('Bool', 'Tensor')
def _centralized(if_apply, gradient):
    """Takes the mean over all but the first dimension away, where the second is a multiple of 16."""
    if not if_apply or gradient.ndim < 2 or gradient.shape[1] % 16 != 0:
        return gradient
    return gradient - ops.ReduceMean(True)(gradient, tuple(range(1, gradient.ndim)))


@grad_scale.register('Number', 'Tensor')
def _scaled(scale, gradient):
    return gradient if scale == 1.0 else gradient * ops.cast(scale, gradient.dtype)


@grad_scale.register('Tensor', 'Tensor')
def _scaled_by_tensor(scale, gradient):
    return gradient * scale.astype(gradient.dtype)
