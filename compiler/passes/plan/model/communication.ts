/**
 * The communication of a training step under the model, one function for each kind: what is sent in which group, by the formulas
 * of `runtime/target`. Times (`block-time.ts`, `step-time.ts`) are sums over these, and so is what a plan shows of them.
 */
import {
  collectiveSecondsOfShape,
  stridedShape,
  type Cluster,
  type CollectiveOperation,
  type GroupShape,
} from '../../../../runtime/target/index.ts';
import type { Configuration } from './configuration.ts';
import type { AttentionWork, Block } from './work.ts';

/** One operation of one group. `bytes` are those that the formulas count: of the whole buffer of a rank. */
export interface Communication {
  readonly operation: CollectiveOperation;
  readonly bytes: number;
  readonly shape: GroupShape;
  readonly seconds: number;
  readonly algorithm: string;
}

function communication(
  operation: CollectiveOperation,
  bytes: number,
  shape: GroupShape,
  cluster: Cluster,
): Communication {
  return { operation, bytes, shape, ...collectiveSecondsOfShape(operation, bytes, shape, cluster) };
}

export const secondsOf = (all: readonly Communication[]): number => all.reduce((sum, { seconds }) => sum + seconds, 0);

/** What tensor parallelism does about a tensor of so many bytes a sample: an all-reduce, or the gather and scatter of sequence parallelism. */
export function exchangeCollectives(
  sampleBytes: number,
  plan: Configuration,
  cluster: Cluster,
): readonly Communication[] {
  if (plan.tensor === 1) return [];
  const shape = stridedShape(plan.tensor, 1, cluster);
  const bytes = (sampleBytes * plan.microBatch) / plan.context;
  const operations: readonly CollectiveOperation[] = plan.sequenceParallel
    ? ['all_gather', 'reduce_scatter']
    : ['all_reduce'];
  return operations.map((operation) => communication(operation, bytes, shape, cluster));
}

/** A step of ring attention: keys and values to the neighbour. There are `context - 1` of them; null without context parallelism. */
export function ringStep(
  { keyBytes }: AttentionWork,
  { context, tensor, microBatch }: Configuration,
  cluster: Cluster,
): Communication | null {
  if (context === 1) return null;
  const shape = stridedShape(context, tensor, cluster);
  return communication('send', (keyBytes * microBatch) / tensor / context, shape, cluster);
}

/** Tokens to their experts, or back; null where there are none to reach. */
export function dispatchCollective(block: Block, plan: Configuration, cluster: Cluster): Communication | null {
  if (plan.expert === 1 || block.dispatchBytes === 0) return null;
  const shape = stridedShape(plan.expert, plan.tensor, cluster);
  const bytes = (block.dispatchBytes * plan.microBatch) / plan.context / plan.tensor;
  return communication('all_to_all', bytes, shape, cluster);
}

/** A block's result to the next stage: each device sends its part (scatter and gather); null without a pipeline. */
export function stageTransfer(block: Block | undefined, plan: Configuration, cluster: Cluster): Communication | null {
  if (plan.pipeline === 1 || block === undefined) return null;
  const bytes = (block.boundaryBytes * plan.microBatch) / plan.context / plan.tensor;
  const shape = stridedShape(2, plan.tensor * plan.context * plan.data, cluster);
  return communication('send', bytes, shape, cluster);
}

/** What replicas say to each other about so many parameters. */
export interface Update {
  /** Gradients are summed, and divided with ZeRO. */
  readonly reduction: Communication;
  readonly reductions: number;
  /** Divided weights become whole; null without ZeRO. */
  readonly gathering: Communication | null;
  readonly gatherings: number;
}

/** What is divided moves once for each micro-batch, beside its products; what is whole moves once, after them. */
export function updateCollectives(parameters: number, plan: Configuration, cluster: Cluster): Update {
  const group = stridedShape(plan.data * plan.context, plan.tensor, cluster);
  const steps = plan.microBatches * plan.interleavedCopies;
  const operation = plan.zero === 0 ? 'all_reduce' : 'reduce_scatter';
  return {
    reduction: communication(operation, parameters * plan.gradientBytes, group, cluster),
    reductions: plan.zero >= 2 ? steps : 1,
    gathering: plan.zero === 0 ? null : communication('all_gather', parameters * plan.weightBytes, group, cluster),
    gatherings: plan.zero === 3 ? 2 * steps : plan.zero === 0 ? 0 : 1,
  };
}
