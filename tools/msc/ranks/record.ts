/** What a network on many devices did, for `--report`. */
import type { Module, Result } from '../../../compiler/ir/index.ts';
import { failure, ok } from '../../../compiler/ir/index.ts';
import type { ClusterTime, ClusterTimingProblem } from '../../../runtime/host/index.ts';
import { isClusterTimingProblem, timeRanks } from '../../../runtime/host/index.ts';
import type { Cluster } from '../../../runtime/target/index.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import { formatPercent, formatSeconds } from '../../inspect/report/format.ts';
import { mainArguments } from '../parameters.ts';
import type { RankPrograms } from './compile.ts';

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
  const names = mainArguments(whole).map(({ name }) => name);
  const { partition, programs } = ranks;
  recorder.sections.ranks = rankSection({
    ...{ partition, names, programs, cluster, time, memoryBytes },
    places: recorder.places,
  });
  const planned = programs.map((program, rank) => ({ program, module: ranks.modules[rank] }));
  recorder.sections.memory = memorySection(planned, recorder.places);
  const waiting = time.ranks.reduce((sum, { bubble }) => sum + bubble, 0) / (time.seconds * time.ranks.length);
  const figures = `${formatSeconds(time.seconds)} on ${time.ranks.length} devices`;
  recorder.fact({ name: 'simulated time', value: figures, view: 'ranks' });
  if (Number.isFinite(waiting)) recorder.fact({ name: 'waiting', value: formatPercent(waiting), view: 'ranks' });
  return ok(time);
}
