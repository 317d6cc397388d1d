/** What a MindSpore source says: strategies of cuts without names, and settings of the parallel context. */
import { describe, expect, it } from 'vitest';
import { layoutText } from '../../compiler/passes/shard/index.ts';
import { collectivesOf, expectEqualToWhole } from './harness.ts';

const net = (
  context: string,
  strategy: string,
) => `module attributes {ms.stage = "graph", dist.context = {${context}}} {
  func.func @main(%x: tensor<8x4xf32>, %w: tensor<4x8xf32> {ms.param = "w"}) -> tensor<8x8xf32> {
    %y = "ms.matmul"(%x, %w) {transpose_a = false, transpose_b = false${strategy}} : (tensor<8x4xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>
    %z = "ms.relu"(%y) : (tensor<8x8xf32>) -> tensor<8x8xf32>
    func.return %z : tensor<8x8xf32>
  }
}`;
const cuts = (...numbers: readonly string[]) =>
  `, dist.in_strategy = [${numbers.map((list) => `array<i64: ${list}>`).join(', ')}]`;
const EIGHT = 'device_num = 8 : i64, parallel_mode = "semi_auto_parallel"';

describe('strategies of cuts', () => {
  it('rows by 2, columns by 4', () => {
    const { arguments: taken, results, ranks } = expectEqualToWhole(net(EIGHT, cuts('2, 1', '1, 4')));
    expect(taken.map(({ layout }) => layoutText(layout))).toEqual(['[d0, _]', '[_, d1+d2]']);
    expect(layoutText(results[0].layout)).toBe('[d0, d1+d2]');
    expect(collectivesOf(ranks[0])).toEqual([]);
  });
  it('the inner dimension by 2 is summed over its axis', () => {
    const { ranks } = expectEqualToWhole(net(EIGHT, cuts('2, 2', '2, 1')));
    expect(collectivesOf(ranks[0])).toEqual(['all_reduce']);
  });
  it('what is left over is repeated', () => {
    const { ranks, results } = expectEqualToWhole(net(EIGHT, cuts('2, 1', '1, 1')));
    expect(ranks).toHaveLength(8);
    expect(layoutText(results[0].layout)).toBe('[d0, _]');
  });
});

describe('the parallel context', () => {
  it('data_parallel divides the batch over all devices', () => {
    const { arguments: taken } = expectEqualToWhole(net('device_num = 4 : i64, parallel_mode = "data_parallel"', ''));
    expect(taken.map(({ layout }) => layoutText(layout))).toEqual(['[d0+d1, _]', '[_, _]']);
  });
});
