/**
 * The memory of a scheduled module as data, for those who look at it: what the addresses of its program were made from, by the
 * same functions. Steps are those of the program, in the order in which the text has them act.
 */
import type { Module, Operation, TensorType, Value } from '../ir/index.ts';
import { definingOperation, integerOf, walk } from '../ir/index.ts';
import type { InstructionTable } from './schedule/access.ts';
import { accessesOf } from './schedule/access.ts';
import type { GlobalBuffer } from './schedule/global-memory.ts';
import type { Interval } from './schedule/memory.ts';
import { allocationLifetimes } from './schedule/memory.ts';
import type { TimelineEvent } from './schedule/timeline.ts';
import { argumentEntries, parametersReturned, textOf } from './lower/signature.ts';
import type { GlobalMemory } from './select/program.ts';
import { globalMemoryOf } from './select/program.ts';
import { isIdle, phaseOf } from './select/steps.ts';
import { toVirtualCode } from './select/virtual-code.ts';
import { ALLOC, LAUNCH, SPACES, allocation, mnemonicOf, rootBuffer } from './tile/dialect.ts';
import type { Space } from './tile/dialect.ts';

/** What a buffer of GM is for. A parameter that the program changes is state. */
export type PlannedKind =
  'input' | 'parameter' | 'state' | 'constant' | 'prepared' | 'activation' | 'workspace' | 'output';

/** A step of the program, or at the end the return, at which results and parameters must lie in their places. */
export interface PlannedStep {
  readonly op: Operation;
  readonly phase: 'prepare' | 'main';
}

/** A tensor, or scratch, and the steps that touch it. */
export interface PlannedTenant {
  readonly value: Value;
  readonly kind: PlannedKind;
  /** Of an input, a parameter or a named value; empty without one. */
  readonly name: string;
  /** Null for scratch and for tables. */
  readonly type: TensorType | null;
  readonly bytes: number;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

/** What is said of a buffer besides its bytes and steps. */
type Meaning = Pick<PlannedTenant, 'kind' | 'name' | 'type'>;

/** A place in GM: one buffer, or several that coalescing made one. */
export interface PlannedBuffer extends PlannedTenant {
  readonly address: number;
  readonly reservedBytes: number;
  /** First and last step at which the place is taken; null for a place that is kept for good. */
  readonly live: Interval | null;
  readonly tenants: readonly PlannedTenant[];
}

export interface PlannedMemory {
  readonly steps: readonly PlannedStep[];
  readonly buffers: readonly PlannedBuffer[];
  readonly totalBytes: number;
  /** The part of `totalBytes` that buffers share by lifetime; it lies at the end. */
  readonly sharedBytes: number;
}

/** Where the buffers of a scheduled module lie in GM, and when. */
export function plannedMemory(module: Module, table: InstructionTable): PlannedMemory {
  return new Description(globalMemoryOf(module, table)).run();
}

class Description {
  private readonly memory: GlobalMemory;
  private readonly events: readonly TimelineEvent[];
  /** Number of the step at each position of the timeline, -1 where there is none. */
  private readonly stepAt: Int32Array;
  private readonly returned: ReadonlySet<Value>;
  private readonly arguments: ReadonlyMap<Value, Meaning>;

  constructor(memory: GlobalMemory) {
    this.memory = memory;
    const { main, timeline, plan } = memory;
    const [prepare, rest] = [true, false].map((wanted) =>
      timeline.events.filter(({ op }) => isPrepared(op) === wanted && !isIdle(op, plan)),
    );
    this.events = [...prepare, ...rest];
    this.stepAt = new Int32Array(timeline.length).fill(-1);
    this.events.forEach(({ position }, step) => (this.stepAt[position] = step));
    this.arguments = argumentsOf(memory);
    this.returned = new Set(main.regions[0].operations.at(-1)?.operands.map(rootBuffer));
  }

  run(): PlannedMemory {
    const { plan } = this.memory;
    return {
      steps: this.events.map(({ op }) => ({ op, phase: isPrepared(op) ? 'prepare' : 'main' })),
      // What only moves touch that fell away is touched by nothing.
      buffers: plan.buffers.map((buffer) => this.buffer(buffer)).filter(({ live }) => live === null || live.end >= 0),
      totalBytes: plan.totalBytes,
      sharedBytes: plan.activationBytes,
    };
  }

  private buffer(buffer: GlobalBuffer): PlannedBuffer {
    const { value, address, bytes, reservedBytes, live, tenants } = buffer;
    return {
      ...this.tenant(value, bytes, buffer.kind),
      address,
      reservedBytes,
      live: live === null ? null : this.steps(live, buffer.kind === 'temporary'),
      tenants: tenants.map((tenant) => this.tenant(tenant, this.bytesOf(tenant), 'activation')),
    };
  }

  /** The steps of a phase inside an interval of the timeline. */
  private steps({ start, end }: Interval, isPreparation: boolean): Interval {
    let [first, last] = [Infinity, -1];
    const before = isPreparation ? this.stepAt.length : 0;
    for (let position = start + before; position <= end + before; position++) {
      const step = this.stepAt[position];
      if (step < 0 || isPrepared(this.events[step].op) !== isPreparation) continue;
      first = Math.min(first, step);
      last = Math.max(last, step);
    }
    return { start: first, end: last };
  }

  private tenant(value: Value, bytes: number, kind: GlobalBuffer['kind']): PlannedTenant {
    const uses = (this.memory.timeline.usesOf.get(value) ?? []).filter(({ position }) => this.stepAt[position] >= 0);
    const stepsThat = (accepts: 'reads' | 'writes'): readonly number[] =>
      uses
        .filter((event) => event.uses.some((use) => use.root === value && use[accepts]))
        .map(({ position }) => this.stepAt[position]);
    const description = this.arguments.get(value) ?? this.allocated(value, kind);
    return { value, bytes, ...description, reads: stepsThat('reads'), writes: stepsThat('writes') };
  }

  private allocated(value: Value, kind: GlobalBuffer['kind']): Meaning {
    const attribute = definingOperation(value)?.attributes.get('type');
    const type = attribute?.kind === 'type' && attribute.type.kind === 'tensor' ? attribute.type : null;
    const { name } = value;
    if (kind !== 'activation') return { kind: kind === 'constant' ? 'constant' : 'prepared', name, type };
    if (this.returned.has(value)) return { kind: 'output', name, type };
    return { kind: type === null ? 'workspace' : 'activation', name, type };
  }

  private bytesOf(value: Value): number {
    const op = definingOperation(value);
    return op?.name === ALLOC ? allocation(op).bytes : 0;
  }
}

/** Inputs and parameters. */
function argumentsOf({ main, signature }: GlobalMemory): ReadonlyMap<Value, Meaning> {
  const entries = argumentEntries(main);
  const changed = new Set(parametersReturned(main));
  return new Map(
    main.regions[0].arguments.map((argument, index): readonly [Value, Meaning] => {
      const [entry, type] = [entries[index], signature.inputs[index]];
      const parameter = textOf(entry, 'ms.param');
      if (parameter !== null)
        return [argument, { kind: changed.has(parameter) ? 'state' : 'parameter', name: parameter, type }];
      const name = textOf(entry, 'ms.input') ?? textOf(entry, 'ms.name') ?? argument.name;
      return [argument, { kind: 'input', name, type }];
    }),
  );
}

const isPrepared = (op: Operation): boolean => op.name === LAUNCH && phaseOf(op) === 'prepare';

/** A buffer of a kernel in the memory of its core. */
export interface OnChipBuffer {
  readonly op: Operation;
  readonly space: Exclude<Space, 'gm'>;
  readonly address: number;
  /** Of one copy. */
  readonly bytes: number;
  /** Copies between which the iterations of its loop alternate. */
  readonly copies: number;
  /** First and last instruction of the kernel's stream at which it is live. */
  readonly live: Interval;
  /** Mnemonics of the instructions that touch it, in order of first use. */
  readonly writers: readonly string[];
  readonly readers: readonly string[];
}

/** The on-chip buffers of a scheduled kernel, and the number of its instructions. */
export interface KernelMemory {
  readonly instructions: number;
  readonly buffers: readonly OnChipBuffer[];
}

export function kernelMemory(kernel: Operation, table: InstructionTable): KernelMemory {
  const { instructions, starts } = toVirtualCode(kernel, table);
  const [body] = kernel.regions;
  const users = usersOf(kernel, table);
  const order: Operation[] = [];
  walk(body, (op) => order.push(op));
  const startOf = (position: number): number => starts.get(order[position - 1]) ?? instructions.length;
  const buffers = [...allocationLifetimes(body)].map(([op, live]): OnChipBuffer => {
    const { space, bytes, buffers: copies } = allocation(op);
    if (space === 'gm') throw new Error('a kernel allocates in GM');
    const start = startOf(live.start);
    return {
      ...{ op, space, bytes, copies, address: integerOf(op.attributes, 'address') },
      live: { start, end: Math.max(start, startOf(live.end + 1) - 1) },
      writers: users.get(op.results[0])?.writers ?? [],
      readers: users.get(op.results[0])?.readers ?? [],
    };
  });
  buffers.sort((one, other) => SPACES.indexOf(one.space) - SPACES.indexOf(other.space) || one.address - other.address);
  return { instructions: instructions.length, buffers };
}

interface Users {
  readonly writers: string[];
  readonly readers: string[];
}

function usersOf(kernel: Operation, table: InstructionTable): ReadonlyMap<Value, Users> {
  const users = new Map<Value, Users>();
  walk(kernel.regions[0], (op) => {
    const mnemonic = mnemonicOf(op);
    if (mnemonic === null) return;
    for (const { root, writes } of accessesOf(op, table)) {
      const known = users.get(root) ?? { writers: [], readers: [] };
      users.set(root, known);
      const list = writes ? known.writers : known.readers;
      if (!list.includes(mnemonic)) list.push(mnemonic);
    }
  });
  return users;
}
