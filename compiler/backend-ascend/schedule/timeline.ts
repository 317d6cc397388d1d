/** The steps of @main in the order of the text, with the buffers that each reads and writes. */
import type { Block, Operation, Value } from '../../ir/index.ts';
import { definingOperation, integersOf, stringOf } from '../../ir/index.ts';
import {
  ALLOC,
  ASSERT,
  BRANCH,
  COLLECTIVE,
  LAUNCH,
  LOOP,
  PRINT,
  RECEIVE,
  REPEAT,
  SEND,
  rootBuffer,
  spaceOf,
} from '../tile/dialect.ts';
import type { InstructionTable } from './access.ts';
import { accessesOf } from './access.ts';
import type { Interval } from './memory.ts';

/** What a step does with a buffer that is its operand number `argument`. */
export interface BufferUse {
  readonly root: Value;
  readonly argument: number;
  readonly reads: boolean;
  readonly writes: boolean;
}

/** One step that touches buffers; control flow appears where its condition is read. */
export interface TimelineEvent {
  readonly op: Operation;
  readonly position: number;
  readonly uses: readonly BufferUse[];
}

export interface Timeline {
  readonly length: number;
  readonly events: readonly TimelineEvent[];
  readonly eventOf: ReadonlyMap<Operation, TimelineEvent>;
  readonly usesOf: ReadonlyMap<Value, readonly TimelineEvent[]>;
  /**
   * From the first to the last use of each allocation; a use in a loop around which it lives counts for the whole loop. What
   * is sent stays until the next communication or the first use of the result, so that work may go on meanwhile.
   */
  readonly lifetimes: ReadonlyMap<Value, Interval>;
}

/** Which arguments a kernel reads and writes. */
interface KernelDirections {
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
}

function directionsOf(kernel: Operation, table: InstructionTable): KernelDirections {
  const number = new Map(kernel.regions[0].arguments.map((argument, index) => [argument, index]));
  const reads = new Set<number>();
  const writes = new Set<number>();
  for (const access of accessesOf(kernel, table)) {
    const argument = number.get(access.root);
    if (argument !== undefined) (access.writes ? writes : reads).add(argument);
  }
  return { reads, writes };
}

/** The kernels of a module by name. */
export function kernelDirections(
  kernels: readonly Operation[],
  table: InstructionTable,
): ReadonlyMap<string, KernelDirections> {
  return new Map(kernels.map((kernel) => [stringOf(kernel.attributes, 'sym_name'), directionsOf(kernel, table)]));
}

export function timelineOf(main: Operation, kernels: ReadonlyMap<string, KernelDirections>): Timeline {
  const builder = new TimelineBuilder(kernels);
  builder.visit(main.regions[0], []);
  return builder.finish();
}

const COMMUNICATION: ReadonlySet<string> = new Set([COLLECTIVE, SEND, RECEIVE]);

interface Loop {
  readonly start: number;
  end: number;
}

class TimelineBuilder {
  private readonly kernels: ReadonlyMap<string, KernelDirections>;
  private readonly events: TimelineEvent[] = [];
  private readonly eventOf = new Map<Operation, TimelineEvent>();
  private readonly usesOf = new Map<Value, TimelineEvent[]>();
  private readonly homes = new Map<Value, readonly Loop[]>();
  private readonly loopsAt: (readonly Loop[])[] = [];

  constructor(kernels: ReadonlyMap<string, KernelDirections>) {
    this.kernels = kernels;
  }

  visit(block: Block, loops: readonly Loop[]): void {
    for (const op of block.operations) {
      if (op.name === ALLOC) this.homes.set(op.results[0], loops);
      else if (op.name === LOOP || op.name === REPEAT) this.loop(op, loops);
      else {
        const uses = usesOf(op, this.kernels);
        if (uses !== null) this.add(op, uses, loops);
        if (op.name === BRANCH) for (const region of op.regions) this.visit(region, loops);
      }
    }
  }

  private loop(op: Operation, loops: readonly Loop[]): void {
    const inside: Loop = { start: this.events.length, end: this.events.length };
    const within = [...loops, inside];
    const [first, ...rest] = op.regions;
    this.visit(first, within);
    if (op.name === LOOP) this.add(op, readAll(op), within);
    for (const region of rest) this.visit(region, within);
    inside.end = Math.max(inside.start, this.events.length - 1);
  }

  private add(op: Operation, uses: readonly BufferUse[], loops: readonly Loop[]): void {
    const event = { op, position: this.events.length, uses };
    this.events.push(event);
    this.loopsAt.push(loops);
    this.eventOf.set(op, event);
    for (const root of new Set(uses.map((use) => use.root))) {
      const known = this.usesOf.get(root);
      if (known) known.push(event);
      else this.usesOf.set(root, [event]);
    }
  }

  finish(): Timeline {
    const lifetimes = new Map<Value, Interval>();
    for (const [root, events] of this.usesOf) {
      if (definingOperation(root)?.name !== ALLOC) continue;
      const home = this.homes.get(root) ?? [];
      let [start, end] = [Infinity, -1];
      for (const { position } of events) {
        const around = this.loopsAt[position].find((loop) => !home.includes(loop));
        start = Math.min(start, around?.start ?? position);
        end = Math.max(end, around?.end ?? position);
      }
      lifetimes.set(root, { start, end });
    }
    this.keepWhileSent(lifetimes);
    const { events, eventOf, usesOf: uses } = this;
    return { length: events.length, events, eventOf, usesOf: uses, lifetimes };
  }

  private keepWhileSent(lifetimes: Map<Value, Interval>): void {
    const communications = this.events.filter(({ op }) => COMMUNICATION.has(op.name));
    communications.forEach(({ op, position }, number) => {
      const sent = rootBuffer(op.operands[0]);
      const known = lifetimes.get(sent);
      if (op.name === RECEIVE || known === undefined) return;
      const result = op.name === COLLECTIVE ? rootBuffer(op.operands[1]) : null;
      const use = result === null ? undefined : this.usesOf.get(result)?.find((event) => event.position > position);
      const until = Math.min(communications[number + 1]?.position ?? Infinity, use?.position ?? Infinity);
      if (until < Infinity) lifetimes.set(sent, { start: known.start, end: Math.max(known.end, until) });
    });
  }
}

function readAll(op: Operation): readonly BufferUse[] {
  return op.operands.map((operand, argument) => ({ root: rootBuffer(operand), argument, reads: true, writes: false }));
}

/** The buffers of a step, or null for what is no step. */
function usesOf(op: Operation, kernels: ReadonlyMap<string, KernelDirections>): readonly BufferUse[] | null {
  const written = (argument: number, root: Value): BufferUse => ({ root, argument, reads: false, writes: true });
  switch (op.name) {
    case 'func.return':
    case BRANCH:
    case SEND:
    case PRINT:
    case ASSERT:
      return readAll(op);
    case RECEIVE:
      return [written(0, rootBuffer(op.operands[0]))];
    case COLLECTIVE:
      return [readAll(op)[0], written(1, rootBuffer(op.operands[1]))];
    case LAUNCH:
      return launchUses(op, kernels);
    default:
      return null;
  }
}

function launchUses(op: Operation, kernels: ReadonlyMap<string, KernelDirections>): readonly BufferUse[] {
  const symbol = op.attributes.get('kernel');
  const kernel = symbol?.kind === 'symbol' ? kernels.get(symbol.name) : undefined;
  if (!kernel) throw new Error('a launch names no kernel of the module');
  return op.operands.flatMap((operand, argument) => {
    if (spaceOf(operand.type) === null) return [];
    const [reads, writes] = [kernel.reads.has(argument), kernel.writes.has(argument)];
    return reads || writes ? [{ root: rootBuffer(operand), argument, reads, writes }] : [];
  });
}

/** Whether a step may read one operand and write the other where both are one buffer. */
export function worksInPlace(op: Operation, read: number, written: number): boolean {
  if (op.name === COLLECTIVE) return stringOf(op.attributes, 'operation') === 'all_reduce';
  if (!op.attributes.has('in_place')) return false;
  const pairs = integersOf(op.attributes, 'in_place');
  return pairs.some((argument, at) => at % 2 === 0 && argument === read && pairs[at + 1] === written);
}
