from mindspore.nn.optim.adam import AdaMax
