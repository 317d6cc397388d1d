/**
 * What rewriting keeps of where operations are to run: an operation whose operands or results the user divided stays as it
 * is, and what replaces an operation of a pipeline stage is on that stage.
 */
import type { Block, Operation, Value } from '../../ir/index.ts';
import { definingOperation } from '../../ir/index.ts';

const PINNING = ['dist.in', 'dist.out', 'dist.in_strategy', 'dist.out_strategy'] as const;
const STAGE = 'dist.stage';

/** Whether the user said how this very operation is divided. */
export const isPinned = (op: Operation): boolean =>
  op.attributes.size > 0 && PINNING.some((name) => op.attributes.has(name));

/** Whether a block holds an operation that the user divided. */
export const holdsPinned = (block: Block): boolean =>
  block.operations.some((op) => isPinned(op) || op.regions.some(holdsPinned));

/**
 * Whether an operation that the user divided would be left without uses when `op` gives way to `values`: a rule that takes
 * a bias into a product would drop the layout that the product was given.
 */
export function losesPinned(op: Operation, values: readonly Value[]): boolean {
  const kept = new Set(values);
  const given = new Map<Value, number>();
  const leaving = [op];
  for (const gone of leaving)
    for (const operand of gone.operands) {
      given.set(operand, (given.get(operand) ?? 0) + 1);
      const producer = definingOperation(operand);
      if (producer?.results.every((result) => !kept.has(result) && result.uses === (given.get(result) ?? 0)) !== true)
        continue;
      if (isPinned(producer)) return true;
      leaving.push(producer);
    }
  return false;
}

/** Whether an operation belongs to a pipeline stage. */
export const hasStage = (op: Operation): boolean => op.attributes.size > 0 && op.attributes.has(STAGE);

/** Puts new operations on the stage of the one they stand for, unless they have one. */
export function inheritStage(from: Operation, created: readonly Operation[]): void {
  const stage = from.attributes.get(STAGE);
  if (stage === undefined) return;
  for (const op of created) if (!op.attributes.has(STAGE)) op.attributes = new Map([...op.attributes, [STAGE, stage]]);
}
