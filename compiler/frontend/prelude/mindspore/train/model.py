from mindspore.train import Model
