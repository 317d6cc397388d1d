"""What networks ask about parallel execution, answered for one process."""
from mindspore.context import ParallelMode, get_auto_parallel_context


def _get_parallel_mode():
    return get_auto_parallel_context('parallel_mode')


def _get_device_num():
    return get_auto_parallel_context('device_num')


def _get_gradients_mean():
    return get_auto_parallel_context('gradients_mean')


def _get_global_rank():
    return 0


def _is_sharding_propagation():
    return False


def _is_in_auto_parallel_mode():
    return _get_parallel_mode() in (ParallelMode.SEMI_AUTO_PARALLEL, ParallelMode.AUTO_PARALLEL)


def _is_in_data_parallel_mode():
    return _get_parallel_mode() == ParallelMode.DATA_PARALLEL


def _get_full_batch():
    return False


def _get_enable_parallel_optimizer():
    return False


def _get_pipeline_stages():
    return 1
