"""Metrics of regression, and the loss itself."""
import math

import numpy as np

from mindspore.train.metrics.base import Metric, rearrange_inputs


class _Mean(Metric):
    def __init__(self):
        super().__init__()
        self.clear()

    def clear(self):
        self._sum = 0.0
        self._count = 0

    def eval(self):
        if self._count == 0:
            raise RuntimeError(f"The '{type(self).__name__}' can not be calculated, because the number of samples is 0.")
        return self._sum / self._count


class MAE(_Mean):
    @rearrange_inputs
    def update(self, *inputs):
        predictions, labels = self._convert_data(inputs[0]), self._convert_data(inputs[1])
        self._sum += float(np.abs(labels.reshape(predictions.shape) - predictions).sum())
        self._count += labels.shape[0]


class MSE(_Mean):
    @rearrange_inputs
    def update(self, *inputs):
        predictions, labels = self._convert_data(inputs[0]), self._convert_data(inputs[1])
        self._sum += float(np.square(labels.reshape(predictions.shape) - predictions).sum())
        self._count += labels.shape[0]


class Loss(_Mean):
    @rearrange_inputs
    def update(self, *inputs):
        if len(inputs) != 1:
            raise ValueError(f"For 'Loss.update', it needs 1 input (loss), but got {len(inputs)}")
        loss = self._convert_data(inputs[0])
        if loss.ndim > 1:
            raise ValueError(f"For 'Loss.update', the dimension of loss must be 0 or 1, but got {loss.ndim}.")
        self._sum += float(loss.mean())
        self._count += 1


class Perplexity(_Mean):
    def __init__(self, ignore_label=None):
        super().__init__()
        self.ignore_label = ignore_label

    @rearrange_inputs
    def update(self, *inputs):
        predictions, labels = self._convert_data(inputs[0]), self._convert_data(inputs[1])
        rows = predictions.reshape((-1, predictions.shape[-1]))
        flat = labels.reshape(-1).astype(np.int64)
        chosen = rows[np.arange(flat.shape[0]), flat]
        wanted = np.ones_like(chosen) if self.ignore_label is None else (flat != self.ignore_label) * 1.0
        self._sum -= float((np.log(np.maximum(chosen, 1e-10)) * wanted).sum())
        self._count += int(wanted.sum())

    def eval(self):
        return math.exp(super().eval())
