"""Losses as functions: elementwise distance, then a reduction."""
from mindspore import ops
from mindspore.common.tensor import Tensor


def reduced(x, reduction):
    if reduction == 'none':
        return x
    axes = tuple(range(x.ndim))
    if reduction == 'mean':
        return ops.ReduceMean()(x, axes)
    if reduction == 'sum':
        return ops.ReduceSum()(x, axes)
    raise ValueError(f"For loss functions, the 'reduction' must be one of ['none', 'mean', 'sum'], but got {reduction}.")


def mse_loss(x, target, reduction):
    return reduced(ops.square(x - target), reduction)


def l1_loss(x, target, reduction):
    return reduced(ops.abs(x - target), reduction)


def smooth_l1_loss(x, target, beta, reduction):
    distance = ops.abs(x - target)
    if beta == 0:
        return reduced(distance, reduction)
    near = 0.5 / beta * ops.square(distance)
    return reduced(ops.select(distance < beta, near, distance - 0.5 * beta), reduction)


def huber_loss(x, target, reduction, delta):
    distance = ops.abs(x - target)
    far = delta * (distance - 0.5 * delta)
    return reduced(ops.select(distance <= delta, 0.5 * ops.square(distance), far), reduction)


def kl_div(log_probabilities, target, reduction):
    """Where the target is 0 or less the divergence is 0."""
    positive = target > 0
    known = ops.select(positive, target, ops.ones_like(target))
    loss = ops.select(positive, known * (ops.log(known) - log_probabilities), ops.zeros_like(target))
    if reduction == 'batchmean':
        return reduced(loss, 'sum') / log_probabilities.shape[0]
    return reduced(loss, reduction)


def binary_cross_entropy(probabilities, target, weight, reduction):
    tiny = 1e-12
    loss = -(target * ops.log(probabilities + tiny) + (1.0 - target) * ops.log(1.0 - probabilities + tiny))
    return reduced(loss if weight is None else loss * weight, reduction)


def binary_cross_entropy_with_logits(logits, target, weight, pos_weight, reduction):
    below = ops.softplus(-logits)
    loss = (1.0 - target) * logits + (below if pos_weight is None else ((pos_weight - 1.0) * target + 1.0) * below)
    return reduced(loss if weight is None else loss * weight, reduction)


def sigmoid_cross_entropy_with_logits(logits, target):
    return binary_cross_entropy_with_logits(logits, target, None, None, 'none')


def softmax_cross_entropy_with_logits(logits, labels):
    """The loss of each row, and its gradient."""
    loss = -ops.ReduceSum()(labels * ops.log_softmax(logits, -1), -1)
    return loss, ops.softmax(logits, -1) - labels


def sparse_softmax_cross_entropy_with_logits(logits, labels, is_grad):
    if is_grad:
        picked = ops.one_hot(labels, logits.shape[-1]).astype(logits.dtype)
        return (ops.softmax(logits, -1) - picked) / logits.shape[0]
    return reduced(-picked_along(ops.log_softmax(logits, -1), labels, -1), 'mean')


def picked_along(x, indices, axis):
    """The element of each line along an axis that an index names; nothing (0) for indices that name none."""
    axis = axis % x.ndim
    places = ops.arange(x.shape[axis]).astype(indices.dtype).reshape((-1,) + (1,) * (x.ndim - 1 - axis))
    return ops.ReduceSum()(ops.select(ops.expand_dims(indices, axis) == places, x, ops.zeros_like(x)), axis)


def cross_entropy(logits, target, weight, ignore_index, reduction, label_smoothing):
    axis = 0 if logits.ndim == 1 else 1
    log_probabilities = ops.log_softmax(logits, axis)
    if target.is_floating_point():
        return _cross_entropy_of_probabilities(log_probabilities, target, weight, reduction, label_smoothing, axis)
    return nll_loss(log_probabilities, target, weight, ignore_index, reduction, label_smoothing)


def _cross_entropy_of_probabilities(log_probabilities, target, weight, reduction, label_smoothing, axis):
    classes = log_probabilities.shape[axis]
    if label_smoothing:
        target = target * (1.0 - label_smoothing) + label_smoothing / classes
    loss = -target * log_probabilities
    if weight is not None:
        loss = loss * _along(weight, log_probabilities.ndim, axis)
    return reduced(ops.ReduceSum()(loss, axis), reduction)


def _along(weight, rank, axis):
    return weight.reshape((-1,) + (1,) * (rank - 1 - axis))


def nll_loss(log_probabilities, target, weight, ignore_index, reduction, label_smoothing):
    axis = 0 if log_probabilities.ndim == 1 else 1
    kept = (target != ignore_index).astype(log_probabilities.dtype)
    if weight is None:
        weights, weighted = kept, log_probabilities
    else:
        own = _along(weight, log_probabilities.ndim, axis)
        weights = picked_along(own * ops.ones_like(log_probabilities), target, axis) * kept
        weighted = log_probabilities * own
    loss = -picked_along(log_probabilities, target, axis) * weights
    if not label_smoothing:
        return _over_weights(loss, weights, reduction)
    smooth = -ops.ReduceSum()(weighted, axis) * kept
    share = label_smoothing / log_probabilities.shape[axis]
    return (1.0 - label_smoothing) * _over_weights(loss, weights, reduction) + \
        share * (reduced(smooth, reduction) if reduction != 'mean' else _over_weights(smooth, weights, reduction))


def _over_weights(loss, weights, reduction):
    """The mean of weighted losses divides by the sum of the weights."""
    return reduced(loss, 'sum') / reduced(weights, 'sum') if reduction == 'mean' else reduced(loss, reduction)


def nll_loss_primitive(log_probabilities, target, weight, reduction, ignore_index):
    kept = (target != ignore_index).astype(log_probabilities.dtype)
    total = reduced(picked_along(weight * ops.ones_like(log_probabilities), target, -1) * kept, 'sum')
    return nll_loss(log_probabilities, target, weight, ignore_index, reduction, 0.0), total


def margin_ranking_loss(first, second, target, margin, reduction):
    return reduced(ops.relu(margin - target * (first - second)), reduction)


def soft_margin_loss(x, target, reduction):
    return reduced(ops.softplus(-target * x), reduction)


def multilabel_soft_margin_loss(x, target, weight, reduction):
    loss = target * ops.softplus(-x) + (1.0 - target) * ops.softplus(x)
    if weight is not None:
        loss = loss * weight
    return reduced(ops.ReduceMean()(loss, -1), reduction)


def multi_margin_loss(x, target, p, margin, weight, reduction):
    own = ops.expand_dims(picked_along(x, target, -1), -1)
    places = ops.arange(x.shape[-1]).astype(target.dtype)
    others = (ops.expand_dims(target, -1) != places).astype(x.dtype)
    loss = ops.relu(margin - own + x)
    loss = (loss if p == 1 else ops.square(loss)) * others
    if weight is not None:
        loss = loss * ops.expand_dims(picked_along(weight * ops.ones_like(x), target, -1), -1)
    return reduced(ops.ReduceMean()(loss, -1), reduction)


def cosine_embedding_loss(first, second, target, margin, reduction):
    product, *squares = [ops.ReduceSum()(item, -1) for item in (first * second, ops.square(first), ops.square(second))]
    cosine = product / ops.sqrt(squares[0] * squares[1])
    apart = ops.select(target == -1, ops.relu(cosine - margin), ops.zeros_like(cosine))
    return reduced(ops.select(target == 1, 1.0 - cosine, apart), reduction)


def triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction):
    near, far = _distance(anchor, positive, p, eps), _distance(anchor, negative, p, eps)
    if swap:
        far = ops.minimum(far, _distance(positive, negative, p, eps))
    return reduced(ops.relu(near - far + margin), reduction)


def _distance(first, second, p, eps):
    return ops.norm(first - second + eps, p, -1)


def gaussian_nll_loss(x, target, variance, full, eps, reduction):
    spread = ops.maximum(variance, eps)
    loss = 0.5 * (ops.log(spread) + ops.square(x - target) / spread)
    return reduced(loss + 0.9189385332046727 if full else loss, reduction)


def hinge_embedding_loss(x, target, margin, reduction):
    near = ops.select(target == 1, x, ops.zeros_like(x))
    return reduced(ops.select(target == -1, ops.relu(margin - x), near), reduction)
