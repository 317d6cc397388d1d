from mindspore.nn.optim.ada_grad import ProximalAdagrad
