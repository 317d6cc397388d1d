"""Losses by their public names."""
from mindspore.nn.loss.loss import *
from mindspore.nn.loss.loss import _Loss
