from mindspore.nn.wrap import TrainOneStepCell, WithLossCell, WithEvalCell, ParameterUpdate
