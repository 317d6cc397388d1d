"""Samplers: which rows of a source, in which order."""
from mindspore.dataset import config


class Sampler:
    """Users subclass it with `__iter__`."""

    def __init__(self, num_samples=None):
        self.num_samples = num_samples

    def __iter__(self):
        raise NotImplementedError

    def indices(self, count):
        self.dataset_size = count
        chosen = [int(index) for index in self]
        return chosen if self.num_samples is None else chosen[:self.num_samples]


class SequentialSampler(Sampler):
    def __init__(self, start_index=None, num_samples=None):
        super().__init__(num_samples)
        self.start_index = start_index or 0

    def indices(self, count):
        end = count if self.num_samples is None else min(count, self.start_index + self.num_samples)
        return list(range(self.start_index, end))


class RandomSampler(Sampler):
    def __init__(self, replacement=False, num_samples=None, shuffle=None):
        super().__init__(num_samples)
        self.replacement = replacement
        self.generator = config.new_generator()

    def indices(self, count):
        wanted = count if self.num_samples is None else min(count, self.num_samples)
        if self.replacement:
            return [self.generator.randrange(count) for _ in range(wanted)]
        order = list(range(count))
        self.generator.shuffle(order)
        return order[:wanted]


class SubsetSampler(Sampler):
    def __init__(self, indices, num_samples=None):
        super().__init__(num_samples)
        self.chosen = [indices] if isinstance(indices, int) else [int(index) for index in indices]

    def indices(self, count):
        for index in self.chosen:
            if index < 0 or index >= count:
                raise RuntimeError(f"Invalid indices, sample id {index} is out of the range [0, {count}).")
        return self.chosen if self.num_samples is None else self.chosen[:self.num_samples]


class SubsetRandomSampler(SubsetSampler):
    def __init__(self, indices, num_samples=None):
        super().__init__(indices, num_samples)
        self.generator = config.new_generator()

    def indices(self, count):
        order = list(super().indices(count))
        self.generator.shuffle(order)
        return order


class WeightedRandomSampler(Sampler):
    def __init__(self, weights, num_samples=None, replacement=True):
        super().__init__(num_samples)
        self.weights = [float(weight) for weight in weights]
        self.replacement = replacement
        self.generator = config.new_generator()

    def indices(self, count):
        wanted = len(self.weights) if self.num_samples is None else self.num_samples
        weights = list(self.weights)
        chosen = []
        for _ in range(wanted):
            index = self.generator.choices(range(len(weights)), weights=weights)[0]
            chosen.append(index)
            if not self.replacement:
                weights[index] = 0.0
        return chosen


class DistributedSampler(Sampler):
    def __init__(self, num_shards, shard_id, shuffle=True, num_samples=None, offset=-1):
        super().__init__(num_samples)
        self.num_shards = num_shards
        self.shard_id = shard_id
        self.shuffle = shuffle
        self.generator = config.new_generator()

    def indices(self, count):
        order = list(range(count))
        if self.shuffle:
            self.generator.shuffle(order)
        share = -(-count // self.num_shards)
        chosen = [order[(self.shard_id + step * self.num_shards) % count] for step in range(share)]
        return chosen if self.num_samples is None else chosen[:self.num_samples]


class PKSampler(Sampler):
    def __init__(self, num_val, num_class=None, shuffle=False, class_column='label', num_samples=None):
        raise NotImplementedError("'mindspore.dataset.PKSampler' is not supported by this version of msc")


def sampler_of(sampler, shuffle, num_samples, num_shards, shard_id):
    """The sampler that the arguments of a source mean; `shuffle` is decided already."""
    if sampler is not None:
        if hasattr(sampler, 'indices'):
            return sampler
        return SubsetSampler(list(sampler), num_samples)
    if num_shards is not None:
        return DistributedSampler(num_shards, shard_id or 0, shuffle, num_samples)
    return RandomSampler(num_samples=num_samples) if shuffle else SequentialSampler(num_samples=num_samples)
