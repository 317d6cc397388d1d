"""A network, a loss and an optimizer as one training cell."""
from mindspore import nn
from mindspore import _checkparam as validator
from mindspore.amp.cast import auto_mixed_precision, keep_batchnorm_in_float32
from mindspore.common import dtype as mstype
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell

_LEVELS = {'O0': {}, 'O1': {}, 'O2': {'loss_scale': True}, 'O3': {}, 'auto': {'loss_scale': True}}


class _WithLoss(Cell):
    """The loss of a network whose results may have half precision."""

    def __init__(self, backbone, loss_fn):
        super().__init__(auto_prefix=False)
        self._backbone = backbone
        self._loss_fn = loss_fn

    def construct(self, data, label):
        out = self._backbone(data)
        cast = isinstance(out, Tensor) and out.is_floating_point()
        return self._loss_fn(out.astype(mstype.float32) if cast else out, label)


def build_train_network(network, optimizer, loss_fn=None, level='O0', boost_level='O0', **kwargs):
    validator.check_string(level, list(_LEVELS), 'level')
    unknown = [key for key in kwargs if key not in ('cast_model_type', 'keep_batchnorm_fp32', 'loss_scale_manager')]
    if unknown:
        raise ValueError(f"The argument 'kwargs' got unexpected keys {unknown}.")
    if 'cast_model_type' in kwargs:
        if kwargs['cast_model_type'] == mstype.float16:
            network.to_float(mstype.float16)
            if kwargs.get('keep_batchnorm_fp32'):
                keep_batchnorm_in_float32(network)
    else:
        network = auto_mixed_precision(network, level)
    if loss_fn is not None:
        network = _WithLoss(network, loss_fn)
    manager = kwargs.get('loss_scale_manager')
    if manager is None and _LEVELS[level].get('loss_scale') and 'loss_scale_manager' not in kwargs:
        return nn.TrainOneStepWithLossScaleCell(network, optimizer, nn.DynamicLossScaleUpdateCell(2 ** 24, 2, 2000))
    update = None if manager is None else manager.get_update_cell()
    if update is not None:
        return nn.TrainOneStepWithLossScaleCell(network, optimizer, update)
    if manager is not None:
        return nn.TrainOneStepCell(network, optimizer, manager.get_loss_scale())
    return nn.TrainOneStepCell(network, optimizer)
