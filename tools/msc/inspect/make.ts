/** Makes reports of networks and programs, for `msc inspect` and for what it compares with. */
import { diagnose, failure, ok, type Diagnostic, type Result } from '../../../compiler/ir/support/index.ts';
import { isProgramFileError, readProgram } from '../../../runtime/program/index.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import type { Report } from '../../inspect/report/index.ts';
import { compileSource } from '../compile.ts';
import { cliDiagnostics } from '../diagnostics.ts';
import { readBytes } from '../files.ts';
import { recorderOf, watched } from './watch.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, textOption } from '../options.ts';
import type { Progress } from '../report.ts';
import type { Refusal } from '../request.ts';
import { chipOption, logReports, sourceOf } from '../request.ts';

/** A report and what was wrong with the network; after errors the report tells how far it came. */
export interface Inspected {
  readonly report: Report;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a network, or takes a program file, and finds out everything that a report tells; a report stands for itself. */
export async function inspectFile(
  io: Io,
  args: Arguments,
  file: string,
  progress: Progress,
): Promise<Result<Inspected, Refusal>> {
  if (isReport(file)) {
    const report = await readReportFile(io, file);
    return report.ok ? ok({ report: report.value, diagnostics: [] }) : report;
  }
  const recorder = await recorderOf(io, args, 'inspect', file);
  const diagnostics = await record(io, args, file, progress, recorder);
  if (!diagnostics.ok) return diagnostics;
  progress.show(`${file}: report`);
  return ok({ report: recorder.report(diagnostics.value), diagnostics: diagnostics.value });
}

async function record(
  io: Io,
  args: Arguments,
  file: string,
  progress: Progress,
  recorder: Recorder,
): Promise<Result<readonly Diagnostic[], Refusal>> {
  if (file.endsWith('.msp')) return recordProgram(io, file, recorder);
  if (textOption(args, 'cluster') !== null) {
    const { recordCluster } = await import('../ranks/record.ts');
    return recordCluster(io, args, file, progress, recorder);
  }
  return recordNetwork(io, args, file, progress, recorder);
}

function recordProgram(io: Io, file: string, recorder: Recorder): Result<readonly Diagnostic[], Refusal> {
  const bytes = readBytes(io, file);
  if (!bytes.ok) return failure({ diagnostics: [bytes.error] });
  const program = readProgram(bytes.value);
  if (isProgramFileError(program))
    return failure({
      diagnostics: [diagnose(cliDiagnostics.badProgram, null, [file, program.place, program.message])],
    });
  recorder.program({ program, module: null, decisions: null });
  return ok([]);
}

async function recordNetwork(
  io: Io,
  args: Arguments,
  file: string,
  progress: Progress,
  recorder: Recorder,
): Promise<Result<readonly Diagnostic[], Refusal>> {
  const chip = chipOption(args);
  if (!chip.ok) return chip;
  const source = sourceOf(io, args, file, (inputs) => inputs);
  if (!source.ok) return source;
  const started = io.now();
  const compilation = await compileSource(
    watched(
      {
        source: source.value,
        chip: chip.value,
        to: 'program',
        verifyEach: flagOption(args, 'verify-each'),
        now: () => io.now(),
        begin: (phase) => progress.show(`${file}: ${phase}`),
      },
      recorder,
    ),
  );
  recorder.compiled(compilation);
  logReports(io, args, compilation, io.now() - started);
  return ok(compilation.diagnostics);
}

/** Whether a file is a page or the JSON of an inspection, by its name. */
export const isReport = (file: string): boolean => /\.(html|json)$/.test(file);

async function readReportFile(io: Io, file: string): Promise<Result<Report, Refusal>> {
  const bytes = readBytes(io, file);
  if (!bytes.ok) return failure({ diagnostics: [bytes.error] });
  const { readReport } = await import('../../inspect/write/read.ts');
  const report = readReport(new TextDecoder().decode(bytes.value));
  return report.ok
    ? report
    : failure({ diagnostics: [diagnose(cliDiagnostics.badReport, null, [file, report.error])] });
}

/** The report that `--compare` names: of another network, or one that was made before. */
export async function otherReport(
  io: Io,
  args: Arguments,
  file: string,
  progress: Progress,
): Promise<Result<Report, Refusal>> {
  if (isReport(file)) return readReportFile(io, file);
  const entry = textOption(args, 'compare-entry') ?? textOption(args, 'entry');
  const other = await inspectFile(io, { ...args, values: { ...args.values, entry } }, file, progress);
  if (!other.ok) return other;
  const { report, diagnostics } = other.value;
  return report.sections.graph === undefined ? failure({ diagnostics }) : ok(report);
}

/** The report of a file, with what differs from the other one where `--compare` names one. */
export async function compared(
  io: Io,
  args: Arguments,
  file: string,
  progress: Progress,
): Promise<Result<Inspected, Refusal>> {
  const inspected = await inspectFile(io, args, file, progress);
  const path = textOption(args, 'compare');
  if (!inspected.ok || path === null) return inspected;
  const other = await otherReport(io, args, path, progress);
  if (!other.ok) return failure(other.error);
  const { report, diagnostics } = inspected.value;
  const { comparedReport } = await import('../../inspect/report/index.ts');
  return ok({ report: comparedReport(report, other.value, path), diagnostics });
}
