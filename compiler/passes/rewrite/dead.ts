/** Removes operations that nobody uses: one backward sweep, since a removal only frees operations before it. */
import type { Block } from '../../ir/index.ts';
import type { PassObserver } from './observer.ts';
import { rule } from './observer.ts';
import type { Purity } from './purity.ts';

const DEAD = rule('dead operation');

/** Removes dead operations below a block; returns how many. */
export function removeDead(block: Block, purity: Purity, observer: PassObserver | null = null): number {
  const { operations } = block;
  let removed = 0;
  let write = operations.length;
  for (let read = operations.length - 1; read >= 0; read--) {
    const op = operations[read];
    if (isUnused(op.results) && purity.isPure(op)) {
      observer?.rewritten({ rule: DEAD, op, made: [], values: [] });
      op.dropUses();
      removed++;
      continue;
    }
    for (const region of op.regions) removed += removeDead(region, purity, observer);
    operations[--write] = op;
  }
  if (write > 0) operations.splice(0, write);
  return removed;
}

function isUnused(results: readonly { readonly uses: number }[]): boolean {
  for (let index = 0; index < results.length; index++) if (results[index].uses > 0) return false;
  return true;
}
