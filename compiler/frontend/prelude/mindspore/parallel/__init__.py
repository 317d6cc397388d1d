"""Parallel settings as networks read them in one process."""
from mindspore.context import get_algo_parameters, set_algo_parameters
