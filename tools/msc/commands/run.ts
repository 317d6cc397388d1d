/** `msc run`: compiles a network or reads a program, runs it on the simulator and tells what came out. */
import type { Diagnostic, Module, Result } from '../../../compiler/ir/index.ts';
import { diagnose, failure, ok } from '../../../compiler/ir/index.ts';
import { isProgramFileError, readProgram } from '../../../runtime/program/index.ts';
import type { Program } from '../../../runtime/program/index.ts';
import { writeNpz } from '../../formats/index.ts';
import type { FileTensor } from '../../formats/index.ts';
import { checkOutputs, evaluateModule } from '../compare.ts';
import type { CheckResult } from '../compare.ts';
import { compileSource, type CompileRequest } from '../compile.ts';
import type { Weights } from '../data.ts';
import type { RunInputs } from '../data.ts';
import {
  fitInputs,
  formatDiagnostic,
  inputSpecifications,
  inputsOption,
  noInputs,
  openWeights,
  readInputs,
} from '../data.ts';
import { cliDiagnostics } from '../diagnostics.ts';
import type { Execution } from '../execute.ts';
import { execute, limitProblem, readParameters } from '../execute.ts';
import type { ExitCode } from '../exit.ts';
import { exitCodes, hasErrors } from '../exit.ts';
import { readBytes, writeOutput } from '../files.ts';
import type { Io } from '../io.ts';
import { DefectFound } from '../crash.ts';
import { sanitizeProgram, timeProgram, timingText, traceText } from '../machine.ts';
import type { ProgramTime } from '../machine.ts';
import type { Arguments } from '../options.ts';
import { flagOption, numberOption, textOption } from '../options.ts';
import { deliverReport, reportRecorder, watched } from '../inspect/watch.ts';
import type { Fact } from '../../inspect/report/index.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import { Progress, finish } from '../report.ts';
import type { Refusal } from '../request.ts';
import { chipOption, dumpOptions, logReports, refusedValues, sourceOf, withProblems } from '../request.ts';
import type { Accuracy, OutputSummary } from '../summary.ts';
import { accuracyOf, accuracyText, summarize, summaryText } from '../summary.ts';
import { fileSources } from '../text/locate.ts';
import { refuse, usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [file, ...more] = args.words;
  if (file === undefined || more.length > 0)
    return usageError(io, 'run takes one file: msc run FILE.py or msc run PROGRAM.msp');
  if (textOption(args, 'cluster') !== null)
    return (await import('../ranks/command.ts')).runOnCluster(
      args,
      io,
      file,
      new Progress(io, flagOption(args, 'json')),
    );
  const script = await import('../script/run.ts');
  if (script.isScriptRun(io, args, file)) return tellScript(io, args, await script.runScript(io, args, file));
  const progress = new Progress(io, flagOption(args, 'json'));
  const recorder = await reportRecorder(io, args, 'run', file);
  const result = await new RunCommand(args, io, file, progress, recorder).run();
  const found = result.ok ? result.value.diagnostics : 'diagnostics' in result.error ? result.error.diagnostics : null;
  const unwritten = found === null ? [] : await deliverReport(io, args, recorder, found);
  progress.end();
  if (!result.ok) return refuse(io, args, withProblems(result.error, unwritten));
  return tell(io, args, { ...result.value, diagnostics: [...result.value.diagnostics, ...unwritten] });
}

/** A script has said its results itself; what is left are diagnostics. */
function tellScript(io: Io, args: Arguments, result: Result<readonly Diagnostic[], Refusal>): ExitCode {
  if (!result.ok) return refuse(io, args, result.error);
  return finish(io, flagOption(args, 'json'), fileSources(io.folder), { diagnostics: result.value, json: {} });
}

/** A program ready to run, and where it came from. */
interface Prepared {
  readonly program: Program;
  /** The graph for the oracle; a text says why there is none. */
  readonly source: Module | string;
  readonly isOwn: boolean;
  readonly warnings: readonly Diagnostic[];
}

/** Why the oracle cannot evaluate a source: text of a stage after the graph. */
function lacksGraph(source: CompileRequest['source']): string | null {
  if (source.kind !== 'text' || source.stage === 'source' || source.stage === 'graph') return null;
  return `text of stage ${source.stage} holds no graph`;
}

/** Everything a run found out. */
interface RunReport {
  readonly summaries: readonly OutputSummary[];
  readonly accuracy: Accuracy | null;
  readonly check: CheckResult | null;
  readonly timing: ProgramTime | null;
  readonly milliseconds: Execution['milliseconds'] | null;
  readonly diagnostics: readonly Diagnostic[];
}

const stopped = (diagnostics: readonly Diagnostic[]): Result<never, Refusal> => failure({ diagnostics });

class RunCommand {
  private readonly args: Arguments;
  private readonly io: Io;
  private readonly file: string;
  private readonly progress: Progress;
  private readonly recorder: Recorder | null;

  constructor(args: Arguments, io: Io, file: string, progress: Progress, recorder: Recorder | null) {
    this.args = args;
    this.io = io;
    this.file = file;
    this.progress = progress;
    this.recorder = recorder;
  }

  async run(): Promise<Result<RunReport, Refusal>> {
    const { args, io } = this;
    const { path, isFormula } = inputsOption(textOption(args, 'inputs'));
    const data = path === null ? ok(noInputs) : readInputs(io.folder, path);
    if (!data.ok) return stopped(data.error);
    const prepared = await this.prepare(data.value);
    if (!prepared.ok) return prepared;
    const { program } = prepared.value;
    const limit = limitProblem(program);
    if (limit !== null) return stopped([limit]);
    const inputs = fitInputs(program.inputs, data.value, isFormula);
    if (!inputs.ok) return stopped(inputs.error);
    const weights = await openWeights(
      io.folder,
      textOption(args, 'weights'),
      program.parameters,
      flagOption(args, 'weights-strict'),
    );
    if (!weights.ok) return stopped(weights.error);
    try {
      return await this.execute(prepared.value, data.value, inputs.value, weights.value);
    } finally {
      weights.value.close();
    }
  }

  private async prepare(data: RunInputs): Promise<Result<Prepared, Refusal>> {
    const { args, io, file } = this;
    if (file.endsWith('.msp')) return readProgramFile(io, file);
    const chip = chipOption(args);
    if (!chip.ok) return chip;
    const source = sourceOf(io, args, file, (stated) => inputSpecifications(stated, data));
    if (!source.ok) return source;
    const started = io.now();
    const dumps = dumpOptions(io, args);
    const request: CompileRequest = {
      source: source.value,
      chip: chip.value,
      to: 'program',
      keepSource: flagOption(args, 'check'),
      verifyEach: flagOption(args, 'verify-each'),
      isApart: refusedValues(args).length > 0,
      instrumentation: dumps.instrumentation,
      now: () => io.now(),
      begin: (phase) => this.progress.show(`${file}: ${phase}`),
    };
    const compilation = await compileSource(watched(request, this.recorder));
    this.recorder?.compiled(compilation);
    logReports(io, args, compilation, io.now() - started);
    const diagnostics = [...compilation.diagnostics, ...dumps.problems];
    if (compilation.program === null || hasErrors(diagnostics)) return stopped(diagnostics);
    return ok({
      program: compilation.program,
      source: lacksGraph(source.value) ?? compilation.source ?? 'the graph was not kept',
      isOwn: true,
      warnings: diagnostics,
    });
  }

  private async execute(
    prepared: Prepared,
    data: RunInputs,
    inputs: ReadonlyMap<string, FileTensor>,
    weights: Weights,
  ): Promise<Result<RunReport, Refusal>> {
    const { args, io } = this;
    const { program } = prepared;
    const checked = flagOption(args, 'sanitize') ? this.sanitize(prepared, inputs, weights) : [];
    if (hasErrors(checked)) return stopped(checked);
    const execution = await execute({
      program,
      inputs,
      parameters: weights.read,
      threads: numberOption(args, 'threads') ?? 1,
      relaxedSimd: args.values['relaxed'] !== false,
      begin: (phase) => this.progress.show(`${this.file}: ${phase}`),
      print: (text) => {
        this.progress.end();
        io.write(text);
      },
      refuse: refusedValues(args),
      now: () => io.now(),
    });
    if (!execution.ok) return this.failed(prepared, execution.error);
    const { outputs, state, decisions, milliseconds } = execution.value;
    this.recorder?.program({ program, module: null, decisions });
    for (const [name, tensor] of outputs) this.recorder?.fact(outputFact(summarize(name, tensor)));
    const isTimed = flagOption(args, 'timing') || textOption(args, 'trace') !== null;
    const timing = isTimed ? this.time(program, decisions) : null;
    if (timing !== null && 'code' in timing) return stopped([timing]);
    const summaries = [...outputs].map(([name, tensor]) => summarize(name, tensor));
    const accuracy = data.label === null ? null : accuracyOf(summaries, data.label);
    if (accuracy !== null && 'code' in accuracy) return stopped([accuracy]);
    const check = flagOption(args, 'check')
      ? this.check(prepared, data, inputs, weights, new Map([...outputs, ...state]))
      : null;
    const diagnostics = [...prepared.warnings, ...weights.warnings, ...(check?.diagnostics ?? [])];
    const written = hasErrors(diagnostics) ? [] : this.writeOutputs(outputs, timing);
    return ok({ summaries, accuracy, check, timing, milliseconds, diagnostics: [...diagnostics, ...written] });
  }

  private time(program: Program, decisions: readonly boolean[]): ProgramTime | Diagnostic {
    this.progress.show(`${this.file}: timing`);
    return timeProgram(program, decisions, textOption(this.args, 'trace') !== null);
  }

  private sanitize(
    prepared: Prepared,
    inputs: ReadonlyMap<string, FileTensor>,
    weights: Weights,
  ): readonly Diagnostic[] {
    const parameters = readParameters(prepared.program, weights.read);
    if (!parameters.ok) return parameters.error;
    const findings = sanitizeProgram(prepared.program, inputs, parameters.value, (text) =>
      this.progress.show(`${this.file}: ${text}`),
    );
    if (prepared.isOwn && findings.length > 0) throw new DefectFound(findings);
    return findings;
  }

  /** A fault of a program that was compiled here is a bug of msc. */
  private failed(prepared: Prepared, diagnostics: readonly Diagnostic[]): Result<never, Refusal> {
    const isFault = diagnostics.some(
      ({ code }) => code === cliDiagnostics.fault.code || code === cliDiagnostics.undecodable.code,
    );
    if (prepared.isOwn && isFault) throw new DefectFound(diagnostics);
    return stopped(diagnostics);
  }

  private check(
    { program, source }: Prepared,
    data: RunInputs,
    inputs: ReadonlyMap<string, FileTensor>,
    weights: Weights,
    outputs: ReadonlyMap<string, FileTensor>,
  ): CheckResult {
    const { io } = this;
    this.progress.show(`${this.file}: check`);
    const oracle = (): ReturnType<typeof evaluateModule> => {
      if (typeof source === 'string') throw new Error(source);
      const parameters = readParameters(program, weights.read);
      return parameters.ok
        ? evaluateModule(source, new Map([...parameters.value, ...inputs]), (text) => io.log(`${text}\n`))
        : parameters;
    };
    return checkOutputs({
      outputs,
      expected: data.expected,
      oracle: typeof source === 'string' ? source : oracle,
      tolerance: numberOption(this.args, 'rtol'),
    });
  }

  private writeOutputs(outputs: ReadonlyMap<string, FileTensor>, timing: ProgramTime | null): readonly Diagnostic[] {
    const { io, args } = this;
    const path = textOption(args, 'outputs');
    const trace = textOption(args, 'trace');
    const problems: (Diagnostic | null)[] = [];
    if (path !== null) {
      const bytes = writeNpz(outputs);
      problems.push(bytes.ok ? writeOutput(io, path, bytes.value) : formatDiagnostic(path, bytes.error));
    }
    if (trace !== null && timing !== null) problems.push(writeOutput(io, trace, traceText(timing)));
    return problems.filter((problem) => problem !== null);
  }
}

/** An output in the summary of a report. */
const outputFact = (summary: OutputSummary): Fact => ({
  name: summary.name,
  value: summaryText(summary).trim(),
  view: null,
});

function readProgramFile(io: Io, path: string): Result<Prepared, Refusal> {
  const bytes = readBytes(io, path);
  if (!bytes.ok) return stopped([bytes.error]);
  const program = readProgram(bytes.value);
  if (isProgramFileError(program))
    return stopped([diagnose(cliDiagnostics.badProgram, null, [path, program.place, program.message])]);
  return ok({ program, source: 'a program file holds no graph', isOwn: false, warnings: [] });
}

/** Prints the report; results on stdout, the rest on stderr. */
function tell(io: Io, args: Arguments, report: RunReport): ExitCode {
  const { summaries, accuracy, check, timing, milliseconds, diagnostics } = report;
  const isJson = flagOption(args, 'json');
  const isPlain = !isJson && textOption(args, 'outputs') !== '-';
  if (isPlain) {
    for (const summary of summaries) io.write(summaryText(summary));
    if (accuracy) io.write(accuracyText(accuracy));
    for (const { output, error, limit, against } of check?.comparisons ?? [])
      io.write(
        `check: ${output} against ${against}: error ${error.toExponential(2)}, limit ${limit}${error <= limit ? '' : '  FAILED'}\n`,
      );
    if (timing && flagOption(args, 'timing')) io.write(timingText(timing));
  }
  const { trace: _, ...times } = timing ?? { trace: null };
  const json = {
    outputs: summaries,
    accuracy,
    check: check?.comparisons ?? null,
    timing: timing === null ? null : times,
    milliseconds,
  };
  return finish(io, isJson, fileSources(io.folder), {
    diagnostics,
    json,
    ...(hasErrors(diagnostics) ? {} : { exitCode: exitCodes.ok }),
  });
}
