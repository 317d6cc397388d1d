"""One optimizer on given gradients: every cell updates the same four parameters."""
import mindspore as ms
import numpy as np
from mindspore import Parameter, Tensor, nn


class Weights(nn.Cell):
    """Parameters of several kinds: weight decay skips `gamma`, centralization wants a second dimension of 16 n."""

    def __init__(self):
        super().__init__()
        self.weight = Parameter(Tensor(np.zeros((3, 4), np.float32)), name='weight')
        self.bias = Parameter(Tensor(np.zeros((4,), np.float32)), name='bias')
        self.gamma = Parameter(Tensor(np.ones((4,), np.float32)), name='gamma')
        self.table = Parameter(Tensor(np.zeros((2, 16), np.float32)), name='table')


class Step(nn.Cell):
    def __init__(self, make):
        super().__init__(auto_prefix=False)
        self.weights = Weights()
        self.optimizer = make(self.weights)

    def construct(self, d_weight, d_bias, d_gamma, d_table):
        gradients = (d_weight, d_bias, d_gamma, d_table)
        self.optimizer(gradients)
        return self.weights.weight + 0.0


def _groups(weights, **first):
    return [{'params': [weights.table, weights.weight], **first}, {'params': [weights.bias, weights.gamma]},
            {'order_params': weights.trainable_params()}]


CASES = {
    'momentum': lambda w: nn.Momentum(w.trainable_params(), 0.1, 0.9),
    'momentum_nesterov': lambda w: nn.Momentum(w.trainable_params(), 0.1, 0.9, weight_decay=0.01, loss_scale=4.0,
                                               use_nesterov=True),
    'momentum_groups': lambda w: nn.Momentum(_groups(w, lr=0.05, weight_decay=0.1, grad_centralization=True), 0.1,
                                             0.9, weight_decay=0.01),
    'momentum_rates': lambda w: nn.Momentum(w.trainable_params(), nn.cosine_decay_lr(0.01, 0.1, 6, 2, 3), 0.8),
    'sgd': lambda w: nn.SGD(w.trainable_params(), 0.1),
    'sgd_momentum': lambda w: nn.SGD(w.trainable_params(), 0.1, momentum=0.9, dampening=0.25, weight_decay=0.05,
                                     loss_scale=2.0),
    'sgd_nesterov': lambda w: nn.SGD(w.trainable_params(), 0.1, momentum=0.9, nesterov=True),
    'sgd_groups': lambda w: nn.SGD(_groups(w, lr=nn.ExponentialDecayLR(0.2, 0.5, 2)), 0.1, momentum=0.5,
                                   weight_decay=0.1),
    'adam': lambda w: nn.Adam(w.trainable_params(), 0.01),
    'adam_nesterov': lambda w: nn.Adam(w.trainable_params(), 0.01, beta1=0.8, beta2=0.95, eps=1e-3, use_nesterov=True,
                                       weight_decay=0.1, loss_scale=8.0),
    'adam_amsgrad': lambda w: nn.Adam(w.trainable_params(), 0.01, beta2=0.5, use_amsgrad=True),
    'adam_warmup': lambda w: nn.Adam(_groups(w, weight_decay=0.2), nn.WarmUpLR(0.1, 2)),
    'adam_weight_decay': lambda w: nn.AdamWeightDecay(w.trainable_params(), 0.01, weight_decay=0.1),
    'adam_weight_decay_groups': lambda w: nn.AdamWeightDecay(_groups(w, lr=0.1, weight_decay=0.0), 0.01,
                                                             beta1=0.7, weight_decay=0.5),
    'rmsprop': lambda w: nn.RMSProp(w.trainable_params(), 0.05),
    'rmsprop_momentum': lambda w: nn.RMSProp(w.trainable_params(), 0.05, decay=0.8, momentum=0.9, epsilon=1e-6,
                                             weight_decay=0.1),
    'rmsprop_centered': lambda w: nn.RMSProp(w.trainable_params(), 0.05, centered=True, momentum=0.5),
    'adagrad': lambda w: nn.Adagrad(w.trainable_params(), learning_rate=0.1, weight_decay=0.1),
    'adadelta': lambda w: nn.Adadelta(w.trainable_params(), learning_rate=0.5),
    'adamax': lambda w: nn.AdaMax(w.trainable_params(), 0.01),
    'ftrl': lambda w: nn.FTRL(w.trainable_params(), learning_rate=0.1, l2=0.1),
    'proximal_adagrad': lambda w: nn.ProximalAdagrad(w.trainable_params(), learning_rate=0.1, l1=0.05, l2=0.1),
    'lamb': lambda w: nn.Lamb(w.trainable_params(), nn.PolynomialDecayLR(0.1, 0.01, 4, 2.0), weight_decay=0.1),
    'lars': lambda w: nn.LARS(nn.Momentum(w.trainable_params(), 0.1, 0.9, weight_decay=0.1), coefficient=0.5),
    'lars_clip': lambda w: nn.LARS(nn.Momentum(w.trainable_params(), 0.1, 0.9), use_clip=True, coefficient=0.05),
    'rprop': lambda w: nn.Rprop(w.trainable_params(), 0.05),
    'asgd': lambda w: nn.ASGD(w.trainable_params(), 0.05, lambd=0.1, t0=1.0),
}


def case(name):
    return Step(CASES[name])


def schedules(global_step):
    """The rates of every schedule at one step."""
    made = (nn.ExponentialDecayLR(0.1, 0.9, 4), nn.ExponentialDecayLR(0.1, 0.9, 4, True),
            nn.NaturalExpDecayLR(0.1, 0.9, 4), nn.NaturalExpDecayLR(0.1, 0.9, 4, True),
            nn.InverseDecayLR(0.1, 0.5, 4), nn.InverseDecayLR(0.1, 0.5, 4, True), nn.CosineDecayLR(0.01, 0.1, 6),
            nn.PolynomialDecayLR(0.1, 0.01, 4, 0.5), nn.PolynomialDecayLR(0.1, 0.01, 4, 0.5, True),
            nn.WarmUpLR(0.1, 3))
    return tuple([rate(global_step) for rate in made])


def rate_lists():
    """Every list of rates."""
    return (nn.piecewise_constant_lr([2, 5, 7], [0.1, 0.05, 0.01]),
            nn.exponential_decay_lr(0.1, 0.9, 7, 2, 2), nn.exponential_decay_lr(0.1, 0.9, 7, 2, 2, True),
            nn.natural_exp_decay_lr(0.1, 0.9, 7, 2, 2), nn.natural_exp_decay_lr(0.1, 0.9, 7, 2, 2, True),
            nn.inverse_decay_lr(0.1, 0.5, 7, 2, 2), nn.inverse_decay_lr(0.1, 0.5, 7, 2, 2, True),
            nn.cosine_decay_lr(0.01, 0.1, 7, 2, 2), nn.polynomial_decay_lr(0.1, 0.01, 7, 2, 2, 0.5),
            nn.polynomial_decay_lr(0.1, 0.01, 7, 2, 2, 0.5, True), nn.warmup_lr(0.1, 7, 2, 2))
