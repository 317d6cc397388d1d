/** Reshape of row-major tensors is no work: the same bytes. */
import type { LowerRule } from '../lowering.ts';

export const reshapeRule: LowerRule = (op, lowering) => {
  lowering.alias(op.results[0], op.operands[0]);
  return null;
};
