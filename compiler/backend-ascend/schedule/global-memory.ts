/**
 * Places every GM buffer of @main: by lifetimes over the steps, so that activations share memory.
 *
 * Arguments, constants and everything that `prepare` makes stay for good; a buffer that is returned lives to the end.
 * Buffers that coalescing made one lie at one address.
 */
import type { Operation, Value } from '../../ir/index.ts';
import { definingOperation, integerAttribute, stringOf, walk } from '../../ir/index.ts';
import { ALLOC, CONSTANT, allocation, constantBytes, rootBuffer } from '../tile/dialect.ts';
import { coalesceMoves } from './coalesce.ts';
import { alignUp, lowerBound, placeIntervals } from './memory.ts';
import type { Interval, Placement } from './memory.ts';
import type { Timeline } from './timeline.ts';

/** GM addresses are 512-byte aligned: what the DMA moves best. */
export const GM_ALIGNMENT = 512;

export interface GlobalMemoryPlan {
  /** Byte addresses of arguments and allocations. */
  readonly addresses: ReadonlyMap<Value, number>;
  readonly totalBytes: number;
  readonly activationBytes: number;
  readonly activationLowerBoundBytes: number;
}

/** Plans @main; `argumentBytes` are the stored sizes of its arguments. Writes `address` on each allocation. */
export function planGlobalMemory(
  main: Operation,
  argumentBytes: readonly number[],
  timeline: Timeline,
): GlobalMemoryPlan {
  const addresses = new Map<Value, number>();
  let next = 0;
  const keep = (value: Value, bytes: number): void => {
    addresses.set(value, next);
    next += alignUp(Math.max(bytes, 1), GM_ALIGNMENT);
  };
  main.regions[0].arguments.forEach((argument, index) => keep(argument, argumentBytes[index]));
  const owners = coalesceMoves(main, timeline);
  const lifetimes = ownerLifetimes(owners, timeline);
  const activations: Placement<Value>[] = [];
  walk(main.regions[0], (op) => {
    if (op.name === CONSTANT) keep(op.results[0], constantBytes(op).length);
    if (op.name !== ALLOC || owners.has(op.results[0])) return;
    const [value] = op.results;
    const live = lifetimes.get(value);
    if (!live) return;
    if (stringOf(op.attributes, 'phase') === 'prepare') keep(value, allocation(op).bytes);
    else activations.push({ owner: value, bytes: alignUp(allocation(op).bytes, GM_ALIGNMENT), live });
  });
  const plan = placeIntervals(activations, GM_ALIGNMENT);
  for (const [value, address] of plan.addresses) addresses.set(value, next + address);
  for (const [value, owner] of owners) addresses.set(value, addresses.get(owner) ?? 0);
  walk(main.regions[0], (op) => {
    const address = op.name === ALLOC ? addresses.get(op.results[0]) : undefined;
    if (address !== undefined) op.attributes = new Map([...op.attributes, ['address', integerAttribute(address)]]);
  });
  return {
    addresses,
    totalBytes: next + plan.peakBytes,
    activationBytes: plan.peakBytes,
    activationLowerBoundBytes: lowerBound(activations),
  };
}

/** Lifetimes with those of all buffers that share the memory. */
function ownerLifetimes(owners: ReadonlyMap<Value, Value>, timeline: Timeline): ReadonlyMap<Value, Interval> {
  const lifetimes = new Map(timeline.lifetimes);
  for (const [value, owner] of owners) {
    const [one, other] = [lifetimes.get(owner), timeline.lifetimes.get(value)];
    if (one && other)
      lifetimes.set(owner, { start: Math.min(one.start, other.start), end: Math.max(one.end, other.end) });
  }
  return lifetimes;
}

/** The GM address of a buffer operand of a launch or of the return. */
export function globalAddress(value: Value, plan: GlobalMemoryPlan, constant: (value: Value) => number): number {
  const root = rootBuffer(value);
  const base = plan.addresses.get(root);
  if (base === undefined) throw new Error('a launch uses a buffer that was not placed');
  let offset = 0;
  for (let at = value; at !== root;) {
    const view = definingOperation(at);
    if (!view) break;
    offset += constant(view.operands[1]);
    at = view.operands[0];
  }
  return base + offset;
}
