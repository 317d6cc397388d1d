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

/** The places of an instruction in a launch, by what the kernel was written for and what it is launched for (see members.ts). */
export type PlacesInLaunch = (written: number | undefined, launched: number | undefined) => PlacesOf;
type PlacesOf = (location: number) => readonly number[];

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
  placesInLaunch: PlacesInLaunch,
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
    const kernel = program.kernels[step.kernel];
    const written = kernel.streams[0]?.locations[0];
    const facts = launchFacts(kernel, step, report, record, chip.timing, placeOf);
    const placesOf = placesInLaunch(written, step.location ?? written);
    const parts = secondsByPlace(kernel, record, report.microseconds * 1e-6, placesOf);
    const seconds = parts ?? [{ place: facts.place, seconds: report.microseconds * 1e-6 }];
    launches.push({ ...facts, start: microseconds, seconds });
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
  { launchCycles }: { readonly launchCycles: number },
  placeOf: PlaceOf,
): Omit<LaunchFacts, 'start' | 'seconds'> {
  const states = meanStates(record.cores);
  const { cycles, microseconds, hbmBytes, l2Bytes } = report;
  const place = placeOf(launch.location ?? kernel.streams[0]?.locations[0]);
  return {
    kernel: launch.kernel,
    place,
    blocks: launch.blockCount,
    microseconds,
    cycles,
    hbmBytes,
    l2Bytes,
    executed: executedOf(record),
    states: Array.from(states, (value) => Math.round(value)),
    bound: boundOf(states, cycles, launchCycles),
    mainStall: mainStallOf(states),
  };
}

function executedOf({ operations }: TimingRecord): readonly ExecutedOperations[] {
  return [...operations].map(([key, count]) => {
    const [unit, dtype] = key.split(' ');
    return { unit: unit === 'cube' ? 'cube' : 'vector', dtype, operations: count };
  });
}

/** Seconds by the places of instructions, shared by their busy cycles; null when all come from one place: that of the launch. */
function secondsByPlace(
  { streams }: Kernel,
  { instructions }: TimingRecord,
  seconds: number,
  placesOf: PlacesOf,
): readonly PlaceSeconds[] | null {
  const weights = new Map<number, number>();
  for (const stream of streams) {
    if (new Set(stream.locations).size < 2) continue;
    instructions[stream.core]?.executed.forEach((count, word) => {
      if (count === 0) return;
      const own = placesOf(locationAt(stream, word));
      const weight = busyOf(instructions[stream.core], word) / own.length;
      for (const place of own) weights.set(place, (weights.get(place) ?? 0) + weight);
    });
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return null;
  return [...weights].map(([place, weight]) => ({ place, seconds: (seconds * weight) / total }));
}

function busyOf(costs: InstructionCosts | undefined, word: number): number {
  const at = word * laneStates.length;
  return costs?.cycles.subarray(at, at + laneState.flag).reduce((sum, value) => sum + value, 0) ?? 0;
}
