/** A core in time: its scalar unit, its queues, and the flags between them. */
import { pipes } from '../../isa/index.ts';
import type { Pipe } from '../../isa/index.ts';
import type { Core } from '../core.ts';
import { coreLabel } from '../fault.ts';
import { PIPE_COUNT, laneState } from './columns.ts';
import { PipeQueue } from './queue.ts';
import type { Entry } from './queue.ts';
import type { CoreRecorder } from './record.ts';
import type { CoreTime } from './report.ts';

/** Why the scalar unit does not go on. */
export type Blocked =
  /** `entry` waits for a place in the queue of the pipe. */
  | { readonly kind: 'queue'; readonly pipe: number; readonly entry: Entry }
  | { readonly kind: 'flag'; readonly flag: number }
  | { readonly kind: 'drain' | 'interpreter' | 'ended' }
  | { readonly kind: 'cross_core'; readonly flag: number };

/** The state of S in a record for each reason. */
export const stateOfBlocked: Readonly<Record<Blocked['kind'], number>> = {
  queue: laneState.fullQueue,
  flag: laneState.flag,
  drain: laneState.barrier,
  cross_core: laneState.crossCore,
  interpreter: laneState.crossCore,
  ended: laneState.idle,
};

export interface TimedCore {
  readonly number: number;
  readonly core: Core;
  readonly label: string;
  readonly queues: readonly PipeQueue[];
  /** Times of set flags that nobody has taken, by flag index. */
  readonly flags: Map<number, number[]>;
  readonly crossCore: number[][];
  readonly recorder: CoreRecorder | null;
  scalarTime: number;
  /** Word index of the instruction that was issued last. */
  lastIssued: number;
  instructions: number;
  blocked: Blocked | null;
}

export function timedCore(core: Core, number: number, queueDepth: number, recorder: CoreRecorder | null): TimedCore {
  return {
    number,
    core,
    label: coreLabel(core.name),
    queues: Array.from({ length: PIPE_COUNT }, () => new PipeQueue(queueDepth)),
    flags: new Map(),
    crossCore: Array.from({ length: 16 }, () => []),
    recorder,
    scalarTime: 0,
    lastIssued: 0,
    instructions: 0,
    blocked: null,
  };
}

/** The time of a core that has ended. */
export function timeOf(timed: TimedCore): CoreTime {
  const byPipe = (value: (queue: PipeQueue) => number): Record<Pipe, number> =>
    Object.fromEntries([...timed.queues.map((queue, pipe) => [pipes[pipe], value(queue)]), ['ALL', 0]]) as Record<
      Pipe,
      number
    >; // every pipe once
  return {
    core: timed.label,
    cycles: Math.max(timed.scalarTime, ...timed.queues.map((queue) => queue.doneAt)),
    instructions: timed.instructions,
    busy: byPipe((queue) => queue.busy),
    operations: byPipe((queue) => queue.operations),
  };
}
