/** Runs the programs of all ranks on slices of whole tensors, and puts their results together. */
import type { Diagnostic, Result } from '../../../compiler/ir/index.ts';
import { failure, ok } from '../../../compiler/ir/index.ts';
import { tensorValue, type TensorValue } from '../../../compiler/ir/evaluate/index.ts';
import { assemble, sliceFor, type TensorPlacement } from '../../../compiler/passes/shard/index.ts';
import { ClusterInstance, createCluster } from '../../../runtime/host/index.ts';
import type { ClusterOptions, RunOptions, SimulatedCluster } from '../../../runtime/host/index.ts';
import { diagnose } from '../../../compiler/ir/support/index.ts';
import { cliDiagnostics } from '../diagnostics.ts';
import { denseTensor } from '../execute.ts';
import type { RankPrograms } from './compile.ts';
import { clusterLoadDiagnostic, outcomeDiagnostic } from './diagnostics.ts';

/** Loaded ranks; `close` ends the simulator. */
export class RankRun {
  readonly ranks: RankPrograms;
  readonly instance: ClusterInstance;
  private readonly cluster: SimulatedCluster;

  constructor(ranks: RankPrograms, cluster: SimulatedCluster, instance: ClusterInstance) {
    this.ranks = ranks;
    this.cluster = cluster;
    this.instance = instance;
  }

  /** Gives every rank its slices of the arguments of the whole @main, in order. */
  set(values: readonly TensorValue[]): void {
    this.ranks.partition.arguments.forEach((placement, at) => {
      for (const [rank, position] of placement.positions.entries()) {
        const name = this.ranks.signatures[rank].arguments[position];
        if (position >= 0) this.setOn(rank, name, sliceFor(placement, rank, values[at]));
      }
    });
  }

  private setOn(rank: number, name: string, value: TensorValue): void {
    const { program } = this.instance.ranks[rank];
    // Arguments that a rank's program does not use have no slot.
    const isHeld = [...program.inputs, ...program.parameters].some((slot) => slot.name === name);
    if (isHeld) this.instance.ranks[rank].set(name, value.data);
  }

  /** Lays out weights; once, after `set`. */
  prepare(): readonly Diagnostic[] {
    const outcome = this.instance.prepare();
    return outcome.ok ? [] : [outcomeDiagnostic(outcome.problem, this.ranks.programs)];
  }

  run(options: RunOptions | ((rank: number) => RunOptions) = {}): readonly Diagnostic[] {
    const outcome = this.instance.run(options);
    return outcome.ok ? [] : [outcomeDiagnostic(outcome.problem, this.ranks.programs)];
  }

  /** The results of the whole @main, in order; copies of one slice must be equal bit by bit. */
  results(): Result<readonly TensorValue[], readonly Diagnostic[]> {
    const whole = this.ranks.partition.results.map((placement) =>
      assemble(
        placement,
        placement.positions.map((position, rank) => (position < 0 ? null : this.resultOf(placement, rank, position))),
      ),
    );
    const values = whole.flatMap((value) => ('ranks' in value ? [] : [value]));
    const differing = whole.flatMap((value, at) => ('ranks' in value ? [{ at, ranks: value.ranks }] : []));
    if (differing.length === 0) return ok(values);
    return failure(differing.map(({ at, ranks }) => diagnose(cliDiagnostics.copiesDiffer, null, [at, ranks])));
  }

  private resultOf(placement: TensorPlacement, rank: number, position: number): TensorValue {
    const result = this.ranks.signatures[rank].results[position];
    const { program } = this.instance.ranks[rank];
    const slot =
      'output' in result
        ? program.outputs[result.output]
        : program.parameters.find(({ name }) => name === result.parameter);
    if (slot === undefined) throw new Error(`rank ${rank} has no result ${position} of ${placement.type.key}`);
    const { shape, dtype, data } = denseTensor(slot, this.instance.ranks[rank].read(slot));
    return tensorValue(shape, dtype, data);
  }

  close(): Promise<void> {
    return this.cluster.close();
  }
}

/** Loads the programs of all ranks into one simulator. */
export async function loadRanks(
  ranks: RankPrograms,
  options: Omit<ClusterOptions, 'devices'> = {},
): Promise<Result<RankRun, readonly Diagnostic[]>> {
  const cluster = await createCluster({ ...options, devices: ranks.programs.length });
  const instance = cluster.load(ranks.programs);
  if (instance instanceof ClusterInstance) return ok(new RankRun(ranks, cluster, instance));
  await cluster.close();
  return failure([clusterLoadDiagnostic(instance)]);
}
