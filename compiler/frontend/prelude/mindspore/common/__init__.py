from mindspore.common.api import (JitConfig, cell_attr_register, jit, jit_class, lazy_inline, ms_class, ms_function,
                                  mutable, no_inline)
from mindspore.common.dtype import *
from mindspore.common.parameter import Parameter, ParameterTuple
from mindspore.common.seed import get_seed, set_seed
from mindspore.common.tensor import Tensor, tensor
