/** The kernels section: the program on the timing model, and what the compiler chose for its kernels. */
import type { Module } from '../../../../compiler/ir/index.ts';
import { chipOf } from '../../../../runtime/host/index.ts';
import type { Kernel, Program } from '../../../../runtime/program/index.ts';
import type { KernelFacts, KernelSection, TileFacts } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';
import { timeLaunches, type KernelTime, type PlacesInLaunch, type PlaceOf } from './launches.ts';
import { placesInLaunch } from './members.ts';
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
  /** Segments of pipes for each kernel at most: cores that do not fit are left out. */
  readonly traceEvents?: number;
}

/** A few thousand instructions; where one core has more, its beginning is shown. */
export const DEFAULT_TRACE_EVENTS = 4000;

export function kernelSection(request: KernelRequest): KernelSection {
  const { program, module, decisions, places, traceEvents: limit = DEFAULT_TRACE_EVENTS } = request;
  const textOf = (location: number | undefined): string => program.locations[location ?? -1] ?? 'unknown';
  const placeOf: PlaceOf = (location) => places.numberOfText(textOf(location));
  const inLaunch: PlacesInLaunch = (written, launched) => {
    const placesOf = placesInLaunch({ written: textOf(written), launched: textOf(launched) }, places);
    return (location) => placesOf(textOf(location));
  };
  const { launches, kernels: times, ...rest } = timeLaunches(program, decisions, limit, placeOf, inLaunch);
  const tiles = tilesOf(module);
  const kernels = program.kernels.map((kernel, number) =>
    kernelFacts(kernel, tiles.get(kernel.name) ?? null, times.get(number), limit, placeOf),
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
  limit: number,
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
    trace: time === undefined ? null : traceOf(time.longest.report, time.longest.launch, numbers, limit),
  };
}
