"""Pipelines joined, split, sampled."""
import mindspore.dataset as ds
import numpy as np


def numbers(count, step=1, name='a'):
    return ds.NumpySlicesDataset(np.arange(count) * step, name, shuffle=False)


print([[int(v) for v in row] for row in ds.zip((numbers(3), numbers(4, 2, 'b')))])
print([[int(v) for v in row] for row in numbers(3).zip(numbers(2, 5, 'b'))])
both = numbers(3) + numbers(2, 7)
print([int(row[0]) for row in both], both.get_dataset_size())
first, second = numbers(10).split([0.8, 0.2], randomize=False)
print(first.get_dataset_size(), [int(row[0]) for row in second])
print(sorted(int(row[0]) for row in numbers(10).shuffle(10)))
for batch in ds.NumpySlicesDataset(np.arange(5), 'a', sampler=ds.SubsetSampler([3, 1])).batch(2):
    print(batch[0])
for row in numbers(4).map(lambda a: (a, a * a), 'a', ['a', 'square']).batch(3).create_dict_iterator(output_numpy=True):
    print({name: value.tolist() for name, value in row.items()})
print(numbers(7).batch(3).repeat(2).get_dataset_size(), numbers(7).repeat(2).batch(3, True).get_dataset_size())
