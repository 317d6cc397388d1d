"""mindspore.mint: the API tables under PyTorch's names."""
from _msc.mint import *
