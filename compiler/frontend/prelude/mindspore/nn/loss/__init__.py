"""Losses. The base class is real, since networks inherit from it; the rest is absent."""
from mindspore import ops
from mindspore.common.absent import absent
from mindspore.nn.cell import Cell


class LossBase(Cell):
    def __init__(self, reduction='mean'):
        super().__init__()
        if reduction not in ('mean', 'sum', 'none'):
            raise ValueError(f"For '{self.cls_name}', the 'reduction' must be in ['mean', 'sum', 'none'], "
                             f"but got {reduction}.")
        self.average = reduction != 'sum'
        self.reduce = reduction != 'none'
        self.reduction = reduction
        self.reduce_mean = ops.ReduceMean()
        self.reduce_sum = ops.ReduceSum()
        self.mul = ops.Mul()
        self.cast = ops.Cast()

    def get_axis(self, x):
        return tuple(range(x.ndim))

    def get_loss(self, x, weights=1.0):
        x = self.mul(x, weights)
        if self.reduce and self.average:
            return self.reduce_mean(x, self.get_axis(x))
        return self.reduce_sum(x, self.get_axis(x)) if self.reduce else x

    def construct(self, logits, labels):
        raise NotImplementedError


_Loss = LossBase


class MSELoss(LossBase):
    def construct(self, logits, labels):
        return self.get_loss(ops.square(logits - labels))


class L1Loss(LossBase):
    def construct(self, logits, labels):
        return self.get_loss(ops.abs(logits - labels))


SoftmaxCrossEntropyWithLogits = absent('mindspore.nn.SoftmaxCrossEntropyWithLogits')
CrossEntropyLoss = absent('mindspore.nn.CrossEntropyLoss')
SmoothL1Loss = absent('mindspore.nn.SmoothL1Loss')
BCELoss = absent('mindspore.nn.BCELoss')
BCEWithLogitsLoss = absent('mindspore.nn.BCEWithLogitsLoss')
NLLLoss = absent('mindspore.nn.NLLLoss')
CTCLoss = absent('mindspore.nn.CTCLoss')
CosineEmbeddingLoss = absent('mindspore.nn.CosineEmbeddingLoss')
DiceLoss = absent('mindspore.nn.DiceLoss')
MultiClassDiceLoss = absent('mindspore.nn.MultiClassDiceLoss')
FocalLoss = absent('mindspore.nn.FocalLoss')
HuberLoss = absent('mindspore.nn.HuberLoss')
KLDivLoss = absent('mindspore.nn.KLDivLoss')
MAELoss = absent('mindspore.nn.MAELoss')
RMSELoss = absent('mindspore.nn.RMSELoss')
MarginRankingLoss = absent('mindspore.nn.MarginRankingLoss')
MultiLabelSoftMarginLoss = absent('mindspore.nn.MultiLabelSoftMarginLoss')
SampledSoftmaxLoss = absent('mindspore.nn.SampledSoftmaxLoss')
SoftMarginLoss = absent('mindspore.nn.SoftMarginLoss')
TripletMarginLoss = absent('mindspore.nn.TripletMarginLoss')
