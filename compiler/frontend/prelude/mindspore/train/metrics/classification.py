"""Metrics of classification."""
import numpy as np

from mindspore.train.metrics.base import EvaluationBase, Metric, rearrange_inputs


class Accuracy(EvaluationBase):
    def __init__(self, eval_type='classification'):
        super().__init__(eval_type)
        self.clear()

    def clear(self):
        self._correct_num = 0
        self._total_num = 0

    @rearrange_inputs
    def update(self, *inputs):
        if len(inputs) != 2:
            raise ValueError(f"For 'Accuracy.update', it needs 2 inputs (predicted value, true value), but got "
                             f"{len(inputs)}.")
        predicted, labels = self.as_classes(inputs[0], inputs[1])
        right = predicted == labels
        if self._type == 'multilabel':
            right = right.reshape((right.shape[0], -1)).all(1)
        self._correct_num += int(right.sum())
        self._total_num += int(np.asarray(right).size)

    def eval(self):
        if self._total_num == 0:
            raise RuntimeError("The 'Accuracy' can not be calculated, because the number of samples is 0.")
        return self._correct_num / self._total_num


class TopKCategoricalAccuracy(Metric):
    def __init__(self, k):
        super().__init__()
        if not isinstance(k, int) or k < 1:
            raise ValueError(f"For 'TopKCategoricalAccuracy', the argument 'k' must be a positive int, but got {k}.")
        self.k = k
        self.clear()

    def clear(self):
        self._correct_num = 0
        self._samples_num = 0

    @rearrange_inputs
    def update(self, *inputs):
        predictions, labels = self._convert_data(inputs[0]), self._convert_data(inputs[1])
        if labels.ndim == predictions.ndim:
            labels = labels.argmax(1)
        best = np.argsort(-predictions, 1)[:, :self.k]
        self._correct_num += int((best == labels.reshape(-1, 1)).any(1).sum())
        self._samples_num += labels.shape[0]

    def eval(self):
        if self._samples_num == 0:
            raise RuntimeError("The 'TopKCategoricalAccuracy' can not be calculated, because the number of samples is 0.")
        return self._correct_num / self._samples_num


class Top1CategoricalAccuracy(TopKCategoricalAccuracy):
    def __init__(self):
        super().__init__(1)


class Top5CategoricalAccuracy(TopKCategoricalAccuracy):
    def __init__(self):
        super().__init__(5)


class _PerClass(EvaluationBase):
    """Counts for each class: right ones, and all of what the metric divides by."""

    def __init__(self, eval_type):
        super().__init__(eval_type)
        self.clear()

    def clear(self):
        self._right = None
        self._all = None

    def counted(self, predicted, labels):
        raise NotImplementedError

    @rearrange_inputs
    def update(self, *inputs):
        predicted, labels = self.as_classes(inputs[0], inputs[1])
        if self._type == 'classification':
            classes = self._convert_data(inputs[0]).shape[1]
            predicted, labels = np.eye(classes)[predicted], np.eye(classes)[labels.astype(np.int64)]
        right, total = (predicted * labels).sum(0), self.counted(predicted, labels).sum(0)
        self._right = right if self._right is None else self._right + right
        self._all = total if self._all is None else self._all + total

    def eval(self, average=False):
        if self._all is None:
            raise RuntimeError(f"The '{type(self).__name__}' can not be calculated, because the number of samples is 0.")
        values = self._right / (self._all + 1e-20)
        return float(values.mean()) if average else values


class Precision(_PerClass):
    def __init__(self, eval_type='classification'):
        super().__init__(eval_type)

    def counted(self, predicted, labels):
        return predicted


class Recall(_PerClass):
    def __init__(self, eval_type='classification'):
        super().__init__(eval_type)

    def counted(self, predicted, labels):
        return labels


class Fbeta(Metric):
    def __init__(self, beta):
        super().__init__()
        if beta <= 0:
            raise ValueError(f"For 'Fbeta', the argument 'beta' must be greater than 0, but got {beta}.")
        self.beta = beta
        self._precision = Precision()
        self._recall = Recall()

    def clear(self):
        self._precision.clear()
        self._recall.clear()

    @rearrange_inputs
    def update(self, *inputs):
        self._precision.update(*inputs)
        self._recall.update(*inputs)

    def eval(self, average=False):
        precision, recall = self._precision.eval(), self._recall.eval()
        square = self.beta ** 2
        values = (1 + square) * precision * recall / (square * precision + recall + 1e-20)
        return float(values.mean()) if average else values


class F1(Fbeta):
    def __init__(self):
        super().__init__(1.0)
