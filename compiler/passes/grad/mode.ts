/** What the parts of reverse mode share: sums of cotangents, and how a region op asks for the derivative of a body. */
import type { Block, Builder, Operation, RuleTable, Value } from '../../ir/index.ts';
import { walk } from '../../ir/index.ts';
import { Emitter } from '../../ir/ops/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import type { Report } from './diagnostics.ts';
import type { Gradient } from './rule.ts';

/** What flows back into each value so far; several flows are added in the order in which they are found. */
export class Cotangents {
  private readonly sums = new Map<Value, Value>();

  get(value: Value): Gradient {
    return this.sums.get(value) ?? null;
  }

  add(emit: Emitter, value: Value, gradient: Value): void {
    const sum = this.sums.get(value);
    this.sums.set(value, sum === undefined ? gradient : emit.op('ms.add', [sum, gradient]));
  }
}

/** A body to run again and to differentiate, in another block than the one that holds it. */
export interface PullBack {
  readonly body: Block;
  /** For the arguments of the body. */
  readonly inputs: readonly Value[];
  /** What stands for values from outside; without an entry they stand for themselves. */
  readonly captures?: ReadonlyMap<Value, Value>;
  /** Cotangents of what the body yields; null or missing where nothing flows. */
  readonly seeds: readonly Gradient[];
  /** Values seen in the body, each of them another one, whose gradients are asked for. */
  readonly wanted: readonly Value[];
  /** Where to write. */
  readonly builder: Builder;
}

export interface ReverseMode {
  readonly definitions: RuleTable;
  /** Whom to tell which gradient an op gave. */
  readonly observer: PassObserver | null;
  readonly report: Report;
  /** Arguments of functions that hold parameters of the network. */
  readonly parameters: ReadonlySet<Value>;
  /** Gradients of the wanted values: zeros where nothing flows. */
  readonly pullBack: (request: PullBack) => readonly Value[];
  /** A copy of the operations of a body without effects; returns what it yields. */
  readonly runAgain: (body: Block, inputs: readonly Value[], builder: Builder) => readonly Value[];
  /**
   * The function that takes the arguments of another one and cotangents for some of its results, and gives gradients of
   * some of its arguments; null where there is none, which has been reported.
   */
  readonly gradientFunction: (call: Operation, needs: readonly boolean[], given: readonly boolean[]) => string | null;
}

/** One region op of the reverse sweep. */
export interface RegionRequest {
  readonly mode: ReverseMode;
  readonly op: Operation;
  /** For each result. At least one is there. */
  readonly cotangents: readonly Gradient[];
  readonly isVaried: (value: Value) => boolean;
  /** Where the reverse sweep writes; its location is that of the op. */
  readonly builder: Builder;
  /** Adds to the cotangent of a value; one that is not varied takes none. */
  readonly accumulate: (value: Value, gradient: Gradient) => void;
  /** Puts operations in place of this one, the last of them with further results; the first results are the same. */
  readonly extend: (front: readonly Operation[], replacement: Operation) => void;
}

export type RegionRule = (request: RegionRequest) => void;

export const emitterOf = (mode: { readonly definitions: RuleTable }, builder: Builder): Emitter =>
  new Emitter(builder, mode.definitions);

/** Values from outside that the regions of an operation use, in the order of their first use. */
export function capturesOf(regions: readonly Block[]): readonly Value[] {
  const inner = new Set<Value>();
  const outer = new Set<Value>();
  const visit = (block: Block): void => {
    for (const argument of block.arguments) inner.add(argument);
    for (const op of block.operations) {
      for (const operand of op.operands) if (!inner.has(operand)) outer.add(operand);
      for (const region of op.regions) visit(region);
      for (const result of op.results) inner.add(result);
    }
  };
  regions.forEach(visit);
  return [...outer];
}

/** Takes operations that were made for a while out of the world: gives up what they use. */
export function discard(block: Block): void {
  for (const op of block.operations) op.dropUses();
}

/** Points every use of some values below a block at others. */
export function redirectUses(block: Block, replaced: ReadonlyMap<Value, Value>): void {
  if (replaced.size === 0) return;
  walk(block, (op) => {
    for (let index = 0; index < op.operands.length; index++) {
      const value = replaced.get(op.operands[index]);
      if (value !== undefined) op.setOperand(index, value);
    }
  });
}
