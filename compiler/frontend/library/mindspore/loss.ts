/** Losses as functions and primitives; what they compute is Python of the prelude. */
import { prelude, row, type ApiRow } from './table.ts';

export const lossApi: readonly ApiRow[] = [
  row(
    'x, target, reduction',
    prelude('loss.mse_loss'),
    `
    ops.mse_loss(input, target, reduction='mean'); functional.mse_loss(input, target, reduction='mean')
  `,
  ),
  row(
    'x, target, reduction',
    prelude('loss.l1_loss'),
    `
    ops.l1_loss(input, target, reduction='mean'); functional.l1_loss(input, target, reduction='mean')
  `,
  ),
  row(
    'x, target, beta, reduction',
    prelude('loss.smooth_l1_loss'),
    `
    ops.smooth_l1_loss(input, target, beta=1.0, reduction='none'); ops.SmoothL1Loss(beta=1.0, reduction='none')(prediction, target)
    functional.smooth_l1_loss(input, target, reduction:reduction='mean', beta:beta=1.0)
  `,
  ),
  row(
    'x, target, reduction, delta',
    prelude('loss.huber_loss'),
    `ops.huber_loss(input, target, reduction='mean', delta=1.0)`,
  ),
  row(
    'log_probabilities, target, reduction',
    prelude('loss.kl_div'),
    `ops.kl_div(logits, labels, reduction='mean'); ops.KLDivLoss(reduction='mean')(logits, labels)`,
  ),
  row(
    'probabilities, target, weight, reduction',
    prelude('loss.binary_cross_entropy'),
    `
    ops.binary_cross_entropy(logits, labels, weight=None, reduction='mean')
    ops.BinaryCrossEntropy(reduction='mean')(input, target, weight=None)
    functional.binary_cross_entropy(input, target, weight=None, reduction='mean')
  `,
  ),
  row(
    'logits, target, weight, pos_weight, reduction',
    prelude('loss.binary_cross_entropy_with_logits'),
    `
    ops.binary_cross_entropy_with_logits(input, target, weight=None, pos_weight=None, reduction='mean')
    ops.BCEWithLogitsLoss(reduction='mean')(input, target, weight=None, posWeight=None)
    functional.binary_cross_entropy_with_logits(input, target, weight=None, reduction:reduction='mean', pos_weight:pos_weight=None)
  `,
  ),
  row(
    'logits, target',
    prelude('loss.sigmoid_cross_entropy_with_logits'),
    `ops.SigmoidCrossEntropyWithLogits()(logits, label)`,
  ),
  row(
    'logits, labels',
    prelude('loss.softmax_cross_entropy_with_logits'),
    `ops.SoftmaxCrossEntropyWithLogits()(logits, labels)`,
  ),
  row(
    'logits, labels, is_grad',
    prelude('loss.sparse_softmax_cross_entropy_with_logits'),
    `ops.SparseSoftmaxCrossEntropyWithLogits(is_grad=False)(logits, labels)`,
  ),
  row(
    'logits, target, weight, ignore_index, reduction, label_smoothing',
    prelude('loss.cross_entropy'),
    `
    ops.cross_entropy(input, target, weight=None, ignore_index=-100, reduction='mean', label_smoothing=0.0)
    functional.cross_entropy(input, target, weight=None, ignore_index=-100, reduction='mean', label_smoothing=0.0)
  `,
  ),
  row(
    'log_probabilities, target, weight, ignore_index, reduction, label_smoothing',
    prelude('loss.nll_loss'),
    `
    ops.nll_loss(inputs, target, weight=None, ignore_index=-100, reduction='mean', label_smoothing=0.0)
    functional.nll_loss(input, target, weight=None, ignore_index=-100, reduction='mean')
  `,
  ),
  row(
    'log_probabilities, target, weight, reduction, ignore_index',
    prelude('loss.nll_loss_primitive'),
    `ops.NLLLoss(reduction='mean', ignore_index=-100)(logits, labels, weight)`,
  ),
  row(
    'first, second, target, margin, reduction',
    prelude('loss.margin_ranking_loss'),
    `ops.margin_ranking_loss(input1, input2, target, margin=0.0, reduction='mean')`,
  ),
  row(
    'x, target, reduction',
    prelude('loss.soft_margin_loss'),
    `
    ops.soft_margin_loss(input, target, reduction='mean'); ops.SoftMarginLoss(reduction='mean')(input, target)
    functional.soft_margin_loss(input, target, reduction='mean')
  `,
  ),
  row(
    'x, target, weight, reduction',
    prelude('loss.multilabel_soft_margin_loss'),
    `ops.multilabel_soft_margin_loss(input, target, weight=None, reduction='mean')`,
  ),
  row(
    'x, target, p, margin, weight, reduction',
    prelude('loss.multi_margin_loss'),
    `
    ops.multi_margin_loss(input, target, p=1, margin=1, weight=None, reduction='mean')
    ops.MultiMarginLoss(p:p=1, margin:margin=1.0, reduction:reduction='mean')(x, target, weight:weight=None)
  `,
  ),
  row(
    'first, second, target, margin, reduction',
    prelude('loss.cosine_embedding_loss'),
    `ops.cosine_embedding_loss(input1, input2, target, margin=0.0, reduction='mean')`,
  ),
  row(
    'anchor, positive, negative, margin, p, eps, swap, reduction',
    prelude('loss.triplet_margin_loss'),
    `ops.triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False, reduction='mean')`,
  ),
  row(
    'x, target, variance, full, eps, reduction',
    prelude('loss.gaussian_nll_loss'),
    `ops.gaussian_nll_loss(x, target, var, full=False, eps=1e-06, reduction='mean')`,
  ),
  row(
    'x, target, margin, reduction',
    prelude('loss.hinge_embedding_loss'),
    `ops.hinge_embedding_loss(inputs, targets, margin=1.0, reduction='mean')`,
  ),
];
