from mindspore.nn.optim import Optimizer
