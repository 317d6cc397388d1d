"""Learning rates as cells: absent."""
from mindspore.common.absent import absent

LearningRateSchedule = absent('mindspore.nn.LearningRateSchedule')
ExponentialDecayLR = absent('mindspore.nn.ExponentialDecayLR')
NaturalExpDecayLR = absent('mindspore.nn.NaturalExpDecayLR')
InverseDecayLR = absent('mindspore.nn.InverseDecayLR')
CosineDecayLR = absent('mindspore.nn.CosineDecayLR')
PolynomialDecayLR = absent('mindspore.nn.PolynomialDecayLR')
WarmUpLR = absent('mindspore.nn.WarmUpLR')
