"""The older place of the transforms of images."""
from mindspore.dataset.vision.transforms import *
from mindspore.dataset.vision.utils import Border, Inter
