"""Networks in half precision: which cells compute in it, and casts of what they give."""
from mindspore import nn
from mindspore.common import dtype as mstype
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell

AMP_WHITE_LIST = [nn.Conv1d, nn.Conv2d, nn.Conv1dTranspose, nn.Conv2dTranspose, nn.Dense, nn.LSTMCell, nn.RNNCell,
                  nn.GRUCell]
AMP_BLACK_LIST = [nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.LayerNorm]


def get_white_list():
    return list(AMP_WHITE_LIST)


def get_black_list():
    return list(AMP_BLACK_LIST)


def _cast(value, dtype):
    if isinstance(value, (tuple, list)):
        return type(value)([_cast(item, dtype) for item in value])
    return value.astype(dtype) if isinstance(value, Tensor) and value.is_floating_point() else value


class _Output(Cell):
    """A cell whose floating-point results are cast."""

    def __init__(self, backbone, dtype):
        super().__init__(auto_prefix=False)
        self._backbone = backbone
        self.dtype = dtype

    def construct(self, *args, **kwargs):
        return _cast(self._backbone(*args, **kwargs), self.dtype)


def _replace(network, classes, make):
    """Replaces the innermost cells of some classes below a network."""
    for name, cell in list(network.name_cells().items()):
        if isinstance(cell, classes):
            network._cells[name] = make(cell)
        else:
            _replace(cell, classes, make)
    if isinstance(network, nn.SequentialCell):
        network.cell_list = list(network.cells())


def keep_batchnorm_in_float32(network, dtype=mstype.float16):
    _replace(network, tuple(AMP_BLACK_LIST), lambda cell: _Output(cell.to_float(mstype.float32), dtype))


def auto_mixed_precision(network, amp_level="O0", dtype=mstype.float16):
    if not isinstance(network, Cell):
        raise TypeError(f"For amp_level '{amp_level}', the network type should be Cell.")
    if dtype not in (mstype.float16, mstype.bfloat16):
        raise ValueError(f"The dtype should be one of (mstype.float16, mstype.bfloat16), but got {dtype}.")
    if amp_level == "O0":
        return network
    if amp_level == "O1":
        _replace(network, tuple(AMP_WHITE_LIST), lambda cell: _Output(cell.to_float(dtype), mstype.float32))
    elif amp_level in ("O2", "O3"):
        network.to_float(dtype)
        if amp_level == "O2":
            keep_batchnorm_in_float32(network, dtype)
        network = _Output(network, mstype.float32)
    elif amp_level == "auto":
        raise NotImplementedError("'auto_mixed_precision' with amp_level 'auto' is not supported by this version of msc")
    else:
        raise ValueError(f"The amp level {amp_level} is not supported")
    network._amp_level = amp_level
    return network
