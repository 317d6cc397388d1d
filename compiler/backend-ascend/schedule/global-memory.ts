/**
 * Places every GM buffer of @main: by lifetimes over the steps, so that activations share memory.
 *
 * Arguments, constants and what `prepare` makes for `main` stay for good; a buffer that is returned lives to the end.
 * What `prepare` makes for itself alone, such as a filter with its norm folded in before it gets the layout of the cube, uses
 * the memory of activations, none of which is live then. Buffers that coalescing made one lie at one address.
 */
import type { Operation, Value } from '../../ir/index.ts';
import { definingOperation, integerAttribute, stringOf, walk } from '../../ir/index.ts';
import { ALLOC, CONSTANT, LAUNCH, allocation, constantBytes, rootBuffer } from '../tile/dialect.ts';
import { coalesceMoves } from './coalesce.ts';
import { alignUp, lowerBound, placeIntervals } from './memory.ts';
import type { Interval, Placement } from './memory.ts';
import type { Timeline } from './timeline.ts';

/** GM addresses are 512-byte aligned: what the DMA moves best. */
export const GM_ALIGNMENT = 512;

/** A buffer and the place that the plan gave it. */
export interface GlobalBuffer {
  /** An argument of @main, or the result of an `npu.constant` or `npu.alloc`. */
  readonly value: Value;
  readonly kind: 'argument' | 'constant' | 'prepared' | 'temporary' | 'activation';
  readonly address: number;
  /** What was asked for. */
  readonly bytes: number;
  /** What no other buffer may use meanwhile: `bytes` up to the alignment. */
  readonly reservedBytes: number;
  /**
   * Positions of the timeline at which the place is taken; null for one that is kept for good. Those of a temporary of `prepare`
   * lie before 0, less by the length of the timeline: all of `prepare` comes before all of `main`.
   */
  readonly live: Interval | null;
  /** Buffers that coalescing put into the same place; their own lives are parts of this one. */
  readonly tenants: readonly Value[];
}

export interface GlobalMemoryPlan {
  /** Byte addresses of arguments and allocations. */
  readonly addresses: ReadonlyMap<Value, number>;
  /** Places in the order of the text, arguments first. */
  readonly buffers: readonly GlobalBuffer[];
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
  const owners = coalesceMoves(main, timeline);
  const wanted = wantedBuffers(main, argumentBytes, owners, timeline);
  const addresses = new Map<Value, number>();
  let next = 0;
  for (const { value, live, reservedBytes } of wanted) {
    if (live !== null) continue;
    addresses.set(value, next);
    next += reservedBytes;
  }
  const shared = wanted.flatMap(({ value, reservedBytes, live }): readonly Placement<Value>[] =>
    live === null ? [] : [{ owner: value, bytes: reservedBytes, live }],
  );
  const plan = placeIntervals(shared, GM_ALIGNMENT);
  for (const [value, address] of plan.addresses) addresses.set(value, next + address);
  for (const [value, owner] of owners) addresses.set(value, addresses.get(owner) ?? 0);
  writeAddresses(main, addresses);
  const tenants = tenantsOf(owners);
  return {
    addresses,
    buffers: wanted.map((buffer) => ({
      ...buffer,
      address: addresses.get(buffer.value) ?? 0,
      tenants: tenants.get(buffer.value) ?? [],
    })),
    totalBytes: next + plan.peakBytes,
    activationBytes: plan.peakBytes,
    activationLowerBoundBytes: lowerBound(shared),
  };
}

/** Everything that needs a place of its own. */
function wantedBuffers(
  main: Operation,
  argumentBytes: readonly number[],
  owners: ReadonlyMap<Value, Value>,
  timeline: Timeline,
): readonly Omit<GlobalBuffer, 'address' | 'tenants'>[] {
  const wanted: Omit<GlobalBuffer, 'address' | 'tenants'>[] = [];
  const lifetimes = ownerLifetimes(owners, timeline);
  const keep = (value: Value, kind: 'argument' | 'constant' | 'prepared', bytes: number): void => {
    wanted.push({ value, kind, bytes, reservedBytes: alignUp(Math.max(bytes, 1), GM_ALIGNMENT), live: null });
  };
  main.regions[0].arguments.forEach((argument, index) => keep(argument, 'argument', argumentBytes[index]));
  walk(main.regions[0], (op) => {
    if (op.name === CONSTANT) keep(op.results[0], 'constant', constantBytes(op).length);
    if (op.name !== ALLOC || owners.has(op.results[0])) return;
    const [value] = op.results;
    const live = lifetimes.get(value);
    if (!live) return;
    const { bytes } = allocation(op);
    const share = (kind: 'temporary' | 'activation', at: Interval): void => {
      wanted.push({ value, kind, bytes, reservedBytes: alignUp(bytes, GM_ALIGNMENT), live: at });
    };
    if (!isPrepared(op)) share('activation', live);
    else if (isTemporary(value, timeline))
      share('temporary', { start: live.start - timeline.length, end: live.end - timeline.length });
    else keep(value, 'prepared', bytes);
  });
  return wanted;
}

/** Whether an allocation or a launch belongs to `prepare`. */
const isPrepared = (op: Operation): boolean => stringOf(op.attributes, 'phase') === 'prepare';

/** Whether only `prepare` uses a buffer that it makes. */
const isTemporary = (value: Value, { usesOf }: Timeline): boolean =>
  (usesOf.get(value) ?? []).every(({ op }) => op.name === LAUNCH && isPrepared(op));

function tenantsOf(owners: ReadonlyMap<Value, Value>): ReadonlyMap<Value, readonly Value[]> {
  const tenants = new Map<Value, Value[]>();
  for (const [value, owner] of owners) {
    const known = tenants.get(owner);
    if (known) known.push(value);
    else tenants.set(owner, [value]);
  }
  return tenants;
}

function writeAddresses(main: Operation, addresses: ReadonlyMap<Value, number>): void {
  walk(main.regions[0], (op) => {
    const address = op.name === ALLOC ? addresses.get(op.results[0]) : undefined;
    if (address !== undefined) op.attributes = new Map([...op.attributes, ['address', integerAttribute(address)]]);
  });
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
