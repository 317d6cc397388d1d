"""Datasets side by side, and one after the other."""
from mindspore.dataset.pipeline import Dataset


class ZipDataset(Dataset):
    def __init__(self, datasets):
        names = [name for dataset in datasets for name in dataset.column_names]
        if len(set(names)) != len(names):
            raise RuntimeError("Illegal parameters, column names of datasets to be zipped must be unique.")
        super().__init__(names, datasets)

    def rows(self):
        sources = [dataset.rows() for dataset in self.children]
        while True:
            row = ()
            for source in sources:
                try:
                    row = row + tuple(next(source))
                except StopIteration:
                    return
            yield row

    def get_dataset_size(self):
        return min([dataset.get_dataset_size() for dataset in self.children])


class ConcatDataset(Dataset):
    def __init__(self, datasets):
        super().__init__(datasets[0].column_names, datasets)

    def rows(self):
        for dataset in self.children:
            for row in dataset.rows():
                yield row

    def get_dataset_size(self):
        return sum([dataset.get_dataset_size() for dataset in self.children])


def zip(datasets):
    return ZipDataset(datasets)
