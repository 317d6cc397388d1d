"""Training by Model: absent."""
from mindspore.common.absent import absent

Model = absent('mindspore.train.Model')
Callback = absent('mindspore.train.Callback')
LossMonitor = absent('mindspore.train.LossMonitor')
TimeMonitor = absent('mindspore.train.TimeMonitor')
ModelCheckpoint = absent('mindspore.train.ModelCheckpoint')
CheckpointConfig = absent('mindspore.train.CheckpointConfig')
RunContext = absent('mindspore.train.RunContext')
SummaryCollector = absent('mindspore.train.SummaryCollector')
History = absent('mindspore.train.History')
EarlyStopping = absent('mindspore.train.EarlyStopping')
LambdaCallback = absent('mindspore.train.LambdaCallback')
ReduceLROnPlateau = absent('mindspore.train.ReduceLROnPlateau')
LossScaleManager = absent('mindspore.train.LossScaleManager')
FixedLossScaleManager = absent('mindspore.train.FixedLossScaleManager')
DynamicLossScaleManager = absent('mindspore.train.DynamicLossScaleManager')
Metric = absent('mindspore.train.Metric')
Accuracy = absent('mindspore.train.Accuracy')
Top1CategoricalAccuracy = absent('mindspore.train.Top1CategoricalAccuracy')
Top5CategoricalAccuracy = absent('mindspore.train.Top5CategoricalAccuracy')
from mindspore.train.serialization import export, load, load_checkpoint, load_param_into_net, save_checkpoint
