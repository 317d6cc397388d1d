from mindspore.nn.wrap import DistributedGradReducer
