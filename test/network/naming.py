"""Cells whose parameter names show MindSpore's rules: prefixes, containers, slices, explicit names, shared cells."""
from collections import OrderedDict

import numpy as np
import mindspore as ms
import mindspore.nn as nn
from mindspore import Parameter, ParameterTuple, Tensor


def vector(name=None):
    return Parameter(Tensor(np.ones(2), ms.float32), name=name)


class Containers(nn.Cell):
    def __init__(self):
        super().__init__()
        self.list = nn.CellList([nn.Dense(2, 2), nn.Dense(2, 3, has_bias=False)])
        self.sequence = nn.SequentialCell(nn.Dense(2, 2), nn.ReLU(), nn.BatchNorm1d(2))
        self.named = nn.SequentialCell(OrderedDict([("first", nn.Dense(2, 2)), ("norm", nn.LayerNorm((2,)))]))
        self.nested = nn.CellList([nn.SequentialCell([nn.Dense(2, 2)]), nn.CellList([nn.Embedding(3, 2)])])
        self.plain = [nn.Dense(2, 2)]


class Appended(nn.Cell):
    def __init__(self):
        super().__init__()
        self.blocks = nn.SequentialCell()
        self.blocks.append(nn.Dense(2, 2))
        self.blocks.append(nn.Dense(2, 2, has_bias=False))
        self.more = nn.CellList()
        for _ in range(2):
            self.more.append(nn.LayerNorm((2,)))
        self.more.extend([nn.Dense(2, 1)])
        self.more.insert(0, nn.Dense(2, 5))


class Grown(nn.Cell):
    """A list in a list that grows from one child: the names of the second carry the first's."""

    def __init__(self):
        super().__init__()
        self.stages = nn.CellList()
        for _ in range(3):
            self.stages.append(Stage())


class Stage(nn.Cell):
    def __init__(self):
        super().__init__()
        self.blocks = nn.CellList()
        for _ in range(2):
            self.blocks.append(nn.Dense(2, 2, has_bias=False))


class Sliced(nn.Cell):
    """Slicing makes a new container, and its cells are renamed."""

    def __init__(self):
        super().__init__()
        whole = nn.SequentialCell(nn.Dense(2, 2), nn.Dense(2, 3), nn.Dense(3, 4))
        self.whole = whole
        self.tail = whole[1:]


class Explicit(nn.Cell):
    """An explicit name holds on the outermost cell only."""

    def __init__(self):
        super().__init__()
        self.weight = vector("own_name")
        self.scale = vector()
        self.inner = Inner()
        self.group = ParameterTuple((vector("alpha"), vector("beta")))


class Inner(nn.Cell):
    def __init__(self):
        super().__init__()
        self.weight = vector("inner_name")
        self.leaf = vector()


class Shared(nn.Cell):
    """A cell reached twice counts once, under its first path."""

    def __init__(self):
        super().__init__()
        self.first = nn.Dense(2, 2)
        self.again = self.first
        self.tied = nn.Embedding(3, 2)
        self.table = self.tied.embedding_table


class NoPrefix(nn.Cell):
    def __init__(self):
        super().__init__(auto_prefix=False)
        self.dense = nn.Dense(2, 2)
        self.inner = Inner()


class Outer(nn.Cell):
    def __init__(self):
        super().__init__()
        self.net = NoPrefix()
        self.body = Containers()


class Replaced(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(2, 2)
        self.fc = nn.Dense(2, 3)
        self.bias = None
        self.bias = vector()
        self.gone = nn.Dense(2, 2)
        self.gone = None


class Trainable(nn.Cell):
    """Frozen parameters keep their names and places."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm2d(2)
        self.frozen = nn.Dense(2, 2)
        for parameter in self.frozen.get_parameters():
            parameter.requires_grad = False
        self.lstm = nn.LSTM(2, 3, bidirectional=True)
        self.attention = nn.MultiheadAttention(4, 2)
        self.prelu = nn.PReLU(2)
        self.group = nn.GroupNorm(1, 2)
        self.conv = nn.Conv2dTranspose(2, 2, 3, has_bias=True)
