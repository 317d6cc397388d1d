"""Losses that want scores or distances apart by a margin."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.nn.loss.base import LossBase, check_tensors


class MarginRankingLoss(LossBase):
    def __init__(self, margin=0.0, reduction='mean'):
        super().__init__(reduction)
        self.reduction = reduction
        self.margin = margin

    def construct(self, input1, input2, target):
        return ops.margin_ranking_loss(input1, input2, target, self.margin, self.reduction)


class SoftMarginLoss(LossBase):
    def __init__(self, reduction='mean'):
        super().__init__()
        self.reduction = reduction

    def construct(self, logits, labels):
        return ops.soft_margin_loss(logits, labels, self.reduction)


class MultiLabelSoftMarginLoss(LossBase):
    def __init__(self, weight=None, reduction='mean'):
        super().__init__(reduction)
        self.weight = weight
        self.reduction = reduction

    def construct(self, x, target):
        return ops.multilabel_soft_margin_loss(x, target, self.weight, self.reduction)


class MultiMarginLoss(LossBase):
    def __init__(self, p=1, margin=1.0, reduction='mean', weight=None):
        super().__init__()
        self.multi_margin_loss = ops.MultiMarginLoss(p=p, margin=margin, reduction=reduction)
        self.weight = weight

    def construct(self, x, target, weight=None):
        check_tensors(self.cls_name, x=x, target=target)
        return self.multi_margin_loss(x, target, weight if self.weight is None else self.weight)


class CosineEmbeddingLoss(LossBase):
    def __init__(self, margin=0.0, reduction='mean'):
        super().__init__(reduction)
        validator.check_value_type('margin', margin, [float], self.cls_name)
        self.margin = validator.check_float_range(margin, -1.0, 1.0, validator.INC_BOTH, 'margin', self.cls_name)

    def construct(self, logits_x1, logits_x2, labels):
        check_tensors(self.cls_name, logits_x1=logits_x1, logits_x2=logits_x2, labels=labels)
        return self.get_loss(ops.cosine_embedding_loss(logits_x1, logits_x2, labels, self.margin, 'none'))


class TripletMarginLoss(LossBase):
    def __init__(self, p=2, swap=False, eps=1e-6, reduction='mean', margin=1.0):
        super().__init__()
        self.p = p
        self.swap = swap
        self.eps = eps
        self.reduction = reduction
        self.margin = margin

    def construct(self, x, positive, negative, margin=1.0):
        return ops.triplet_margin_loss(x, positive, negative, margin if self.margin == 1.0 else self.margin, self.p,
                                       self.eps, self.swap, self.reduction)


class HingeEmbeddingLoss(LossBase):
    def __init__(self, margin=1.0, reduction='mean'):
        super().__init__()
        validator.check_value_type('margin', margin, [float, int], self.cls_name)
        validator.check_string(reduction, ['none', 'sum', 'mean'], 'reduction', self.cls_name)
        self.margin = margin
        self.reduction = reduction

    def construct(self, logits, labels):
        return ops.hinge_embedding_loss(logits, labels, self.margin, self.reduction)
