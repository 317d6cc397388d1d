/** Descriptions of graphs, and the outer search: what it chooses holds, and nothing in its space is better. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  evenStages,
  planLayouts,
  recomputedShare,
  searchPlan,
  stageMemory,
  stepTime,
  type DescribedNetwork,
} from '../../compiler/passes/plan/index.ts';
import { deviceCount } from '../../runtime/target/index.ts';
import { Folder } from '../cli/harness.ts';
import { described, llamaSource, requestFor } from './networks.ts';

const RESIDUAL = `import mindspore.nn as nn
import mindspore.ops as ops


class Block(nn.Cell):
    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, has_bias=True)
        self.second = nn.Conv2d(channels, channels, 3, has_bias=True)

    def construct(self, x):
        return ops.relu(x + self.second(ops.relu(self.first(x))))


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, stride=2)
        self.blocks = nn.SequentialCell([Block(64) for _ in range(5)])
        self.wide = nn.Conv2d(64, 128, 3, stride=2)
        self.more = nn.SequentialCell([Block(128) for _ in range(3)])
        self.classifier = nn.Dense(128, 10)

    def construct(self, x):
        x = self.more(ops.relu(self.wide(self.blocks(self.stem(x)))))
        return self.classifier(ops.mean(x, (2, 3)))
`;

const EXPERTS = `import mindspore as ms
import mindspore.nn as nn
import mindspore.ops as ops
from mindspore import Parameter
from mindspore.common.initializer import initializer


class Experts(nn.Cell):
    def __init__(self, experts=8, hidden=64, inner=128):
        super().__init__()
        self.router = nn.Dense(hidden, experts, has_bias=False)
        self.up = Parameter(initializer('normal', (experts, hidden, inner), ms.float32), name='up')
        self.down = Parameter(initializer('normal', (experts, inner, hidden), ms.float32), name='down')
        self.product = ops.BatchMatMul()
        self.experts = experts

    def construct(self, x):
        weights = ops.softmax(self.router(x), -1)
        y = ops.broadcast_to(x.reshape(1, x.shape[0], -1), (self.experts, x.shape[0], x.shape[1]))
        y = self.product(ops.relu(self.product(y, self.up)), self.down)
        return (y * weights.transpose(1, 0).reshape(self.experts, -1, 1)).sum(0)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layers = nn.CellList([Experts() for _ in range(4)])

    def construct(self, x):
        for layer in self.layers:
            x = x + layer(x)
        return x


class Branch(nn.Cell):
    def __init__(self):
        super().__init__()
        self.a = nn.Dense(8, 8)
        self.b = nn.Dense(8, 8)

    def construct(self, x):
        if x.sum() > 0:
            return self.a(x)
        return self.b(x)
`;

const folder = new Folder();
let llama: DescribedNetwork;
let residual: DescribedNetwork;
let experts: DescribedNetwork;

beforeAll(async () => {
  folder.write('llama.py', llamaSource());
  folder.write('residual.py', RESIDUAL);
  folder.write('experts.py', EXPERTS);
  experts = await described(folder, 'experts.py', 'Net()', 'x=32x64:f32');
  llama = await described(folder, 'llama.py', "Llama('tiny', 16)", 'ids=2x16:i32');
  residual = await described(folder, 'residual.py', 'Net()', 'x=4x3x32x32:f32');
});

describe('a description', () => {
  it('has repeated layers once', () => {
    expect(llama.network.blocks.map(({ name, count }) => [name, count])).toEqual([
      ['embedding', 1],
      ['layers.0', 2],
      ['norm', 1],
      ['head', 1],
    ]);
    expect(residual.network.blocks.map(({ count }) => count)).toContain(5);
    expect(residual.network.blocks.map(({ count }) => count)).toContain(3);
  });

  it('counts every parameter', () => {
    const count = (network: DescribedNetwork): number =>
      network.network.blocks.reduce(
        (sum, block) => sum + block.count * (block.dividedParameters + block.copiedParameters),
        0,
      );
    const [hidden, inner, vocabulary] = [64, 176, 96];
    const layer = 2 * hidden + 2 * hidden * hidden + 2 * (hidden / 2) * hidden + 3 * hidden * inner;
    expect(count(llama)).toBe(2 * vocabulary * hidden + hidden + 2 * layer);
    const block = (channels: number): number => 2 * (9 * channels * channels + channels);
    expect(count(residual)).toBe(3 * 64 * 49 + 5 * block(64) + 64 * 128 * 9 + 3 * block(128) + 128 * 10 + 10);
  });

  it('counts products of a sample and finds the attention core', () => {
    const [, layer] = llama.network.blocks;
    const [hidden, inner, length] = [64, 176, 16];
    const flops = layer.works.reduce(
      (sum, work) => sum + (work.kind === 'matrix' ? 2 * work.rows * work.inner * work.columns * work.copies : 0),
      0,
    );
    expect(flops).toBe(2 * length * (2 * hidden * hidden + 2 * (hidden / 2) * hidden + 3 * hidden * inner));
    // Two products of length x length x 16 for each of 4 heads, the future half taken off.
    const core = layer.works.find(({ kind }) => kind === 'attention');
    expect(core).toMatchObject({ flops: (2 * 2 * length * length * hidden) / 2 });
    expect(llama.sequence).toBe(length);
    expect(residual.sequence).toBeNull();
  });

  it('knows experts by their weights', () => {
    expect(experts.network.blocks).toMatchObject([
      { count: 4, expertParameters: 8 * 2 * 64 * 128, dividedParameters: 64 * 8 },
    ]);
    expect(experts.blocks[0].experts).toBe(8);
    const { best, alternatives } = searchPlan(requestFor(experts, '910b1:8', { fixed: { expert: 4, tensor: 1 } }));
    expect(best?.configuration.expert).toBe(4);
    expect(alternatives.filter(({ choice }) => choice === 'expert').map(({ value }) => value)).toEqual([4]);
    const whole = searchPlan(requestFor(experts, '910b1:8', { fixed: { expert: 1, tensor: 1, pipeline: 1 } })).best;
    expect(best?.bytes).toBeLessThan(whole?.bytes ?? 0);
  });

  it('counts both branches of control flow on values', async () => {
    const branch = await described(folder, 'experts.py', 'Branch()', 'x=4x8:f32');
    const count = branch.network.blocks.reduce(
      (sum, block) => sum + block.count * (block.dividedParameters + block.copiedParameters),
      0,
    );
    expect(count).toBe(2 * (8 * 8 + 8));
  });

  it('cuts columns then rows, with two sums a layer', () => {
    const { cuts, block } = llama.blocks[1];
    const cutOf = (name: string): unknown =>
      block.works.find((work) => work.name === `layers.0.${name}.weight`) ?? name;
    for (const name of ['attention.query', 'attention.key', 'attention.value', 'feed_forward.gate', 'feed_forward.up'])
      expect(cutOf(name)).toMatchObject({ cut: 'columns' });
    for (const name of ['attention.output', 'feed_forward.down']) expect(cutOf(name)).toMatchObject({ cut: 'inner' });
    expect(cuts.exchanges.map(({ kind }) => kind)).toEqual(['sum', 'sum']);
    expect(llama.blocks[1].extents).toContain(2);
  });
});

describe('the search', () => {
  it('finds a plan that is what it says', () => {
    for (const network of [llama, residual])
      for (const cluster of ['910b1:8', '910b1:2x4', '910b1:3x2']) {
        const request = requestFor(network, cluster, { globalBatch: 96 });
        const { best, alternatives, evaluated } = searchPlan(request);
        expect(evaluated).toBeGreaterThan(10);
        if (best === null) throw new Error('tiny networks fit');
        const plan = best.configuration;
        expect(plan.data * plan.tensor * plan.pipeline * plan.context).toBe(deviceCount(request.cluster));
        expect(plan.data * plan.microBatch * plan.microBatches).toBe(96);
        expect(best.stages.flat().reduce((sum, { count }) => sum + count, 0)).toBe(
          network.network.blocks.reduce((sum, { count }) => sum + count, 0),
        );
        const setting = {
          cluster: request.cluster,
          constants: request.constants,
          machine: 1,
          precision: 'f16',
        } as const;
        expect(stepTime(best.network, plan, setting, best.stages).seconds).toBeCloseTo(best.time.seconds, 12);
        for (const each of alternatives)
          expect(each.best?.time.seconds ?? Infinity).toBeGreaterThanOrEqual(best.time.seconds * (1 - 1e-8));
      }
  });

  it('is never slower with more memory, and recomputes no more than it must', () => {
    let before = Infinity;
    const free = searchPlan(requestFor(llama, '910b1:8', { fixed: { tensor: 1, pipeline: 2 } }));
    const [need, least] = [free.best?.bytes ?? 0, free.least?.bytes ?? 0];
    let recomputed = 0;
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const memoryBytes = least + share * (need - least);
      const request = requestFor(llama, '910b1:8', { fixed: { tensor: 1, pipeline: 2 }, memoryBytes });
      const { best } = searchPlan(request);
      if (best === null) throw new Error('the least fits');
      expect(best.bytes).toBeLessThanOrEqual(memoryBytes);
      expect(best.time.seconds).toBeLessThanOrEqual(before * (1 + 1e-9));
      before = best.time.seconds;
      for (const [index, stage] of best.stages.entries()) {
        const again = recomputedShare(best.configuration, index);
        if (again === 0) continue;
        recomputed += 1;
        const layers = stage.reduce(
          (sum, { block, count }) => sum + (llama.network.blocks[block].count > 1 ? count : 0),
          0,
        );
        const full = best.stages.map(
          (_, at) => recomputedShare(best.configuration, at) - (at === index ? 1 / layers : 0),
        );
        const less = { ...best.configuration, recompute: { ...best.configuration.recompute, full } };
        expect(stageMemory(best.network, stage, index, less).bytes).toBeGreaterThan(memoryBytes);
      }
    }
    expect(recomputed).toBeGreaterThan(0);
  });

  it('keeps what is stated', () => {
    const fixed = {
      tensor: 2,
      pipeline: 2,
      'micro-batch': 2,
      zero: 1,
      'sequence-parallel': 1,
      recompute: 100,
    } as const;
    const { best } = searchPlan(requestFor(llama, '910b1:8', { fixed }));
    expect(best?.configuration).toMatchObject({
      tensor: 2,
      pipeline: 2,
      microBatch: 2,
      zero: 1,
      sequenceParallel: true,
      recompute: { full: [1, 1] },
    });
  });

  it('balances stages at least as well as an even split', () => {
    const request = requestFor(residual, '910b1:4', { fixed: { pipeline: 4, virtual: 1 }, globalBatch: 64 });
    const { best } = searchPlan(request);
    if (best === null) throw new Error('it fits');
    const setting = { cluster: request.cluster, constants: request.constants, machine: 1, precision: 'f16' } as const;
    const even = stepTime(residual.network, best.configuration, setting, evenStages(residual.network, 4, null));
    expect(Math.max(...best.time.stages)).toBeLessThanOrEqual(Math.max(...even.stages));
  });
});

describe('inside a layer', () => {
  it('the better of walk and exact plan is used, and the exact search says what it proved', () => {
    for (const network of [llama, residual]) {
      const { best } = searchPlan(requestFor(network, '910b1:8', { fixed: { tensor: 2 } }));
      if (best === null) throw new Error('it fits');
      const layers = best.layers.filter((layer) => layer !== null);
      expect(layers.length).toBeGreaterThan(2);
      for (const layer of layers) {
        expect(layer.used).toBe(layer.exactSeconds < layer.walkSeconds * (1 - 1e-9) ? 'exact' : 'walk');
        expect(layer.exact.status).toMatchObject({ kind: 'optimal' });
        expect(layer.exact.seconds).toBeCloseTo(layer.exact.bound, 12);
      }
    }
  });
});

describe('layouts', () => {
  it('cover every parameter once, with the cut dimension of its layer', () => {
    const request = requestFor(llama, '910b1:8', { fixed: { tensor: 2, pipeline: 2, data: 2 } });
    const { best } = searchPlan(request);
    if (best === null) throw new Error('it fits');
    const { parameters, deviceMatrix, operations } = planLayouts(llama, best);
    expect(deviceMatrix).toEqual([2, 2]);
    expect(parameters.map(({ name }) => name)).toHaveLength(new Set([...llama.view.parameters.values()]).size);
    const cutOf = (name: string): unknown => parameters.find((each) => each.name === name)?.cut;
    expect(cutOf('layers.1.attention.query.weight')).toBe(0);
    expect(cutOf('layers.1.attention.output.weight')).toBe(1);
    expect(cutOf('layers.1.feed_forward_norm.weight')).toBeNull();
    expect(operations.find(({ name }) => name === 'MatMul_layers.1.feed_forward.down.weight')?.operands).toEqual([
      [2, 2],
      [1, 2],
    ]);
  });
});
