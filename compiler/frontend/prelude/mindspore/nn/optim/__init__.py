"""Optimizers by their public names."""
from mindspore.common.absent import absent
from mindspore.nn.optim.optimizer import Optimizer
from mindspore.nn.optim.ada_grad import Adagrad, ProximalAdagrad
from mindspore.nn.optim.adadelta import Adadelta
from mindspore.nn.optim.adam import Adam, AdaMax, AdamOffload, AdamWeightDecay, LazyAdam
from mindspore.nn.optim.asgd import ASGD
from mindspore.nn.optim.ftrl import FTRL
from mindspore.nn.optim.lamb import Lamb
from mindspore.nn.optim.lars import LARS
from mindspore.nn.optim.momentum import Momentum
from mindspore.nn.optim.rmsprop import RMSProp
from mindspore.nn.optim.rprop import Rprop
from mindspore.nn.optim.sgd import SGD

AdaFactor = absent('mindspore.nn.AdaFactor')
AdaSumByDeltaWeightWrapCell = absent('mindspore.nn.AdaSumByDeltaWeightWrapCell')
AdaSumByGradWrapCell = absent('mindspore.nn.AdaSumByGradWrapCell')
thor = absent('mindspore.nn.thor')
