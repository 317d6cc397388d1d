/** `msc run --cluster`: a network on as many simulated devices as its annotations say, and their time on the cluster. */
import type { Diagnostic, Module, Result } from '../../../compiler/ir/index.ts';
import { diagnose, failure, ok } from '../../../compiler/ir/index.ts';
import { tensorValue } from '../../../compiler/ir/evaluate/index.ts';
import type { ClusterTime } from '../../../runtime/host/index.ts';
import { clusterTrace, isClusterTimingProblem, timeRanks } from '../../../runtime/host/index.ts';
import type { TensorSlot } from '../../../runtime/program/index.ts';
import { deviceCount, type Chip, type Cluster } from '../../../runtime/target/index.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import { writeNpz } from '../../formats/index.ts';
import type { FileTensor } from '../../formats/index.ts';
import { checkOutputs, evaluateModule, type CheckResult } from '../compare.ts';
import { copyOf } from '../compile.ts';
import type { RunInputs, Weights } from '../data.ts';
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
import type { ExitCode } from '../exit.ts';
import { exitCodes, hasErrors } from '../exit.ts';
import { writeOutput } from '../files.ts';
import { deliverReport, reportRecorder } from '../inspect/watch.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, numberOption, parseSize, textOption } from '../options.ts';
import { mainArguments, mainOf, resultNames, storedParameters } from '../parameters.ts';
import { finish, Progress } from '../report.ts';
import type { Refusal } from '../request.ts';
import { refusedValues } from '../request.ts';
import { summarize, summaryText } from '../summary.ts';
import { fileSources } from '../text/locate.ts';
import { refuse } from '../usage.ts';
import { compileRanks, type RankPrograms } from './compile.ts';
import { printsTo } from '../printed.ts';
import { timingDiagnostic } from './diagnostics.ts';
import { compiledCluster, dividedNetwork } from './network.ts';
import { recordRanks } from './record.ts';
import { loadRanks } from './run.ts';

const stopped = (diagnostics: readonly Diagnostic[]): Result<never, Refusal> => failure({ diagnostics });

/** What a run on many devices found out. */
export interface ClusterReport {
  readonly outputs: ReadonlyMap<string, FileTensor>;
  readonly check: CheckResult | null;
  readonly time: ClusterTime | null;
  readonly memoryBytes: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
}

export async function runOnCluster(args: Arguments, io: Io, file: string, progress: Progress): Promise<ExitCode> {
  const recorder = await reportRecorder(io, args, 'run', file);
  const result = await new ClusterRun(args, io, file, progress, recorder).run();
  const unwritten = result.ok ? await deliverReport(io, args, recorder, result.value.diagnostics) : [];
  progress.end();
  if (!result.ok) return refuse(io, args, result.error);
  return tell(io, args, { ...result.value, diagnostics: [...result.value.diagnostics, ...unwritten] });
}

/** Runs a network on its devices with given inputs; the options are those of `msc run`. */
export const reportOnCluster = (
  args: Arguments,
  io: Io,
  file: string,
  data: RunInputs,
  isFormula: boolean,
): Promise<Result<ClusterReport, Refusal>> =>
  new ClusterRun(args, io, file, new Progress(io, true), null).report(data, isFormula);

class ClusterRun {
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

  async run(): Promise<Result<ClusterReport, Refusal>> {
    const { path, isFormula } = inputsOption(textOption(this.args, 'inputs'));
    const data = path === null ? ok(noInputs) : readInputs(this.io.folder, path);
    return data.ok ? this.report(data.value, isFormula) : stopped(data.error);
  }

  async report(data: RunInputs, isFormula: boolean): Promise<Result<ClusterReport, Refusal>> {
    const { args, io, file, progress } = this;
    const target = compiledCluster(io, args);
    if (!target.ok) return target;
    const { cluster } = target.value;
    const graph = await dividedNetwork({
      ...target.value,
      ...{ io, args, file, progress, recorder: this.recorder },
      inputs: (stated) => inputSpecifications(stated, data),
    });
    if (!graph.ok) return graph;
    const { module, warnings } = graph.value;
    const whole = copyOf(module);
    const ranks = this.compile(module, target.value);
    if (!ranks.ok) return stopped(ranks.error);
    const inputs = fitInputs(inputSlots(whole), data, isFormula);
    if (!inputs.ok) return stopped(inputs.error);
    const weights = await openWeights(
      io.folder,
      textOption(args, 'weights'),
      storedParameters(whole),
      flagOption(args, 'weights-strict'),
    );
    if (!weights.ok) return stopped(weights.error);
    const values = this.values(whole, inputs.value, weights.value);
    weights.value.close();
    if (!values.ok) return stopped(values.error);
    const report = await this.execute(ranks.value, cluster, whole, values.value, data);
    if (!report.ok) return report;
    const diagnostics = [...warnings, ...weights.value.warnings, ...report.value.diagnostics];
    return ok({ ...report.value, diagnostics });
  }

  private compile(
    module: Module,
    { cluster, chip }: { readonly cluster: Cluster; readonly chip: Chip },
  ): Result<RankPrograms, readonly Diagnostic[]> {
    const limit = textOption(this.args, 'memory');
    const ranks = compileRanks(module, {
      chip,
      memoryBytes: (limit === null ? null : parseSize(limit)) ?? cluster.device.memoryBytes,
      now: () => this.io.now(),
      begin: (phase) => this.progress.show(`${this.file}: ${phase}`),
      ...(this.recorder === null ? {} : { visit: this.recorder.rank.bind(this.recorder) }),
    });
    if (!ranks.ok) return ranks;
    const [programs, devices] = [ranks.value.programs.length, deviceCount(cluster)];
    return programs === devices ? ranks : failure([diagnose(cliDiagnostics.rankCount, null, [programs, devices])]);
  }

  /** The values of all arguments of @main, in order. */
  private values(
    module: Module,
    inputs: ReadonlyMap<string, FileTensor>,
    weights: Weights,
  ): Result<ReadonlyMap<string, FileTensor>, readonly Diagnostic[]> {
    const parameters = new Map(storedParameters(module).map((parameter) => [parameter.name, parameter]));
    const values = new Map<string, FileTensor>();
    const problems: Diagnostic[] = [];
    for (const { name } of mainArguments(module)) {
      const parameter = parameters.get(name);
      const value = parameter === undefined ? null : weights.read(parameter);
      if (value === null) {
        const input = inputs.get(name);
        if (input) values.set(name, input);
      } else if (value.ok) values.set(name, value.value);
      else problems.push(value.error);
    }
    return problems.length > 0 ? failure(problems) : ok(values);
  }

  private async execute(
    ranks: RankPrograms,
    cluster: Cluster,
    whole: Module,
    values: ReadonlyMap<string, FileTensor>,
    data: RunInputs,
  ): Promise<Result<ClusterReport, Refusal>> {
    const { args } = this;
    this.progress.show(`${this.file}: load`);
    const relaxedSimd = args.values['relaxed'] !== false;
    const loaded = await loadRanks(ranks, { threads: numberOption(args, 'threads') ?? 1, relaxedSimd });
    if (!loaded.ok) return stopped(loaded.error);
    const run = loaded.value;
    try {
      run.set([...values.values()].map(({ shape, dtype, data: elements }) => tensorValue(shape, dtype, elements)));
      this.progress.show(`${this.file}: run`);
      const decisions = ranks.programs.map((): boolean[] => []);
      const refused = refusedValues(args);
      const problems = [
        ...run.prepare(),
        ...run.run((rank) => ({
          decisions: decisions[rank],
          // What all ranks print is printed once.
          ...(rank === 0 ? printsTo((text) => this.io.write(text)) : {}),
          ...(refused.length > 0 ? { refuse: refused } : {}),
        })),
      ];
      if (problems.length > 0) return stopped(problems);
      const results = run.results();
      if (!results.ok) return stopped(results.error);
      const names = resultNames(whole);
      const outputs = new Map(results.value.map((value, at): [string, FileTensor] => [names[at], value]));
      const time = this.time(ranks, cluster, decisions);
      if (time !== null && 'code' in time) return stopped([time]);
      const memoryBytes = run.instance.memoryBytes();
      if (this.recorder !== null) {
        const recorded = await recordRanks(this.recorder, { whole, ranks, cluster, decisions, memoryBytes, time });
        if (!recorded.ok) return stopped([timingDiagnostic(recorded.error, ranks.programs)]);
      }
      const check = flagOption(args, 'check') ? this.check(whole, values, data, outputs) : null;
      const diagnostics = [...(check?.diagnostics ?? []), ...this.write(outputs, time, ranks)];
      return ok({ outputs, check, time, memoryBytes, diagnostics });
    } finally {
      await run.close();
    }
  }

  private time(
    ranks: RankPrograms,
    cluster: Cluster,
    decisions: readonly (readonly boolean[])[],
  ): ClusterTime | Diagnostic | null {
    const { args } = this;
    if (!flagOption(args, 'timing') && textOption(args, 'trace') === null) return null;
    this.progress.show(`${this.file}: timing`);
    const time = timeRanks(ranks.programs, cluster, { decisions });
    return isClusterTimingProblem(time) ? timingDiagnostic(time, ranks.programs) : time;
  }

  private check(
    whole: Module,
    values: ReadonlyMap<string, FileTensor>,
    data: RunInputs,
    outputs: ReadonlyMap<string, FileTensor>,
  ): CheckResult {
    this.progress.show(`${this.file}: check`);
    return checkOutputs({
      outputs,
      expected: data.expected,
      oracle: () => evaluateModule(whole, values, (text) => this.io.log(`${text}\n`)),
      tolerance: numberOption(this.args, 'rtol'),
    });
  }

  private write(
    outputs: ReadonlyMap<string, FileTensor>,
    time: ClusterTime | null,
    { programs }: RankPrograms,
  ): readonly Diagnostic[] {
    const { io, args } = this;
    const [path, trace] = [textOption(args, 'outputs'), textOption(args, 'trace')];
    const problems: (Diagnostic | null)[] = [];
    if (path !== null) {
      const bytes = writeNpz(outputs);
      problems.push(bytes.ok ? writeOutput(io, path, bytes.value) : formatDiagnostic(path, bytes.error));
    }
    if (trace !== null && time !== null) {
      const traceEvents = clusterTrace(time, programs);
      problems.push(writeOutput(io, trace, JSON.stringify({ traceEvents, displayTimeUnit: 'ns' })));
    }
    return problems.filter((problem) => problem !== null);
  }
}

/** Inputs of @main as slots without a place. */
function inputSlots(module: Module): readonly TensorSlot[] {
  const types = mainOf(module)?.regions[0].arguments.map(({ type }) => type) ?? [];
  return mainArguments(module).flatMap(({ name, isParameter }, index): readonly TensorSlot[] => {
    const type = types[index];
    if (isParameter || type.kind !== 'tensor') return [];
    return [{ name, dtype: type.dtype, shape: type.shape.map(Number), address: 0, bytes: 0 }];
  });
}

const microseconds = (seconds: number): string => `${(seconds * 1e6).toFixed(2)} us`;

/** The time of each rank and of all. */
function timeText({ seconds, ranks }: ClusterTime, memoryBytes: readonly number[]): string {
  const rows = ranks.map(
    ({ compute, communication, exposed, bubble }, rank) =>
      `rank ${rank}: launches ${microseconds(compute)}, communication ${microseconds(communication)} (exposed ${microseconds(exposed)}), waits ${microseconds(bubble)}, ${(memoryBytes[rank] / 2 ** 20).toFixed(2)} MiB\n`,
  );
  const idle = ranks.reduce((sum, { bubble }) => sum + bubble, 0) / ranks.length;
  const share = seconds === 0 ? 0 : (100 * idle) / seconds;
  return `${rows.join('')}${microseconds(seconds)} simulated on ${ranks.length} devices, ${share.toFixed(1)} % of it waiting\n`;
}

/** Prints the report; results on stdout, the rest on stderr. */
function tell(io: Io, args: Arguments, { outputs, check, time, memoryBytes, diagnostics }: ClusterReport): ExitCode {
  const isJson = flagOption(args, 'json');
  const summaries = [...outputs].map(([name, tensor]) => summarize(name, tensor));
  if (!isJson && textOption(args, 'outputs') !== '-') {
    for (const summary of summaries) io.write(summaryText(summary));
    for (const { output, error, limit, against } of check?.comparisons ?? [])
      io.write(
        `check: ${output} against ${against}: error ${error.toExponential(2)}, limit ${limit}${error <= limit ? '' : '  FAILED'}\n`,
      );
    if (time !== null && flagOption(args, 'timing')) io.write(timeText(time, memoryBytes));
  }
  const ranks = time?.ranks.map(({ slices: _, ...times }) => times) ?? null;
  const json = {
    outputs: summaries,
    check: check?.comparisons ?? null,
    timing: time === null ? null : { seconds: time.seconds, ranks },
    memoryBytes,
  };
  return finish(io, isJson, fileSources(io.folder), {
    diagnostics,
    json,
    ...(hasErrors(diagnostics) ? {} : { exitCode: exitCodes.ok }),
  });
}
