/** The lower column of the grid: which rule makes kernels for which op. */
import type { Diagnostic, Operation } from '../../ir/index.ts';
import type { LowerRule } from './lowering.ts';
import { unsupported } from './diagnostics.ts';
import { matmulRule } from './cube/matmul-rule.ts';
import { convolutionRule, poolRule, relayoutRule } from './image/rules.ts';
import { FUSED, RELAYOUT } from '../../passes/fuse/index.ts';
import { isRowwise, rowwiseRule } from './rowwise/rule.ts';
import { reshapeRule } from './shape/reshape.ts';

export const RULES: Readonly<Record<string, LowerRule>> = {
  [FUSED]: rowwiseRule,
  [RELAYOUT]: relayoutRule,
  'ms.conv2d': convolutionRule,
  'ms.max_pool2d': poolRule,
  'ms.avg_pool2d': poolRule,
  'ms.matmul': matmulRule,
  'ms.batch_matmul': matmulRule,
  'ms.dense': matmulRule,
  'ms.reshape': reshapeRule,
};

/** The rule of an op, or what to tell the user. */
export function ruleOf(op: Operation): LowerRule | Diagnostic {
  const rule = RULES[op.name];
  if (rule) return rule;
  if (isRowwise(op)) return rowwiseRule;
  return unsupported(op, `'${op.name}'`, 'no rule of the backend lowers it');
}
