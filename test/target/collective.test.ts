/** Collectives against the published formulas and the one published measurement. */
import { describe, expect, it } from 'vitest';
import {
  clusterByName,
  collectiveSeconds,
  collectiveSecondsOfShape,
  groupShape,
  levelSeconds,
  stridedShape,
  type Cluster,
  type CollectiveOperation,
} from '../../runtime/target/index.ts';

function clusterOf(name: string): Cluster {
  const result = clusterByName(name);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const ranks = (count: number, stride = 1): readonly number[] => Array.from({ length: count }, (_, i) => i * stride);
const operations: readonly CollectiveOperation[] = [
  'all_reduce',
  'all_gather',
  'reduce_scatter',
  'all_to_all',
  'broadcast',
];

describe('collectives in a server', () => {
  const server = clusterOf('910b1:1x8');

  it('take what was measured on 8 cards, within 30 %', () => {
    // Ascend C, MatmulAllReduce case: AllReduce of x MB in microseconds.
    const measured = (x: number): number => (x < 8 ? -0.9698 * x * x + 27.06 * x + 14.77 : 13.585 * x + 61.5);
    for (const x of [1, 2, 4, 8, 16, 48, 64, 256]) {
      const predicted = collectiveSeconds('all_reduce', x * 1e6, ranks(8), server).seconds * 1e6;
      expect(Math.abs(predicted / measured(x) - 1), `${x} MB`).toBeLessThan(x > 32 ? 0.06 : 0.3);
    }
  });

  it('use the mesh for large messages', () => {
    expect(collectiveSeconds('all_gather', 1e8, ranks(8), server).algorithm).toBe('mesh all_gather@hccs');
    expect(collectiveSeconds('all_to_all', 1e8, ranks(8), server).algorithm).toBe('mesh all_to_all@hccs');
  });

  it('follow the formulas', () => {
    const level = {
      name: 'x',
      topology: 'switch',
      bytesPerSecond: 10,
      efficiency: 0.5,
      latencySeconds: 3,
      size: 8,
    } as const;
    const seconds = (operation: Exclude<CollectiveOperation, 'send'>, p: number): number | undefined =>
      levelSeconds(operation, 80, p, level, 0.25)?.seconds;
    // α = 3, nβ = 16, nγ = 20; the logarithmic algorithms have fewest steps.
    expect(seconds('all_gather', 4)).toBeCloseTo(2 * 3 + 0.75 * 16);
    expect(seconds('reduce_scatter', 5)).toBeCloseTo(3 * 3 + 0.8 * (16 + 20));
    expect(seconds('all_reduce', 8)).toBeCloseTo(2 * 3 * 3 + 0.875 * (32 + 20));
    expect(seconds('all_to_all', 4)).toBeCloseTo(3 * 3 + 0.75 * 16);
    expect(seconds('broadcast', 8)).toBeCloseTo(Math.min(3 * (3 + 16), 2 * 3 * 3 + 2 * 0.875 * 16));
    expect(levelSeconds('all_reduce', 80, 1, level, 0.25)).toBeNull();
  });
});

describe('collectives between servers', () => {
  const two = clusterOf('910b1:2x8');

  it('are a sequence of levels', () => {
    const many = clusterOf('910b1:32x8');
    const whole = collectiveSeconds('all_reduce', 1e6, ranks(256), many);
    expect(whole.algorithm).toBe('mesh reduce_scatter@hccs, nhr all_reduce@roce, mesh all_gather@hccs');
    expect(collectiveSeconds('all_reduce', 1e8, ranks(16), two).algorithm).toBe('pipeline all_reduce@hccs+roce');
    expect(collectiveSeconds('all_reduce', 1e6, [0, 8], two).algorithm).toBe('ring all_reduce@roce');
  });

  it('cost nothing alone and more with more bytes or more servers', () => {
    for (const operation of operations) {
      expect(collectiveSeconds(operation, 1e6, [3], two).seconds).toBe(0);
      const small = collectiveSeconds(operation, 1e6, ranks(16), two).seconds;
      expect(collectiveSeconds(operation, 1e7, ranks(16), two).seconds).toBeGreaterThan(small);
      expect(collectiveSeconds(operation, 1e6, ranks(32), clusterOf('910b1:4x8')).seconds).toBeGreaterThan(small);
    }
  });

  it('send over the level that separates the ends', () => {
    expect(collectiveSeconds('send', 1e6, [0, 1], two).algorithm).toBe('send@hccs');
    expect(collectiveSeconds('send', 1e6, [0, 9], two).algorithm).toBe('send@roce');
    expect(collectiveSeconds('send', 1e6, [4, 4], two).seconds).toBe(0);
  });
});

describe('shapes of groups', () => {
  const cluster = clusterOf('910c:4x16');

  it('count the members per level', () => {
    expect(groupShape(ranks(16), cluster).ranks).toEqual([2, 8, 1]);
    expect(groupShape(ranks(4, 16), cluster).ranks).toEqual([1, 1, 4]);
    expect(groupShape([0, 1, 16, 17], cluster).ranks).toEqual([2, 1, 2]);
    expect(groupShape([0, 1, 2, 16], cluster).ranks).toEqual([1, 1, 4]);
    expect(groupShape([0, 1, 2], cluster).ranks).toEqual([1, 3, 1]);
  });

  it('of strides are those of the ranks', () => {
    for (const name of ['910b1:4x8', '910c:4x16', '910b1:3x6']) {
      const target = clusterOf(name);
      const devices = target.levels.reduce((product, level) => product * level.size, 1);
      for (let size = 1; size <= devices; size += 1)
        for (let stride = 1; size * stride <= devices; stride += 1) {
          if (devices % (size * stride) !== 0) continue;
          expect(stridedShape(size, stride, target), `${name} ${size} ${stride}`).toEqual(
            groupShape(ranks(size, stride), target),
          );
        }
    }
  });

  it('decide the cost alone', () => {
    const byRanks = collectiveSeconds('all_reduce', 1e7, ranks(8, 8), cluster);
    expect(collectiveSecondsOfShape('all_reduce', 1e7, stridedShape(8, 8, cluster), cluster)).toEqual(byRanks);
  });
});

describe('names of clusters', () => {
  it('say servers and devices', () => {
    expect(clusterOf('910b1:2x8').levels.map(({ size }) => size)).toEqual([8, 2]);
    expect(clusterOf('910b3:8').levels.map(({ size }) => size)).toEqual([8, 1]);
    expect(clusterOf('910C:24x16').levels.map(({ size }) => size)).toEqual([2, 8, 24]);
    expect(clusterOf('910b2:1x8').device.flopsPerSecond.f16).toBeCloseTo(353.9e12, -11);
    expect(clusterOf('910b1:128x8').device.memoryBytesPerSecond).toBeCloseTo(1.8e12);
  });

  it('give an error as a value', () => {
    expect(clusterByName('910b1')).toMatchObject({ error: { kind: 'syntax' } });
    expect(clusterByName('h100:2x8')).toMatchObject({ error: { kind: 'unknown-family', known: expect.any(Array) } });
    expect(clusterByName('910b1:2x9')).toMatchObject({ error: { kind: 'server-size' } });
    expect(clusterByName('910c:2x5')).toMatchObject({ error: { kind: 'server-size' } });
  });

  it('give each figure a source', () => {
    for (const name of ['910b1:2x8', '910c:2x16']) {
      const { levels, provenance } = clusterOf(name);
      for (const level of levels) expect(Object.keys(provenance)).toContain(`${level.name}.bytesPerSecond`);
    }
  });
});
