/** The slots of a frame that starts. */
import { Cell } from '../objects/containers.ts';
import type { Code, Frame } from '../objects/functions.ts';
import type { PyValue } from '../objects/object.ts';

/** Unbound slots, with fresh cells and with the cells that are shared with the frame around (null at module level). */
export function freshSlots(
  code: Pick<Code, 'slotNames' | 'cells' | 'free'>,
  outer: Frame | null,
): (PyValue | undefined)[] {
  const slots: (PyValue | undefined)[] = code.slotNames.map(() => undefined);
  for (const slot of code.cells) slots[slot] = new Cell();
  for (const [from, to] of code.free) slots[to] = outer?.slots[from];
  return slots;
}
