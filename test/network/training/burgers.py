"""Burgers' equation by a network: u_t + u u_x = (0.01 / pi) u_xx; derivatives of derivatives, then of the weights."""
import math

import mindspore as ms
from mindspore import nn, ops

INPUTS = {'x': 'float32[12,1]', 't': 'float32[12,1]', 'x0': 'float32[6,1]'}
STEPS = 4


class Network(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layers = nn.SequentialCell(nn.Dense(2, 20), nn.Tanh(), nn.Dense(20, 20), nn.Tanh(), nn.Dense(20, 1))

    def construct(self, x, t):
        return self.layers(ops.concat((x, t), 1))


class FirstOrder(nn.Cell):
    """The derivative of one input, summed over the outputs."""

    def __init__(self, network, position):
        super().__init__(auto_prefix=False)
        self.network = network
        self.position = position
        self.grad = ops.GradOperation(get_all=True)

    def construct(self, x, t):
        return self.grad(self.network)(x, t)[self.position]


class Loss(nn.Cell):
    def __init__(self, network):
        super().__init__()
        self.network = network
        self.u_x = FirstOrder(network, 0)
        self.u_t = FirstOrder(network, 1)
        self.u_xx = FirstOrder(self.u_x, 0)

    def construct(self, x, t, x0):
        u = self.network(x, t)
        residual = self.u_t(x, t) + u * self.u_x(x, t) - 0.01 / math.pi * self.u_xx(x, t)
        start = self.network(x0, ops.zeros_like(x0)) + ops.sin(math.pi * x0)
        return ops.mean(ops.square(residual)) + ops.mean(ops.square(start))


def step():
    network = Loss(Network())
    return nn.TrainOneStepCell(network, nn.Adam(network.trainable_params(), 0.01))


def networks(made):
    return [made.network]
