from _msc.ops import *
from mindspore.ops.absent import *
from mindspore.ops.primitive import Primitive, PrimitiveWithCheck, PrimitiveWithInfer
