from mindspore.train import Callback, CheckpointConfig, History, LambdaCallback, LossMonitor, ModelCheckpoint, RunContext, SummaryCollector, TimeMonitor
