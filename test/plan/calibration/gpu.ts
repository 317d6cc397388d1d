/** The GPU rows: a machine of their own, the same model. */
import type { Configuration } from '../../../compiler/passes/plan/index.ts';
import type { Cluster } from '../../../runtime/target/index.ts';
import { number, text, type Row } from './rows.ts';

/** A100 80 GB servers of 8: figures of the data's README (llm-analysis, Calculon). */
export function a100Cluster(devices: number): Cluster {
  return {
    name: `a100:${Math.ceil(devices / 8)}x8`,
    device: {
      name: 'a100-80',
      chip: null,
      flopsPerSecond: { f16: 312e12, f32: 156e12 },
      memoryBytes: 80 * 2 ** 30,
      memoryBytesPerSecond: 2039e9,
      reduceSecondsPerByte: 0,
    },
    levels: [
      {
        name: 'nvlink',
        topology: 'switch',
        bytesPerSecond: 300e9,
        efficiency: 0.65,
        latencySeconds: 10e-6,
        size: Math.min(8, devices),
      },
      {
        name: 'infiniband',
        topology: 'switch',
        bytesPerSecond: 25e9,
        efficiency: 0.9,
        latencySeconds: 20e-6,
        size: Math.ceil(devices / 8),
      },
    ],
    provenance: {},
  };
}

/** Rows that leave the micro-batch open use 1 for large, 4 for small models and no virtual stages. */
export function gpuConfiguration(row: Row): Configuration {
  const data = number(row, 'dp');
  const microBatch = number(row, 'micro_batch_size', number(row, 'pp') > 1 ? 1 : 4);
  return {
    data,
    tensor: number(row, 'tp'),
    pipeline: number(row, 'pp'),
    virtualStages: number(row, 'vpp', 1),
    context: number(row, 'cp', 1),
    expert: 1,
    sequenceParallel: text(row, 'sequence_parallel') === '1',
    zero: 0,
    zeroShards: 1,
    recompute:
      text(row, 'recompute') === 'full'
        ? { full: 1, selective: 0, eager: true }
        : { full: 0, selective: 1, eager: true },
    microBatch,
    microBatches: number(row, 'global_batch') / (data * microBatch),
    interleavedCopies: 1,
    overlap: 'none',
    gradientBytes: 2,
    weightBytes: 2,
    stageOffsets: null,
  };
}

/** Seconds of a step from the published TFLOP/s, which count the recomputed forward: F = 96 B s l h² (1 + s/6h + V/16lh). */
export function gpuSeconds(row: Row): number {
  const published = text(row, 'seconds_per_iteration');
  if (published !== '') return Number(published);
  const [b, s, l, h, v] = ['global_batch', 'seq', 'layers', 'hidden', 'vocab'].map((column) => number(row, column));
  const [batch = 0, sequence = 0, layers = 0, hidden = 1, vocabulary = 0] = [b, s, l, h, v];
  const flops =
    96 * batch * sequence * layers * hidden ** 2 * (1 + sequence / (6 * hidden) + vocabulary / (16 * layers * hidden));
  return flops / (number(row, 'tflops_per_gpu') * 1e12 * number(row, 'gpus'));
}
