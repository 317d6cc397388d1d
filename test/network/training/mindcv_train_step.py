"""mindcv's own TrainStep: moving average of weights, clipped gradients, accumulation over two steps."""
import mindspore as ms
from mindcv.loss.cross_entropy_smooth import CrossEntropySmooth
from mindcv.optim.adamw import AdamW
from mindcv.utils.train_step import TrainStep
from mindspore import Tensor, nn

INPUTS = {'data': 'float32[4,6]', 'label': 'int32[4] below 5'}
STEPS = 4


def step():
    network = nn.SequentialCell(nn.Dense(6, 8, activation='relu'), nn.Dense(8, 5))
    with_loss = nn.WithLossCell(network, CrossEntropySmooth(smoothing=0.1))
    optimizer = AdamW(network.trainable_params(), nn.cosine_decay_lr(0.001, 0.01, 6, 1, 6), weight_decay=0.05)
    made = TrainStep(with_loss, optimizer, Tensor(4.0, ms.float32), ema=True, ema_decay=0.9, clip_grad=True,
                     clip_value=0.5, gradient_accumulation_steps=2)
    made.set_train()
    return made


def networks(made):
    return [made.network]
