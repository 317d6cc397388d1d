"""Losses that compare scores with classes."""
from mindspore import nn, ops
from mindspore import _checkparam as validator
from mindspore.common import dtype as mstype
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.layer.activation import get_activation
from mindspore.nn.loss.base import LossBase, check_tensors


class SoftmaxCrossEntropyWithLogits(LossBase):
    def __init__(self, sparse=False, reduction='none'):
        super().__init__(reduction)
        self.sparse = validator.check_bool(sparse, 'sparse', self.cls_name)
        self.reduction = reduction
        self.softmax_cross_entropy = ops.SoftmaxCrossEntropyWithLogits()
        self.one_hot = ops.OneHot()
        self.on_value = Tensor(1.0, mstype.float32)
        self.off_value = Tensor(0.0, mstype.float32)
        self.sparse_softmax_cross_entropy = ops.SparseSoftmaxCrossEntropyWithLogits()

    def construct(self, logits, labels):
        check_tensors(self.cls_name, logits=logits, labels=labels)
        if self.sparse:
            if self.reduction == 'mean':
                return self.sparse_softmax_cross_entropy(logits, labels)
            labels = self.one_hot(labels, logits.shape[-1], self.on_value, self.off_value)
        return self.get_loss(self.softmax_cross_entropy(logits, labels)[0])


def _check_class_weight(weight, cls_name):
    if weight is not None:
        validator.check_value_type('weight', weight, [Tensor], cls_name)
    return weight


class CrossEntropyLoss(LossBase):
    def __init__(self, weight=None, ignore_index=-100, reduction='mean', label_smoothing=0.0):
        super().__init__(reduction)
        validator.check_value_type('ignore_index', ignore_index, int, self.cls_name)
        validator.check_value_type('label_smoothing', label_smoothing, float, self.cls_name)
        validator.check_float_range(label_smoothing, 0.0, 1.0, validator.INC_BOTH, 'label_smoothing', self.cls_name)
        self.weight = _check_class_weight(weight, self.cls_name)
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.label_smoothing = label_smoothing

    def construct(self, logits, labels):
        check_tensors(self.cls_name, logits=logits, labels=labels)
        self._check_ranks(logits, labels)
        return ops.cross_entropy(logits, labels, self.weight, self.ignore_index, self.reduction, self.label_smoothing)

    def _check_ranks(self, logits, labels):
        wanted = logits.shape if labels.ndim == logits.ndim else logits.shape[:1] * (logits.ndim > 1) + logits.shape[2:]
        if labels.shape != wanted:
            raise ValueError(f"For '{self.cls_name}', the shape of 'logits' should be (N, C, d_0, d_1, ...), and the "
                             "shape of 'labels' should be (N, d_0, d_1, ...) for class indices or that of 'logits' for "
                             f"probabilities, but get 'logits' shape: {logits.shape} and 'labels' shape: "
                             f"{labels.shape}.")


class NLLLoss(LossBase):
    def __init__(self, weight=None, ignore_index=-100, reduction='mean'):
        super().__init__(reduction)
        validator.check_value_type('ignore_index', ignore_index, int, self.cls_name)
        self.weight = _check_class_weight(weight, self.cls_name)
        self.ignore_index = ignore_index
        self.reduction = reduction

    def construct(self, logits, labels):
        return ops.nll_loss(logits, labels, self.weight, self.ignore_index, self.reduction)


class BCELoss(LossBase):
    def __init__(self, weight=None, reduction='mean'):
        super().__init__(reduction)
        self.reduction = reduction
        self.weight = weight

    def construct(self, logits, labels):
        return ops.binary_cross_entropy(logits, labels, self.weight, self.reduction)


class BCEWithLogitsLoss(LossBase):
    def __init__(self, reduction='mean', weight=None, pos_weight=None):
        super().__init__()
        self.reduction = reduction
        for name, value in (('weight', weight), ('pos_weight', pos_weight)):
            if isinstance(value, Parameter):
                raise TypeError(f"For '{self.cls_name}', the '{name}' can not be a Parameter.")
        self.weight = weight
        self.pos_weight = pos_weight

    def construct(self, input, target):
        check_tensors(self.cls_name, input=input, target=target)
        return ops.binary_cross_entropy_with_logits(input, target, self.weight, self.pos_weight, self.reduction)


class FocalLoss(LossBase):
    def __init__(self, weight=None, gamma=2.0, reduction='mean'):
        super().__init__(reduction=reduction)
        self.gamma = validator.check_value_type('gamma', gamma, [float])
        if weight is not None and not isinstance(weight, Tensor):
            raise TypeError(f"For '{self.cls_name}', the type of 'weight' must be a Tensor, "
                            f"but got {type(weight).__name__}.")
        if weight is not None and weight.ndim != 1:
            raise ValueError(f"For '{self.cls_name}', the dimension of 'weight' must be 1, but got {weight.ndim}.")
        self.weight = weight
        self.logsoftmax = nn.LogSoftmax(1)

    def construct(self, logits, labels):
        check_tensors(self.cls_name, logits=logits, labels=labels)
        self._check_shapes(logits, labels)
        logits = logits.reshape(logits.shape[:2] + (-1,))
        picks = labels.reshape(labels.shape[:2] + (-1,))
        log_probability = self.logsoftmax(logits)
        weight = None if self.weight is None else self.weight[None, :, None] + ops.zeros_like(logits)
        if labels.shape[1] == 1:
            picks = picks.astype(mstype.int32)
            log_probability = ops.gather_elements(log_probability, 1, picks).squeeze(1)
            weight = None if weight is None else ops.gather_elements(weight, 1, picks).squeeze(1)
        probability = ops.exp(log_probability)
        if weight is not None:
            log_probability = log_probability * weight
        loss = -ops.pow(1.0 - probability, self.gamma) * log_probability
        return self.get_loss(loss.mean(axis=1) if labels.shape[1] == 1 else (loss * picks).mean(axis=-1))

    def _check_shapes(self, logits, labels):
        if logits.ndim < 2 or logits.ndim > 4 or logits.ndim != labels.ndim:
            raise ValueError(f"For '{self.cls_name}', dimensions of 'logits' and 'labels' must be in [2, 4] and equal, "
                             f"but got {logits.ndim} and {labels.ndim}.")
        if logits.shape[1] == 1 or labels.shape[1] not in (1, logits.shape[1]):
            raise ValueError(f"For '{self.cls_name}', 'logits'.shape[1] cannot be one and 'labels'.shape[1] must be "
                             f"one or equal to it, but got {logits.shape[1]} and {labels.shape[1]}.")


class DiceLoss(LossBase):
    def __init__(self, smooth=1e-5):
        super().__init__()
        self.smooth = validator.check_positive_float(smooth, 'smooth')

    def construct(self, logits, label):
        check_tensors(self.cls_name, logits=logits, labels=label)
        if logits.shape != label.shape:
            raise ValueError(f"For '{self.cls_name}', the logits_shape must be equal to label_shape, "
                             f"but got {logits.shape} and {label.shape}.")
        both, *own = [self.reduce_sum(item) for item in (logits * label, ops.square(logits), ops.square(label))]
        return 1.0 - 2.0 * both / (own[0] + own[1] + self.smooth)


class MultiClassDiceLoss(LossBase):
    def __init__(self, weights=None, ignore_indiex=None, activation='softmax'):
        super().__init__()
        self.binarydiceloss = DiceLoss(smooth=1e-5)
        self.weights = weights
        if weights is not None and weights.ndim != 2:
            raise ValueError(f"For '{self.cls_name}', the dimension of 'weights' must be 2, but got {weights.ndim}.")
        self.ignore_indiex = ignore_indiex
        self.activation = get_activation(activation) if isinstance(activation, str) else activation

    def construct(self, logits, label):
        if self.activation is not None:
            logits = self.activation(logits)
        total = 0
        for index in range(label.shape[1]):
            if index != self.ignore_indiex:
                loss = self.binarydiceloss(logits[:, index], label[:, index])
                total += loss if self.weights is None else loss * self.weights[index]
        return total / label.shape[1]
