"""Settings of a run. msc compiles for one simulated device; settings are kept and given back."""
GRAPH_MODE = 0
PYNATIVE_MODE = 1


class ParallelMode:
    STAND_ALONE = "stand_alone"
    DATA_PARALLEL = "data_parallel"
    HYBRID_PARALLEL = "hybrid_parallel"
    SEMI_AUTO_PARALLEL = "semi_auto_parallel"
    AUTO_PARALLEL = "auto_parallel"
    MODE_LIST = ["stand_alone", "data_parallel", "hybrid_parallel", "semi_auto_parallel", "auto_parallel"]


STRICT = 0
COMPATIBLE = 1
LAX = 2

_settings = {'mode': PYNATIVE_MODE, 'device_target': 'Ascend', 'device_id': 0, 'save_graphs': False,
             'enable_graph_kernel': False, 'max_call_depth': 1000, 'jit_syntax_level': LAX, 'deterministic': 'OFF',
             'precompile_only': False, 'enable_compile_cache': False, 'runtime_num_threads': 30,
             'memory_optimize_level': 'O0', 'max_device_memory': '1024GB', 'ascend_config': {}, 'jit_level': ''}
_parallel = {'device_num': 1, 'global_rank': 0, 'gradients_mean': False, 'gradient_fp32_sync': True,
             'parallel_mode': ParallelMode.STAND_ALONE, 'search_mode': 'recursive_programming',
             'auto_parallel_search_mode': 'recursive_programming', 'parameter_broadcast': False,
             'strategy_ckpt_load_file': '', 'strategy_ckpt_save_file': '', 'full_batch': False,
             'dataset_strategy': 'data_parallel', 'enable_parallel_optimizer': False, 'enable_alltoall': False,
             'pipeline_stages': 1, 'grad_accumulation_step': 1, 'loss_repeated_mean': True,
             'optimizer_weight_shard_size': -1, 'sharding_propagation': False, 'comm_fusion': {}}


def set_context(**kwargs):
    _settings.update(kwargs)


def get_context(attr_key):
    if attr_key not in _settings:
        raise ValueError(f"For 'context.get_context', the argument {attr_key} is not recognized!")
    return _settings[attr_key]


def set_auto_parallel_context(**kwargs):
    _parallel.update(kwargs)


def get_auto_parallel_context(attr_key):
    if attr_key not in _parallel:
        raise ValueError(f"The attribute {attr_key} is not recognized!")
    return _parallel[attr_key]


def reset_auto_parallel_context():
    _parallel.update({'device_num': 1, 'global_rank': 0, 'parallel_mode': ParallelMode.STAND_ALONE,
                      'gradients_mean': False, 'pipeline_stages': 1})


def set_offload_context(offload_config):
    return None


def get_offload_context():
    return {}


def set_algo_parameters(**kwargs):
    return None


def get_algo_parameters(name):
    return None


def set_ps_context(**kwargs):
    return None


def get_ps_context(attr_key):
    return False


def reset_ps_context():
    return None


def _get_mode():
    return _settings['mode']
