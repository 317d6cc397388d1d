/** What a network on many devices did, for `--report`. */
import type { Diagnostic, Module, Result } from '../../../compiler/ir/index.ts';
import { diagnose, failure, ok } from '../../../compiler/ir/index.ts';
import type { ClusterTime, ClusterTimingProblem } from '../../../runtime/host/index.ts';
import { isClusterTimingProblem, timeRanks } from '../../../runtime/host/index.ts';
import { deviceCount, type Chip, type Cluster } from '../../../runtime/target/index.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import { copyOf } from '../compile.ts';
import { cliDiagnostics } from '../diagnostics.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { mainArguments } from '../parameters.ts';
import type { Progress } from '../report.ts';
import type { Refusal } from '../request.ts';
import { compileRanks, type RankPrograms } from './compile.ts';
import { timingDiagnostic } from './diagnostics.ts';
import { compiledCluster, dividedNetwork } from './network.ts';

export interface RecordedRanks {
  /** The @graph module of the whole network. */
  readonly whole: Module;
  readonly ranks: RankPrograms;
  readonly cluster: Cluster;
  /** What control flow decided on each rank, or null when nothing was run. */
  readonly decisions: readonly (readonly boolean[])[] | null;
  /** Bytes of each rank's device that its program takes. */
  readonly memoryBytes: readonly number[];
  /** Where it is known already. */
  readonly time: ClusterTime | null;
}

/** Gives ranks to the recorder; they are timed where they were not. */
export async function recordRanks(
  recorder: Recorder,
  recorded: RecordedRanks,
): Promise<Result<ClusterTime, ClusterTimingProblem>> {
  const { whole, ranks, cluster, memoryBytes } = recorded;
  const { decisions } = recorded;
  const time = recorded.time ?? timeRanks(ranks.programs, cluster, decisions === null ? {} : { decisions });
  if (isClusterTimingProblem(time)) return failure(time);
  const { rankSection } = await import('../../inspect/collect/ranks/index.ts');
  const { memorySection } = await import('../../inspect/collect/memory/index.ts');
  const given = mainArguments(whole);
  const names = given.map(({ name }) => name);
  const parameters = new Set(given.flatMap(({ name, isParameter }) => (isParameter ? [name] : [])));
  const { partition, programs } = ranks;
  recorder.sections.ranks = rankSection({
    ...{ partition, names, programs, cluster, time, memoryBytes },
    isParameter: (name) => parameters.has(name),
    places: recorder.places,
  });
  const planned = programs.map((program, rank) => ({ program, module: ranks.modules[rank] }));
  recorder.sections.memory = memorySection(planned, recorder.places);
  // Of kernels one rank is shown: the others launch the same or nearly the same.
  const [program, module] = [programs[0], ranks.modules[0]];
  if (program !== undefined && module !== undefined)
    recorder.program({ program, module, decisions: decisions?.[0] ?? null });
  return ok(time);
}

/** Programs of all ranks and their time, for `--report`. */
export async function recordCompiled(
  recorder: Recorder,
  whole: Module,
  chip: Chip,
  cluster: Cluster,
  now: () => number,
): Promise<readonly Diagnostic[]> {
  const ranks = compileRanks(copyOf(whole), {
    ...{ chip, now },
    visit: (rank, module) => recorder.rank(rank, module),
  });
  if (!ranks.ok) return ranks.error;
  const [programs, devices] = [ranks.value.programs.length, deviceCount(cluster)];
  if (programs !== devices) return [diagnose(cliDiagnostics.rankCount, null, [programs, devices])];
  const memoryBytes = ranks.value.programs.map(({ gmBytes }) => gmBytes);
  const recorded = { whole, ranks: ranks.value, cluster, decisions: null, memoryBytes, time: null };
  const time = await recordRanks(recorder, recorded);
  return time.ok ? [] : [timingDiagnostic(time.error, ranks.value.programs)];
}

/** A network divided over the devices of `--cluster`: compiled for each, and timed. */
export async function recordCluster(
  io: Io,
  args: Arguments,
  file: string,
  progress: Progress,
  recorder: Recorder,
): Promise<Result<readonly Diagnostic[], Refusal>> {
  const target = compiledCluster(io, args);
  if (!target.ok) return target;
  const { cluster, chip } = target.value;
  const network = await dividedNetwork({
    ...{ io, args, file, progress, cluster, chip, recorder },
    inputs: (stated) => stated,
  });
  if (!network.ok) return network;
  const { module, warnings } = network.value;
  const problems = await recordCompiled(recorder, module, chip, cluster, () => io.now());
  return problems.length > 0 ? failure({ diagnostics: problems }) : ok(warnings);
}
