/** The analytic model: pipelines, memory and times against published figures and against what must hold. */
import { describe, expect, it } from 'vitest';
import {
  balancedStages,
  blockTime,
  bubbleShare,
  constantValues,
  evenStages,
  keptBytes,
  microBatchesInFlight,
  pipelineTime,
  stageMemory,
  stepTime,
  sweepSeconds,
  transformerNetwork,
  type Configuration,
  type Network,
  type Setting,
} from '../../compiler/passes/plan/index.ts';
import { clusterByName, type Cluster } from '../../runtime/target/index.ts';

function clusterOf(name: string): Cluster {
  const found = clusterByName(name);
  if (!found.ok) throw new Error(name);
  return found.value;
}

const plain: Configuration = {
  data: 1,
  tensor: 1,
  pipeline: 1,
  virtualStages: 1,
  context: 1,
  expert: 1,
  sequenceParallel: false,
  zero: 0,
  zeroShards: 1,
  recompute: { full: 0, selective: 0, eager: false },
  microBatch: 1,
  microBatches: 1,
  interleavedCopies: 1,
  overlap: 'none',
  gradientBytes: 4,
  weightBytes: 2,
  stageOffsets: null,
};

/** The GPT models of arXiv 2205.05198: sequence 2048, h -> 4h -> h, vocabulary 51200. */
const gpt = (layers: number, hidden: number, heads: number): Network =>
  transformerNetwork({
    name: 'gpt',
    sequence: 2048,
    layers,
    hidden,
    heads,
    keyHeads: heads,
    headSize: hidden / heads,
    inner: 4 * hidden,
    gated: false,
    vocabulary: 51200,
    tiedEmbedding: true,
    experts: null,
    fusedAttention: false,
    window: null,
  });

const setting = (cluster: string): Setting => ({
  cluster: clusterOf(cluster),
  constants: constantValues,
  machine: 1,
  precision: 'f16',
});

describe('pipelines', () => {
  it('wait as Pangu Ultra says: 30.43 % without chunks, 6.80 % with six', () => {
    expect(100 * bubbleShare(8, 16, 1)).toBeCloseTo(30.43, 2);
    expect(100 * bubbleShare(8, 16, 6)).toBeCloseTo(6.8, 2);
    const plainTime = pipelineTime([1, 1, 1, 1, 1, 1, 1, 1], 16, 1);
    expect(plainTime.bubble / plainTime.seconds).toBeCloseTo(7 / 23);
    expect(pipelineTime([1, 1, 1, 1, 1, 1, 1, 1], 16, 6).seconds).toBeCloseTo(16 + 7 / 6);
  });

  it('split their time into ideal, bubble and imbalance', () => {
    const time = pipelineTime([1, 2, 1], 4, 1);
    expect(time.seconds).toBeCloseTo(4 * 2 + 2);
    expect(time.ideal + time.bubble + time.imbalance).toBeCloseTo(time.seconds);
    expect(pipelineTime([3], 5, 1)).toMatchObject({ seconds: 15, ideal: 15, bubble: 0, imbalance: 0 });
  });

  it('hold the micro-batches of 1F1B and of its interleaved form', () => {
    const plan = { ...plain, pipeline: 8, microBatches: 64 };
    expect([0, 3, 7].map((stage) => microBatchesInFlight(plan, stage))).toEqual([8, 5, 1]);
    expect(microBatchesInFlight({ ...plan, microBatches: 3 }, 0)).toBe(3);
    // Megatron: p (1 + (p - 1) / (p v)) for the first stage.
    expect(microBatchesInFlight({ ...plan, virtualStages: 3 }, 0)).toBeCloseTo(8 * (1 + 7 / 24));
  });

  it('are balanced to the best that contiguous blocks allow', () => {
    const network = { ...gpt(6, 1024, 16) };
    for (const seconds of [
      [0, 1, 0],
      [0.5, 1, 2],
      [3, 1, 3],
      [1, 1, 1],
    ])
      for (let stages = 1; stages <= 8; stages += 1) {
        const found = balancedStages(network, seconds, stages);
        const cost = (runs: NonNullable<typeof found>[number]): number =>
          runs.reduce((sum, { block, count }) => sum + count * seconds[block], 0);
        expect(found).toHaveLength(stages);
        expect(Math.max(...(found ?? []).map(cost))).toBeCloseTo(bestSplit(network, seconds, stages));
        expect((found ?? []).flat().reduce((sum, { count }) => sum + count, 0)).toBe(8);
      }
    expect(balancedStages(network, [1, 1, 1], 9)).toBeNull();
  });
});

/** All ways to cut the blocks into contiguous stages. */
function bestSplit(network: Network, seconds: readonly number[], stages: number): number {
  const costs = network.blocks.flatMap(({ count }, block) => Array.from({ length: count }, () => seconds[block]));
  const best = (begin: number, left: number): number => {
    if (left === 1) return costs.slice(begin).reduce((sum, cost) => sum + cost, 0);
    let [least, sum] = [Infinity, 0];
    for (let end = begin + 1; end <= costs.length - left + 1; end += 1) {
      sum += costs[end - 1];
      least = Math.min(least, Math.max(sum, best(end, left - 1)));
    }
    return least;
  };
  return best(0, stages);
}

describe('memory', () => {
  const GIB = 2 ** 30;
  /** Figure 1 of arXiv 2205.05198 (as Calculon transcribes it): activations without anything, and with sequence parallelism and selective recomputation. */
  const published = [
    { name: '22B', network: gpt(48, 6144, 64), microBatch: 4, pipeline: 1, virtual: 1, none: 59.25, least: 9.5625 },
    { name: '175B', network: gpt(96, 12288, 96), microBatch: 1, pipeline: 8, virtual: 3, none: 66.84, least: 12.35 },
    {
      name: '530B',
      network: gpt(105, 20480, 128),
      microBatch: 1,
      pipeline: 35,
      virtual: 3,
      none: 114.02,
      least: 23.08,
    },
    { name: '1T', network: gpt(128, 25600, 160), microBatch: 1, pipeline: 64, virtual: 1, none: 131.25, least: 26.56 },
  ];

  it.each(published)('of activations is what was measured for $name, within 2 %', (row) => {
    const plan: Configuration = {
      ...plain,
      tensor: 8,
      pipeline: row.pipeline,
      virtualStages: row.virtual,
      microBatch: row.microBatch,
      microBatches: 512,
    };
    const [stage] = evenStages(row.network, row.pipeline, null);
    const layers = stage.filter(({ block }) => block === 1);
    const kept = (change: Partial<Configuration>): number =>
      stageMemory(row.network, layers, 0, { ...plan, ...change }).terms.activations / GIB;
    expect(Math.abs(kept({}) / row.none - 1)).toBeLessThan(0.02);
    const least = kept({ sequenceParallel: true, recompute: { full: 0, selective: 1, eager: true } });
    expect(Math.abs(least / row.least - 1)).toBeLessThan(0.02);
  });

  it('of figure 7 falls as published for 22B: sequence 66.84 %, selective 49.42 %, both 16.18 %, full 7.64 %', () => {
    const layer = gpt(48, 6144, 64).blocks[1];
    const plan = { ...plain, tensor: 8, microBatch: 4 };
    const selective = { full: 0, selective: 1, eager: true };
    const none = keptBytes(layer, plan);
    expect(keptBytes(layer, { ...plan, sequenceParallel: true }) / none).toBeCloseTo(0.6684, 2);
    expect(keptBytes(layer, { ...plan, recompute: selective }) / none).toBeCloseTo(0.4942, 2);
    expect(keptBytes(layer, { ...plan, sequenceParallel: true, recompute: selective }) / none).toBeCloseTo(0.1618, 2);
    expect((layer.boundaryBytes * 4) / none).toBeCloseTo(0.0764, 2);
  });

  it('of ZeRO is 16, 4 + 12 / N, 2 + 14 / N and 16 / N bytes a parameter', () => {
    const network: Network = {
      ...gpt(2, 1024, 16),
      blocks: [{ ...gpt(2, 1024, 16).blocks[1], dividedParameters: 1e9 }],
    };
    const stage = [{ block: 0, count: 1 }];
    const bytes = (zero: Configuration['zero']): number => {
      const plan = { ...plain, gradientBytes: 2, zero, zeroShards: 8, data: 8 };
      const { terms } = stageMemory(network, stage, 0, plan);
      return (terms.weights + terms.gradients + terms['optimizer state']) / 1e9;
    };
    expect(bytes(0)).toBeCloseTo(16, 3);
    expect(bytes(1)).toBeCloseTo(4 + 12 / 8, 3);
    expect(bytes(2)).toBeCloseTo(2 + 14 / 8, 3);
    // Level 3 holds the gathered weights of two blocks besides.
    expect(bytes(3)).toBeCloseTo(16 / 8 + 4, 3);
  });
});

describe('times', () => {
  const network = gpt(24, 2048, 16);

  it('of a step are the sum of their terms', () => {
    for (const change of [
      {},
      { tensor: 4, sequenceParallel: true },
      { pipeline: 4, microBatches: 8, data: 2, zero: 1, zeroShards: 2 },
      { context: 2, recompute: { full: 0.5, selective: 0, eager: false } },
    ] satisfies readonly Partial<Configuration>[]) {
      const { seconds, terms } = stepTime(network, { ...plain, ...change }, setting('910b1:2x8'));
      expect(Object.values(terms).reduce((sum, term) => sum + term, 0)).toBeCloseTo(seconds, 9);
    }
  });

  it('of a large product are near the published 75 % of the peak', () => {
    const [block] = gpt(1, 8192, 64).blocks;
    const work = {
      kind: 'matrix',
      name: 'x',
      rows: 8192,
      inner: 8192,
      columns: 8192,
      copies: 1,
      cut: 'none',
      read: true,
    } as const;
    const { forward } = blockTime({ ...block, works: [work], exchanges: [] }, plain, setting('910b1:8'));
    expect(forward.matrix).toBeGreaterThan(0.95 * 4012e-6);
    expect(forward.matrix).toBeLessThan(1.1 * 4012e-6);
  });

  it('grow with recomputation, and fall with more devices', () => {
    const seconds = (change: Partial<Configuration>): number =>
      stepTime(network, { ...plain, ...change }, setting('910b1:2x8')).seconds;
    expect(seconds({ recompute: { full: 1, selective: 0, eager: false } })).toBeGreaterThan(seconds({}));
    expect(seconds({ recompute: { full: 1, selective: 0, eager: true } })).toBeGreaterThan(
      seconds({ recompute: { full: 1, selective: 0, eager: false } }),
    );
    expect(seconds({ tensor: 8, sequenceParallel: true })).toBeLessThan(seconds({}));
    expect(seconds({ tensor: 8 })).toBeLessThan(2 * seconds({}));
  });

  it('of backward are twice those of forward for products', () => {
    const { forward, backward } = blockTime(network.blocks[1], plain, setting('910b1:8'));
    expect(backward.matrix / forward.matrix).toBeGreaterThan(1.9);
    expect(backward.matrix / forward.matrix).toBeLessThan(2.1);
    expect(sweepSeconds(forward)).toBeGreaterThan(0);
  });
});
