"""Callbacks."""
from mindspore.common.absent import absent
from mindspore.train.callback.base import Callback, RunContext
from mindspore.train.callback.checkpoint import CheckpointConfig, ModelCheckpoint
from mindspore.train.callback.monitors import History, LambdaCallback, LossMonitor, TimeMonitor
from mindspore.train.callback.watchers import EarlyStopping, ReduceLROnPlateau

BackupAndRestore = absent('mindspore.train.BackupAndRestore')
LearningRateScheduler = absent('mindspore.train.LearningRateScheduler')
OnRequestExit = absent('mindspore.train.OnRequestExit')
SummaryCollector = absent('mindspore.train.SummaryCollector')
