/** Accesses to GM of one launch, checked against each other at its end by a sweep over addresses. */
import type { Clock } from './clocks.ts';

/** One range of GM touched by one operation. */
export interface GlobalAccess {
  readonly start: number;
  readonly end: number;
  readonly isWrite: boolean;
  readonly isAtomic: boolean;
  readonly core: number;
  readonly pipe: number;
  readonly thread: number;
  readonly operation: number;
  readonly clock: Clock;
  /** Operations of this pipe start in order and finish in order. */
  readonly pc: number;
}

function isOrderedBefore(earlier: GlobalAccess, later: GlobalAccess): boolean {
  if (earlier.thread === later.thread && earlier.operation < later.operation && !earlier.isWrite) return true;
  return (later.clock[earlier.thread] ?? 0) >= earlier.operation;
}

function conflicts(a: GlobalAccess, b: GlobalAccess): boolean {
  if (a.thread === b.thread && a.operation === b.operation) return false;
  if (a.isAtomic && b.isAtomic) return false;
  return !isOrderedBefore(a, b) && !isOrderedBefore(b, a);
}

/** Pairs of overlapping accesses, at least one a write, that no flag orders; at most `limit`. */
export function globalConflicts(
  accesses: readonly GlobalAccess[],
  limit: number,
): readonly (readonly [GlobalAccess, GlobalAccess])[] {
  const found: (readonly [GlobalAccess, GlobalAccess])[] = [];
  let writes: GlobalAccess[] = [];
  let reads: GlobalAccess[] = [];
  for (const access of [...accesses].sort(
    (a, b) => a.start - b.start || a.thread - b.thread || a.operation - b.operation,
  )) {
    writes = writes.filter((other) => other.end > access.start);
    const others = access.isWrite
      ? [...writes, ...(reads = reads.filter((other) => other.end > access.start))]
      : writes;
    for (const other of others) {
      if (found.length < limit && conflicts(other, access)) found.push([other, access]);
    }
    (access.isWrite ? writes : reads).push(access);
    if (reads.length > 4096) reads = reads.filter((other) => other.end > access.start);
  }
  return found;
}
