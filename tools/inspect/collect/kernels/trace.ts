/** The pipes of a launch as a report holds them: lanes of segments in differences. */
import {
  PIPE_COUNT,
  type CoreRecord,
  type TimingRecord,
  type TimingReport,
} from '../../../../runtime/machine/index.ts';
import { pipes } from '../../../../runtime/isa/index.ts';
import { TICKS, type CoreEvents, type FlagArrows, type KernelTrace, type LaneEvents } from '../../report/index.ts';

/** Instruction numbers by word index, for each stream of a kernel. */
export type InstructionNumbers = ReadonlyMap<string, { readonly stream: number; readonly numbers: Int32Array }>;

/** A launch's slowest core, its fastest one, and the others in order while there is room for `limit` segments. */
export function traceOf(
  report: TimingReport,
  launch: number,
  streams: InstructionNumbers,
  limit: number,
): KernelTrace | null {
  const { cores, record } = report;
  if (record === null) return null;
  const numbers = cores.map((_, number) => number);
  const slowest = numbers.reduce((best, number) => (cores[number].cycles > cores[best].cycles ? number : best), 0);
  const fastest = numbers.reduce((best, number) => (cores[number].cycles < cores[best].cycles ? number : best), 0);
  const shown: number[] = [];
  let room = limit;
  for (const number of new Set([slowest, fastest, ...numbers])) {
    const { segments } = record.cores[number];
    if (shown.length > 0 && segments.length > room) continue;
    shown.push(number);
    room -= segments.length;
  }
  return {
    launch,
    cores: shown.map((number) => coreEvents(cores[number].core, cores[number].cycles, record.cores[number], streams)),
    allCores: cores.map(({ core, cycles }) => ({ name: core, cycles: Math.round(cycles) })),
    omitted: omittedSegments(record, new Set(shown)),
  };
}

/** Segments of cores that are not shown, and of shown ones those over the limit. */
const omittedSegments = ({ cores }: TimingRecord, shown: ReadonlySet<number>): number =>
  cores.reduce((sum, { segments, omitted }, number) => sum + omitted + (shown.has(number) ? 0 : segments.length), 0);

function coreEvents(name: string, cycles: number, record: CoreRecord, streams: InstructionNumbers): CoreEvents {
  const stream = streams.get(record.kind);
  const numbers = stream?.numbers ?? new Int32Array();
  const lanes = Array.from({ length: PIPE_COUNT }, (_, pipe) => laneOf(record, pipe, numbers));
  return {
    name,
    stream: stream?.stream ?? 0,
    cycles: Math.round(cycles),
    lanes: lanes.filter(({ lengths }) => lengths.length > 0),
    arrows: arrowsOf(record, numbers),
  };
}

const ticksOf = (cycles: number): number => Math.round(cycles * TICKS);

function laneOf({ segments }: CoreRecord, wanted: number, numbers: Int32Array): LaneEvents {
  const { length, pipe, state, pc, start, end } = segments;
  const [gaps, lengths, states, instructions]: number[][] = [[], [], [], []];
  let at = 0;
  for (let index = 0; index < length; index++) {
    const [from, to] = [ticksOf(start[index]), ticksOf(end[index])];
    if (pipe[index] !== wanted || to <= from) continue;
    gaps.push(from - at);
    lengths.push(to - from);
    states.push(state[index]);
    instructions.push(numbers[pc[index]]);
    at = to;
  }
  return { pipe: wanted, gaps, lengths, states, instructions };
}

function arrowsOf({ arrows }: CoreRecord, numbers: Int32Array): FlagArrows {
  const { length, flag, setter, waiter, set, taken } = arrows;
  const order = Array.from({ length }, (_, index) => index).toSorted((left, right) => set[left] - set[right]);
  const packed = order.map((index) => flag[index]);
  const times = order.map((index) => ticksOf(set[index]));
  return {
    from: packed.map((value) => Math.floor(value / (8 * pipes.length))),
    to: packed.map((value) => Math.floor(value / 8) % pipes.length),
    id: packed.map((value) => value % 8),
    set: times.map((time, index) => time - (index === 0 ? 0 : times[index - 1])),
    taken: order.map((index, at) => ticksOf(taken[index]) - times[at]),
    setter: order.map((index) => numbers[setter[index]]),
    waiter: order.map((index) => numbers[waiter[index]]),
  };
}
