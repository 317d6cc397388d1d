/** Flag ids of a kernel and the ops that set and wait for them. */
import type { Attribute, Block, Location, Value } from '../../ir/index.ts';
import { Operation, integerAttribute } from '../../ir/index.ts';
import { pipes } from '../../../runtime/isa/index.ts';
import type { Pipe } from '../../../runtime/isa/index.ts';
import { PARITY, indexType } from '../tile/dialect.ts';

/** Hardware event ids for each ordered pair of queues. */
const IDS_PER_PAIR = 8;

/** Where an id is waited for last. */
interface WaitPlace {
  readonly block: Block;
  readonly node: number;
}

/** Hands out event ids; an id returns only when its setter provably comes after its last wait. */
export class FlagIds {
  private readonly taken = new Map<string, (WaitPlace | null)[]>();

  /** The first of `copies` consecutive ids, or null when they are used up. `reusable` says whether a wait in the same block is behind the setter. */
  take(from: Pipe, to: Pipe, copies: number, wait: WaitPlace, reusable: (waitNode: number) => boolean): number | null {
    const key = `${from} ${to}`;
    const places = this.taken.get(key) ?? [];
    this.taken.set(key, places);
    if (copies === 1) {
      const free = places.findIndex((place) => place?.block === wait.block && reusable(place.node));
      if (free >= 0) {
        places[free] = wait;
        return free;
      }
    }
    if (places.length + copies > IDS_PER_PAIR) return null;
    const id = places.length;
    // Ids of a group alternate by iteration and are never handed out again.
    for (let copy = 0; copy < copies; copy++) places.push(copies === 1 ? wait : null);
    return id;
  }
}

/** Makes synchronization ops; integers they need become constants at the head of the kernel. */
export class SyncWriter {
  /** Flags that are set when the kernel starts, and waited for when it ends. */
  readonly prologue: Operation[] = [];
  readonly epilogue: Operation[] = [];
  private readonly location: Location;
  private readonly constantOps = new Map<number, Operation>();

  constructor(location: Location) {
    this.location = location;
  }

  constants(): readonly Operation[] {
    return [...this.constantOps.values()];
  }

  barrier(pipe: Pipe): Operation {
    return this.op('npu.pipe_barrier', [this.constant(pipes.indexOf(pipe))]);
  }

  set(from: Pipe, to: Pipe, id: number, copies: number): readonly Operation[] {
    return this.flag('npu.set_flag', from, to, id, copies);
  }

  wait(from: Pipe, to: Pipe, id: number, copies: number): readonly Operation[] {
    return this.flag('npu.wait_flag', from, to, id, copies);
  }

  private flag(name: string, from: Pipe, to: Pipe, id: number, copies: number): readonly Operation[] {
    const ops: Operation[] = [];
    let idValue = this.constant(id);
    if (copies > 1) {
      const parity = this.op(PARITY, [], [indexType]);
      const alternating = this.op('arith.addi', [idValue, parity.results[0]], [indexType]);
      ops.push(parity, alternating);
      idValue = alternating.results[0];
    }
    return [...ops, this.op(name, [this.constant(pipes.indexOf(from)), this.constant(pipes.indexOf(to)), idValue])];
  }

  private constant(value: number): Value {
    let op = this.constantOps.get(value);
    if (!op) {
      const attributes = new Map<string, Attribute>([['value', integerAttribute(value, 'index')]]);
      op = new Operation('arith.constant', [], [indexType], attributes, [], this.location);
      this.constantOps.set(value, op);
    }
    return op.results[0];
  }

  private op(name: string, operands: readonly Value[], results: readonly Value['type'][] = []): Operation {
    return new Operation(name, operands, results, new Map(), [], this.location);
  }
}
