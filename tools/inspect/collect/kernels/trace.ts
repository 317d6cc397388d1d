/** The pipes of a launch as a report holds them: lanes of segments in differences. */
import { PIPE_COUNT, type CoreRecord, type TimingReport } from '../../../../runtime/machine/index.ts';
import { pipes } from '../../../../runtime/isa/index.ts';
import { TICKS, type CoreEvents, type FlagArrows, type KernelTrace, type LaneEvents } from '../../report/index.ts';

/** Instruction numbers by word index, for each stream of a kernel. */
export type InstructionNumbers = ReadonlyMap<string, { readonly stream: number; readonly numbers: Int32Array }>;

/** The slowest core of a launch and the fastest one. */
export function traceOf(report: TimingReport, launch: number, streams: InstructionNumbers): KernelTrace | null {
  const { cores, record } = report;
  if (record === null) return null;
  const byTime = cores.map((_, number) => number).toSorted((left, right) => cores[right].cycles - cores[left].cycles);
  const shown = [...new Set([byTime[0], byTime[byTime.length - 1]])];
  return {
    launch,
    cores: shown.map((number) => coreEvents(cores[number].core, cores[number].cycles, record.cores[number], streams)),
    allCycles: cores.map(({ cycles }) => Math.round(cycles)),
    omitted: shown.reduce((sum, number) => sum + record.cores[number].omitted, 0),
  };
}

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
