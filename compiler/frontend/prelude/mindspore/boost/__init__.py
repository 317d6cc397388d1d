"""mindspore.boost: what training cells of public networks inherit from."""
from mindspore.common.absent import absent
from mindspore.boost.grad_accumulation import GradientAccumulation

AutoBoost = absent('mindspore.boost.AutoBoost')
BoostTrainOneStepCell = absent('mindspore.boost.BoostTrainOneStepCell')
BoostTrainOneStepWithLossScaleCell = absent('mindspore.boost.BoostTrainOneStepWithLossScaleCell')
LessBN = absent('mindspore.boost.LessBN')
