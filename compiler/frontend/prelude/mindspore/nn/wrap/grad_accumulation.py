"""Networks that take a batch in pieces and give the mean or sum of the losses."""
from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.nn.cell import Cell


def _pieces(inputs, count):
    """The inputs of each piece: all tensors cut along the batch."""
    cut = [ops.split(item, item.shape[0] // count, 0) for item in inputs]
    return list(zip(*cut))


class PipelineCell(Cell):
    """Micro batches: the losses of the pieces are added up."""

    def __init__(self, network, micro_size, stage_config=None, segment_config=None):
        super().__init__(auto_prefix=False)
        self.network = network
        self.micro_size = validator.check_positive_int(micro_size, 'micro_size', self.cls_name)
        self.stage_config = stage_config
        if stage_config:
            for name, cell in network.cells_and_names():
                if name in stage_config:
                    cell.pipeline_stage = stage_config[name]

    def construct(self, *inputs):
        total = None
        for piece in _pieces(inputs, self.micro_size):
            loss = self.network(*piece)
            total = loss if total is None else total + loss
        return total


class GradAccumulationCell(PipelineCell):
    def __init__(self, network, micro_size):
        super().__init__(network, micro_size)


class MicroBatchInterleaved(Cell):
    """Copies of a network that work on parts of a batch; the mean of their losses."""

    def __init__(self, network, interleave_num=2):
        super().__init__(auto_prefix=False)
        self.network = network
        self.interleave_num = validator.check_positive_int(interleave_num, 'interleave_num', self.cls_name)

    def construct(self, *inputs):
        losses = [self.network(*piece) for piece in _pieces(inputs, self.interleave_num)]
        return ops.addn(losses) / self.interleave_num
