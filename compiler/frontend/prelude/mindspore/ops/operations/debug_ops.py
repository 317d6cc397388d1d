from _msc.ops import *
from mindspore.ops.absent import *
