"""Metrics, by class and by name."""
from mindspore.common.absent import absent
from mindspore.train.metrics.base import EvaluationBase, Metric, rearrange_inputs
from mindspore.train.metrics.classification import (F1, Accuracy, Fbeta, Precision, Recall, Top1CategoricalAccuracy,
                                                    Top5CategoricalAccuracy, TopKCategoricalAccuracy)
from mindspore.train.metrics.error import MAE, MSE, Loss, Perplexity

BleuScore = absent('mindspore.train.BleuScore')
ConfusionMatrix = absent('mindspore.train.ConfusionMatrix')
ConfusionMatrixMetric = absent('mindspore.train.ConfusionMatrixMetric')
CosineSimilarity = absent('mindspore.train.CosineSimilarity')
Dice = absent('mindspore.train.Dice')
HausdorffDistance = absent('mindspore.train.HausdorffDistance')
MeanSurfaceDistance = absent('mindspore.train.MeanSurfaceDistance')
OcclusionSensitivity = absent('mindspore.train.OcclusionSensitivity')
ROC = absent('mindspore.train.ROC')
RootMeanSquareDistance = absent('mindspore.train.RootMeanSquareDistance')
auc = absent('mindspore.train.auc')

_BY_NAME = {'accuracy': Accuracy, 'acc': Accuracy, 'precision': Precision, 'recall': Recall, 'F1': F1,
            'topk': TopKCategoricalAccuracy, 'top_1_accuracy': Top1CategoricalAccuracy,
            'top_5_accuracy': Top5CategoricalAccuracy, 'mae': MAE, 'mse': MSE, 'loss': Loss,
            'perplexity': Perplexity, 'dice': Dice, 'roc': ROC, 'auc': auc}


def names():
    return list(_BY_NAME.keys())


def get_metric_fn(name, *args, **kwargs):
    if name not in _BY_NAME:
        raise KeyError(f"For 'get_metric_fn', unsupported metric {name}, please refer to official website for more "
                       "details about supported metrics.")
    return _BY_NAME[name](*args, **kwargs)


def get_metrics(metrics):
    """Metrics by name, from a dict, or from a set or list of names."""
    if metrics is None:
        return {}
    if isinstance(metrics, dict):
        for name, metric in metrics.items():
            if not isinstance(metric, Metric):
                raise TypeError(f"For 'get_metrics', the metric '{name}' must be a Metric, but got {type(metric)}.")
        return metrics
    return {name: get_metric_fn(name) for name in metrics}
