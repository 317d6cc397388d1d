/**
 * Makespan of one step on a pipeline of p stages with m micro-batches and v chunks per stage (1F1B; interleaved for v > 1).
 * Narayanan et al. (SC'21): the first micro-batch walks through all stages, then the slowest stage does the other m - 1;
 * interleaving shortens the walk v times. Without imbalance the bubble is (p - 1) / (v m) of the ideal time.
 */
export interface PipelineTime {
  readonly seconds: number;
  /** m · mean stage: what a perfect pipeline would take. */
  readonly ideal: number;
  /** (m - 1 + 1/v-th walk) spent waiting although all stages were equal. */
  readonly bubble: number;
  /** What unequal stages add. */
  readonly imbalance: number;
}

/** `stages`: seconds of forward and backward of one micro-batch on each stage. */
export function pipelineTime(stages: readonly number[], microBatches: number, virtualStages: number): PipelineTime {
  const slowest = Math.max(...stages);
  const walk = stages.reduce((sum, seconds) => sum + seconds, 0);
  const mean = walk / stages.length;
  const seconds = microBatches * slowest + (walk - slowest) / virtualStages;
  const ideal = microBatches * mean;
  const bubble = ((stages.length - 1) * mean) / virtualStages;
  return { seconds, ideal, bubble, imbalance: seconds - ideal - bubble };
}

/** Share of the step that p equal stages wait: (p - 1) / (p - 1 + v m) (Pangu Ultra, section 4.2). */
export const bubbleShare = (stages: number, microBatches: number, virtualStages: number): number =>
  (stages - 1) / (stages - 1 + virtualStages * microBatches);
