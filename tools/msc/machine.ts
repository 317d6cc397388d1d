/** `--timing`, `--trace` and `--sanitize`: the launches of a program on the timing model and under the race check. */
import { diagnose } from '../../compiler/ir/support/index.ts';
import type { Diagnostic } from '../../compiler/ir/support/index.ts';
import { locationAt } from '../../runtime/isa/index.ts';
import { LaunchTimer, asDecided, chipOf, globalMemory, isTimingFault, kernelLaunch } from '../../runtime/host/index.ts';
import { coreLabel, sanitize, traceEvents } from '../../runtime/machine/index.ts';
import type { MachineFault, SanitizeFinding, TimingReport, TraceEvent } from '../../runtime/machine/index.ts';
import { workOf } from '../../runtime/program/index.ts';
import type { Launch, Program, Work } from '../../runtime/program/index.ts';
import { tensorBytes } from '../formats/index.ts';
import type { FileTensor } from '../formats/index.ts';
import { cliDiagnostics } from './diagnostics.ts';
import { machineDiagnostic } from './execute.ts';

/** Segments of pipes that a trace keeps for each core of a launch. */
const TRACE_LIMIT = 5_000;

/** Time of one launch of the main phase. */
export interface LaunchTime {
  readonly kernel: string;
  readonly location: string | null;
  readonly blocks: number;
  readonly cycles: number;
  readonly microseconds: number;
}

export interface ProgramTime {
  readonly launches: readonly LaunchTime[];
  readonly cycles: number;
  readonly microseconds: number;
  readonly hbmBytes: number;
  readonly l2Bytes: number;
  readonly trace: readonly TraceEvent[];
}

/** Times every launch of the main phase, one after the other, with control flow as a run decided; a fault ends it. */
export function timeProgram(
  program: Program,
  decisions: readonly boolean[],
  isTraced: boolean,
): ProgramTime | Diagnostic {
  const { megahertz } = chipOf(program);
  const timer = new LaunchTimer(program);
  const launches: LaunchTime[] = [];
  const trace: TraceEvent[] = [];
  let [cycles, microseconds, hbmBytes, l2Bytes] = [0, 0, 0, 0];
  for (const launch of workOf(program.main, asDecided(decisions))) {
    if (launch.kind !== 'launch') continue;
    const report = timer.time(launch, isTraced ? { segmentsPerCore: TRACE_LIMIT } : undefined);
    if (isTimingFault(report)) return machineDiagnostic(program, report.fault, report.location);
    launches.push(launchTime(program, launch, report));
    const { name, streams } = program.kernels[launch.kernel];
    const words = Object.fromEntries(streams.map((stream) => [stream.core, stream.words]));
    for (const event of traceEvents(report, {
      megahertz,
      words,
      offset: cycles,
      prefix: name,
      firstFlow: trace.length,
    }))
      trace.push(event);
    cycles += report.cycles;
    microseconds += report.microseconds;
    hbmBytes += report.hbmBytes;
    l2Bytes += report.l2Bytes;
  }
  return { launches, cycles, microseconds, hbmBytes, l2Bytes, trace };
}

function launchTime(program: Program, launch: Launch, { cycles, microseconds }: TimingReport): LaunchTime {
  const location = launch.location === undefined ? null : (program.locations[launch.location] ?? null);
  return { kernel: program.kernels[launch.kernel].name, location, blocks: launch.blockCount, cycles, microseconds };
}

const SHOWN_LAUNCHES = 20;

/** The slowest launches and the sum. */
export function timingText(time: ProgramTime): string {
  const slowest = time.launches.toSorted((left, right) => right.cycles - left.cycles).slice(0, SHOWN_LAUNCHES);
  const rows = slowest.map(({ kernel, blocks, microseconds, cycles }) => {
    const share = time.cycles === 0 ? 0 : (100 * cycles) / time.cycles;
    return `${microseconds.toFixed(2).padStart(12)} us ${share.toFixed(1).padStart(5)} %  ${kernel} on ${blocks} cores`;
  });
  const more =
    time.launches.length > SHOWN_LAUNCHES
      ? [`${''.padStart(15)}… ${time.launches.length - SHOWN_LAUNCHES} more launches`]
      : [];
  const traffic = `HBM ${(time.hbmBytes / 2 ** 20).toFixed(1)} MiB, L2 ${(time.l2Bytes / 2 ** 20).toFixed(1)} MiB`;
  return `${[...rows, ...more].join('\n')}\n${time.microseconds.toFixed(2).padStart(12)} us simulated in ${time.launches.length} launches (${time.cycles} cycles; ${traffic})\n`;
}

/** A Chrome trace file. */
export const traceText = (time: ProgramTime): string =>
  JSON.stringify({ traceEvents: time.trace, displayTimeUnit: 'ns' });

/** Runs all launches under the race check; empty when nothing is wrong. */
export function sanitizeProgram(
  program: Program,
  inputs: ReadonlyMap<string, FileTensor>,
  parameters: ReadonlyMap<string, FileTensor>,
  begin: (text: string) => void,
): readonly Diagnostic[] {
  const chip = chipOf(program);
  const gm = globalMemory(program);
  for (const slot of [...program.inputs, ...program.parameters]) {
    const value = inputs.get(slot.name) ?? parameters.get(slot.name);
    if (value) gm.bytes.set(tensorBytes(value), slot.address);
  }
  const diagnostics: Diagnostic[] = [];
  let number = 0;
  for (const launch of workInOrder(program, (address) => gm.bytes[address] !== 0)) {
    if (launch.kind !== 'launch') continue;
    begin(`sanitize ${++number}`);
    const { findings, fault } = sanitize(kernelLaunch(program, launch), chip, gm);
    const errors = findings.filter(({ severity, kind }) => severity === 'error' && kind !== 'fault');
    diagnostics.push(...errors.map((finding) => findingDiagnostic(program, launch, finding)));
    if (fault !== null) return [...diagnostics, machineDiagnostic(program, fault, launch.location)];
  }
  return diagnostics;
}

/** Everything that a program does, one step at a time: conditions are read when everything before them is done. */
function* workInOrder(program: Program, holds: (address: number) => boolean): Generator<Work, void> {
  yield* program.prepare;
  yield* workOf(program.main, holds);
}

function findingDiagnostic(program: Program, launch: Launch, finding: SanitizeFinding): Diagnostic {
  const kernel = program.kernels[launch.kernel];
  const { core, pc, pipe, message } = finding;
  const text = `${kernel.name}, ${coreLabel(core)}, word ${pc}, pipe ${pipe}: ${message}`;
  const place = placeOf(program, launch, finding);
  return diagnose(cliDiagnostics.race, null, [text], place === null ? {} : { notes: [`at ${place}`] });
}

function placeOf(program: Program, launch: Launch, { core, pc }: Pick<MachineFault, 'core' | 'pc'>): string | null {
  const stream = program.kernels[launch.kernel].streams.find((candidate) => candidate.core === core.kind);
  const index = launch.location ?? (stream === undefined ? -1 : locationAt(stream, pc));
  return program.locations[index] ?? null;
}
