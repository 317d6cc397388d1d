"""mindcv's own resnet18 in training: label smoothing, momentum with mindcv's groups."""
from mindcv.loss.cross_entropy_smooth import CrossEntropySmooth
from mindcv.models.resnet import resnet18
from mindcv.optim.optim_factory import init_group_params
from mindspore import nn

INPUTS = {'data': 'float32[4,3,64,64]', 'label': 'int32[4] below 10'}
STEPS = 2


def step():
    network = resnet18(num_classes=10)
    groups = init_group_params(network.trainable_params(), 1e-4, 'norm_and_bias', [])
    optimizer = nn.Momentum(groups, 0.005, 0.9)
    made = nn.TrainOneStepCell(nn.WithLossCell(network, CrossEntropySmooth(smoothing=0.1)), optimizer)
    made.set_train()
    return made


def networks(made):
    return [made.network]
