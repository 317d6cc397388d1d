/**
 * What rewriting keeps of where operations are to run: an operation whose operands or results the user divided stays as it
 * is, and what replaces an operation of a pipeline stage is on that stage.
 */
import type { Operation } from '../../ir/index.ts';

const PINNING = ['dist.in', 'dist.out', 'dist.in_strategy', 'dist.out_strategy'] as const;
const STAGE = 'dist.stage';

/** Whether the user said how this very operation is divided. */
export const isPinned = (op: Operation): boolean =>
  op.attributes.size > 0 && PINNING.some((name) => op.attributes.has(name));

/** Whether an operation belongs to a pipeline stage. */
export const hasStage = (op: Operation): boolean => op.attributes.size > 0 && op.attributes.has(STAGE);

/** Puts new operations on the stage of the one they stand for, unless they have one. */
export function inheritStage(from: Operation, created: readonly Operation[]): void {
  const stage = from.attributes.get(STAGE);
  if (stage === undefined) return;
  for (const op of created) if (!op.attributes.has(STAGE)) op.attributes = new Map([...op.attributes, [STAGE, stage]]);
}
