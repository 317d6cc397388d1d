"""The older place of the transforms."""
from mindspore.dataset.transforms.transforms import *
