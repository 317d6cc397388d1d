/** The kernels section: the program on the timing model, and what the compiler chose for its kernels. */
import type { Module } from '../../../../compiler/ir/index.ts';
import { chipOf } from '../../../../runtime/host/index.ts';
import type { Kernel, Program } from '../../../../runtime/program/index.ts';
import type { KernelFacts, KernelSection, TileFacts } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';
import { timeLaunches, type KernelTime, type PlaceOf } from './launches.ts';
import { roofsOf } from './roofs.ts';
import { instructionNumbers, streamFacts } from './streams.ts';
import { tilesOf } from './tiles.ts';
import { traceOf } from './trace.ts';

export interface KernelRequest {
  readonly program: Program;
  /** The scheduled module of the program; null when there is only a program file. */
  readonly module: Module | null;
  /** What control flow decided in a run; null: branches are taken and loops turn once. */
  readonly decisions: readonly boolean[] | null;
  readonly places: PlaceTable;
  /** Segments of pipes for each core that is shown, at most. */
  readonly traceEvents?: number;
}

/** Enough for a few thousand instructions on each pipe; larger kernels show their beginning. */
export const DEFAULT_TRACE_EVENTS = 4000;

export function kernelSection(request: KernelRequest): KernelSection {
  const { program, module, decisions, places, traceEvents: limit = DEFAULT_TRACE_EVENTS } = request;
  const placeOf: PlaceOf = (location) => places.numberOfText(program.locations[location ?? -1] ?? 'unknown');
  const { launches, kernels: times, ...rest } = timeLaunches(program, decisions, limit, placeOf);
  const tiles = tilesOf(module);
  const kernels = program.kernels.map((kernel, number) =>
    kernelFacts(kernel, tiles.get(kernel.name) ?? null, times.get(number), placeOf),
  );
  const traces = kernels.flatMap(({ trace }) => trace ?? []);
  const kept = traces.reduce(
    (sum, { cores }) =>
      sum + cores.reduce((all, { lanes }) => all + lanes.reduce((count, { gaps }) => count + gaps.length, 0), 0),
    0,
  );
  const omitted = traces.reduce((sum, trace) => sum + trace.omitted, 0);
  return {
    kind: 'kernels',
    chip: roofsOf(chipOf(program)),
    kernels,
    launches,
    events: { limit, kept, omitted },
    ...rest,
  };
}

function kernelFacts(
  kernel: Kernel,
  tiles: TileFacts | null,
  time: KernelTime | undefined,
  placeOf: PlaceOf,
): KernelFacts {
  const numbers = new Map(
    kernel.streams.map(({ core, words }, stream) => [core as string, { stream, numbers: instructionNumbers(words) }]),
  );
  return {
    name: kernel.name,
    core: kernel.core,
    place: placeOf(kernel.streams[0]?.locations[0]),
    tiles,
    streams: kernel.streams.map((stream) => streamFacts(stream, time?.costs.get(stream.core), placeOf)),
    trace: time === undefined ? null : traceOf(time.longest.report, time.longest.launch, numbers),
  };
}
