"""Effects under a condition on tensors: an overflow leaves the weights alone and halves the loss scale."""
import mindspore as ms
from mindspore import nn, ops

INPUTS = {'data': 'float32[4,6]', 'label': 'float32[4,3]', 'spike': 'float32[1]'}
STEPS = 6


def unscaled(scale, grad):
    return grad / scale


class TrainStep(nn.TrainOneStepWithLossScaleCell):
    def construct(self, data, label, spike):
        label = label * ops.select(spike > 0.5, 1e38, 1.0)
        loss = self.network(data, label)
        scale = self.scale_sense + 0.0
        grads = self.grad(self.network, self.weights)(data, label, ops.ones_like(loss) * scale)
        grads = ops.HyperMap()(ops.partial(unscaled, scale), grads)
        overflow = self.process_loss_scale(ops.logical_not(ms.amp.all_finite(grads)))
        if not overflow:
            loss = ops.depend(loss, self.optimizer(grads))
        return ops.select(overflow, 0.0, loss), scale


def step():
    network = nn.SequentialCell(nn.Dense(6, 5, activation='tanh'), nn.Dense(5, 3))
    optimizer = nn.Momentum(network.trainable_params(), nn.WarmUpLR(0.1, 3), 0.9)
    return TrainStep(nn.WithLossCell(network, nn.MSELoss()), optimizer, nn.DynamicLossScaleUpdateCell(2 ** 8, 2, 2))


def networks(made):
    return [made.network]
