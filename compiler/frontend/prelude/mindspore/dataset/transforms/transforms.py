"""Transforms of any data: functions of arrays."""
import numpy as np

from mindspore.common.dtype import Type, dtype_to_nptype
from mindspore.dataset import config


class TypeCast:
    def __init__(self, data_type):
        self.dtype = dtype_to_nptype(data_type) if isinstance(data_type, Type) else np.dtype(data_type)

    def __call__(self, data):
        return np.asarray(data).astype(self.dtype)


class OneHot:
    def __init__(self, num_classes, smoothing_rate=0.0):
        self.num_classes = num_classes
        self.smoothing_rate = smoothing_rate

    def __call__(self, label):
        label = np.asarray(label)
        if label.size and (label.max() >= self.num_classes):
            raise RuntimeError(f"OneHot: the label {label.max()} is not below the number of classes {self.num_classes}.")
        rows = np.eye(self.num_classes)[label.astype(np.int64)]
        if self.smoothing_rate == 0.0:
            return rows.astype(label.dtype)
        share = self.smoothing_rate / self.num_classes
        return (rows * (1 - self.smoothing_rate) + share).astype(np.float64)


class Compose:
    def __init__(self, transforms):
        self.transforms = list(transforms)

    def __call__(self, *values):
        for transform in self.transforms:
            result = transform(*values)
            values = result if isinstance(result, tuple) else (result,)
        return values if len(values) > 1 else values[0]


class Duplicate:
    def __call__(self, data):
        return data, data


class Fill:
    def __init__(self, fill_value):
        self.fill_value = fill_value

    def __call__(self, data):
        return np.full_like(np.asarray(data), self.fill_value)


class Concatenate:
    def __init__(self, axis=0, prepend=None, append=None):
        self.axis = axis
        self.prepend = prepend
        self.append = append

    def __call__(self, data):
        parts = [part for part in (self.prepend, data, self.append) if part is not None]
        return np.concatenate(parts, self.axis)


class PadEnd:
    def __init__(self, pad_shape, pad_value=None):
        self.pad_shape = pad_shape
        self.pad_value = 0 if pad_value is None else pad_value

    def __call__(self, data):
        data = np.asarray(data)
        wanted = [extent if target is None else target for extent, target in zip(data.shape, self.pad_shape)]
        data = data[tuple([slice(0, extent) for extent in wanted])]
        widths = [(0, target - extent) for extent, target in zip(data.shape, wanted)]
        return np.pad(data, widths, constant_values=self.pad_value)


class Unique:
    def __call__(self, data):
        data = np.asarray(data).reshape(-1)
        values, counts = np.unique(data, return_counts=True)
        positions = np.array([list(values).index(value) for value in data], np.int32)
        return values, positions, counts.astype(np.int32)


class RandomApply:
    def __init__(self, transforms, prob=0.5):
        self.transform = Compose(transforms)
        self.prob = prob
        self.generator = config.new_generator()

    def __call__(self, *values):
        if self.generator.random() < self.prob:
            return self.transform(*values)
        return values if len(values) > 1 else values[0]


class RandomChoice:
    def __init__(self, transforms):
        self.transforms = list(transforms)
        self.generator = config.new_generator()

    def __call__(self, *values):
        return self.generator.choice(self.transforms)(*values)


class RandomOrder:
    def __init__(self, transforms):
        self.transforms = list(transforms)
        self.generator = config.new_generator()

    def __call__(self, *values):
        order = list(self.transforms)
        self.generator.shuffle(order)
        return Compose(order)(*values)
