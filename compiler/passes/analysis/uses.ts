/** Who uses a value. The IR stores use counts only; this builds the lists when a pass needs them. */
import type { Block, Operation, Value } from '../../ir/index.ts';
import { walk } from '../../ir/index.ts';

/** Users of every value used below a block, in program order; an operation appears once for each operand. */
export function usersOf(block: Block): ReadonlyMap<Value, readonly Operation[]> {
  const users = new Map<Value, Operation[]>();
  walk(block, (op) => {
    for (const operand of op.operands) {
      const list = users.get(operand);
      if (list) list.push(op);
      else users.set(operand, [op]);
    }
  });
  return users;
}
