/** Which reductions may travel in one message: those that join alike, over one group, in one element type. */
import { expect, it } from 'vitest';
import { evaluateRanks, fromNumbers, isScalar } from '../../compiler/ir/evaluate/index.ts';
import { walk } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { bucketReductions } from '../../compiler/passes/shard/buckets.ts';
import { moduleOf } from './harness.ts';

const T = 'tensor<2xf32>';
const reduction = (name: string, how: string): string =>
  `%${name} = "dist.all_reduce"(%x) {group = array<i64: 0, 1>, reduction = "${how}"} : (${T}) -> ${T}`;

const rank = (): ReturnType<typeof moduleOf> =>
  moduleOf(`module attributes {ms.stage = "sharded"} {
  func.func @main(%x: ${T}) -> (${T}, ${T}, ${T}) {
    ${reduction('a', 'sum')}
    ${reduction('b', 'max')}
    ${reduction('c', 'sum')}
    func.return %a, %b, %c : ${T}, ${T}, ${T}
  }
}`);

it('sums and maxima are two messages', () => {
  const ranks = [rank(), rank()];
  for (const module of ranks) bucketReductions(module, opTable, 1e9);
  let messages = 0;
  walk(ranks[0].body, (op) => (messages += op.name === 'dist.all_reduce' ? 1 : 0));
  expect(messages).toBe(2);
  const inputs = [
    [1, 5],
    [4, 3],
  ].map((values) => [fromNumbers([2], 'f32', values)]);
  const results = evaluateRanks(ranks, inputs);
  const found = results.ok
    ? results.value[1].map((value) => (isScalar(value) ? [] : Array.from(value.data, Number)))
    : [];
  expect(found).toEqual([
    [5, 8],
    [4, 5],
    [5, 8],
  ]);
});
