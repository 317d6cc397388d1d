"""Where rows come from: Python objects, arrays, IDX files."""
import os

import numpy as np

from mindspore.dataset.pipeline import Dataset
from mindspore.dataset.samplers import sampler_of
from _msc.files import read_idx


class _IndexedDataset(Dataset):
    """Rows by their number, in the order of a sampler."""

    def __init__(self, column_names, sampler):
        super().__init__(column_names)
        self.sampler = sampler

    def count(self):
        raise NotImplementedError

    def row(self, index):
        raise NotImplementedError

    def rows(self):
        for index in self.sampler.indices(self.count()):
            yield self.row(index)

    def get_dataset_size(self):
        return len(self.sampler.indices(self.count()))


def _as_row(value):
    if not isinstance(value, (tuple, list)):
        value = (value,)
    return tuple([np.asarray(item) for item in value])


class GeneratorDataset(_IndexedDataset):
    """Rows of an object with `__getitem__` and `__len__`, of an iterable, or of a function that gives one."""

    def __init__(self, source, column_names=None, column_types=None, schema=None, num_samples=None,
                 num_parallel_workers=1, shuffle=None, sampler=None, num_shards=None, shard_id=None,
                 python_multiprocessing=True, max_rowsize=None, batch_sampler=None, collate_fn=None):
        if column_names is None:
            raise ValueError("Neither columns_names nor schema are provided.")
        self.source = source
        self.num_samples = num_samples
        self.is_random_access = hasattr(source, '__getitem__') and hasattr(source, '__len__')
        mixed = True if shuffle is None else shuffle
        super().__init__(column_names, sampler_of(sampler, mixed, num_samples, num_shards, shard_id)
                         if self.is_random_access else None)

    def count(self):
        return len(self.source)

    def row(self, index):
        return _as_row(self.source[index])

    def rows(self):
        if self.is_random_access:
            return super().rows()
        return self._in_order()

    def _in_order(self):
        made = 0
        for value in (self.source() if callable(self.source) else self.source):
            if made == self.num_samples:
                return
            made += 1
            yield _as_row(value)

    def get_dataset_size(self):
        if self.is_random_access:
            return super().get_dataset_size()
        if hasattr(self.source, '__len__'):
            size = len(self.source)
            return size if self.num_samples is None else min(size, self.num_samples)
        return Dataset.get_dataset_size(self)


class NumpySlicesDataset(_IndexedDataset):
    """Slices of arrays along their first dimension."""

    def __init__(self, data, column_names=None, num_samples=None, num_parallel_workers=1, shuffle=None, sampler=None,
                 num_shards=None, shard_id=None):
        if isinstance(data, dict):
            names = list(data.keys())
            columns = list(data.values())
        else:
            columns = list(data) if isinstance(data, tuple) else [data]
            names = [f'column_{index}' for index in range(len(columns))]
        self.columns = [np.asarray(column) for column in columns]
        if len({len(column) for column in self.columns}) != 1:
            raise ValueError("all the input column should have same length.")
        if column_names is not None:
            names = [column_names] if isinstance(column_names, str) else list(column_names)
            if len(names) != len(self.columns):
                raise ValueError(f"Num of input column names is {len(names)}, but required is {len(self.columns)} "
                                 "as data columns.")
        super().__init__(names, sampler_of(sampler, True if shuffle is None else shuffle, num_samples, num_shards,
                                           shard_id))

    def count(self):
        return len(self.columns[0])

    def row(self, index):
        return tuple([np.asarray(column[index]) for column in self.columns])


class MnistDataset(_IndexedDataset):
    """Digits of IDX files: `image` of 28 x 28 x 1 bytes, `label` as uint32."""

    prefixes = {'train': ['train'], 'test': ['t10k'], 'all': ['train', 't10k']}

    def __init__(self, dataset_dir, usage=None, num_samples=None, num_parallel_workers=None, shuffle=None,
                 sampler=None, num_shards=None, shard_id=None, cache=None):
        if not os.path.isdir(dataset_dir):
            raise ValueError(f"The folder {dataset_dir} does not exist or is not a directory or permission denied!")
        usage = 'all' if usage is None else usage
        if usage not in self.prefixes:
            raise ValueError(f"Input usage is not within the valid set of {list(self.prefixes)}.")
        found = [prefix for prefix in self.prefixes[usage]
                 if os.path.exists(os.path.join(dataset_dir, prefix + '-images-idx3-ubyte'))]
        if not found:
            raise RuntimeError(f"Invalid data, no MNIST files of usage '{usage}' are in {dataset_dir}.")
        images = [read_idx(os.path.join(dataset_dir, prefix + '-images-idx3-ubyte')) for prefix in found]
        labels = [read_idx(os.path.join(dataset_dir, prefix + '-labels-idx1-ubyte')) for prefix in found]
        self.images = images[0] if len(images) == 1 else np.concatenate(images)
        self.labels = (labels[0] if len(labels) == 1 else np.concatenate(labels)).astype(np.uint32)
        super().__init__(['image', 'label'], sampler_of(sampler, True if shuffle is None else shuffle, num_samples,
                                                        num_shards, shard_id))

    def count(self):
        return len(self.labels)

    def row(self, index):
        return np.expand_dims(self.images[index], 2), np.asarray(self.labels[index])


class FashionMnistDataset(MnistDataset):
    pass


class PaddedDataset(GeneratorDataset):
    """Rows given as dicts."""

    def __init__(self, padded_samples):
        names = list(padded_samples[0].keys())
        super().__init__([tuple([sample[name] for name in names]) for sample in padded_samples], names, shuffle=False)
