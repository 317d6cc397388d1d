/**
 * A group that is too large for one kernel, op by op: every value between them is stored in GM.
 */
import type { Diagnostic, Operation } from '../../ir/index.ts';
import { YIELD } from '../../passes/fuse/index.ts';
import type { LowerRule, Lowering } from './lowering.ts';

/** Lowers the ops of a group by their own rules. */
export function lowerSeparately(group: Operation, lowering: Lowering, rule: (op: Operation) => LowerRule | Diagnostic): Diagnostic | null {
  const [body] = group.regions;
  body.arguments.forEach((argument, index) => lowering.alias(argument, group.operands[index]));
  for (const op of body.operations) {
    if (op.name === YIELD) {
      op.operands.forEach((operand, index) => lowering.alias(group.results[index], operand));
      continue;
    }
    const found = rule(op);
    const problem = typeof found === 'function' ? found(op, lowering) : found;
    if (problem) return problem;
  }
  return null;
}
