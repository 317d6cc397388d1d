"""Transforms of any data."""
from mindspore.dataset.transforms.transforms import (Compose, Concatenate, Duplicate, Fill, OneHot, PadEnd,
                                                     RandomApply, RandomChoice, RandomOrder, TypeCast, Unique)
from mindspore.dataset.transforms import c_transforms, py_transforms
