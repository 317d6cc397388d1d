"""Reducers of gradients over devices. A graph says what one device would compute; partitioning adds communication."""
from mindspore.nn.cell import Cell


class DistributedGradReducer(Cell):
    def __init__(self, parameters, mean=None, degree=None, fusion_type=1, group='hccl_world_group'):
        super().__init__(auto_prefix=False)
        self.mean = mean
        self.degree = degree
        self.group = group

    def construct(self, grads):
        return grads


class PipelineGradReducer(Cell):
    def __init__(self, parameters, scale_sense=1.0, opt_shard=None):
        super().__init__(auto_prefix=False)
        self.scale_sense = scale_sense

    def construct(self, grads):
        return tuple([gradient / self.scale_sense for gradient in grads])
