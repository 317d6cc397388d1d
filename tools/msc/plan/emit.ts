/** A plan in the forms that other engines read: MindSpore's strategy file, MindFormers' configuration. */
import { diagnose, type Diagnostic, type Module } from '../../../compiler/ir/index.ts';
import {
  annotatePlan,
  choiceText,
  planDiagnostics,
  planLayouts,
  recomputedShare,
  type Candidate,
  type PlanRequest,
  type Stage,
} from '../../../compiler/passes/plan/index.ts';
import { writeMindFormers, writeStrategy, type ParameterStrategy, type Strategy } from '../../formats/plan/index.ts';
import { stageText } from '../pipeline.ts';
import { version } from '../version.ts';

export const planKinds = ['strategy.json', 'mindformers.yaml', 'graph.mlir'] as const;
export type PlanKind = (typeof planKinds)[number];

export const isPlanKind = (text: string): text is PlanKind => planKinds.some((kind) => kind === text);

/** The module is the graph that the request describes; `graph.mlir` marks it. */
export function emitPlan(kind: PlanKind, module: Module, request: PlanRequest, plan: Candidate): string {
  switch (kind) {
    case 'strategy.json':
      return writeStrategy(strategyOf(request, plan));
    case 'mindformers.yaml':
      return configurationOf(request, plan);
    case 'graph.mlir':
      annotatePlan(module, request, plan);
      return stageText(module, false);
  }
}

/** `msc run` takes one batch as the whole step: the graph must have been traced for it. */
export const tracedBatchProblem = (kinds: readonly PlanKind[], request: PlanRequest): Diagnostic | null =>
  kinds.includes('graph.mlir') && request.described.view.batch !== request.globalBatch
    ? diagnose(planDiagnostics.tracedBatch, null, [request.described.view.batch, request.globalBatch])
    : null;

/** Parameters of a pipeline carry their stage before their name, as merged strategy files have them. */
function strategyOf(request: PlanRequest, plan: Candidate): Strategy {
  const layouts = planLayouts(request.described, plan);
  const [replicas, tensor] = layouts.deviceMatrix;
  const sharded = layouts.optimizerShards > 1;
  const parameters = layouts.parameters.map(({ name, stage, shape, cut }): readonly [string, ParameterStrategy] => {
    // The devices that hold the same part: replicas of a cut parameter, all devices of the stage for others.
    const group = layouts.optimizerShards * (cut === null ? tensor : 1);
    const divisible = sharded && (shape[0] ?? 0) % (group * (cut === 0 ? tensor : 1)) === 0;
    return [
      layouts.pipeline > 1 ? `${stage}-${name}` : name,
      {
        dev_matrix: [replicas, tensor],
        tensor_map: shape.map((_, dimension) => (dimension === cut ? 0 : -1)),
        tensor_shape: shape,
        field: 0,
        opt_weight_shard_step: !divisible ? 0 : cut === null ? 1 : tensor,
        opt_weight_shard_size: divisible ? group : 0,
      },
    ];
  });
  const operations = layouts.operations.map(({ name, stage, operands }) => [
    name,
    { stage, parallel_strategy: operands },
  ]);
  return {
    current_stage: layouts.pipeline > 1 ? 1 : 0,
    parallel_strategy_item: Object.fromEntries(operations),
    parallel_layout_item: Object.fromEntries(parameters),
  };
}

/** MindFormers takes the batch of a replica times micro-batches (pipeline) or accumulation steps (none). */
function configurationOf(request: PlanRequest, plan: Candidate): string {
  const { configuration, stages } = plan;
  const { network } = request.described;
  const pipelined = configuration.pipeline > 1;
  const layers = stages.map((stage) => layersOf(stage, request));
  const total = layers.reduce((sum, count) => sum + count, 0);
  const offsets = layers.map((count, stage) => count - evenShare(total, layers.length, stage));
  const again = layers.map((count, stage) => Math.round(count * recomputedShare(configuration, stage)));
  const heading = [
    `${network.name} on ${request.cluster.name}, by msc plan ${version}`,
    choiceText(configuration),
    `predicted step: ${plan.time.seconds.toFixed(3)} s`,
  ];
  return writeMindFormers(
    {
      data_parallel: configuration.data,
      model_parallel: configuration.tensor,
      context_parallel: configuration.context,
      pipeline_stage: configuration.pipeline,
      expert_parallel: configuration.expert,
      micro_batch_num: pipelined ? configuration.microBatches : 1,
      use_seq_parallel: configuration.sequenceParallel,
      batch_size: configuration.microBatch,
      gradient_accumulation_steps: pipelined ? 1 : configuration.microBatches,
      pp_interleave_num: configuration.virtualStages,
      enable_parallel_optimizer: configuration.zero > 0,
      optimizer_level: configuration.zero === 3 ? 'level3' : configuration.zero === 2 ? 'level2' : 'level1',
      optimizer_weight_shard_size: configuration.zeroShards,
      offset: offsets.every((offset) => offset === 0) ? 0 : offsets,
      recompute: recomputeOf(again, layers),
      max_device_memory: `${Math.floor(request.memoryBytes / 2 ** 30)}GB`,
    },
    heading.join('\n'),
  );
}

/** Repeated layers of a stage: what MindFormers counts. */
const layersOf = (stage: Stage, { described }: PlanRequest): number =>
  stage.reduce((sum, { block, count }) => sum + (described.network.blocks[block].count > 1 ? count : 0), 0);

/** MindFormers gives the layers that are over to the last stages. */
function evenShare(layers: number, stages: number, stage: number): number {
  const least = Math.floor(layers / stages);
  return least + (stage >= stages - (layers % stages) ? 1 : 0);
}

function recomputeOf(again: readonly number[], layers: readonly number[]): readonly number[] | boolean {
  if (again.every((count) => count === 0)) return false;
  return again.every((count, stage) => count === layers[stage]) ? true : again;
}
