/**
 * Bytes that one device of a pipeline stage holds. Weights and optimizer as in ZeRO (16 bytes a parameter with 16-bit weights and gradients,
 * 18 with gradients in f32; each stage of ZeRO divides one more part); activations as in Korthikanti et al. (2205.05198),
 * of as many micro-batches as 1F1B or its interleaved form has in flight.
 */
import { recomputedShare, type Configuration } from './configuration.ts';
import { stageParameters } from './step-time.ts';
import type { Stage } from './stages.ts';
import type { Block, Network } from './work.ts';

/** Two moments of Adam in f32, and a master weight where the weights themselves have 16 bits. */
const optimizerBytes = ({ weightBytes }: Configuration): number => (weightBytes < 4 ? 12 : 8);

export const memoryTerms = ['weights', 'gradients', 'optimizer state', 'activations', 'working space'] as const;
export type MemoryTerm = (typeof memoryTerms)[number];

export interface StageMemory {
  readonly bytes: number;
  readonly terms: Readonly<Record<MemoryTerm, number>>;
}

/** The memory of stage `index`. */
export function stageMemory(network: Network, stage: Stage, index: number, plan: Configuration): StageMemory {
  const parameters = stageParameters(stage, network, plan);
  const shards = (level: number): number => (plan.zero >= level ? plan.zeroShards : 1);
  const largest = Math.max(0, ...stage.map(({ block }) => blockParameters(network.blocks[block], plan)));
  const terms = {
    weights: (parameters * plan.weightBytes) / shards(3) + (plan.zero === 3 ? 2 * largest * plan.weightBytes : 0),
    gradients: (parameters * plan.gradientBytes) / shards(2),
    'optimizer state': (parameters * optimizerBytes(plan)) / shards(1),
    activations: microBatchesInFlight(plan, index) * stageActivations(network, stage, index, plan),
    'working space': workingBytes(network, stage, index, plan),
  };
  return { bytes: Object.values(terms).reduce((sum, term) => sum + term, 0), terms };
}

const blockParameters = (block: Block, plan: Configuration): number =>
  (block.dividedParameters + block.expertParameters / plan.expert) / plan.tensor + block.copiedParameters;

/**
 * 1F1B: stage i of p holds at most p - i micro-batches. Interleaved over v chunks (Megatron): 2 (p - i - 1) + (v - 1) p + 1 chunks, each a
 * v-th of the stage: p (1 + (p - 1) / (p v)) for the first.
 */
export function microBatchesInFlight(plan: Configuration, stage: number): number {
  const { pipeline, virtualStages, microBatches } = plan;
  if (virtualStages === 1) return Math.min(microBatches, pipeline - stage);
  const chunks = 2 * (pipeline - stage - 1) + (virtualStages - 1) * pipeline + 1;
  return Math.min(microBatches, chunks / virtualStages);
}

/** What one micro-batch leaves on a stage until its backward. */
export function stageActivations(network: Network, stage: Stage, index: number, plan: Configuration): number {
  const again = recomputedShare(plan, index);
  return stage.reduce((sum, run) => {
    const block = network.blocks[run.block];
    const kept = keptBytes(block, plan);
    const repeated = block.count > 1 ? again : 0;
    return sum + run.count * (repeated * inputBytes(block, plan) + (1 - repeated) * kept);
  }, 0);
}

/** Bytes that a block keeps of one micro-batch without full recomputation. */
export function keptBytes(block: Block, plan: Configuration): number {
  const core = block.keptCoreBytes * plan.recompute.selective;
  const cut = (block.keptBytes - core) / plan.tensor;
  return ((cut + block.keptSequenceBytes / sequenceParts(plan)) * plan.microBatch) / plan.context;
}

/** A block that runs again keeps its input alone. */
const inputBytes = (block: Block, plan: Configuration): number =>
  (block.boundaryBytes * plan.microBatch) / plan.context / sequenceParts(plan);

const sequenceParts = (plan: Configuration): number => (plan.sequenceParallel ? plan.tensor : 1);

/** The largest value with its gradient, and a block that is run again. */
function workingBytes(network: Network, stage: Stage, index: number, plan: Configuration): number {
  const samples = plan.microBatch / plan.context;
  const again = recomputedShare(plan, index) > 0;
  return stage.reduce((most, run) => {
    const block = network.blocks[run.block];
    const value = Math.max(block.widestCutBytes / plan.tensor, block.widestBytes) * samples;
    const rerun = again && block.count > 1 ? keptBytes(block, plan) : 0;
    return Math.max(most, 2 * value + rerun);
  }, 0);
}
