"""The settings object of automatic parallelism."""
from mindspore.context import get_auto_parallel_context


class _Context:
    def set_all_reduce_fusion_split_indices(self, indices, group=""):
        return None

    def get_auto_parallel_search_mode(self):
        return get_auto_parallel_context('search_mode')

    def get_grad_accumulation_step(self):
        return 1


_context = _Context()


def auto_parallel_context():
    return _context
