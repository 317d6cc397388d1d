"""Training: Model, callbacks, metrics, checkpoints."""
from mindspore.amp import auto_mixed_precision
from mindspore.train.callback import (BackupAndRestore, Callback, CheckpointConfig, EarlyStopping, History,
                                      LambdaCallback, LearningRateScheduler, LossMonitor, ModelCheckpoint,
                                      OnRequestExit, ReduceLROnPlateau, RunContext, SummaryCollector, TimeMonitor)
from mindspore.train.loss_scale_manager import DynamicLossScaleManager, FixedLossScaleManager, LossScaleManager
from mindspore.train.metrics import (F1, MAE, MSE, ROC, Accuracy, BleuScore, ConfusionMatrix, ConfusionMatrixMetric,
                                     CosineSimilarity, Dice, Fbeta, HausdorffDistance, Loss, MeanSurfaceDistance,
                                     Metric, OcclusionSensitivity, Perplexity, Precision, Recall,
                                     RootMeanSquareDistance, Top1CategoricalAccuracy, Top5CategoricalAccuracy,
                                     TopKCategoricalAccuracy, auc, get_metric_fn, names, rearrange_inputs)
from mindspore.train.model import Model
from mindspore.train.serialization import export, load, load_checkpoint, load_param_into_net, save_checkpoint
