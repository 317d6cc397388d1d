/**
 * The constants of the step-time model, each with its source. Those marked "fitted" were chosen on the published rows that
 * bench/calibration reads, few and round so that they stay true elsewhere; the rest are published.
 */
export interface Constant {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

const constant = (value: number, unit: string, source: string): Constant => ({ value, unit, source });

export const constants = {
  matrixEfficiency: constant(
    0.75,
    'share of the cube peak',
    'Ascend C high-performance matmul example: 8192 cubed in f16 takes 4012 us on 24 cores = 274 of 363.7 TFLOP/s',
  ),
  innerOverhead: constant(
    250,
    'elements of the summed axis',
    'fixpipe drains a tile of 128 x 256 in about 1600 cycles, time for 200 elements of the summed axis (rates: PTO cost model), and L0C holds one such tile; fitted between 200 and 300',
  ),
  attentionEfficiency: constant(0.6, 'share of the matrix efficiency', 'fitted: fused attention core'),
  attentionBackward: constant(2.5, 'forward passes', 'five products in place of two (FlashAttention)'),
  memoryEfficiency: constant(
    0.9,
    'share of the memory bandwidth',
    'fitted; Add of the Ascend C examples moves 1.4 (plain) to 2.15 TB/s (tuned)',
  ),
  vectorBackward: constant(2, 'forward passes', 'a backward reads the gradient beside the saved values'),
  kernelSeconds: constant(10e-6, 's', 'fitted; Ascend C: 20 us head of a full-core kernel when not overlapped'),
  hidden: constant(
    0.6,
    'share of the shorter of the two',
    'fitted; one MatmulAllReduce 4096 x 3072 x 8192 on 8 cards (Ascend C) hides more: 803 + 1071 us apart, 1262 us fused = 0.76',
  ),
  hiddenGradient: constant(
    0.4,
    'share of the shorter of the two',
    'fitted: collectives of input gradients beside the products of weight gradients, without fused kernels',
  ),
  optimizerBytes: constant(
    30,
    'bytes per parameter',
    'Adam: reads gradient, master weight and two moments (16), writes three and the 16-bit weight (14)',
  ),
} as const satisfies Readonly<Record<string, Constant>>;

/** Efficiency of a machine against the constants: what published runs imply (bench/calibration), the middle of a group. */
export const machineEfficiency = constant(
  0.87,
  'times the matrix efficiency',
  'MindSpeed-LLM on Atlas 900 A2 PoDc, 29 rows (MindFormers there 0.9, on Atlas 800T A2 0.78)',
);

export type ConstantName = keyof typeof constants;

/** The numbers alone, so that a calibration can vary one. */
export type ConstantValues = Readonly<Record<ConstantName, number>>;

export const constantValues: ConstantValues = {
  matrixEfficiency: constants.matrixEfficiency.value,
  innerOverhead: constants.innerOverhead.value,
  attentionEfficiency: constants.attentionEfficiency.value,
  attentionBackward: constants.attentionBackward.value,
  memoryEfficiency: constants.memoryEfficiency.value,
  vectorBackward: constants.vectorBackward.value,
  kernelSeconds: constants.kernelSeconds.value,
  hidden: constants.hidden.value,
  hiddenGradient: constants.hiddenGradient.value,
  optimizerBytes: constants.optimizerBytes.value,
};
