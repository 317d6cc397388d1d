"""Generated operators of MindSpore under their private address."""
from mindspore.ops import *
