/**
 * Places every on-chip buffer of a kernel: no two overlap while both are live, capacities and alignments kept.
 *
 * Lifetimes are intervals of positions in the flattened kernel; a use inside a loop that does not contain the
 * allocation keeps the buffer over the whole loop, and a double-buffered allocation lives as long as its loop.
 * First fit over buffers sorted by size. The queues run asynchronously, so two buffers that share an address are
 * kept apart in time by the flags of `synchronize`, which works on addresses.
 */
import type { Block, Operation } from '../../ir/index.ts';
import { integerAttribute } from '../../ir/index.ts';
import { ALLOC, allocation, rootBuffer, spaceOf } from '../tile/dialect.ts';
import type { Space } from '../tile/dialect.ts';

/** Capacity in bytes of each on-chip memory of one core. */
export type Capacities = Readonly<Record<Exclude<Space, 'gm'>, number>>;

/** Byte alignment of a buffer in each on-chip memory. */
export const ALIGNMENT: Readonly<Record<Exclude<Space, 'gm'>, number>> = {
  ub: 32,
  l1: 512,
  l0a: 512,
  l0b: 512,
  l0c: 1024,
  bt: 64,
  fb: 128,
};

/** A range of positions, both ends included. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** One thing to place: its bytes, and when it is live. */
export interface Placement<Owner> {
  readonly owner: Owner;
  readonly bytes: number;
  readonly live: Interval;
}

/** Bytes used of each memory, and the least possible (the largest sum of bytes live at once). */
export interface MemoryReport {
  readonly space: Space;
  readonly peakBytes: number;
  readonly lowerBoundBytes: number;
}

/** A buffer set that no placement of ours fits into the memory. */
export interface DoesNotFit {
  readonly space: Space;
  readonly neededBytes: number;
  readonly capacityBytes: number;
}

/** Writes `address` on each allocation of the kernel. */
export function planKernelMemory(kernel: Operation, capacities: Capacities): readonly MemoryReport[] | DoesNotFit {
  const lifetimes = allocationLifetimes(kernel.regions[0]);
  const reports: MemoryReport[] = [];
  for (const space of Object.keys(capacities) as (keyof Capacities)[]) {
    const placements: Placement<Operation>[] = [];
    for (const [op, live] of lifetimes) {
      const wanted = allocation(op);
      if (wanted.space === space)
        placements.push({ owner: op, bytes: alignUp(wanted.bytes, ALIGNMENT[space]) * wanted.buffers, live });
    }
    if (placements.length === 0) continue;
    const plan = placeIntervals(placements, ALIGNMENT[space]);
    if (plan.peakBytes > capacities[space]) {
      return { space, neededBytes: plan.peakBytes, capacityBytes: capacities[space] };
    }
    for (const [op, address] of plan.addresses)
      op.attributes = new Map([...op.attributes, ['address', integerAttribute(address)]]);
    reports.push({ space, peakBytes: plan.peakBytes, lowerBoundBytes: lowerBound(placements) });
  }
  return reports;
}

/** First fit, larger first; ties by start so that the result is deterministic. Linear memory of unlimited size. */
export function placeIntervals<Owner>(
  placements: readonly Placement<Owner>[],
  alignment: number,
): { readonly addresses: ReadonlyMap<Owner, number>; readonly peakBytes: number } {
  const order = placements.map((_, index) => index);
  order.sort(
    (a, b) => placements[b].bytes - placements[a].bytes || placements[a].live.start - placements[b].live.start || a - b,
  );
  const placed: { readonly address: number; readonly placement: Placement<Owner> }[] = [];
  const addresses = new Map<Owner, number>();
  let peakBytes = 0;
  for (const index of order) {
    const placement = placements[index];
    let address = 0;
    // `placed` is sorted by address, so the first gap that is large enough is found in one sweep.
    for (const other of placed) {
      if (!overlaps(other.placement.live, placement.live)) continue;
      if (other.address >= address + placement.bytes) break;
      address = Math.max(address, alignUp(other.address + other.placement.bytes, alignment));
    }
    const at = placed.findIndex((other) => other.address > address);
    placed.splice(at < 0 ? placed.length : at, 0, { address, placement });
    addresses.set(placement.owner, address);
    peakBytes = Math.max(peakBytes, address + placement.bytes);
  }
  return { addresses, peakBytes };
}

/** The most bytes that are live at one position: no plan can be smaller. */
export function lowerBound(placements: readonly Placement<unknown>[]): number {
  const changes = placements.flatMap(
    ({ bytes, live }) =>
      [
        [live.start, bytes],
        [live.end + 1, -bytes],
      ] as const,
  );
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let now = 0;
  let most = 0;
  for (const [, bytes] of changes) {
    now += bytes;
    most = Math.max(most, now);
  }
  return most;
}

function overlaps(a: Interval, b: Interval): boolean {
  return a.start <= b.end && b.start <= a.end;
}

export function alignUp(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

interface LoopRange {
  readonly block: Block;
  readonly start: number;
  end: number;
}

/** When each allocation is live, in positions of the flattened kernel: the first op has position 1, what it holds follows it. */
export function allocationLifetimes(body: Block): ReadonlyMap<Operation, Interval> {
  const live = new Map<Operation, { start: number; end: number }>();
  const home = new Map<Operation, readonly LoopRange[]>();
  const uses: { readonly op: Operation; readonly position: number; readonly loops: readonly LoopRange[] }[] = [];
  let position = 0;
  const visit = (block: Block, loops: readonly LoopRange[]): void => {
    for (const op of block.operations) {
      position++;
      if (op.name === ALLOC) home.set(op, loops);
      for (const operand of op.operands) {
        const owner = spaceOf(operand.type) === null ? null : rootBuffer(operand).owner;
        if (owner !== null && 'name' in owner && owner.name === ALLOC) uses.push({ op: owner, position, loops });
      }
      for (const region of op.regions) {
        const range: LoopRange = { block: region, start: position, end: position };
        visit(region, op.name === 'scf.for' ? [...loops, range] : loops);
        range.end = position;
      }
    }
  };
  visit(body, []);
  for (const use of uses) {
    const inside = home.get(use.op) ?? [];
    const outer = use.loops.find((loop) => !inside.includes(loop));
    const known = live.get(use.op) ?? { start: Infinity, end: -1 };
    known.start = Math.min(known.start, outer?.start ?? use.position);
    known.end = Math.max(known.end, outer?.end ?? use.position);
    live.set(use.op, known);
  }
  for (const [op, loops] of home) {
    const loop = loops.at(-1);
    if (allocation(op).buffers > 1 && loop && live.has(op)) live.set(op, { start: loop.start, end: loop.end });
  }
  return live;
}
