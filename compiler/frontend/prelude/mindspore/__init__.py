"""The public names of MindSpore."""
from mindspore.common import dtype
from mindspore.common.dtype import *
from mindspore.common.dtype import dtype_to_nptype, dtype_to_pytype, pytype_to_dtype, get_py_obj_dtype, Type
from mindspore.common.api import (JitConfig, jit, jit_class, lazy_inline, ms_class, ms_function, ms_memory_recycle,
                                  mutable, no_inline)
from mindspore.common.parameter import Parameter, ParameterTuple
from mindspore.common.seed import get_seed, set_seed
from mindspore.common.tensor import Tensor, tensor
from mindspore.common.absent import absent, absent_function
from mindspore.context import (GRAPH_MODE, PYNATIVE_MODE, ParallelMode, STRICT, COMPATIBLE, LAX,
                               get_auto_parallel_context, get_context, reset_auto_parallel_context,
                               set_algo_parameters, set_auto_parallel_context, set_context, set_offload_context,
                               get_offload_context, set_ps_context)
from mindspore.nn.cell import Cell
from mindspore.ops.composite import get_grad, grad, value_and_grad, jvp, vjp, vmap, jacfwd, jacrev
from mindspore.parallel.shard import Layout
from mindspore.train import (Model, export, load, load_checkpoint, load_param_into_net, save_checkpoint,
                             DynamicLossScaleManager, FixedLossScaleManager, ModelCheckpoint, CheckpointConfig,
                             LossMonitor, TimeMonitor, Callback)

COOTensor = absent('mindspore.COOTensor')
CSRTensor = absent('mindspore.CSRTensor')
RowTensor = absent('mindspore.RowTensor')
SparseTensor = absent('mindspore.SparseTensor')
Symbol = absent('mindspore.Symbol')
Profiler = absent('mindspore.Profiler')
build_train_network = absent_function('mindspore.build_train_network')
data_sink = absent_function('mindspore.data_sink')

__version__ = '2.7.0'


def set_device(device_target, device_id=None):
    set_context(device_target=device_target)


def set_deterministic(deterministic):
    return None


def run_check():
    return None


def get_level():
    return '0'


def set_dump(target, enabled=True):
    return None


def get_algo_parameters(name):
    return None
