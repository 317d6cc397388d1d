"""Learning rates as lists: absent."""
from mindspore.common.absent import absent

piecewise_constant_lr = absent('mindspore.nn.piecewise_constant_lr')
exponential_decay_lr = absent('mindspore.nn.exponential_decay_lr')
natural_exp_decay_lr = absent('mindspore.nn.natural_exp_decay_lr')
inverse_decay_lr = absent('mindspore.nn.inverse_decay_lr')
cosine_decay_lr = absent('mindspore.nn.cosine_decay_lr')
polynomial_decay_lr = absent('mindspore.nn.polynomial_decay_lr')
warmup_lr = absent('mindspore.nn.warmup_lr')
