"""Reading a dataset."""
import numpy as np

from mindspore.common.tensor import Tensor


def zip_lists(first, second):
    return [(first[index], second[index]) for index in range(len(first))]


class Iterator:
    """The rows of one epoch as tensors or arrays, as tuples or by name; a new epoch begins when it is iterated again."""

    def __init__(self, dataset, output_numpy, as_dict):
        self._dataset = dataset
        self._numpy = output_numpy
        self._as_dict = as_dict
        self._rows = None

    def __iter__(self):
        self._rows = self._dataset.rows()
        return self

    def __next__(self):
        if self._rows is None:
            self._rows = self._dataset.rows()
        try:
            row = next(self._rows)
        except StopIteration:
            self._rows = None
            raise
        values = [np.asarray(value) if self._numpy else Tensor(np.asarray(value)) for value in row]
        return dict(zip_lists(self._dataset.column_names, values)) if self._as_dict else values

    def get_next(self):
        return next(self)

    def release(self):
        self._rows = None

    stop = release
