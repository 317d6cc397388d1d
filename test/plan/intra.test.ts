import { describe, expect, it } from 'vitest';
import type { BlockCosts } from '../../compiler/passes/plan/intra/index.ts';
import { annotate, planBlock, planBlocks } from '../../compiler/passes/plan/intra/index.ts';
import { randomFrom } from '../../compiler/passes/plan/search/index.ts';
import { bytesMoved, layoutText, meshOf } from '../../compiler/passes/shard/index.ts';
import { Block, Module } from '../../compiler/ir/index.ts';
import { cheapestByTrying, randomOpGraph } from './op-graphs.ts';

const costs: BlockCosts = {
  flopsPerSecond: 8,
  memoryBytesPerSecond: 16,
  stepSeconds: (step) => (step.kind === 'split' ? 0 : 1 + bytesMoved(step) / 8),
  training: true,
  stateFactor: 4,
  memoryLimit: null,
};

describe('the plan of a block', () => {
  it('costs what trying everything finds', () => {
    const random = randomFrom(11);
    let compared = 0;
    for (let round = 0; round < 40; round++) {
      const mesh = random() < 0.5 ? meshOf({ dp: 2 }) : meshOf({ dp: 2, mp: 3 });
      const charged = { ...costs, training: random() < 0.7 };
      const graph = randomOpGraph(random, mesh.axes.length === 1 ? 6 : 4);
      const expected = cheapestByTrying(graph, mesh, charged, 3000);
      const plan = planBlock(graph.operations, mesh, charged, { isParameter: (value) => graph.parameters.has(value) });
      expect(plan?.status.kind).toBe('optimal');
      const seconds = (plan?.forwardSeconds ?? 0) + (plan?.backwardSeconds ?? 0);
      expect(seconds).toBeCloseTo(plan?.bound ?? -1, 9);
      if (expected === null) continue;
      expect(seconds, `round ${round}`).toBeCloseTo(expected, 9);
      compared++;
    }
    expect(compared).toBeGreaterThan(20);
  });
});
