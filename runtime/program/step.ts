/**
 * What a program does, step by step: kernels, communication with other devices, words to the host, and control flow on
 * values in GM.
 *
 * On the device a task scheduler carries the steps out: it starts kernels, hands communication to the DMA engines between
 * devices, and for control flow reads one byte of GM (a stream switch), so the host is not asked while a program runs.
 */
import type { TensorDtype } from './tensor.ts';

/** A range of GM that a step reads or writes, and the type of its elements where it has one. */
export interface Extent {
  readonly address: number;
  readonly bytes: number;
  readonly dtype: TensorDtype | null;
}

/** One start of a kernel on `blockCount` cores; a `mix` block is one cube core and its two vector cores. */
export interface Launch {
  readonly kind: 'launch';
  readonly kernel: number;
  readonly blockCount: number;
  /** Integers that arrive in X0, X1, … of every core: GM addresses and scalars. */
  readonly args: readonly number[];
  /** What the launch reads and writes; absent where nobody said. */
  readonly reads?: readonly Extent[];
  readonly writes?: readonly Extent[];
  /** The op that is computed, as an index into `Program.locations`: kernels are shared, launches are not. */
  readonly location?: number;
}

export const reductions = ['sum', 'max', 'min', 'prod'] as const;
export type Reduction = (typeof reductions)[number];

/**
 * Operations of a group, by what becomes of the operand's `elements` elements on each of p ranks:
 * all_reduce and broadcast give as many, all_gather p times as many, reduce_scatter the rank's p-th part,
 * all_to_all as many, part i coming from rank i.
 */
export const groupOperations = ['all_reduce', 'all_gather', 'reduce_scatter', 'all_to_all', 'broadcast'] as const;
export type GroupOperation = (typeof groupOperations)[number];

/** Ranks that compute something together; each waits for all others. */
export interface GroupCollective {
  readonly kind: 'collective';
  readonly operation: GroupOperation;
  /** Global ranks in the order of the parts. */
  readonly group: readonly number[];
  /** Of all_reduce and reduce_scatter. */
  readonly reduction: Reduction | null;
  /** The global rank that a broadcast reads. */
  readonly root: number | null;
  readonly dtype: TensorDtype;
  /** Elements of the operand on one rank. */
  readonly elements: number;
  /** GM addresses of operand and result. */
  readonly input: number;
  readonly output: number;
  readonly location?: number;
}

/** A message: the k-th send with a tag meets the k-th receive with it. A send goes on at once, a receive waits. */
export interface Transfer {
  readonly kind: 'send' | 'receive';
  /** Global rank of the other end. */
  readonly peer: number;
  readonly tag: number;
  readonly dtype: TensorDtype;
  readonly elements: number;
  readonly address: number;
  readonly location?: number;
}

export type Communication = GroupCollective | Transfer;

/** A dense tensor in GM. */
export interface TensorPlace {
  readonly address: number;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
}

/** The host prints the format with the values at that moment in its places. */
export interface Print {
  readonly kind: 'print';
  /** Text with one `{}` for each value; `{{` and `}}` are braces. */
  readonly format: string;
  readonly values: readonly TensorPlace[];
  readonly location?: number;
}

/** The run ends here with the message when the byte at `condition` is 0. */
export interface Assertion {
  readonly kind: 'assert';
  readonly condition: number;
  readonly message: string;
  readonly location?: number;
}

/** What the host is told; in the order of the program with everything else. */
export type Effect = Print | Assertion;

/** Steps that run when the byte at `condition` is not 0, or else the other ones. */
export interface Branch {
  readonly kind: 'branch';
  readonly condition: number;
  readonly then: readonly Step[];
  readonly otherwise: readonly Step[];
  readonly location?: number;
}

/** `test`, and while the byte at `condition` is not 0: `body` and `test` again. */
export interface WhileLoop {
  readonly kind: 'while';
  readonly test: readonly Step[];
  readonly condition: number;
  readonly body: readonly Step[];
  readonly location?: number;
}

/** `body`, `count` times. */
export interface CountedLoop {
  readonly kind: 'repeat';
  readonly count: number;
  readonly body: readonly Step[];
  readonly location?: number;
}

export type Step = Launch | Communication | Effect | Branch | WhileLoop | CountedLoop;
/** A step that works; the others say which steps come next. */
export type Work = Launch | Communication | Effect;

/** Whether a step speaks to other devices. */
export const isCommunication = (step: Step): step is Communication =>
  step.kind === 'collective' || step.kind === 'send' || step.kind === 'receive';

/** The step lists inside a step. */
export function stepsIn(step: Step): readonly (readonly Step[])[] {
  switch (step.kind) {
    case 'branch':
      return [step.then, step.otherwise];
    case 'while':
      return [step.test, step.body];
    case 'repeat':
      return [step.body];
    default:
      return [];
  }
}

/** All steps in the order of the text, outer before inner. */
export function allSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...stepsIn(step).flatMap(allSteps)]);
}

/** All launches in the order of the text; in a program without control flow that is the order in which they run. */
export const launchesOf = (steps: readonly Step[]): readonly Launch[] =>
  allSteps(steps).filter((step) => step.kind === 'launch');

/**
 * The work of a program in the order in which it runs: the one meaning of control flow. `holds` reads the condition at a
 * GM address (`step` asks); it is called when all work before it was taken up.
 */
export function* workOf(
  steps: readonly Step[],
  holds: (address: number, step: Branch | WhileLoop) => boolean,
): Generator<Work, void> {
  for (const step of steps) {
    switch (step.kind) {
      case 'branch':
        yield* workOf(holds(step.condition, step) ? step.then : step.otherwise, holds);
        break;
      case 'repeat':
        for (let turn = 0; turn < step.count; turn++) yield* workOf(step.body, holds);
        break;
      case 'while':
        for (;;) {
          yield* workOf(step.test, holds);
          if (!holds(step.condition, step)) break;
          yield* workOf(step.body, holds);
        }
        break;
      default:
        yield step;
    }
  }
}
