/** Control flow without values: as a run decided, or else as may be assumed. */
import type { Branch, WhileLoop } from '../../program/index.ts';

type Holds = (address: number, step: Branch | WhileLoop) => boolean;

/** The decisions of a run, in order (`RunOptions.decisions`). */
export function asDecided(decisions: readonly boolean[]): Holds {
  let next = 0;
  return () => decisions[next++] ?? false;
}

/** Branches are taken and loops turn once. */
export function assumed(): Holds {
  const turned = new Set<object>();
  return (_, step) => {
    if (step.kind === 'branch') return true;
    if (turned.delete(step)) return false;
    turned.add(step);
    return true;
  };
}
