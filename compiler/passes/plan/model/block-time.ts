/**
 * Seconds that one block takes for one micro-batch on one device of a configuration: products by their shape, the attention core,
 * memory-bound work, and the collectives of tensor, context and expert parallelism as far as products do not hide them.
 */
import type { Cluster } from '../../../../runtime/target/index.ts';
import { dispatchCollective, exchangeCollectives, ringStep, secondsOf } from './communication.ts';
import type { Configuration } from './configuration.ts';
import type { ConstantValues } from './constants.ts';
import type { AttentionWork, Block, MatrixWork, Work } from './work.ts';

/** What a time depends on besides the block. */
export interface Setting {
  readonly cluster: Cluster;
  readonly constants: ConstantValues;
  /** Efficiency of this machine against the constants: one fitted number per machine, 1 without a fit. */
  readonly machine: number;
  /** Precision in which products run. */
  readonly precision: 'f16' | 'f32';
}

/** Communication of a sweep over a block, and what products beside it do not hide, in seconds. */
export interface Overlap {
  readonly seconds: number;
  readonly exposed: number;
}

/** Seconds of one sweep over one block, by what they are spent on. */
export interface SweepTime {
  readonly matrix: number;
  readonly attention: number;
  readonly vector: number;
  /** Collectives that nothing hides: of both kinds that follow. */
  readonly exposed: number;
  /** Of tensor parallelism. */
  readonly exchange: Overlap;
  /** Of context and expert parallelism. */
  readonly context: Overlap;
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
  const exchanged = exchangeSeconds(block, plan, setting);
  const context = contextSeconds(block, plan, setting);
  const { hiddenGradient, hidden, attentionBackward, vectorBackward } = setting.constants;
  const share = plan.overlap === 'fused' ? hidden : hiddenGradient;
  const coreBackward = totals.core * attentionBackward;
  const products = totals.weights + totals.inputs;
  const forward = {
    matrix: totals.forward,
    attention: totals.core,
    vector: totals.vector,
    ...exposedOf(
      overlap(exchanged, plan.overlap === 'none' ? 0 : totals.forward, share),
      overlap(context, totals.core, hidden),
    ),
  };
  const backward = {
    matrix: products,
    attention: coreBackward,
    vector: totals.vector * vectorBackward,
    ...exposedOf(
      // The gradient of a weight needs no collective, so that of the input's gradient runs beside it.
      overlap(exchangesBackward(plan) * exchanged, products, share),
      overlap(2 * context, coreBackward, hidden),
    ),
  };
  const unread = plan.recompute.eager ? 0 : totals.unread;
  return { forward, backward, again: sweepSeconds(forward) - unread, coreAgain: totals.core + totals.again };
}

/** Exchanges of backward for each of forward: sequence parallelism gathers the input of the products again for the gradients of the weights. */
export const exchangesBackward = ({ sequenceParallel }: Configuration): number => (sequenceParallel ? 1.5 : 1);

/** Products hide a share of the shorter of the two. */
const overlap = (seconds: number, behind: number, share: number): Overlap => ({
  seconds,
  exposed: seconds - share * Math.min(seconds, behind),
});

const exposedOf = (exchanged: Overlap, context: Overlap): Pick<SweepTime, 'exposed' | 'exchange' | 'context'> => ({
  exposed: exchanged.exposed + context.exposed,
  exchange: exchanged,
  context,
});

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

const exchangeSeconds = (block: Block, plan: Configuration, { cluster }: Setting): number =>
  block.exchanges.reduce((sum, bytes) => sum + secondsOf(exchangeCollectives(bytes, plan, cluster)), 0);

/**
 * Ring attention: in each of c - 1 steps keys and values go to the neighbour while the core works on a c-th of them, and the partial
 * result is joined in f32. Experts get their tokens by all-to-all and give them back.
 */
function contextSeconds(block: Block, plan: Configuration, setting: Setting): number {
  let seconds = 0;
  for (const work of block.works) {
    const sent = work.kind === 'attention' ? ringStep(work, plan, setting.cluster) : null;
    if (work.kind === 'attention' && sent !== null)
      seconds += (plan.context - 1) * (sent.seconds + joinSeconds(work, plan, setting));
  }
  return seconds + 2 * (dispatchCollective(block, plan, setting.cluster)?.seconds ?? 0);
}

/** Joining a partial result of ring attention to those before. */
export function joinSeconds(
  { resultBytes }: AttentionWork,
  { microBatch, tensor, context }: Configuration,
  { cluster, constants }: Setting,
): number {
  const rate = cluster.device.memoryBytesPerSecond * constants.memoryEfficiency;
  return (JOINED_PASSES * resultBytes * microBatch) / tensor / context / rate + constants.kernelSeconds;
}
