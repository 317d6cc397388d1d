/**
 * Time of programs on a cluster: launches by the timing model of the machine, communication by the HCCL formulas of
 * `target`. A collective begins when its last rank is there; a message arrives its time after it was sent.
 */
import { createHash } from 'node:crypto';
import {
  driveRanks,
  isCommunication,
  resultElements,
  stepsIn,
  tensorDtypeBytes,
  workOf,
  type Communication,
  type CommunicationProblem,
  type Launch,
  type Program,
  type RankFailure,
  type Step,
} from '../../program/index.ts';
import { collectiveSeconds, type Cluster } from '../../target/index.ts';
import { asDecided, assumed } from './decisions.ts';
import { isTimingFault, LaunchTimer, type TimingFault } from './launches.ts';
import { RankClock, type Slice } from './rank-clock.ts';

export interface RankTime {
  readonly slices: readonly Slice[];
  /** Seconds in which launches ran. */
  readonly compute: number;
  /** Seconds in which the rank communicated. */
  readonly communication: number;
  /** Seconds in which it communicated while no launch ran. */
  readonly exposed: number;
  /** Seconds until the end of all ranks in which it did neither: waiting for others. */
  readonly bubble: number;
}

export interface ClusterTime {
  /** Seconds until the last rank is at its end. */
  readonly seconds: number;
  readonly ranks: readonly RankTime[];
}

export interface ClusterTimingOptions {
  /** What control flow decided on each rank in a run; without it branches are taken and loops turn once. */
  readonly decisions?: readonly (readonly boolean[])[];
}

export type ClusterTimingProblem = CommunicationProblem | RankFailure<TimingFault>;

/** Times the programs of all ranks together; rank i is device i of the cluster. */
export function timeRanks(
  programs: readonly Program[],
  cluster: Cluster,
  options: ClusterTimingOptions = {},
): ClusterTime | ClusterTimingProblem {
  const clocks = programs.map(() => new RankClock());
  const timers = timersOf(programs, options);
  const works = programs.map(({ main }, rank) => {
    const decisions = options.decisions?.[rank];
    return workOf(main, decisions === undefined ? assumed() : asDecided(decisions));
  });
  let meetings = 0;
  const problem = driveRanks<Sent, TimingFault>({
    ranks: programs.length,
    placeOf: (rank, { location }) => (location === undefined ? null : (programs[rank]?.locations[location] ?? null)),
    advance: (rank) => {
      const [clock, timer, work] = [at(clocks, rank), at(timers, rank), at(works, rank)];
      for (;;) {
        const next = work.next();
        if (next.done === true) return { kind: 'done' };
        const step = next.value;
        if (isCommunication(step)) return { kind: 'communicates', step };
        if (step.kind !== 'launch') continue;
        const seconds = timer.seconds(step);
        if (typeof seconds !== 'number') return { kind: 'failed', failure: seconds };
        const { seconds: start, after } = clock.ready(step);
        const name = programs[rank]?.kernels[step.kernel]?.name ?? '';
        clock.add({ step, start, end: start + seconds, name, ready: start, after, bytes: 0, meeting: -1 });
      }
    },
    send: (rank, step) => {
      const clock = at(clocks, rank);
      const bytes = bytesOf(step);
      const { seconds, algorithm } = collectiveSeconds('send', bytes, [rank, step.peer], cluster);
      const { seconds: start, after } = clock.ready(step);
      const meeting = meetings++;
      clock.add({ step, start, end: start + seconds, name: algorithm, ready: start, after, bytes, meeting });
      return { arrives: start + seconds, meeting };
    },
    meet: (meeting) => {
      if (meeting.kind === 'message') {
        const { from, to, received: step, payload } = meeting;
        const bytes = bytesOf(step);
        const { seconds, algorithm } = collectiveSeconds('send', bytes, [from, to], cluster);
        const { seconds: ready, after } = at(clocks, to).ready(step);
        const end = Math.max(ready, payload.arrives);
        const start = Math.min(end, Math.max(ready, payload.arrives - seconds));
        at(clocks, to).add({ step, start, end, name: algorithm, ready, after, bytes, meeting: payload.meeting });
        return;
      }
      const number = meetings++;
      const members = meeting.members.map(({ rank, step }) => ({ rank, step, ...at(clocks, rank).ready(step) }));
      const start = Math.max(...members.map(({ seconds }) => seconds));
      for (const { rank, step, seconds: ready, after } of members) {
        const bytes = bytesOf(step);
        const { seconds, algorithm } = collectiveSeconds(step.operation, bytes, step.group, cluster);
        const end = start + seconds;
        at(clocks, rank).add({ step, start, end, name: algorithm, ready, after, bytes, meeting: number });
      }
    },
  });
  if (problem !== null) return problem;
  const seconds = clocks.reduce((latest, clock) => Math.max(latest, clock.end()), 0);
  return { seconds, ranks: clocks.map(({ slices }) => rankTime(slices, seconds)) };
}

/** A message on its way. */
interface Sent {
  readonly arrives: number;
  readonly meeting: number;
}

/** Whether timing ended in a problem. */
export const isClusterTimingProblem = (value: ClusterTime | ClusterTimingProblem): value is ClusterTimingProblem =>
  'kind' in value;

function at<Item>(items: readonly Item[], rank: number): Item {
  const item = items[rank];
  if (item === undefined) throw new Error(`there is no rank ${rank}`);
  return item;
}

/** What the formulas count: the whole buffer of one rank. */
function bytesOf(step: Communication): number {
  const isGathered = step.kind === 'collective' && step.operation === 'all_gather';
  return (isGathered ? resultElements(step) : step.elements) * tensorDtypeBytes[step.dtype];
}

/** Seconds of each launch in the order in which a rank runs them. */
interface RankTimer {
  seconds(launch: Launch): number | TimingFault;
}

/** Ranks whose launches are the same take the same times: these are found once. */
function timersOf(programs: readonly Program[], { decisions }: ClusterTimingOptions): readonly RankTimer[] {
  const shared = new Map<string, { readonly timer: LaunchTimer; readonly times: (number | TimingFault)[] }>();
  return programs.map((program, rank) => {
    const key = JSON.stringify([program.target, launchKeys(program), decisions?.[rank] ?? []]);
    const group = shared.get(key) ?? { timer: new LaunchTimer(program), times: [] };
    shared.set(key, group);
    let next = 0;
    return {
      seconds: (launch) => {
        const number = next++;
        const known = group.times[number];
        if (known !== undefined) return known;
        const report = group.timer.time(launch);
        return (group.times[number] = isTimingFault(report) ? report : report.microseconds * 1e-6);
      },
    };
  });
}

/** Everything that decides the times of the launches: kernels by their words, launches, and control flow around them. */
function launchKeys({ main, kernels }: Program): readonly unknown[] {
  const hashes = kernels.map(({ streams }) => {
    const hash = createHash('sha256');
    for (const { core, words } of streams) hash.update(core).update(words);
    return hash.digest('hex');
  });
  return [hashes, main.flatMap(stepKey)];
}

function stepKey(step: Step): readonly unknown[] {
  if (step.kind === 'launch') return [[step.kernel, step.blockCount, ...step.args]];
  const inner = stepsIn(step).map((steps) => steps.flatMap(stepKey));
  return inner.length === 0 ? [] : [[step.kind, step.kind === 'repeat' ? step.count : 0, inner]];
}

/** The parts of a rank's time, from intervals. */
function rankTime(slices: readonly Slice[], seconds: number): RankTime {
  const working = union(slices.filter(({ stream }) => stream === 'compute'));
  const talking = union(slices.filter(({ stream }) => stream !== 'compute'));
  const either = union(slices);
  const compute = lengthOf(working);
  return {
    slices,
    compute,
    communication: lengthOf(talking),
    exposed: lengthOf(either) - compute,
    bubble: seconds - lengthOf(either),
  };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function union(ranges: readonly Range[]): readonly Range[] {
  const joined: Range[] = [];
  for (const { start, end } of ranges.toSorted((one, other) => one.start - other.start)) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last.end)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else joined.push({ start, end });
  }
  return joined;
}

const lengthOf = (ranges: readonly Range[]): number => ranges.reduce((sum, { start, end }) => sum + (end - start), 0);
