/** The lower column of the grid: which rule makes kernels for which op. Total by type. */
import type { Absent, Diagnostic, Operation } from '../../ir/index.ts';
import { absent, isAbsent } from '../../ir/index.ts';
import type { TensorOpName, activationOps, binaryOps, comparisonOps, unaryOps } from '../../ir/ops/index.ts';
import { FUSED, PATCHES, RELAYOUT } from '../../passes/fuse/index.ts';
import { missed, rule } from '../../passes/rewrite/index.ts';
import { matmulRule } from './cube/matmul-rule.ts';
import { unsupported } from './diagnostics.ts';
import { poolGradientRule, weightGradientRule } from './image/gradient-rules.ts';
import { convolutionRule, patchesRule, poolRule, relayoutRule } from './image/rules.ts';
import { oneHotRule } from './index/one-hot.ts';
import { gatherElementsRule, gatherNdRule, gatherRule, scatterElementsRule, scatterNdRule } from './index/rule.ts';
import type { LowerRule } from './lowering.ts';
import { randomRule } from './random/rule.ts';
import { extremePlaceRule } from './reduce/extreme-place.ts';
import { reduceRule } from './reduce/rule.ts';
import { scanRule } from './reduce/scan-rule.ts';
import { sortRule, topKRule } from './reduce/sort-rule.ts';
import { isRowwise, rowwiseRule } from './rowwise/rule.ts';
import { lowerSeparately } from './separate.ts';
import { castRule } from './shape/cast.ts';
import { constantRule, iotaRule } from './shape/constant.ts';
import { padRule } from './shape/pad.ts';
import { broadcastRule, repeatRule, reverseRule, rollRule, tileRule } from './shape/repeat.ts';
import { reshapeRule } from './shape/reshape.ts';
import { concatRule, sliceRule, sliceUpdateRule, splitRule } from './shape/slice.ts';
import { transposeRule } from './shape/transpose.ts';

/** Ops whose rules are instructions on tiles: the table of `rowwise/arithmetic.ts`. */
type Elementwise =
  keyof typeof unaryOps | keyof typeof binaryOps | keyof typeof comparisonOps | keyof typeof activationOps;

const decomposed = absent('it is decomposed before lowering');
const steps = absent('a step of the program, no kernel');

const LOWER: Readonly<Record<Exclude<TensorOpName, Elementwise> | 'ms.cast', LowerRule | Absent>> = {
  'ms.cast': castRule,
  'ms.constant': constantRule,
  'ms.iota': iotaRule,
  'ms.matmul': matmulRule,
  'ms.batch_matmul': matmulRule,
  'ms.dense': matmulRule,
  'ms.attention': decomposed,
  'ms.conv2d': convolutionRule,
  'ms.conv2d_transpose': absent('the fuse pass makes it a convolution'),
  'ms.max_pool2d': poolRule,
  'ms.avg_pool2d': poolRule,
  'ms.conv2d_weight_gradient': weightGradientRule,
  'ms.max_pool2d_gradient': poolGradientRule,
  'ms.adaptive_avg_pool2d': decomposed,
  'ms.resize_nearest': decomposed,
  'ms.resize_bilinear': decomposed,
  'ms.resize_bicubic': decomposed,
  'ms.reduce_sum': reduceRule,
  'ms.reduce_mean': reduceRule,
  'ms.reduce_prod': reduceRule,
  'ms.reduce_max': reduceRule,
  'ms.reduce_min': reduceRule,
  'ms.reduce_all': reduceRule,
  'ms.reduce_any': reduceRule,
  'ms.argmax': extremePlaceRule(ruleOf),
  'ms.argmin': extremePlaceRule(ruleOf),
  'ms.cumsum': scanRule,
  'ms.cumprod': scanRule,
  'ms.softmax': decomposed,
  'ms.log_softmax': decomposed,
  'ms.layer_norm': decomposed,
  'ms.rms_norm': decomposed,
  'ms.batch_norm': decomposed,
  'ms.group_norm': decomposed,
  'ms.reshape': reshapeRule,
  'ms.transpose': transposeRule,
  'ms.broadcast_to': broadcastRule,
  'ms.concat': concatRule,
  'ms.split': splitRule,
  'ms.slice': sliceRule,
  'ms.slice_update': sliceUpdateRule,
  'ms.pad': padRule,
  'ms.tile': tileRule,
  'ms.repeat': repeatRule,
  'ms.reverse': reverseRule,
  'ms.roll': rollRule,
  'ms.gather': gatherRule,
  'ms.gather_elements': gatherElementsRule,
  'ms.gather_nd': gatherNdRule,
  'ms.scatter_nd': scatterNdRule,
  'ms.scatter_elements': scatterElementsRule,
  'ms.one_hot': oneHotRule(ruleOf),
  'ms.triangle': decomposed,
  'ms.sort': sortRule,
  'ms.top_k': topKRule,
  'ms.random_uniform': randomRule,
  'ms.random_normal': randomRule,
  'ms.dropout': decomposed,
  'ms.depend': decomposed,
  'ms.print': steps,
  'ms.assert': steps,
};

const ONE_KERNEL = rule('one kernel for a group');

/** A group as one kernel, or else its ops one by one. */
const groupRule: LowerRule = (op, lowering) => {
  const problem = rowwiseRule(op, lowering);
  if (problem === null) return null;
  const [reason] = problem.notes;
  lowering.observer?.remark(missed(ONE_KERNEL, op, `${problem.message}: ${reason}`));
  return lowerSeparately(op, lowering, ruleOf);
};

/** Rules by op name, beside those of elementwise ops; the first ones are ops that the fuse pass makes. */
export const RULES: Readonly<Record<string, LowerRule>> = {
  [FUSED]: groupRule,
  [RELAYOUT]: relayoutRule,
  [PATCHES]: patchesRule,
  ...Object.fromEntries(
    Object.entries<LowerRule | Absent>(LOWER).flatMap(([name, cell]) => (isAbsent(cell) ? [] : [[name, cell]])),
  ),
};

/** The rule of an op, or what to tell the user. */
export function ruleOf(op: Operation): LowerRule | Diagnostic {
  const rule = RULES[op.name];
  if (rule) return rule;
  if (isRowwise(op)) return rowwiseRule;
  const cell: LowerRule | Absent | undefined = (LOWER as Readonly<Record<string, LowerRule | Absent>>)[op.name]; // any name may be asked for
  return unsupported(op, `'${op.name}'`, isAbsent(cell) ? cell.absent : 'no rule of the backend lowers it');
}
