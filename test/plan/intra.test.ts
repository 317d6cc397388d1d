import { describe, expect, it } from 'vitest';
import type { BlockCosts } from '../../compiler/passes/plan/intra/index.ts';
import { annotate, costsOn, planBlock, planBlocks } from '../../compiler/passes/plan/intra/index.ts';
import { randomFrom } from '../../compiler/passes/plan/search/index.ts';
import { bytesMoved, layoutOf, layoutText, meshOf } from '../../compiler/passes/shard/index.ts';
import type { Module, Operation, Value } from '../../compiler/ir/index.ts';
import { symbolsOf } from '../../compiler/ir/index.ts';
import { integerInputs, moduleOf, partitioned, runPartition, runWhole } from '../shard/harness.ts';
import { clusterByName } from '../../runtime/target/index.ts';
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

  it('cuts a pair of products by columns and rows, as experts do, and joins once', () => {
    const [operations, isParameter] = layersOf(moduleOf(feedForward(1)));
    const charged = { ...costs, training: false, memoryLimit: 12_000 }; // whole parameters do not fit
    const plan = planBlock(operations[0], meshOf({ mp: 4 }), charged, { isParameter, explain: true });
    expect(plan?.choices.map(({ operands }) => operands.map(layoutText).join(' '))).toEqual([
      '[_, _] [_, mp]',
      '[_, mp]',
      '[_, mp] [mp, _]',
    ]);
    expect(plan?.choices.map(({ results }) => results.map(layoutText).join())).toEqual([
      '[_, mp]',
      '[_, mp]',
      '[_, _]/sum(mp)',
    ]);
    expect(plan?.weightBytes).toBe((2 * 16 * 64 * 4) / 4);
    for (const { runnerUp } of plan?.choices ?? []) expect(runnerUp?.secondsMore).toBeGreaterThanOrEqual(0);
  });

  it('keeps to a memory limit', () => {
    const [operations, isParameter] = layersOf(moduleOf(feedForward(1)));
    const mesh = meshOf({ d: 4 });
    const plan = (memoryLimit: number | null) =>
      planBlock(operations[0], mesh, { ...costs, stepSeconds: () => 1e3, memoryLimit }, { isParameter });
    const free = plan(null);
    const weights = (free?.weightBytes ?? 0) * costs.stateFactor;
    const tight = plan(weights + (free?.activationBytes ?? 0) - 1);
    expect(tight?.status.kind).toBe('optimal');
    expect((tight?.forwardSeconds ?? 0) + (tight?.backwardSeconds ?? 0)).toBeGreaterThan(
      (free?.forwardSeconds ?? 0) + (free?.backwardSeconds ?? 0),
    );
    expect(plan(100)).toBeNull();
  });

  it('is found once for repeated layers, whose ends meet', () => {
    const [blocks, isParameter] = layersOf(moduleOf(feedForward(3)));
    const ends = blocks.map((block): readonly [Value, Value] => [block[0].operands[0], block[2].results[0]]);
    const plans = planBlocks(blocks, meshOf({ dp: 2, mp: 2 }), costs, { isParameter, ties: ends });
    const texts = plans.map((plan) => plan?.choices.map(({ operands }) => operands.map(layoutText)));
    expect(texts[1]).toEqual(texts[0]);
    expect(texts[2]).toEqual(texts[0]);
    expect(plans[2]?.choices[0].operation).toBe(blocks[2][0]);
    ends.forEach(([first, last], at) =>
      expect(layoutText(plans[at]?.homes.get(first) ?? layoutOf([]))).toBe(
        layoutText(plans[at]?.homes.get(last) ?? layoutOf([])),
      ),
    );
  });

  it('is run by the partitioner, with the same result as on one device', () => {
    for (const mesh of [meshOf({ mp: 4 }), meshOf({ dp: 2, mp: 2 }), meshOf({ dp: 2, mp: 4 })]) {
      const module = moduleOf(feedForward(2));
      const inputs = integerInputs(module);
      const whole = runWhole(module, inputs);
      const [blocks, isParameter] = layersOf(module);
      const cluster = clusterByName('910b1:1x8');
      if (!cluster.ok) throw new Error('no such cluster');
      const charged = costsOn(cluster.value, mesh, { training: false, stateFactor: 1, memoryLimit: 10_000 });
      for (const plan of planBlocks(blocks, mesh, charged, { isParameter }))
        if (plan !== null) annotate(module, mesh, plan);
      expect(module.attributes.has('dist.mesh')).toBe(true);
      const [actual] = runPartition(partitioned(module), inputs);
      expect('data' in actual ? Array.from(actual.data, Number) : []).toEqual(Array.from(whole[0].data, Number));
    }
  });
});

/** Layers of two products with a ReLU between. */
function feedForward(layers: number): string {
  const names = Array.from({ length: layers }, (_, layer) => layer);
  const weights = names.flatMap((layer) => [`%a${layer}: tensor<16x64xf32>`, `%b${layer}: tensor<64x16xf32>`]);
  const lines = names.flatMap((layer) => [
    `%h${layer} = "ms.matmul"(%${layer === 0 ? 'x' : `y${layer - 1}`}, %a${layer}) {transpose_a = false, transpose_b = false} : (tensor<8x16xf32>, tensor<16x64xf32>) -> tensor<8x64xf32>`,
    `%r${layer} = "ms.relu"(%h${layer}) : (tensor<8x64xf32>) -> tensor<8x64xf32>`,
    `%y${layer} = "ms.matmul"(%r${layer}, %b${layer}) {transpose_a = false, transpose_b = false} : (tensor<8x64xf32>, tensor<64x16xf32>) -> tensor<8x16xf32>`,
  ]);
  return `module attributes {ms.stage = "graph"} {
  func.func @main(%x: tensor<8x16xf32>, ${weights.join(', ')}) -> tensor<8x16xf32> {
    ${lines.join('\n    ')}
    func.return %y${layers - 1} : tensor<8x16xf32>
  }
}`;
}

/** Blocks of three operations, and what is a parameter. */
function layersOf(module: Module): [readonly (readonly Operation[])[], (value: Value) => boolean] {
  const block = symbolsOf(module.body).get('main')?.regions[0];
  if (block === undefined) throw new Error('no main');
  const operations = block.operations.slice(0, -1);
  const blocks = Array.from({ length: operations.length / 3 }, (_, at) => operations.slice(3 * at, 3 * at + 3));
  const parameters = new Set(block.arguments.slice(1));
  return [blocks, (value) => parameters.has(value)];
}
