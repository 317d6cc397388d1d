/** From options to a request to compile: shared by compile, run and check. */
import { defaultLimits } from './limits.ts';
import type { InputSpecification, Limits } from '../../compiler/frontend/index.ts';
import { diagnose, failure, ok } from '../../compiler/ir/support/index.ts';
import type { Diagnostic, Result, SourceFile } from '../../compiler/ir/support/index.ts';
import { dumpBanner, dumpInstrumentation, statisticsReport, timingReport } from '../../compiler/passes/pass/index.ts';
import type { Instrumentation } from '../../compiler/passes/pass/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import type { ValueKind } from '../../runtime/host/index.ts';
import { chipByName, chips } from '../../runtime/target/index.ts';
import type { Chip } from '../../runtime/target/index.ts';
import type { Compilation } from './compile.ts';
import type { NetworkSource, TextSource } from './source.ts';
import { cliDiagnostics } from './diagnostics.ts';
import { isExpression, remarkInstrumentation } from './pass-remarks.ts';
import { readSource, writeOutput } from './files.ts';
import type { Io } from './io.ts';
import type { Arguments } from './options.ts';
import { flagOption, inputOptions, listOption, numberOption, parseSize, textOption } from './options.ts';
import { isModuleStage, moduleStages } from './pipeline.ts';

/** Why a command does not start: a mistake in the arguments (exit 2), or in what they name. */
export type Refusal = { readonly usage: string } | { readonly diagnostics: readonly Diagnostic[] };

/** A refusal with further problems; a mistake in the arguments stands for itself. */
export const withProblems = (refusal: Refusal, problems: readonly Diagnostic[]): Refusal =>
  'usage' in refusal ? refusal : { diagnostics: [...refusal.diagnostics, ...problems] };

/** The chip that `--target` names. */
export function chipOption(args: Arguments): Result<Chip, Refusal> {
  const name = textOption(args, 'target') ?? '';
  const chip = chipByName(name);
  const known = chips.map((candidate) => candidate.name);
  return chip ? ok(chip) : failure({ diagnostics: [diagnose(cliDiagnostics.unknownTarget, null, [name, known])] });
}

/** Values that a run refuses: what `--sanitize=nan` and `--sanitize=inf` ask for. */
export function refusedValues(args: Arguments): readonly ValueKind[] {
  if (flagOption(args, 'sanitize-inf')) return ['nan', 'infinity'];
  return flagOption(args, 'sanitize-nan') ? ['nan'] : [];
}

/** The budgets that options change. */
export function limitOptions(args: Arguments): Result<Partial<Limits>, Refusal> {
  const memory = textOption(args, 'max-memory');
  const maxMemory = memory === null ? defaultLimits.maxMemory : parseSize(memory);
  if (maxMemory === null) return failure({ usage: `--max-memory ${memory ?? ''}: expected a size such as 512M or 8G` });
  return ok({
    maxSteps: numberOption(args, 'max-steps') ?? defaultLimits.maxSteps,
    maxDepth: numberOption(args, 'max-depth') ?? defaultLimits.maxDepth,
    maxMemory,
  });
}

/** What is compiled; `further` are inputs that a data file adds to those of `--input`. */
export function sourceOf(
  io: Io,
  args: Arguments,
  file: string,
  further: (stated: readonly InputSpecification[]) => readonly InputSpecification[],
): Result<NetworkSource | TextSource, Refusal> {
  const stage = textOption(args, 'compile-from') ?? (file.endsWith('.mlir') || file === '-' ? 'source' : null);
  if (stage !== null) return textSource(io, file, stage);
  const inputs = inputOptions(args);
  if (!inputs.ok) return failure({ usage: inputs.error });
  const limits = limitOptions(args);
  if (!limits.ok) return limits;
  return ok({
    kind: 'network',
    file,
    folder: io.folder,
    entry: textOption(args, 'entry'),
    inputs: further(inputs.value),
    roots: listOption(args, 'path'),
    readable: listOption(args, 'allow-read'),
    limits: limits.value,
    scriptArguments: args.rest,
    print: (text) => io.log(text),
  });
}

function textSource(io: Io, path: string, stage: string): Result<TextSource, Refusal> {
  if (!isModuleStage(stage)) return failure({ usage: `--compile-from=${stage}: expected ${moduleStages.join(', ')}` });
  const file: Result<SourceFile, Diagnostic> = readSource(io, path);
  return file.ok ? ok({ kind: 'text', file: file.value, stage }) : failure({ diagnostics: [file.error] });
}

/** The remarks that `--pass-remarks*` ask for; a text that is no regular expression is looked for as it is. */
function remarkOptions(io: Io, args: Arguments): readonly Instrumentation[] {
  const passes = (name: string): RegExp | null => {
    const text = textOption(args, name);
    return text === null ? null : isExpression(text) ? new RegExp(text) : new RegExp(text.replace(/\W/g, '\\$&'));
  };
  const [passed, missed, analysis] = ['pass-remarks', 'pass-remarks-missed', 'pass-remarks-analysis'].map(passes);
  return remarkInstrumentation({ passed, missed, analysis }, (line) => io.log(line));
}

/** The dumps that `--print-ir-*` ask for with what could not be written, and the remarks that `--pass-remarks*` ask for. */
export function dumpOptions(
  io: Io,
  args: Arguments,
): { readonly instrumentation: readonly Instrumentation[]; readonly problems: readonly Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const folder = textOption(args, 'print-ir-tree-dir');
  const passes = (name: string) =>
    flagOption(args, `${name}-all`)
      ? 'all'
      : new Set((textOption(args, name) ?? '').split(',').filter((pass) => pass !== ''));
  const before = passes('print-ir-before');
  const after = passes('print-ir-after');
  const afterFailure = flagOption(args, 'print-ir-after-failure');
  const isWanted = (names: ReadonlySet<string> | 'all'): boolean => names === 'all' || names.size > 0;
  const remarks = remarkOptions(io, args);
  if (!isWanted(before) && !isWanted(after) && !afterFailure) return { instrumentation: remarks, problems };
  const options = {
    before,
    after,
    afterChange: flagOption(args, 'print-ir-after-change'),
    afterFailure,
    print: { form: 'pretty', locations: false },
  } as const;
  let count = 0;
  const instrument = dumpInstrumentation(opTable, options, (title, text, _, pass) => {
    if (folder === null) return io.log(`${dumpBanner(title)}${text}\n`);
    const problem = writeOutput(io, `${folder}/${count++}_${pass}.mlir`, text);
    if (problem) problems.push(problem);
  });
  return { instrumentation: [instrument, ...remarks], problems };
}

/** `--mlir-timing` and `--pass-statistics` on stderr. */
export function logReports(
  io: Io,
  args: Arguments,
  { timings, statistics }: Compilation,
  totalMilliseconds: number,
): void {
  if (flagOption(args, 'mlir-timing')) io.log(timingReport(timings, totalMilliseconds));
  if (flagOption(args, 'pass-statistics')) io.log(statisticsReport(statistics));
}
