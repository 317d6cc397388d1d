"""Parallel settings as networks read them in one process."""
from mindspore.context import get_algo_parameters, set_algo_parameters
from mindspore.parallel.auto_parallel import AutoParallel
from mindspore.parallel.shard import Layout
