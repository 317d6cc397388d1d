"""mindspore.nn: cells, layers, losses and optimizers by their public names."""
from mindspore.nn.cell import Cell, GraphKernel
from mindspore.nn.layer import *
from mindspore.nn.loss import *
from mindspore.nn.optim import *
from mindspore.nn.wrap import *
from mindspore.nn.dynamic_lr import *
from mindspore.nn.learning_rate_schedule import *
from mindspore.nn.metrics import *
