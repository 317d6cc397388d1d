/** A network for many devices: its graph, and what says how it is divided over them. */
import type { InputSpecification } from '../../../compiler/frontend/index.ts';
import type { Diagnostic, Module, Result } from '../../../compiler/ir/index.ts';
import { diagnose, failure, ok } from '../../../compiler/ir/index.ts';
import { deviceCount, type Chip, type Cluster } from '../../../runtime/target/index.ts';
import { compileSource, type CompileRequest } from '../compile.ts';
import { cliDiagnostics } from '../diagnostics.ts';
import { hasErrors } from '../exit.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import { watched } from '../inspect/watch.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, textOption } from '../options.ts';
import { compilePlanned } from '../plan/apply.ts';
import { clusterOption } from '../plan/cluster.ts';
import { planOptions } from '../plan/request.ts';
import type { Progress } from '../report.ts';
import type { Refusal } from '../request.ts';
import { logReports, sourceOf } from '../request.ts';

const stopped = (diagnostics: readonly Diagnostic[]): Result<never, Refusal> => failure({ diagnostics });

/** The cluster of `--cluster` and its chip, for which there must be programs. */
export function compiledCluster(
  io: Io,
  args: Arguments,
): Result<{ readonly cluster: Cluster; readonly chip: Chip }, Refusal> {
  const found = clusterOption(io, textOption(args, 'cluster') ?? '');
  if (!found.ok) return stopped(found.error);
  const cluster = found.value;
  const { chip, name } = cluster.device;
  return chip === null ? stopped([diagnose(cliDiagnostics.noPrograms, null, [name])]) : ok({ cluster, chip });
}

/** What is divided, and for which devices. */
export interface DividedRequest {
  readonly io: Io;
  readonly args: Arguments;
  readonly file: string;
  readonly progress: Progress;
  readonly cluster: Cluster;
  readonly chip: Chip;
  /** Watches the compilation, for a report. */
  readonly recorder: Recorder | null;
  /** Inputs that a data file adds to those of `--input`. */
  readonly inputs: (stated: readonly InputSpecification[]) => readonly InputSpecification[];
}

export interface DividedNetwork {
  /** At stage @graph, annotated by the source or by a plan. */
  readonly module: Module;
  readonly warnings: readonly Diagnostic[];
}

export async function dividedNetwork(divided: DividedRequest): Promise<Result<DividedNetwork, Refusal>> {
  const { io, args, file, progress, cluster, chip } = divided;
  const source = sourceOf(io, args, file, divided.inputs);
  if (!source.ok) return source;
  const localStatistics = flagOption(args, 'local-batch-statistics');
  const options = planOptions(args, cluster);
  if (!options.ok) return failure({ usage: options.error });
  const started = io.now();
  const plan = textOption(args, 'plan');
  const devices = plan === null ? deviceCount(cluster) : 1;
  const unwatched: CompileRequest = {
    source: source.value.kind === 'network' ? { ...source.value, localStatistics, devices } : source.value,
    chip,
    to: plan === null ? 'graph' : 'source',
    now: () => io.now(),
    begin: (phase) => progress.show(`${file}: ${phase}`),
  };
  const request = watched(unwatched, divided.recorder);
  const traced = await compileSource(request);
  const compilation =
    plan === null ? traced : compilePlanned(io, traced, { request, plan, cluster, file, options: options.value });
  divided.recorder?.compiled(compilation);
  logReports(io, args, compilation, io.now() - started);
  const { module, diagnostics } = compilation;
  if (module === null || hasErrors(diagnostics)) return stopped(diagnostics);
  if (!module.attributes.has('dist.mesh') && !module.attributes.has('dist.context'))
    return stopped([diagnose(cliDiagnostics.noLayout, null, [file])]);
  if (localStatistics && (plan !== null || !hasLocalStatistics(module)))
    return stopped([diagnose(cliDiagnostics.noLocalStatistics, null, [file])]);
  return ok({ module, warnings: diagnostics });
}

/** Whether a module says that it was traced so: its ranks are those of data parallelism, along no named axes. */
function hasLocalStatistics({ attributes }: Module): boolean {
  const context = attributes.has('dist.mesh') ? undefined : attributes.get('dist.context');
  const [mode, local] = ['parallel_mode', 'local_statistics'].map((name) =>
    context?.kind === 'dictionary' ? context.entries.get(name) : undefined,
  );
  return local?.kind === 'bool' && local.value && mode?.kind === 'string' && DATA_PARALLEL.has(mode.value);
}

const DATA_PARALLEL: ReadonlySet<string> = new Set(['data_parallel', 'hybrid_parallel']);
