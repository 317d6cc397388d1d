"""Padding layers: each is ops.pad with a mode."""
from mindspore import ops
from mindspore.nn.cell import Cell


def _sides(padding, count, owner):
    if isinstance(padding, int):
        return (padding,) * count
    if not isinstance(padding, (tuple, list)) or len(padding) % 2 != 0 or len(padding) > count:
        raise ValueError(f"For '{owner}', the 'padding' must be an int or a tuple of at most {count} ints in pairs, "
                         f"but got {padding}.")
    return tuple(padding)


class _Padded(Cell):
    mode = 'constant'
    sides = 4

    def __init__(self, padding, value=None):
        super().__init__()
        self.padding = _sides(padding, self.sides, type(self).__name__)
        self.value = value

    def construct(self, x):
        return ops.pad(x, self.padding, self.mode, self.value)


class ConstantPad1d(_Padded):
    sides = 2

    def __init__(self, padding, value):
        super().__init__(padding, value)


class ConstantPad2d(_Padded):
    sides = 4

    def __init__(self, padding, value):
        super().__init__(padding, value)


class ConstantPad3d(_Padded):
    sides = 6

    def __init__(self, padding, value):
        super().__init__(padding, value)


class ZeroPad2d(_Padded):
    def __init__(self, padding):
        super().__init__(padding, 0)


class ReflectionPad1d(_Padded):
    mode = 'reflect'
    sides = 2

    def __init__(self, padding):
        super().__init__(padding)


class ReflectionPad2d(_Padded):
    mode = 'reflect'

    def __init__(self, padding):
        super().__init__(padding)


class ReflectionPad3d(_Padded):
    mode = 'reflect'
    sides = 6

    def __init__(self, padding):
        super().__init__(padding)


class ReplicationPad1d(_Padded):
    mode = 'replicate'
    sides = 2

    def __init__(self, padding):
        super().__init__(padding)


class ReplicationPad2d(_Padded):
    mode = 'replicate'

    def __init__(self, padding):
        super().__init__(padding)


class ReplicationPad3d(_Padded):
    mode = 'replicate'
    sides = 6

    def __init__(self, padding):
        super().__init__(padding)
