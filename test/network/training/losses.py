"""Every loss on small inputs: `case(name)` is a cell of the inputs that `INPUTS` describes."""
import mindspore as ms
from mindspore import Tensor, nn, ops

SCORES, CLASSES, PROBABILITIES = 'float32[5,4]', 'int32[5] below 4', 'probability[5,4]'
DISTRIBUTIONS = 'distribution[5,4]'
SIGNS = 'sign[5]'
CLASS_WEIGHT = Tensor([1.0, 0.5, 2.0, 0.25], ms.float32)
IMAGE, IMAGE_CLASSES = 'float32[2,4,3]', 'int32[2,3] below 4'


class Two(nn.Cell):
    """Calls a function or cell with two inputs."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def construct(self, x0, x1):
        return self.function(x0, x1)


class Three(Two):
    def construct(self, x0, x1, x2):
        return self.function(x0, x1, x2)


CASES = {
    'softmax_cross_entropy': (nn.SoftmaxCrossEntropyWithLogits(), [SCORES, DISTRIBUTIONS]),
    'softmax_cross_entropy_mean': (nn.SoftmaxCrossEntropyWithLogits(reduction='mean'), [SCORES, DISTRIBUTIONS]),
    'softmax_cross_entropy_sparse': (nn.SoftmaxCrossEntropyWithLogits(sparse=True), [SCORES, CLASSES]),
    'softmax_cross_entropy_sparse_mean': (nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction='mean'),
                                          [SCORES, CLASSES]),
    'softmax_cross_entropy_sparse_sum': (nn.SoftmaxCrossEntropyWithLogits(True, 'sum'), [SCORES, CLASSES]),
    'cross_entropy': (nn.CrossEntropyLoss(), [SCORES, CLASSES]),
    'cross_entropy_smooth': (nn.CrossEntropyLoss(weight=CLASS_WEIGHT, ignore_index=1, label_smoothing=0.1),
                             [SCORES, CLASSES]),
    'cross_entropy_sum': (nn.CrossEntropyLoss(reduction='sum', label_smoothing=0.2), [SCORES, CLASSES]),
    'cross_entropy_none': (nn.CrossEntropyLoss(weight=CLASS_WEIGHT, reduction='none'), [SCORES, CLASSES]),
    'cross_entropy_probabilities': (nn.CrossEntropyLoss(label_smoothing=0.1), [SCORES, DISTRIBUTIONS]),
    'cross_entropy_image': (nn.CrossEntropyLoss(ignore_index=2), [IMAGE, IMAGE_CLASSES]),
    'cross_entropy_image_probabilities': (nn.CrossEntropyLoss(weight=CLASS_WEIGHT), [IMAGE, 'probability[2,4,3]']),
    'nll': (nn.NLLLoss(weight=CLASS_WEIGHT), [SCORES, CLASSES]),
    'nll_ignored': (nn.NLLLoss(ignore_index=0, reduction='none'), [SCORES, CLASSES]),
    'mse': (nn.MSELoss(), [SCORES, SCORES]),
    'mse_sum': (nn.MSELoss('sum'), [SCORES, SCORES]),
    'l1': (nn.L1Loss(), [SCORES, SCORES]),
    'mae': (nn.MAELoss('none'), [SCORES, SCORES]),
    'rmse': (nn.RMSELoss(), [SCORES, SCORES]),
    'smooth_l1': (nn.SmoothL1Loss(), [SCORES, SCORES]),
    'smooth_l1_mean': (nn.SmoothL1Loss(beta=0.25, reduction='mean'), [SCORES, SCORES]),
    'huber': (nn.HuberLoss(delta=0.3), [SCORES, SCORES]),
    'bce': (nn.BCELoss(), [PROBABILITIES, PROBABILITIES]),
    'bce_weighted': (nn.BCELoss(weight=Tensor([[1.0, 0.5, 2.0, 0.25]] * 5, ms.float32), reduction='sum'),
                     [PROBABILITIES, PROBABILITIES]),
    'bce_logits': (nn.BCEWithLogitsLoss(), [SCORES, PROBABILITIES]),
    'bce_logits_weighted': (nn.BCEWithLogitsLoss(reduction='none', weight=CLASS_WEIGHT, pos_weight=CLASS_WEIGHT),
                            [SCORES, PROBABILITIES]),
    'sigmoid_cross_entropy': (ops.SigmoidCrossEntropyWithLogits(), [SCORES, PROBABILITIES]),
    'kl_div': (nn.KLDivLoss(), [SCORES, PROBABILITIES]),
    'kl_div_batchmean': (nn.KLDivLoss('batchmean'), [SCORES, PROBABILITIES]),
    'focal': (nn.FocalLoss(weight=CLASS_WEIGHT), [SCORES, 'int32[5,1] below 4']),
    'focal_image': (nn.FocalLoss(gamma=1.5, reduction='sum'), [IMAGE, 'probability[2,4,3]']),
    'dice': (nn.DiceLoss(), [PROBABILITIES, PROBABILITIES]),
    'multi_class_dice': (nn.MultiClassDiceLoss(), [SCORES, PROBABILITIES]),
    'margin_ranking': (nn.MarginRankingLoss(margin=0.2), ['float32[5]', 'float32[5]', SIGNS]),
    'soft_margin': (nn.SoftMarginLoss(), ['float32[5]', SIGNS]),
    'multilabel_soft_margin': (nn.MultiLabelSoftMarginLoss(), [SCORES, PROBABILITIES]),
    'multi_margin': (nn.MultiMarginLoss(p=2), [SCORES, 'int64[5] below 4']),
    'cosine_embedding': (nn.CosineEmbeddingLoss(margin=0.1), [SCORES, SCORES, 'integer_sign[5]']),
    'triplet_margin': (nn.TripletMarginLoss(swap=True), [SCORES, SCORES, SCORES]),
    'gaussian_nll': (nn.GaussianNLLLoss(full=True), [SCORES, SCORES, PROBABILITIES]),
    'hinge_embedding': (nn.HingeEmbeddingLoss(), [SCORES, 'sign[5,4]']),
}


def case(name):
    function, inputs = CASES[name]
    return Two(function) if len(inputs) == 2 else Three(function)


class GradientOfTwo(nn.Cell):
    """The gradient of a loss (the sum of its elements) for its first input."""

    def __init__(self, loss):
        super().__init__()
        self.loss = loss

    def construct(self, x0, x1):
        return ops.grad(self.loss, 0)(x0, x1)


class GradientOfThree(GradientOfTwo):
    def construct(self, x0, x1, x2):
        return ops.grad(self.loss, 0)(x0, x1, x2)


def gradient(name):
    return GradientOfTwo(case(name)) if len(CASES[name][1]) == 2 else GradientOfThree(case(name))
