"""mindspore.ops: functions and primitives come from the API tables; what they are made of is in `function`."""
from _msc.ops import *
from mindspore.ops.absent import *
from mindspore.ops.composite import (GradOperation, HyperMap, Map, MultitypeFuncGraph, grad, jacfwd, jacrev, jvp,
                                     partial, value_and_grad, vjp, vmap, add_flags, core, clip_by_global_norm,
                                     clip_by_norm, get_grad, linearize, stack_gradient)
from mindspore.ops.backward import HookBackward, InsertGradientOf
from mindspore.ops.primitive import PrimitiveWithCheck, PrimitiveWithInfer, _primexpr, constexpr


class ReduceOp:
    SUM = "sum"
    MAX = "max"
    MIN = "min"
    PROD = "prod"
