"""mindspore.mint: the API tables under PyTorch's names."""
from _msc.mint import *
from mindspore.mint import nn
