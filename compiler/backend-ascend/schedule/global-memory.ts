/**
 * Places every GM buffer of @main: by lifetimes over the launches, so that activations share memory.
 *
 * Arguments, constants and everything that `prepare` makes stay for good; a buffer that is returned lives to the end.
 */
import type { Operation, Value } from '../../ir/index.ts';
import { definingOperation, integerAttribute, stringOf } from '../../ir/index.ts';
import { ALLOC, CONSTANT, LAUNCH, allocation, constantBytes, rootBuffer } from '../tile/dialect.ts';
import { alignUp, lowerBound, placeIntervals } from './memory.ts';
import type { Placement } from './memory.ts';

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
export function planGlobalMemory(main: Operation, argumentBytes: readonly number[]): GlobalMemoryPlan {
  const addresses = new Map<Value, number>();
  let next = 0;
  const keep = (value: Value, bytes: number): void => {
    addresses.set(value, next);
    next += alignUp(Math.max(bytes, 1), GM_ALIGNMENT);
  };
  const [body] = main.regions;
  body.arguments.forEach((argument, index) => keep(argument, argumentBytes[index]));
  const activations: Placement<Value>[] = [];
  const live = lifetimes(body.operations);
  for (const op of body.operations) {
    if (op.name === CONSTANT) keep(op.results[0], constantBytes(op).length);
    if (op.name !== ALLOC) continue;
    const [value] = op.results;
    const interval = live.get(value);
    if (!interval) continue;
    if (stringOf(op.attributes, 'phase') === 'prepare') keep(value, allocation(op).bytes);
    else activations.push({ owner: value, bytes: alignUp(allocation(op).bytes, GM_ALIGNMENT), live: interval });
  }
  const plan = placeIntervals(activations, GM_ALIGNMENT);
  for (const [value, address] of plan.addresses) addresses.set(value, next + address);
  for (const op of body.operations) {
    const address = op.name === ALLOC ? addresses.get(op.results[0]) : undefined;
    if (address !== undefined) op.attributes = new Map([...op.attributes, ['address', integerAttribute(address)]]);
  }
  return {
    addresses,
    totalBytes: next + plan.peakBytes,
    activationBytes: plan.peakBytes,
    activationLowerBoundBytes: lowerBound(activations),
  };
}

function lifetimes(operations: readonly Operation[]): ReadonlyMap<Value, { start: number; end: number }> {
  const live = new Map<Value, { start: number; end: number }>();
  operations.forEach((op, position) => {
    if (op.name !== LAUNCH && op.name !== 'func.return') return;
    for (const operand of op.operands) {
      const root = rootBuffer(operand);
      if (definingOperation(root)?.name !== ALLOC) continue;
      const known = live.get(root);
      if (known) known.end = position;
      else live.set(root, { start: position, end: position });
    }
  });
  return live;
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
