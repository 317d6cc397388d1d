/**
 * Training cells of MindSpore 1.x call their network twice: `loss = network(x)`, then `grad(network, weights)(x)`. MindSpore
 * merges the two, so moving statistics and random states advance once. Here the derivative starts from the state before the
 * plain call: both calls become the same ops (one remains after CSE) and leave the same state.
 */
import type { Block } from '../../../ir/index.ts';
import type { PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import type { Trace } from '../../trace/trace.ts';
import { Tensor, type Payload } from '../../trace/tensor.ts';

type State = ReadonlyMap<Tensor, Payload>;

/** A plain call of a cell, with the parameters that had been changed before and after it. */
interface ForwardPass {
  readonly trace: Trace;
  readonly block: Block;
  readonly callee: PyValue;
  readonly args: readonly PyValue[];
  readonly before: State;
  after: State | null;
}

/** Calls below this many others are parts of networks, not networks. */
const DEEPEST = 2;

const stateOf = (trace: Trace): State => new Map([...trace.before.keys()].map((tensor) => [tensor, tensor.payload]));

export class ForwardPasses {
  private readonly session: TensorSession;
  private readonly open: (ForwardPass | null)[] = [];
  private passes: ForwardPass[] = [];

  constructor(session: TensorSession) {
    this.session = session;
  }

  /** A cell is entered with these arguments. */
  enter(callee: PyValue, args: readonly PyValue[]): void {
    const { trace } = this.session;
    if (!trace || this.open.length > DEEPEST) {
      this.open.push(null);
      return;
    }
    this.open.push({ trace, block: trace.builder.block, callee, args, before: stateOf(trace), after: null });
  }

  leave(): void {
    const pass = this.open.pop();
    if (!pass || pass.trace !== this.session.trace) return;
    pass.after = stateOf(pass.trace);
    this.passes = [...this.passes.filter(({ trace }) => trace === pass.trace), pass];
  }

  /** Goes back to the state before the same call, if nothing has changed since. */
  rewind(callee: PyValue, args: readonly PyValue[]): void {
    const { trace } = this.session;
    if (!trace) return;
    const pass = this.passes.findLast(
      (item) =>
        item.trace === trace &&
        item.block === trace.builder.block &&
        item.callee === callee &&
        item.args.length === args.length &&
        item.args.every((arg, index) => arg === args[index]),
    );
    if (!pass?.after) return;
    const { before, after } = pass;
    const changed = [...trace.before];
    if (changed.some(([tensor, initial]) => tensor.payload !== (after.get(tensor) ?? initial))) return;
    for (const [tensor, initial] of changed) {
      const wanted = before.get(tensor) ?? initial;
      if (tensor.payload !== wanted) this.session.replace(tensor, wanted);
    }
  }
}
