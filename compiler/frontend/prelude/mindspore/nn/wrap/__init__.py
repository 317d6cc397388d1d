"""Cells that wrap networks for training."""
from mindspore.common.absent import absent
from mindspore.nn.wrap.cell_wrapper import (
    ForwardValueAndGrad, ParameterUpdate, TimeDistributed, TrainOneStepCell, WithEvalCell, WithGradCell, WithLossCell)
from mindspore.nn.wrap.grad_accumulation import GradAccumulationCell, MicroBatchInterleaved, PipelineCell
from mindspore.nn.wrap.grad_reducer import DistributedGradReducer, PipelineGradReducer
from mindspore.nn.wrap.loss_scale import (
    DynamicLossScaleUpdateCell, FixedLossScaleUpdateCell, TrainOneStepWithLossScaleCell)

GetNextSingleOp = absent('mindspore.nn.GetNextSingleOp')
VirtualDatasetCellTriple = absent('mindspore.nn.VirtualDatasetCellTriple')
