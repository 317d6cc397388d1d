/** Seconds of one training step of a network under a configuration, and what they are made of. */
import { blockTime, type BlockTime, type Setting } from './block-time.ts';
import { stageTransfer, updateCollectives } from './communication.ts';
import { recomputedShare, type Configuration } from './configuration.ts';
import { pipelineTime } from './pipeline.ts';
import { evenStages, type Stage } from './stages.ts';
import type { Network } from './work.ts';

/** Terms of a step in seconds; they add up to `seconds`. */
export interface StepTime {
  readonly seconds: number;
  readonly terms: Readonly<Record<StepTerm, number>>;
  /** Seconds of one micro-batch on each stage. */
  readonly stages: readonly number[];
}

export const stepTerms = [
  'matrix',
  'attention',
  'vector',
  'recompute',
  'exposed tensor, context and expert collectives',
  'stage transfers',
  'bubble',
  'imbalance',
  'gradient and weight collectives',
  'optimizer',
] as const;

export type StepTerm = (typeof stepTerms)[number];

/** The step on even stages (with offsets of the configuration), or on those given; times of blocks can be given as well. */
export function stepTime(
  network: Network,
  plan: Configuration,
  setting: Setting,
  stages: readonly Stage[] = evenStages(network, plan.pipeline, plan.stageOffsets),
  times: readonly BlockTime[] = network.blocks.map((block) => blockTime(block, plan, setting)),
): StepTime {
  const known = new Map<string, StageTerms>();
  const perStage = stages.map((stage, index) => {
    const again = recomputedShare(plan, index);
    const key = `${stage.map(({ block, count }) => `${block}:${count}`).join()}/${again}`;
    const terms = known.get(key) ?? stageTerms(stage, again, times, network, plan, setting);
    known.set(key, terms);
    return terms;
  });
  const seconds = perStage.map(sumOf);
  const copies = plan.microBatches * plan.interleavedCopies;
  const pipeline = pipelineTime(seconds, copies, plan.virtualStages);
  const mean = (term: keyof StageTerms): number =>
    (copies * perStage.reduce((sum, stage) => sum + stage[term], 0)) / perStage.length;
  const parameters = Math.max(0, ...stages.map((stage) => stageParameters(stage, network, plan)));
  const slowest = updateTerms(parameters, pipeline.seconds, plan, setting);
  const terms: Record<StepTerm, number> = {
    matrix: mean('matrix'),
    attention: mean('attention'),
    vector: mean('vector'),
    recompute: mean('recompute'),
    'exposed tensor, context and expert collectives': mean('exposed'),
    'stage transfers': mean('transfer'),
    bubble: pipeline.bubble,
    imbalance: pipeline.imbalance,
    'gradient and weight collectives': slowest.collectives,
    optimizer: slowest.optimizer,
  };
  return { seconds: pipeline.seconds + slowest.total, terms, stages: seconds };
}

interface StageTerms {
  readonly matrix: number;
  readonly attention: number;
  readonly vector: number;
  readonly recompute: number;
  readonly exposed: number;
  readonly transfer: number;
}

const sumOf = (terms: StageTerms): number => Object.values(terms).reduce((sum: number, term: number) => sum + term, 0);

/** One micro-batch, forward and backward, on one stage. */
function stageTerms(
  stage: Stage,
  recomputed: number,
  times: readonly BlockTime[],
  network: Network,
  plan: Configuration,
  setting: Setting,
): StageTerms {
  const terms = { matrix: 0, attention: 0, vector: 0, recompute: 0, exposed: 0, transfer: 0 };
  for (const { block, count } of stage) {
    const time = times[block];
    if (time === undefined) throw new Error(`stage names block ${block} of ${times.length}`);
    for (const { matrix, attention, vector, exposed } of [time.forward, time.backward]) {
      terms.matrix += count * matrix;
      terms.attention += count * attention;
      terms.vector += count * vector;
      terms.exposed += count * exposed;
    }
    if ((network.blocks[block]?.count ?? 1) > 1)
      terms.recompute += count * (recomputed * time.again + plan.recompute.selective * time.coreAgain);
  }
  const transfer = stageTransfer(network.blocks[stage.at(-1)?.block ?? 0], plan, setting.cluster);
  terms.transfer = transfersOf(plan) * (transfer?.seconds ?? 0);
  return terms;
}

/** One send forward and one backward per chunk. */
export const transfersOf = ({ virtualStages }: Configuration): number => 2 * virtualStages;

/** What follows the last backward: gradients are summed, the optimizer runs, sharded weights are gathered. */
export function updateTerms(
  parameters: number,
  computing: number,
  plan: Configuration,
  { cluster, constants }: Pick<Setting, 'cluster' | 'constants'>,
): { readonly collectives: number; readonly hidden: number; readonly optimizer: number; readonly total: number } {
  const { reduction, reductions, gathering, gatherings } = updateCollectives(parameters, plan, cluster);
  const gathered = gathering?.seconds ?? 0;
  // Only what moves for each micro-batch has products beside it: all but the last time.
  const repeated = (reductions - 1) * reduction.seconds + Math.max(0, gatherings - 1) * gathered;
  const hidden = constants.hiddenGradient * Math.min(repeated, computing);
  const collectives = reductions * reduction.seconds + gatherings * gathered - hidden;
  const shards = plan.zero === 0 ? 1 : plan.zeroShards;
  const optimizer = ((parameters / shards) * constants.optimizerBytes) / cluster.device.memoryBytesPerSecond;
  return { collectives, hidden, optimizer, total: collectives + optimizer };
}

/** Parameters that one device of a stage holds. */
export function stageParameters(stage: Stage, network: Network, plan: Configuration): number {
  return stage.reduce((sum, { block, count }) => {
    const at = network.blocks[block];
    if (at === undefined) return sum;
    const experts = at.expertParameters / plan.expert;
    return sum + count * ((at.dividedParameters + experts) / plan.tensor + at.copiedParameters);
  }, 0);
}
