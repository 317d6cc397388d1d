/** The launches of a program on the timing model, in order; each kernel keeps the record of its longest launch. */
import { LaunchTimer, asDecided, assumed, chipOf, isTimingFault } from '../../../../runtime/host/index.ts';
import type { TimingFault } from '../../../../runtime/host/index.ts';
import {
  InstructionCosts,
  faultText,
  laneState,
  laneStates,
  type TimingRecord,
  type TimingReport,
} from '../../../../runtime/machine/index.ts';
import { locationAt } from '../../../../runtime/isa/index.ts';
import { allSteps, workOf, type Kernel, type Launch, type Program } from '../../../../runtime/program/index.ts';
import type { ExecutedOperations, KernelSection, LaunchFacts, PlaceSeconds } from '../../report/index.ts';
import { addCosts } from './streams.ts';
import { boundOf, mainStallOf, meanStates } from './verdict.ts';

/** The number of a place by the index of a location of the program. */
export type PlaceOf = (location: number | undefined) => number;

/** What the launches of one kernel found out. */
export interface KernelTime {
  /** The longest launch with the pipes' segments. */
  longest: { readonly launch: number; readonly report: TimingReport };
  readonly costs: Map<string, InstructionCosts>;
}

export interface TimedLaunches {
  readonly launches: readonly LaunchFacts[];
  readonly kernels: ReadonlyMap<number, KernelTime>;
  readonly microseconds: number;
  readonly controlFlow: KernelSection['controlFlow'];
  readonly fault: KernelSection['fault'];
}

export function timeLaunches(
  program: Program,
  decisions: readonly boolean[] | null,
  segmentsPerCore: number,
  placeOf: PlaceOf,
): TimedLaunches {
  const timer = new LaunchTimer(program);
  const chip = chipOf(program);
  const launches: LaunchFacts[] = [];
  const kernels = new Map<number, KernelTime>();
  let microseconds = 0;
  let fault: TimedLaunches['fault'] = null;
  for (const step of workOf(program.main, decisions === null ? assumed() : asDecided(decisions))) {
    if (step.kind !== 'launch') continue;
    const report = timer.time(step, { segmentsPerCore });
    if (isTimingFault(report)) {
      fault = faultOf(report, placeOf);
      break;
    }
    const { record } = report;
    if (record === null) throw new Error('a launch was timed without its record');
    keep(kernels, step.kernel, launches.length, report, record);
    launches.push(launchFacts(program.kernels[step.kernel], step, report, record, microseconds, chip.timing, placeOf));
    microseconds += report.microseconds;
  }
  return { launches, kernels, microseconds, controlFlow: controlFlowOf(program, decisions), fault };
}

function controlFlowOf({ main }: Program, decisions: readonly boolean[] | null): KernelSection['controlFlow'] {
  if (!allSteps(main).some(({ kind }) => kind === 'branch' || kind === 'while')) return 'none';
  return decisions === null ? 'assumed' : 'decided';
}

function faultOf({ fault, location }: TimingFault, placeOf: PlaceOf): TimedLaunches['fault'] {
  return { message: faultText(fault), place: placeOf(location) };
}

function keep(
  kernels: Map<number, KernelTime>,
  kernel: number,
  launch: number,
  report: TimingReport,
  record: TimingRecord,
): void {
  const known = kernels.get(kernel);
  const time = known ?? { longest: { launch, report }, costs: new Map<string, InstructionCosts>() };
  if (report.cycles > time.longest.report.cycles) time.longest = { launch, report };
  for (const [core, costs] of Object.entries(record.instructions)) {
    const sum = time.costs.get(core) ?? new InstructionCosts(costs.executed.length);
    addCosts(sum, costs);
    time.costs.set(core, sum);
  }
  kernels.set(kernel, time);
}

function launchFacts(
  kernel: Kernel,
  launch: Launch,
  report: TimingReport,
  record: TimingRecord,
  start: number,
  { launchCycles }: { readonly launchCycles: number },
  placeOf: PlaceOf,
): LaunchFacts {
  const states = meanStates(record.cores);
  const { cycles, microseconds, hbmBytes, l2Bytes } = report;
  const place = placeOf(launch.location ?? kernel.streams[0]?.locations[0]);
  return {
    kernel: launch.kernel,
    place,
    blocks: launch.blockCount,
    start,
    microseconds,
    cycles,
    hbmBytes,
    l2Bytes,
    executed: executedOf(record),
    states: Array.from(states, (value) => Math.round(value)),
    bound: boundOf(states, cycles, launchCycles),
    mainStall: mainStallOf(states),
    seconds: secondsByPlace(kernel, record, place, microseconds * 1e-6, placeOf),
  };
}

function executedOf({ operations }: TimingRecord): readonly ExecutedOperations[] {
  return [...operations].map(([key, count]) => {
    const [unit, dtype] = key.split(' ');
    return { unit: unit === 'cube' ? 'cube' : 'vector', dtype, operations: count };
  });
}

/** A launch belongs to its op, unless its instructions come from several places: then to these, by their busy cycles. */
function secondsByPlace(
  { streams }: Kernel,
  { instructions }: TimingRecord,
  place: number,
  seconds: number,
  placeOf: PlaceOf,
): readonly PlaceSeconds[] {
  const weights = new Map<number, number>();
  for (const stream of streams) {
    if (new Set(stream.locations).size < 2) continue;
    instructions[stream.core]?.executed.forEach((count, word) => {
      if (count === 0) return;
      const own = placeOf(locationAt(stream, word));
      weights.set(own, (weights.get(own) ?? 0) + busyOf(instructions[stream.core], word));
    });
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return [{ place, seconds }];
  return [...weights].map(([own, weight]) => ({ place: own, seconds: (seconds * weight) / total }));
}

function busyOf(costs: InstructionCosts | undefined, word: number): number {
  const at = word * laneStates.length;
  return costs?.cycles.subarray(at, at + laneState.flag).reduce((sum, value) => sum + value, 0) ?? 0;
}
