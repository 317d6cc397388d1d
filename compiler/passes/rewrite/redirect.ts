/** Replacing values where there are no user lists: each reader is pointed at the new value as it is reached. */
import type { Operation, Value } from '../../ir/index.ts';

/** Points an operation, and all inside it, at the values that replace its operands. */
export function redirectOperands(op: Operation, replaced: ReadonlyMap<Value, Value>): void {
  op.operands.forEach((operand, index) => {
    const other = replaced.get(operand);
    if (other) op.setOperand(index, other);
  });
  for (const region of op.regions) for (const inner of region.operations) redirectOperands(inner, replaced);
}
