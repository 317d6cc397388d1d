"""AutoParallel: a network with parallel settings of its own."""
from mindspore.context import ParallelMode, set_auto_parallel_context
from mindspore.nn.cell import Cell

_MODES = {"semi_auto": ParallelMode.SEMI_AUTO_PARALLEL, "sharding_propagation": ParallelMode.AUTO_PARALLEL,
          "recursive_programming": ParallelMode.AUTO_PARALLEL}


class AutoParallel(Cell):
    def __init__(self, network, parallel_mode="semi_auto"):
        super().__init__(auto_prefix=False)
        if parallel_mode not in _MODES:
            raise ValueError(f"For 'AutoParallel', the 'parallel_mode' must be one of {list(_MODES)}, "
                             f"but got '{parallel_mode}'.")
        self.network = network
        self._mode = parallel_mode
        set_auto_parallel_context(parallel_mode=_MODES[parallel_mode],
                                  search_mode="sharding_propagation" if parallel_mode == "sharding_propagation"
                                  else "recursive_programming")

    def construct(self, *args, **kwargs):
        return self.network(*args, **kwargs)

    def dataset_strategy(self, config):
        set_auto_parallel_context(dataset_strategy=config, full_batch=config == "full_batch")

    def hsdp(self, shard_size=-1, threshold=64, optimizer_level="level1"):
        set_auto_parallel_context(enable_parallel_optimizer=True, optimizer_weight_shard_size=shard_size,
                                  optimizer_level=optimizer_level)

    def pipeline(self, stages=1, output_broadcast=False, interleave=False, scheduler="1f1b"):
        set_auto_parallel_context(pipeline_stages=stages, pipeline_schedule=scheduler)

    def comm_fusion(self, config):
        set_auto_parallel_context(comm_fusion=config)

    def set_group_ckpt_save_file(self, file_path):
        return None
