from mindspore.ops import *
