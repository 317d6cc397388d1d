/**
 * Seconds that one block takes for one micro-batch on one device of a configuration: products by their shape, the attention core,
 * memory-bound work, and the collectives of tensor, context and expert parallelism as far as products do not hide them.
 */
import {
  collectiveSecondsOfShape,
  stridedShape,
  type Cluster,
  type CollectiveOperation,
} from '../../../../runtime/target/index.ts';
import type { Configuration } from './configuration.ts';
import type { ConstantValues } from './constants.ts';
import type { Block, MatrixWork, Work } from './work.ts';

/** What a time depends on besides the block. */
export interface Setting {
  readonly cluster: Cluster;
  readonly constants: ConstantValues;
  /** Efficiency of this machine against the constants: one fitted number per machine, 1 without a fit. */
  readonly machine: number;
  /** Precision in which products run. */
  readonly precision: 'f16' | 'f32';
}

/** Seconds of one sweep over one block, by what they are spent on. */
export interface SweepTime {
  readonly matrix: number;
  readonly attention: number;
  readonly vector: number;
  /** Collectives that nothing hides. */
  readonly exposed: number;
}

export interface BlockTime {
  readonly forward: SweepTime;
  readonly backward: SweepTime;
  /** Running the forward again, whole or the attention core alone. */
  readonly again: number;
  readonly coreAgain: number;
}

export const sweepSeconds = (sweep: SweepTime): number => sweep.matrix + sweep.attention + sweep.vector + sweep.exposed;

/** Seconds of one block's sweeps over a micro-batch. */
export function blockTime(block: Block, plan: Configuration, setting: Setting): BlockTime {
  const totals = { forward: 0, unread: 0, weights: 0, inputs: 0, core: 0, again: 0, vector: 0 };
  for (const work of block.works) addWork(work, plan, setting, totals);
  const exchange = exchangeSeconds(block, plan, setting);
  const context = contextSeconds(block, plan, setting);
  const { hidden, hiddenGradient, attentionBackward, vectorBackward } = setting.constants;
  const hide = (seconds: number, behind: number, share = hidden): number => seconds - share * Math.min(seconds, behind);
  const share = plan.overlap === 'fused' ? hidden : hiddenGradient;
  // Sequence parallelism gathers the input of the products again for the gradients of the weights.
  const exchangeBackward = plan.sequenceParallel ? 1.5 * exchange : exchange;
  const coreBackward = totals.core * attentionBackward;
  const forward: SweepTime = {
    matrix: totals.forward,
    attention: totals.core,
    vector: totals.vector,
    exposed: hide(exchange, plan.overlap === 'none' ? 0 : totals.forward, share) + hide(context, totals.core),
  };
  const backward: SweepTime = {
    matrix: totals.inputs + totals.weights,
    attention: coreBackward,
    vector: totals.vector * vectorBackward,
    // The gradient of a weight needs no collective, so that of the input's gradient runs beside it.
    exposed: hide(exchangeBackward, totals.weights + totals.inputs, share) + hide(2 * context, coreBackward),
  };
  const unread = plan.recompute.eager ? 0 : totals.unread;
  return { forward, backward, again: sweepSeconds(forward) - unread, coreAgain: totals.core + totals.again };
}

/** A join reads both results and writes one, in f32: 3 passes of twice the bytes of the 16-bit result. */
const JOINED_PASSES = 6;

interface Totals {
  forward: number;
  /** Part of `forward` whose results backward does not read. */
  unread: number;
  weights: number;
  inputs: number;
  core: number;
  /** Unfused parts of an attention core. */
  again: number;
  vector: number;
}

function addWork(work: Work, plan: Configuration, setting: Setting, totals: Totals): void {
  const { constants } = setting;
  const samples = plan.microBatch / plan.context;
  switch (work.kind) {
    case 'matrix': {
      const { rows, inner, columns, copies } = dividedProduct(work, plan);
      const forward = matrixSeconds(rows, inner, columns, copies, setting);
      totals.forward += forward;
      if (!work.read) totals.unread += forward;
      if (work.cut === 'copies') totals.again += forward;
      totals.inputs += matrixSeconds(rows, columns, inner, copies, setting);
      totals.weights += matrixSeconds(inner, rows, columns, copies, setting);
      return;
    }
    case 'attention':
      totals.core += (work.flops * samples) / plan.tensor / (matrixRate(setting) * constants.attentionEfficiency);
      return;
    case 'vector': {
      const parts = work.cut !== 'sequence' || plan.sequenceParallel ? plan.tensor : 1;
      const rate = setting.cluster.device.memoryBytesPerSecond * constants.memoryEfficiency;
      const seconds = (work.bytes * samples) / parts / rate + work.kernels * constants.kernelSeconds;
      totals.vector += seconds;
      if (work.cut === 'core') totals.again += seconds;
      return;
    }
  }
}

/** The product that one device computes. */
function dividedProduct(
  work: MatrixWork,
  plan: Configuration,
): Pick<MatrixWork, 'rows' | 'inner' | 'columns' | 'copies'> {
  const part = (cut: MatrixWork['cut']): number => (work.cut === cut ? plan.tensor : 1);
  return {
    rows: (work.rows * plan.microBatch) / plan.context / part('rows'),
    inner: work.inner / part('inner'),
    columns: work.columns / part('columns'),
    copies: work.copies / part('copies'),
  };
}

const matrixRate = ({ cluster, constants, machine, precision }: Setting): number =>
  cluster.device.flopsPerSecond[precision] * constants.matrixEfficiency * machine;

/** Products by shape: the summed axis pays for draining each tile, and traffic bounds what is thin. */
function matrixSeconds(rows: number, inner: number, columns: number, copies: number, setting: Setting): number {
  const { cluster, constants, precision } = setting;
  const compute = (2 * rows * (inner + constants.innerOverhead) * columns * copies) / matrixRate(setting);
  const bytes = (precision === 'f32' ? 4 : 2) * copies * (rows * inner + inner * columns + rows * columns);
  const traffic = bytes / (cluster.device.memoryBytesPerSecond * constants.memoryEfficiency);
  return Math.max(compute, traffic) + constants.kernelSeconds;
}

/** All-reduces of tensor parallelism, or the gather and scatter that sequence parallelism makes of each. */
function exchangeSeconds(block: Block, plan: Configuration, setting: Setting): number {
  if (plan.tensor === 1) return 0;
  const operations: readonly CollectiveOperation[] = plan.sequenceParallel
    ? ['all_gather', 'reduce_scatter']
    : ['all_reduce'];
  const shape = stridedShape(plan.tensor, 1, setting.cluster);
  let seconds = 0;
  for (const bytes of block.exchanges) {
    const each = (bytes * plan.microBatch) / plan.context;
    for (const operation of operations)
      seconds += collectiveSecondsOfShape(operation, each, shape, setting.cluster).seconds;
  }
  return seconds;
}

/**
 * Ring attention: in each of c - 1 steps keys and values go to the neighbour while the core works on a c-th of them, and the partial
 * result is joined in f32. Experts get their tokens by all-to-all and give them back.
 */
function contextSeconds(block: Block, plan: Configuration, setting: Setting): number {
  let seconds = 0;
  const { context, tensor } = plan;
  if (context > 1) {
    const shape = stridedShape(context, tensor, setting.cluster);
    const rate = setting.cluster.device.memoryBytesPerSecond * setting.constants.memoryEfficiency;
    for (const work of block.works) {
      if (work.kind !== 'attention') continue;
      const bytes = (work.keyBytes * plan.microBatch) / tensor / context;
      const joined = (JOINED_PASSES * work.resultBytes * plan.microBatch) / tensor / context / rate;
      const sent = collectiveSecondsOfShape('send', bytes, shape, setting.cluster).seconds;
      seconds += (context - 1) * (sent + joined + setting.constants.kernelSeconds);
    }
  }
  if (plan.expert > 1 && block.dispatchBytes > 0) {
    const shape = stridedShape(plan.expert, plan.tensor, setting.cluster);
    const bytes = (block.dispatchBytes * plan.microBatch) / plan.context / plan.tensor;
    seconds += 2 * collectiveSecondsOfShape('all_to_all', bytes, shape, setting.cluster).seconds;
  }
  return seconds;
}
