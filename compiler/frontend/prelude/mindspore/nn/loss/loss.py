from mindspore.nn.loss import *
from mindspore.nn.loss import LossBase, _Loss
