"""mindcv's own losses."""
from losses import DISTRIBUTIONS, SCORES, CLASSES, PROBABILITIES, GradientOfTwo, Two
from mindcv.loss.asymmetric import AsymmetricLossMultilabel, AsymmetricLossSingleLabel
from mindcv.loss.binary_cross_entropy_smooth import BinaryCrossEntropySmooth
from mindcv.loss.cross_entropy_smooth import CrossEntropySmooth
from mindcv.loss.jsd import JSDCrossEntropy

CASES = {
    'cross_entropy_smooth': (CrossEntropySmooth(smoothing=0.1), [SCORES, CLASSES]),
    'cross_entropy_smooth_dense': (CrossEntropySmooth(smoothing=0.2, reduction='sum'), [SCORES, DISTRIBUTIONS]),
    'binary_cross_entropy_smooth': (BinaryCrossEntropySmooth(smoothing=0.1), [SCORES, PROBABILITIES]),
    'asymmetric_multilabel': (AsymmetricLossMultilabel(), [SCORES, PROBABILITIES]),
    'asymmetric_single_label': (AsymmetricLossSingleLabel(), [SCORES, CLASSES]),
    'jsd': (JSDCrossEntropy(), ['float32[6,4]', 'int32[6] below 4']),
}


def case(name):
    return Two(CASES[name][0])


def gradient(name):
    return GradientOfTwo(case(name))
