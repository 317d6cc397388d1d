"""The global seed: the numbers of seeded initializers and random ops follow from it."""
from _msc.tensor import set_global_seed, global_seed


def set_seed(seed):
    if not isinstance(seed, int) or seed < 0:
        raise ValueError("The argument 'seed' must be a positive int.")
    import numpy
    numpy.random.seed(seed)
    set_global_seed(seed)


def get_seed():
    return global_seed()


def _get_graph_seed(op_seed, kernel_name):
    return op_seed, op_seed
