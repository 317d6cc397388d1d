/**
 * Runs the programs of all ranks together: each as far as it comes alone, then the communication that all its ranks have
 * come to, until every rank is done. A rank is a coroutine that hands out the `dist.*` operation at which it waits.
 */
import { integerAttribute } from '../core/attribute.ts';
import type { Block, Module, Operation } from '../core/operation.ts';
import { walk } from '../core/operation.ts';
import type { Result } from '../support/diagnostic.ts';
import { failure, ok } from '../support/diagnostic.ts';
import { isCollective } from '../ops/collective.ts';
import type { TensorValue } from './array.ts';
import { GROUP_RULES } from './collective.ts';
import { counterOf, holds } from './control.ts';
import { Frame, isScalar } from './frame.ts';
import type { RuntimeValue } from './frame.ts';
import { Evaluation, Stop } from './function.ts';
import type { EvaluateOptions } from './function.ts';
import type { Blocked, Meeting, WaitingRank } from './rendezvous.ts';
import { nextMeeting } from './rendezvous.ts';

/** Why the ranks did not finish: a failure of one, a deadlock, or a group that came to different collectives. */
export interface RankFailure {
  readonly message: string;
  /** The ranks concerned, each with what it waits at or fails at. */
  readonly ranks: readonly WaitingRank[];
}

export interface RankOptions extends EvaluateOptions {
  /** Sees every collective and message as it happens: the operation of its first member, and all members. */
  readonly communicate?: (op: Operation, members: readonly number[]) => void;
}

/** The results of @main of each rank's module for each rank's inputs. */
export function evaluateRanks(
  modules: readonly Module[],
  inputs: readonly (readonly RuntimeValue[])[],
  options: RankOptions = {},
): Result<readonly (readonly RuntimeValue[])[], RankFailure> {
  const ranks = modules.map((module, rank) => new RankRun(module, rank, inputs[rank], options));
  try {
    for (const rank of ranks) rank.advance([]);
    for (;;) {
      const meeting = nextMeeting(ranks.map((rank) => rank.waiting?.op ?? null));
      if (meeting === null) return ok(ranks.map((rank) => rank.results));
      if (isBlocked(meeting)) return failure(meeting);
      meet(meeting, ranks, options);
    }
  } catch (error) {
    if (error instanceof RankStop) return failure({ message: error.message, ranks: [error.at] });
    throw error;
  }
}

const isBlocked = (meeting: Meeting | Blocked): meeting is Blocked => 'message' in meeting;

function meet({ members }: Meeting, ranks: readonly RankRun[], options: RankOptions): void {
  const waiting = members.map((member) => ranks[member].waiting);
  const [first] = waiting;
  if (!first) throw new Error('a rank meets others and does not wait');
  options.communicate?.(first.op, members);
  if (first.op.name === 'dist.send') {
    ranks[members[0]].advance([]);
    ranks[members[1]].advance(first.operands);
    return;
  }
  const results = GROUP_RULES[first.op.name as keyof typeof GROUP_RULES](
    // the rendezvous pairs receives with sends
    waiting.map((wait) => wait?.operands[0] ?? first.operands[0]),
    first.op.attributes,
  );
  members.forEach((member, index) => ranks[member].advance([results[index]]));
}

/** A rank at a `dist.*` operation. */
interface Waiting {
  readonly op: Operation;
  readonly operands: readonly TensorValue[];
}

class RankStop extends Error {
  readonly at: WaitingRank;

  constructor(message: string, at: WaitingRank) {
    super(message);
    this.at = at;
  }
}

type Steps = Generator<Waiting, readonly RuntimeValue[], readonly TensorValue[]>;

class RankRun {
  waiting: Waiting | null = null;
  results: readonly RuntimeValue[] = [];
  private readonly rank: number;
  private readonly steps: Steps;

  constructor(module: Module, rank: number, inputs: readonly RuntimeValue[], options: RankOptions) {
    this.rank = rank;
    this.steps = new Coroutine(module, options).main(inputs);
  }

  /** Goes on with what arrived, up to the next communication. */
  advance(arrived: readonly TensorValue[]): void {
    try {
      const step = this.steps.next(arrived);
      this.waiting = step.done ? null : step.value;
      if (step.done) this.results = step.value;
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      throw new RankStop(error.message, { rank: this.rank, text: error.message, location: error.location });
    }
  }
}

/** One rank's program as a coroutine; what does not communicate is run by the plain evaluation. */
class Coroutine {
  private readonly module: Module;
  private readonly evaluation: Evaluation;
  private readonly options: RankOptions;
  private readonly communicating = new Map<Operation, boolean>();

  constructor(module: Module, options: RankOptions) {
    this.module = module;
    this.options = options;
    this.evaluation = new Evaluation(module, options);
  }

  *main(inputs: readonly RuntimeValue[]): Steps {
    const main = this.module.body.operations.find((op) => symbolOf(op) === 'main');
    const body = main?.regions[0];
    if (!main || !body) throw new Stop("there is no function 'main'", null);
    if (body.arguments.length !== inputs.length)
      throw new Stop(`'main' takes ${body.arguments.length} inputs, ${inputs.length} are given`, main.location);
    const frame = new Frame();
    for (const [index, argument] of body.arguments.entries()) {
      const problem = frame.bindDimensions(argument.type, inputs[index]);
      if (problem !== null) throw new Stop(`input ${index} of 'main': ${problem}`, main.location);
    }
    return yield* this.block(body, inputs, frame);
  }

  private *block(block: Block, inputs: readonly RuntimeValue[], frame: Frame): Steps {
    block.arguments.forEach((argument, index) => frame.set(argument, inputs[index]));
    const dying = frame.lastUses(block);
    for (const [index, op] of block.operations.entries()) {
      if (TERMINATORS.has(op.name)) return op.operands.map((operand) => frame.get(operand));
      const results = yield* this.operation(op, frame);
      this.options.observe?.(op, results);
      op.results.forEach((result, at) => frame.set(result, results[at]));
      for (const value of dying[index]) frame.delete(value);
    }
    return [];
  }

  private *operation(op: Operation, frame: Frame): Steps {
    if (isCollective(op.name))
      return yield { op, operands: op.operands.map((operand) => tensorOf(op, frame.get(operand))) };
    if (!this.communicates(op)) return this.evaluation.execute(op, frame);
    if (op.name === 'scf.if') return yield* this.choice(op, frame);
    if (op.name === 'scf.for') return yield* this.count(op, frame);
    if (op.name === 'scf.while') return yield* this.loop(op, frame);
    throw new Stop(`'${op.name}' holds communication`, op.location);
  }

  private *choice(op: Operation, frame: Frame): Steps {
    const taken = op.regions[holds(frame.get(op.operands[0])) ? 0 : 1];
    return taken === undefined ? [] : yield* this.block(taken, [], frame);
  }

  private *count(op: Operation, frame: Frame): Steps {
    const [lower, upper, step] = op.operands.slice(0, 3).map((operand) => counterOf(frame.get(operand)));
    const { type } = op.operands[0];
    let carried: readonly RuntimeValue[] = op.operands.slice(3).map((operand) => frame.get(operand));
    for (let counter = lower; counter < upper; counter += step) {
      const index = integerAttribute(Number(counter), type.kind === 'scalar' ? type.dtype : 'index');
      carried = yield* this.block(op.regions[0], [index, ...carried], frame);
    }
    return carried;
  }

  private *loop(op: Operation, frame: Frame): Steps {
    let carried: readonly RuntimeValue[] = op.operands.map((operand) => frame.get(operand));
    for (;;) {
      const [goesOn, ...passed]: readonly RuntimeValue[] = yield* this.block(op.regions[0], carried, frame);
      if (!holds(goesOn)) return passed;
      carried = yield* this.block(op.regions[1], passed, frame);
    }
  }

  private communicates(op: Operation): boolean {
    if (op.regions.length === 0) return false;
    let found = this.communicating.get(op);
    if (found === undefined) {
      found = false;
      for (const region of op.regions)
        walk(region, (inner) => {
          if (isCollective(inner.name)) found = true;
        });
      this.communicating.set(op, found);
    }
    return found;
  }
}

const TERMINATORS: ReadonlySet<string> = new Set(['func.return', 'scf.yield', 'scf.condition']);

function symbolOf(op: Operation): string {
  const name = op.attribute('sym_name');
  return name?.kind === 'string' ? name.value : '';
}

function tensorOf(op: Operation, value: RuntimeValue): TensorValue {
  if (isScalar(value)) throw new Stop(`'${op.name}' got a scalar`, op.location);
  return value;
}
