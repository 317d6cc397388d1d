"""Losses that compare numbers."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.nn.loss.base import LossBase, check_tensors


class MSELoss(LossBase):
    def construct(self, logits, labels):
        check_tensors(self.cls_name, logits=logits, labels=labels)
        return self.get_loss(ops.square(logits - labels))


class L1Loss(LossBase):
    def __init__(self, reduction='mean'):
        super().__init__(reduction)
        self.reduction = reduction

    def construct(self, logits, labels):
        return ops.l1_loss(logits, labels, self.reduction)


class MAELoss(LossBase):
    def construct(self, logits, label):
        check_tensors(self.cls_name, logits=logits, labels=label)
        return self.get_loss(ops.abs(logits - label))


class RMSELoss(LossBase):
    def __init__(self):
        super().__init__()
        self.MSELoss = MSELoss()

    def construct(self, logits, label):
        return ops.sqrt(self.MSELoss(logits, label))


class SmoothL1Loss(LossBase):
    def __init__(self, beta=1.0, reduction='none'):
        super().__init__(reduction)
        self.beta = beta
        self.reduction = reduction
        self.smooth_l1_loss = ops.SmoothL1Loss(self.beta, self.reduction)

    def construct(self, logits, labels):
        return self.smooth_l1_loss(logits, labels)


class HuberLoss(LossBase):
    def __init__(self, reduction='mean', delta=1.0):
        super().__init__(reduction=reduction)
        self.reduction = reduction
        self.delta = delta

    def construct(self, logits, labels):
        return ops.huber_loss(logits, labels, self.reduction, self.delta)


class KLDivLoss(LossBase):
    def __init__(self, reduction='mean'):
        super().__init__()
        self.reduction = reduction

    def construct(self, logits, labels):
        check_tensors(self.cls_name, logits=logits, labels=labels)
        return ops.kl_div(logits, labels, self.reduction)


class GaussianNLLLoss(LossBase):
    def __init__(self, *, full=False, eps=1e-6, reduction='mean'):
        super().__init__()
        validator.check_positive_float(eps, 'eps', self.cls_name)
        validator.check_value_type('full', full, [bool], self.cls_name)
        validator.check_string(reduction, ['none', 'mean', 'sum'], 'reduction', 'gaussian_nll_loss')
        self.full = full
        self.eps = eps
        self.reduction = reduction

    def construct(self, logits, labels, var):
        check_tensors(self.cls_name, logits=logits, labels=labels, var=var)
        return ops.gaussian_nll_loss(logits, labels, var, self.full, self.eps, self.reduction)
