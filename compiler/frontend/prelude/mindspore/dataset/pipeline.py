"""Dataset and what can be done with one. A dataset gives rows, tuples of arrays, anew for each epoch."""
import numpy as np

from mindspore.dataset import config
from mindspore.dataset.iterator import Iterator, zip_lists


def _listed(names):
    return [names] if isinstance(names, str) else list(names)


class Dataset:
    """Columns have names; `rows()` is one epoch."""

    def __init__(self, column_names, children=()):
        self.column_names = _listed(column_names)
        self.children = list(children)

    # What subclasses say

    def rows(self):
        raise NotImplementedError

    def get_dataset_size(self):
        return sum([1 for _ in self.rows()])

    # Facts

    def get_col_names(self):
        return list(self.column_names)

    def get_batch_size(self):
        return self.children[0].get_batch_size() if self.children else 1

    def get_repeat_count(self):
        return self.children[0].get_repeat_count() if self.children else 1

    def get_class_indexing(self):
        return {}

    def output_shapes(self, estimate=False):
        return [list(np.asarray(value).shape) for value in self._first_row()]

    def output_types(self):
        return [np.asarray(value).dtype for value in self._first_row()]

    def _first_row(self):
        for row in self.rows():
            return row
        return ()

    def __len__(self):
        return self.get_dataset_size()

    # Reading

    def __iter__(self):
        return self.create_tuple_iterator(num_epochs=1)

    def create_tuple_iterator(self, columns=None, num_epochs=-1, output_numpy=False, do_copy=False):
        chosen = self if columns is None else self.project(columns)
        return Iterator(chosen, output_numpy, False)

    def create_dict_iterator(self, num_epochs=-1, output_numpy=False, do_copy=False):
        return Iterator(self, output_numpy, True)

    # Ops

    def batch(self, batch_size, drop_remainder=False, num_parallel_workers=None, per_batch_map=None,
              input_columns=None, output_columns=None, python_multiprocessing=False, max_rowsize=None):
        if not callable(batch_size) and (not isinstance(batch_size, int) or batch_size < 1):
            raise ValueError(f"Input batch_size is not within the required interval of [1, 2147483647], got {batch_size}.")
        return BatchDataset(self, batch_size, drop_remainder, per_batch_map, input_columns, output_columns)

    def shuffle(self, buffer_size):
        if not isinstance(buffer_size, int) or buffer_size < 2:
            raise ValueError(f"Input buffer_size is not within the required interval of [2, 2147483647].")
        return ShuffleDataset(self, buffer_size)

    def map(self, operations, input_columns=None, output_columns=None, num_parallel_workers=None,
            python_multiprocessing=False, cache=None, callbacks=None, max_rowsize=None, offload=None):
        return MapDataset(self, operations, input_columns, output_columns)

    def filter(self, predicate, input_columns=None, num_parallel_workers=None):
        return FilterDataset(self, predicate, input_columns)

    def repeat(self, count=None):
        return RepeatDataset(self, -1 if count is None else count)

    def take(self, count=-1):
        return TakeDataset(self, count)

    def skip(self, count):
        return SkipDataset(self, count)

    def project(self, columns):
        return ProjectDataset(self, _listed(columns))

    def rename(self, input_columns, output_columns):
        return RenameDataset(self, _listed(input_columns), _listed(output_columns))

    def zip(self, datasets):
        from mindspore.dataset.joined import ZipDataset
        return ZipDataset((self,) + (datasets if isinstance(datasets, tuple) else (datasets,)))

    def concat(self, datasets):
        from mindspore.dataset.joined import ConcatDataset
        return ConcatDataset([self] + (list(datasets) if isinstance(datasets, (list, tuple)) else [datasets]))

    def __add__(self, other):
        return self.concat(other)

    def apply(self, apply_func):
        return apply_func(self)

    def split(self, sizes, randomize=True):
        count = self.get_dataset_size()
        counts = [size if isinstance(size, int) else round(size * count) for size in sizes]
        counts[-1] += count - sum(counts) if not isinstance(sizes[-1], int) else 0
        if sum(counts) != count:
            raise RuntimeError(f"Sum of split sizes {sum(counts)} is not equal to dataset size {count}.")
        source = ShuffleDataset(self, max(2, count), same_each_epoch=True) if randomize else self
        starts = [sum(counts[:index]) for index in range(len(counts))]
        return [source.skip(start).take(part) for start, part in zip_lists(starts, counts)]

    def device_que(self, send_epoch_end=True, create_data_info_queue=False, queue_name=""):
        return self

    def reset(self):
        return None

    def close_pool(self):
        return None


class _Derived(Dataset):
    """A dataset made of one other."""

    def __init__(self, source, column_names=None):
        super().__init__(source.column_names if column_names is None else column_names, [source])
        self.source = source


class BatchDataset(_Derived):
    def __init__(self, source, batch_size, drop_remainder, per_batch_map, input_columns, output_columns):
        inputs = source.column_names if input_columns is None else _listed(input_columns)
        outputs = inputs if output_columns is None else _listed(output_columns)
        super().__init__(source, _replaced(source.column_names, inputs, outputs))
        self.batch_size = batch_size
        self.drop_remainder = drop_remainder
        self.per_batch_map = per_batch_map
        self.inputs = inputs
        self.outputs = outputs

    def rows(self):
        number = 0
        pending = []
        for row in self.source.rows():
            pending.append(row)
            if len(pending) == self._size(number):
                yield self._batched(pending, number)
                number += 1
                pending = []
        if pending and not self.drop_remainder:
            yield self._batched(pending, number)

    def _size(self, number):
        return self.batch_size(BatchInfo(number)) if callable(self.batch_size) else self.batch_size

    def _batched(self, rows, number):
        names = self.source.column_names
        columns = {}
        for at in range(len(names)):
            columns[names[at]] = [row[at] for row in rows]
        if self.per_batch_map is not None:
            mapped = self.per_batch_map(*[columns[name] for name in self.inputs], BatchInfo(number))
            mapped = mapped if isinstance(mapped, tuple) else (mapped,)
            for name, values in zip_lists(self.outputs, mapped):
                columns[name] = values
        return tuple([_stacked(columns[name], name) for name in self.column_names])

    def get_dataset_size(self):
        count = self.source.get_dataset_size()
        if callable(self.batch_size):
            return super().get_dataset_size()
        return count // self.batch_size if self.drop_remainder else -(-count // self.batch_size)

    def get_batch_size(self):
        return self.batch_size


class BatchInfo:
    def __init__(self, number):
        self._number = number

    def get_batch_num(self):
        return self._number

    def get_epoch_num(self):
        return 0


def _stacked(values, name):
    arrays = [np.asarray(value) for value in values]
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1:
        raise RuntimeError(f"Inconsistent batch shapes, batch operation expects same shape for each data row, but got "
                           f"inconsistent shape in column '{name}': {sorted(shapes)}.")
    return np.stack(arrays)


def _replaced(names, inputs, outputs):
    """The columns of a dataset in which `outputs` stand where the first of `inputs` stood."""
    result = []
    for name in names:
        if name == inputs[0]:
            result.extend(outputs)
        elif name not in inputs:
            result.append(name)
    return result


class ShuffleDataset(_Derived):
    """Rows leave a buffer of given size in random order, as MindSpore's do; another order in each epoch."""

    def __init__(self, source, buffer_size, same_each_epoch=False):
        super().__init__(source)
        self.buffer_size = buffer_size
        self.generator = config.new_generator()
        self.fixed = self.generator.getstate() if same_each_epoch else None

    def rows(self):
        if self.fixed is not None:
            self.generator.setstate(self.fixed)
        buffer = []
        for row in self.source.rows():
            if len(buffer) < self.buffer_size:
                buffer.append(row)
                continue
            at = self.generator.randrange(self.buffer_size)
            yield buffer[at]
            buffer[at] = row
        self.generator.shuffle(buffer)
        for row in buffer:
            yield row

    def get_dataset_size(self):
        return self.source.get_dataset_size()


class MapDataset(_Derived):
    def __init__(self, source, operations, input_columns, output_columns):
        inputs = source.column_names[:1] if input_columns is None else _listed(input_columns)
        for name in inputs:
            if name not in source.column_names:
                raise RuntimeError(f"Map operation: invalid input column: '{name}' does not exist, the columns are "
                                   f"{source.column_names}.")
        outputs = inputs if output_columns is None else _listed(output_columns)
        super().__init__(source, _replaced(source.column_names, inputs, outputs))
        self.operations = list(operations) if isinstance(operations, (list, tuple)) else [operations]
        self.inputs = inputs
        self.outputs = outputs

    def rows(self):
        names = self.source.column_names
        places = [names.index(name) for name in self.inputs]
        is_plain = self.column_names == names and self.inputs == self.outputs
        for row in self.source.rows():
            values = tuple([row[place] for place in places])
            for operation in self.operations:
                result = operation(*values)
                values = result if isinstance(result, tuple) else (result,)
            if len(values) != len(self.outputs):
                raise RuntimeError(f"Map operation: the operations give {len(values)} columns, but the output columns "
                                   f"are {self.outputs}.")
            if is_plain:
                changed = list(row)
                for index in range(len(places)):
                    changed[places[index]] = values[index]
                yield tuple(changed)
            else:
                named = dict(zip_lists(names, row))
                named.update(zip_lists(self.outputs, values))
                yield tuple([named[name] for name in self.column_names])

    def get_dataset_size(self):
        return self.source.get_dataset_size()


class FilterDataset(_Derived):
    def __init__(self, source, predicate, input_columns):
        super().__init__(source)
        self.predicate = predicate
        self.inputs = source.column_names if input_columns is None else _listed(input_columns)

    def rows(self):
        places = [self.source.column_names.index(name) for name in self.inputs]
        for row in self.source.rows():
            if self.predicate(*[row[place] for place in places]):
                yield row


class RepeatDataset(_Derived):
    def __init__(self, source, count):
        if count != -1 and count < 1:
            raise ValueError(f"Input count is not within the required interval of [1, 2147483647] or -1, got {count}.")
        super().__init__(source)
        self.count = count

    def rows(self):
        done = 0
        while self.count == -1 or done < self.count:
            for row in self.source.rows():
                yield row
            done += 1

    def get_dataset_size(self):
        return self.source.get_dataset_size() * max(1, self.count)

    def get_repeat_count(self):
        return self.count


class TakeDataset(_Derived):
    def __init__(self, source, count):
        super().__init__(source)
        self.count = count

    def rows(self):
        taken = 0
        if self.count == 0:
            return
        for row in self.source.rows():
            yield row
            taken += 1
            if taken == self.count:
                return

    def get_dataset_size(self):
        size = self.source.get_dataset_size()
        return size if self.count == -1 else min(self.count, size)


class SkipDataset(_Derived):
    def __init__(self, source, count):
        super().__init__(source)
        self.count = count

    def rows(self):
        seen = 0
        for row in self.source.rows():
            seen += 1
            if seen > self.count:
                yield row

    def get_dataset_size(self):
        return max(0, self.source.get_dataset_size() - self.count)


class ProjectDataset(_Derived):
    def rows(self):
        places = [self.source.column_names.index(name) for name in self.column_names]
        for row in self.source.rows():
            yield tuple([row[place] for place in places])

    def get_dataset_size(self):
        return self.source.get_dataset_size()


class RenameDataset(_Derived):
    def __init__(self, source, inputs, outputs):
        names = dict(zip_lists(inputs, outputs))
        super().__init__(source, [names.get(name, name) for name in source.column_names])

    def rows(self):
        return self.source.rows()

    def get_dataset_size(self):
        return self.source.get_dataset_size()
