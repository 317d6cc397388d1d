"""mindspore.numpy: the API tables under NumPy's names."""
from _msc.mnp import *
from mindspore.common.dtype import (bool_, float16, float32, float64, int8, int16, int32, int64, uint8, uint16, uint32,
                                    uint64)
from mindspore.common.tensor import Tensor


def array(obj, dtype=None, copy=True, ndmin=0):
    made = Tensor(obj, dtype)
    return made.reshape((1,) * (ndmin - made.ndim) + made.shape) if made.ndim < ndmin else made


def asarray(a, dtype=None):
    return Tensor(a, dtype)


asfarray = asarray
