"""Settings of datasets. Only the seed changes anything: workers and queues do not exist here."""
import random

_settings = {'seed': None, 'num_parallel_workers': 8, 'prefetch_size': 16}
_made = [0]


def set_seed(seed):
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise ValueError("seed must be a non-negative int")
    _settings['seed'] = seed
    _made[0] = 0


def get_seed():
    return 5489 if _settings['seed'] is None else _settings['seed']


def new_generator():
    """A generator for one op of a pipeline; the same for the same seed and place in the program."""
    from mindspore.common.seed import get_seed as global_seed
    _made[0] += 1
    chosen = _settings['seed']
    base = (global_seed() or 5489) if chosen is None else chosen
    return random.Random(base * 1000003 + _made[0])


def set_num_parallel_workers(num):
    _settings['num_parallel_workers'] = num


def get_num_parallel_workers():
    return _settings['num_parallel_workers']


def set_prefetch_size(size):
    _settings['prefetch_size'] = size


def get_prefetch_size():
    return _settings['prefetch_size']


def set_enable_shared_mem(enable):
    return None


def set_numa_enable(numa_enable):
    return None


def set_debug_mode(debug_mode_flag=False, debug_hook_list=None):
    return None


def get_debug_mode():
    return False
