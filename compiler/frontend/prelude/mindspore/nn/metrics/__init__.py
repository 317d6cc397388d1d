"""The older place of the metrics."""
from mindspore.train.metrics import (F1, MAE, MSE, ROC, Accuracy, BleuScore, ConfusionMatrix, ConfusionMatrixMetric,
                                     CosineSimilarity, Dice, EvaluationBase, Fbeta, HausdorffDistance, Loss,
                                     MeanSurfaceDistance, Metric, OcclusionSensitivity, Perplexity, Precision, Recall,
                                     RootMeanSquareDistance, Top1CategoricalAccuracy, Top5CategoricalAccuracy,
                                     TopKCategoricalAccuracy, auc, get_metric_fn, get_metrics, names,
                                     rearrange_inputs)
