from mindspore.nn.optim.adam import LazyAdam
