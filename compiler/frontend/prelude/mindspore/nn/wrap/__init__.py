"""Cells that wrap networks for training: absent."""
from mindspore.common.absent import absent

TrainOneStepCell = absent('mindspore.nn.TrainOneStepCell')
TrainOneStepWithLossScaleCell = absent('mindspore.nn.TrainOneStepWithLossScaleCell')
WithLossCell = absent('mindspore.nn.WithLossCell')
WithGradCell = absent('mindspore.nn.WithGradCell')
WithEvalCell = absent('mindspore.nn.WithEvalCell')
ForwardValueAndGrad = absent('mindspore.nn.ForwardValueAndGrad')
DistributedGradReducer = absent('mindspore.nn.DistributedGradReducer')
DynamicLossScaleUpdateCell = absent('mindspore.nn.DynamicLossScaleUpdateCell')
FixedLossScaleUpdateCell = absent('mindspore.nn.FixedLossScaleUpdateCell')
PipelineCell = absent('mindspore.nn.PipelineCell')
GradAccumulationCell = absent('mindspore.nn.GradAccumulationCell')
MicroBatchInterleaved = absent('mindspore.nn.MicroBatchInterleaved')
ParameterUpdate = absent('mindspore.nn.ParameterUpdate')
TimeDistributed = absent('mindspore.nn.TimeDistributed')
GetNextSingleOp = absent('mindspore.nn.GetNextSingleOp')
VirtualDatasetCellTriple = absent('mindspore.nn.VirtualDatasetCellTriple')
