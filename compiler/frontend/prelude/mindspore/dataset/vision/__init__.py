"""Transforms of images."""
from mindspore.dataset.vision.utils import Border, Inter
from mindspore.dataset.vision.transforms import (CenterCrop, Crop, HWC2CHW, HorizontalFlip, Invert, Normalize, Pad,
                                                 RandomCrop, RandomHorizontalFlip, RandomVerticalFlip, Rescale,
                                                 Resize, ToTensor, ToType, VerticalFlip)
from mindspore.dataset.vision import c_transforms, py_transforms
from mindspore.common.absent import absent

Decode = absent('mindspore.dataset.vision.Decode')
RandomAffine = absent('mindspore.dataset.vision.RandomAffine')
RandomColorAdjust = absent('mindspore.dataset.vision.RandomColorAdjust')
RandomCropDecodeResize = absent('mindspore.dataset.vision.RandomCropDecodeResize')
RandomErasing = absent('mindspore.dataset.vision.RandomErasing')
RandomResizedCrop = absent('mindspore.dataset.vision.RandomResizedCrop')
RandomRotation = absent('mindspore.dataset.vision.RandomRotation')
AutoAugment = absent('mindspore.dataset.vision.AutoAugment')
RandAugment = absent('mindspore.dataset.vision.RandAugment')
