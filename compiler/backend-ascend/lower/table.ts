/** The lower column of the grid: which rule makes kernels for which op. */
import type { Diagnostic, Operation } from '../../ir/index.ts';
import type { LowerRule } from './lowering.ts';
import { unsupported } from './diagnostics.ts';
import { matmulRule } from './cube/matmul-rule.ts';
import { convolutionRule, poolRule, relayoutRule } from './image/rules.ts';
import { FUSED, RELAYOUT } from '../../passes/fuse/index.ts';
import { isRowwise, rowwiseRule } from './rowwise/rule.ts';
import { gatherElementsRule, gatherNdRule, gatherRule, scatterElementsRule, scatterNdRule } from './index/rule.ts';
import { reduceRule } from './reduce/rule.ts';
import { scanRule } from './reduce/scan-rule.ts';
import { sortRule, topKRule } from './reduce/sort-rule.ts';
import { lowerSeparately } from './separate.ts';
import { constantRule, iotaRule } from './shape/constant.ts';
import { padRule } from './shape/pad.ts';
import { broadcastRule, repeatRule, reverseRule, rollRule, tileRule } from './shape/repeat.ts';
import { reshapeRule } from './shape/reshape.ts';
import { concatRule, sliceRule, sliceUpdateRule, splitRule } from './shape/slice.ts';
import { transposeRule } from './shape/transpose.ts';

/** A group as one kernel, or else its ops one by one. */
const groupRule: LowerRule = (op, lowering) => (rowwiseRule(op, lowering) === null ? null : lowerSeparately(op, lowering, ruleOf));

export const RULES: Readonly<Record<string, LowerRule>> = {
  [FUSED]: groupRule,
  [RELAYOUT]: relayoutRule,
  'ms.conv2d': convolutionRule,
  'ms.max_pool2d': poolRule,
  'ms.avg_pool2d': poolRule,
  'ms.matmul': matmulRule,
  'ms.batch_matmul': matmulRule,
  'ms.dense': matmulRule,
  'ms.reshape': reshapeRule,
  'ms.constant': constantRule,
  'ms.iota': iotaRule,
  'ms.transpose': transposeRule,
  'ms.slice': sliceRule,
  'ms.slice_update': sliceUpdateRule,
  'ms.concat': concatRule,
  'ms.split': splitRule,
  'ms.broadcast_to': broadcastRule,
  'ms.tile': tileRule,
  'ms.repeat': repeatRule,
  'ms.reverse': reverseRule,
  'ms.roll': rollRule,
  'ms.pad': padRule,
  'ms.gather': gatherRule,
  'ms.gather_elements': gatherElementsRule,
  'ms.gather_nd': gatherNdRule,
  'ms.scatter_nd': scatterNdRule,
  'ms.scatter_elements': scatterElementsRule,
  'ms.cumsum': scanRule,
  'ms.cumprod': scanRule,
  'ms.sort': sortRule,
  'ms.top_k': topKRule,
  'ms.reduce_sum': reduceRule,
  'ms.reduce_mean': reduceRule,
  'ms.reduce_prod': reduceRule,
  'ms.reduce_max': reduceRule,
  'ms.reduce_min': reduceRule,
  'ms.reduce_any': reduceRule,
  'ms.reduce_all': reduceRule,
};

/** The rule of an op, or what to tell the user. */
export function ruleOf(op: Operation): LowerRule | Diagnostic {
  const rule = RULES[op.name];
  if (rule) return rule;
  if (isRowwise(op)) return rowwiseRule;
  return unsupported(op, `'${op.name}'`, 'no rule of the backend lowers it');
}
