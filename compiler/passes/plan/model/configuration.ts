/** A way to train a network on a cluster: what the planner searches for, and what published rows state. */
export interface Recompute {
  /** Share of the layers that run their forward again, 0 … 1: one number, or one for each stage. */
  readonly full: number | readonly number[];
  /** Only the attention core runs again (its share of the layers). */
  readonly selective: number;
  /** Products that backward does not read run again as well (checkpointing of eager frameworks). */
  readonly eager: boolean;
}

export interface Configuration {
  readonly data: number;
  readonly tensor: number;
  readonly pipeline: number;
  /** Chunks of layers per stage (interleaved 1F1B); 1 = none. */
  readonly virtualStages: number;
  readonly context: number;
  readonly expert: number;
  readonly sequenceParallel: boolean;
  /** 0 none, 1 optimizer state, 2 and gradients, 3 and weights sharded over `zeroShards` devices of the data axis. */
  readonly zero: 0 | 1 | 2 | 3;
  readonly zeroShards: number;
  readonly recompute: Recompute;
  /** Samples of a micro-batch; micro-batches of a step on one pipeline. */
  readonly microBatch: number;
  readonly microBatches: number;
  /** Copies of a micro-batch that overlap each other's communication (MindFormers' micro_batch_interleave_num). */
  readonly interleavedCopies: number;
  /**
   * Collectives of tensor parallelism beside products of the forward: not, of another copy of the micro-batch, or piecewise in fused
   * kernels (mc2 and the like).
   */
  readonly overlap: 'none' | 'copies' | 'fused';
  /** Bytes of a gradient on the wire, and of a gathered weight. */
  readonly gradientBytes: number;
  readonly weightBytes: number;
  /** Blocks of each stage (index ranges over the unrolled blocks); null = even. */
  readonly stageOffsets: readonly number[] | null;
}

/** Share of the layers of a stage that run their forward again. */
export const recomputedShare = ({ recompute }: Configuration, stage: number): number =>
  typeof recompute.full === 'number' ? recompute.full : (recompute.full[stage] ?? 0);
