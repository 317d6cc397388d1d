/** Pipelines with micro-batches: schedules, and programs that equal one device. */
import { describe, expect, it } from 'vitest';
import { scheduleTasks } from '../../compiler/passes/shard/schedule.ts';
import { partition } from '../../compiler/passes/shard/index.ts';
import { collectivesOf, expectEqualToWhole, moduleOf } from './harness.ts';

const text = (stages: number, microBatches: number, schedule: '1f1b' | 'gpipe') =>
  scheduleTasks(stages, microBatches, schedule)
    .filter(({ stage }) => stage === 0)
    .map(({ phase, microBatch }) => `${phase[0]}${microBatch}`)
    .join(' ');

describe('schedules', () => {
  it('GPipe computes all forward passes first', () => expect(text(2, 3, 'gpipe')).toBe('f0 f1 f2 b0 b1 b2'));
  it('1F1B keeps as many micro-batches as stages follow', () => {
    expect(text(2, 4, '1f1b')).toBe('f0 f1 b0 f2 b1 f3 b2 b3');
    expect(text(4, 4, '1f1b')).toBe('f0 f1 f2 f3 b0 b1 b2 b3');
    expect(text(4, 2, '1f1b')).toBe('f0 f1 b0 b1');
  });
});

interface Settings {
  readonly mesh?: string;
  readonly pipeline: string;
  readonly stages?: readonly [number, number, number];
  readonly more?: string;
}

/** Three linear layers with ReLU between, squared loss, SGD; x [8, 4]. */
function network({
  mesh = 'axes = ["dp"], sizes = array<i64: 1>',
  pipeline,
  stages = [0, 0, 1],
  more = '',
}: Settings): string {
  const on = (layer: number) => `dist.stage = ${stages[layer]} : i64`;
  const plain = 'transpose_a = false, transpose_b = false';
  return `module attributes {ms.stage = "graph", dist.mesh = {${mesh}}, dist.pipeline = {${pipeline}}${more}} {
  func.func @main(%x: tensor<8x4xf32> {dist.layout = [["dp"], []]}, %t: tensor<8x2xf32>, %w0: tensor<4x6xf32> {ms.param = "w0"}, %w1: tensor<6x6xf32> {ms.param = "w1"}, %w2: tensor<6x2xf32> {ms.param = "w2"}) -> (tensor<f32>, tensor<8x2xf32>, tensor<4x6xf32> {ms.param = "w0"}, tensor<6x6xf32> {ms.param = "w1"}, tensor<6x2xf32> {ms.param = "w2"}) {
    %h0 = "ms.matmul"(%x, %w0) {${plain}, ${on(0)}} : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
    %a0 = "ms.relu"(%h0) {${on(0)}} : (tensor<8x6xf32>) -> tensor<8x6xf32>
    %h1 = "ms.matmul"(%a0, %w1) {${plain}, ${on(1)}} : (tensor<8x6xf32>, tensor<6x6xf32>) -> tensor<8x6xf32>
    %a1 = "ms.relu"(%h1) {${on(1)}} : (tensor<8x6xf32>) -> tensor<8x6xf32>
    %y = "ms.matmul"(%a1, %w2) {${plain}, ${on(2)}} : (tensor<8x6xf32>, tensor<6x2xf32>) -> tensor<8x2xf32>
    %d = "ms.sub"(%y, %t) : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
    %s = "ms.square"(%d) : (tensor<8x2xf32>) -> tensor<8x2xf32>
    %loss = "ms.reduce_mean"(%s) {axes = array<i64: 0, 1>, keep_dims = false} : (tensor<8x2xf32>) -> tensor<f32>
    %dw2 = "ms.matmul"(%a1, %d) {transpose_a = true, transpose_b = false} : (tensor<8x6xf32>, tensor<8x2xf32>) -> tensor<6x2xf32>
    %da1 = "ms.matmul"(%d, %w2) {transpose_a = false, transpose_b = true} : (tensor<8x2xf32>, tensor<6x2xf32>) -> tensor<8x6xf32>
    %s1 = "ms.sign"(%a1) : (tensor<8x6xf32>) -> tensor<8x6xf32>
    %dh1 = "ms.mul"(%da1, %s1) {${on(1)}} : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
    %dw1 = "ms.matmul"(%a0, %dh1) {transpose_a = true, transpose_b = false, ${on(1)}} : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<6x6xf32>
    %da0 = "ms.matmul"(%dh1, %w1) {transpose_a = false, transpose_b = true, ${on(1)}} : (tensor<8x6xf32>, tensor<6x6xf32>) -> tensor<8x6xf32>
    %s0 = "ms.sign"(%a0) {${on(0)}} : (tensor<8x6xf32>) -> tensor<8x6xf32>
    %dh0 = "ms.mul"(%da0, %s0) {${on(0)}} : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
    %dw0 = "ms.matmul"(%x, %dh0) {transpose_a = true, transpose_b = false, ${on(0)}} : (tensor<8x4xf32>, tensor<8x6xf32>) -> tensor<4x6xf32>
    %n0 = "ms.sub"(%w0, %dw0) : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<4x6xf32>
    %n1 = "ms.sub"(%w1, %dw1) : (tensor<6x6xf32>, tensor<6x6xf32>) -> tensor<6x6xf32>
    %n2 = "ms.sub"(%w2, %dw2) : (tensor<6x2xf32>, tensor<6x2xf32>) -> tensor<6x2xf32>
    func.return %loss, %y, %n0, %n1, %n2 : tensor<f32>, tensor<8x2xf32>, tensor<4x6xf32>, tensor<6x6xf32>, tensor<6x2xf32>
  }
}`;
}

const pipeline = (stages: number, microBatches: number, schedule = '1f1b') =>
  `stages = ${stages} : i64, micro_batches = ${microBatches} : i64, schedule = "${schedule}"`;
const TWO = 'axes = ["dp"], sizes = array<i64: 2>';

describe('pipelines equal one device', () => {
  it('two stages, one batch', () => {
    const { ranks, stages } = expectEqualToWhole(network({ pipeline: pipeline(2, 1) }));
    expect([ranks.length, stages]).toEqual([2, 2]);
    expect(collectivesOf(ranks[0])).toEqual(['send', 'receive']);
  });
  it.each(['1f1b', 'gpipe'])('two stages, four micro-batches, %s', (schedule) => {
    const { ranks } = expectEqualToWhole(network({ pipeline: pipeline(2, 4, schedule) }));
    const order = collectivesOf(ranks[0])
      .map((name) => name[0])
      .join('');
    expect(order).toBe(schedule === 'gpipe' ? 'ssrsrsrr' : 'ssrrsrsr');
  });
  it('each rank holds its stage alone', () => {
    const { arguments: taken } = expectEqualToWhole(network({ pipeline: pipeline(2, 2) }));
    expect(taken.map(({ positions }) => positions)).toEqual([
      [0, -1],
      [-1, 0],
      [1, -1],
      [2, -1],
      [-1, 1],
    ]);
  });
  it('gradient accumulation is a pipeline of one stage', () => {
    const { ranks } = expectEqualToWhole(network({ pipeline: pipeline(1, 4), stages: [0, 0, 0] }));
    expect(collectivesOf(ranks[0])).toEqual([]);
  });
  it('three stages with data parallelism and every level of ZeRO', () => {
    for (const level of [0, 1, 2, 3]) {
      const settings = {
        mesh: TWO,
        pipeline: pipeline(3, 2),
        stages: [0, 1, 2] as const,
        more: `, dist.zero = ${level} : i64`,
      };
      expectEqualToWhole(network(settings));
    }
  });
  it('gradients are summed over micro-batches before devices join them', () => {
    const { ranks } = expectEqualToWhole(network({ mesh: TWO, pipeline: pipeline(2, 4) }));
    expect(collectivesOf(ranks[0]).filter((name) => name === 'all_reduce')).toHaveLength(2);
  });
});

describe('what forms no pipeline', () => {
  const problems = (settings: Settings) =>
    partition(moduleOf(network(settings))).diagnostics.map(({ code, message }) => `${code} ${message}`);
  it('a stage that comes after a later one', () => {
    expect(problems({ pipeline: pipeline(3, 2), stages: [1, 0, 2] })[0]).toContain('MSC0546');
  });
  it('a stage that there is not', () => {
    expect(problems({ pipeline: pipeline(2, 2), stages: [0, 1, 2] })[0]).toBe(
      "MSC0546 the network does not form a pipeline: 'ms.matmul' is of stage 2 (counted from 0), pipeline_stages is 2",
    );
  });
  it('a batch that does not divide', () => {
    expect(problems({ pipeline: pipeline(1, 3), stages: [0, 0, 0] })[0]).toBe(
      'MSC0545 the step does not split into micro-batches: a batch of 8 does not divide into 3 parts',
    );
  });
});
