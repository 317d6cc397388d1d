/** What keeps a launch from being faster: from the states of its pipes, averaged over cores. */
import { PIPE_COUNT, laneState, laneStates, type CoreRecord } from '../../../../runtime/machine/index.ts';
import { type CoreKind, instructions, pipes } from '../../../../runtime/isa/index.ts';
import type { Bound } from '../../report/index.ts';

const STATES = laneStates.length;

/** Launches that are shorter than this part of what starting a kernel costs are bound by starting. */
const SHORT_LAUNCH = 0.1;
/** A launch whose busiest pipe works less than this waits for latencies. */
const WORKING = 0.5;

/** What it means that a pipe works most. */
const boundOfPipe: Readonly<Record<(typeof pipes)[number], Bound>> = {
  S: 'scalar',
  V: 'vector',
  M: 'cube',
  MTE1: 'on-chip',
  MTE2: 'memory',
  MTE3: 'memory',
  FIX: 'memory',
  ALL: 'latency',
};

/** Kinds of cores that have a pipe: those whose instructions it executes. */
const kindsOfPipe: readonly ReadonlySet<CoreKind>[] = pipes.map(
  (pipe) => new Set(instructions.filter((each) => each.pipe === pipe).flatMap(({ cores }) => cores)),
);

/** Cycles by pipe and state: the mean over the cores of a launch that have the pipe; idle where none has it. */
export function meanStates(cores: readonly CoreRecord[]): Float64Array {
  const mean = new Float64Array(PIPE_COUNT * STATES);
  for (let pipe = 0; pipe < PIPE_COUNT; pipe++) {
    const having = cores.filter(({ kind }) => kindsOfPipe[pipe].has(kind));
    const meant = having.length === 0 ? cores : having;
    for (let at = pipe * STATES; at < (pipe + 1) * STATES; at++)
      mean[at] = meant.reduce((sum, { cycles }) => sum + cycles[at], 0) / meant.length;
  }
  return mean;
}

/** Cycles in which a pipe executes, slow-downs included. */
export function busyCycles(states: ArrayLike<number>, pipe: number): number {
  let busy = 0;
  for (let state = 0; state < laneState.flag; state++) busy += states[pipe * STATES + state];
  return busy;
}

const pipeNumbers = Array.from({ length: PIPE_COUNT }, (_, pipe) => pipe);

function busiestPipe(states: ArrayLike<number>): number {
  return pipeNumbers.reduce((best, pipe) => (busyCycles(states, pipe) > busyCycles(states, best) ? pipe : best), 0);
}

export function boundOf(states: ArrayLike<number>, cycles: number, launchCycles: number): Bound {
  if (cycles < SHORT_LAUNCH * launchCycles) return 'launch';
  const busiest = busiestPipe(states);
  return busyCycles(states, busiest) < WORKING * cycles ? 'latency' : boundOfPipe[pipes[busiest]];
}

/** The stall that costs most on the busiest pipe that is not the scalar unit. */
export function mainStallOf(states: ArrayLike<number>): { readonly state: number; readonly pipe: number } | null {
  const [, ...queues] = pipeNumbers;
  const pipe = queues.reduce(
    (best, candidate) => (busyCycles(states, candidate) > busyCycles(states, best) ? candidate : best),
    1,
  );
  let found: number = laneState.idle;
  for (let state = 1; state < laneState.idle; state++)
    if (states[pipe * STATES + state] > (found === laneState.idle ? 0 : states[pipe * STATES + found])) found = state;
  return found === laneState.idle ? null : { state: found, pipe };
}
