"""Metric: numbers gathered over the batches of an evaluation."""
import numpy as np

from mindspore.common.tensor import Tensor


class Metric:
    def __init__(self):
        self._indexes = None

    def clear(self):
        raise NotImplementedError

    def update(self, *inputs):
        raise NotImplementedError

    def eval(self):
        raise NotImplementedError

    def __call__(self, *inputs):
        self.clear()
        self.update(*inputs)
        return self.eval()

    @property
    def indexes(self):
        return self._indexes

    def set_indexes(self, indexes):
        if not isinstance(indexes, list) or not all([isinstance(index, int) for index in indexes]):
            raise ValueError("For 'set_indexes', the argument 'indexes' must be a list of int.")
        self._indexes = indexes
        return self

    def _convert_data(self, data):
        if isinstance(data, Tensor):
            return data.asnumpy()
        return np.array(data)


def rearrange_inputs(update):
    """Lets `set_indexes` choose and order what `update` gets."""
    def rearranged(self, *inputs):
        if self.indexes:
            inputs = [inputs[index] for index in self.indexes]
        return update(self, *inputs)
    return rearranged


class EvaluationBase(Metric):
    """Classification into one class each, or into several labels."""

    def __init__(self, eval_type):
        super().__init__()
        if eval_type not in ('classification', 'multilabel'):
            raise TypeError(f"The argument 'eval_type' must be in ['classification', 'multilabel'], but got {eval_type}.")
        self._type = eval_type

    def as_classes(self, predictions, labels):
        """Both as class numbers (or as 0 and 1 for several labels)."""
        predictions, labels = self._convert_data(predictions), self._convert_data(labels)
        if self._type == 'multilabel':
            if predictions.shape != labels.shape:
                raise ValueError(f"For 'update', the shapes of predictions {predictions.shape} and labels "
                                 f"{labels.shape} must be equal.")
            return predictions, labels
        if labels.ndim == predictions.ndim and labels.shape == predictions.shape:
            labels = labels.argmax(1)
        return predictions.argmax(1), labels
