"""Datasets as pipelines of Python generators over NumPy arrays."""
from mindspore.dataset import config, transforms, vision
from mindspore.dataset.joined import ConcatDataset, ZipDataset, zip
from mindspore.dataset.pipeline import Dataset
from mindspore.dataset.samplers import (DistributedSampler, PKSampler, RandomSampler, Sampler, SequentialSampler,
                                        SubsetRandomSampler, SubsetSampler, WeightedRandomSampler)
from mindspore.dataset.sources import (FashionMnistDataset, GeneratorDataset, MnistDataset, NumpySlicesDataset,
                                       PaddedDataset)
from mindspore.common.absent import absent

Cifar10Dataset = absent('mindspore.dataset.Cifar10Dataset')
Cifar100Dataset = absent('mindspore.dataset.Cifar100Dataset')
CSVDataset = absent('mindspore.dataset.CSVDataset')
ImageFolderDataset = absent('mindspore.dataset.ImageFolderDataset')
MindDataset = absent('mindspore.dataset.MindDataset')
TFRecordDataset = absent('mindspore.dataset.TFRecordDataset')
TextFileDataset = absent('mindspore.dataset.TextFileDataset')
VOCDataset = absent('mindspore.dataset.VOCDataset')
CocoDataset = absent('mindspore.dataset.CocoDataset')
CelebADataset = absent('mindspore.dataset.CelebADataset')
