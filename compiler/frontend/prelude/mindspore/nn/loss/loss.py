"""Losses under the module name that user code imports from."""
from mindspore.common.absent import absent
from mindspore.nn.loss.base import LossBase, _Loss
from mindspore.nn.loss.classification import (
    BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, DiceLoss, FocalLoss, MultiClassDiceLoss, NLLLoss,
    SoftmaxCrossEntropyWithLogits)
from mindspore.nn.loss.margin import (
    CosineEmbeddingLoss, HingeEmbeddingLoss, MarginRankingLoss, MultiLabelSoftMarginLoss, MultiMarginLoss,
    SoftMarginLoss, TripletMarginLoss)
from mindspore.nn.loss.regression import (
    GaussianNLLLoss, HuberLoss, KLDivLoss, L1Loss, MAELoss, MSELoss, RMSELoss, SmoothL1Loss)

CTCLoss = absent('mindspore.nn.CTCLoss')
MultilabelMarginLoss = absent('mindspore.nn.MultilabelMarginLoss')
PoissonNLLLoss = absent('mindspore.nn.PoissonNLLLoss')
SampledSoftmaxLoss = absent('mindspore.nn.SampledSoftmaxLoss')
TripletMarginWithDistanceLoss = absent('mindspore.nn.TripletMarginWithDistanceLoss')
