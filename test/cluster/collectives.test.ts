/** Collectives and messages on simulated devices: what they compute, and that threads do not matter. */
import { describe, expect, test } from 'vitest';
import { checkCollectives, readProgram, writeProgram } from '../../runtime/program/index.ts';
import { collective, groupText, problemOf, programs, range, rankModule, runRanks } from './harness.ts';

const RANKS = [0, 1, 2, 3];

/** The same module for every rank of four, on [4, 2] floats; rank r holds 8 r, 8 r + 1, …. */
async function onFour(operation: string, attributes: string, result: string, dtype = 'f32', threads = 1) {
  const text = rankModule(`(%x: tensor<4x2x${dtype}>) -> tensor<${result}x${dtype}>`, [
    collective('y', operation, 'x', attributes, [`4x2x${dtype}`, `${result}x${dtype}`]),
    `return %y : tensor<${result}x${dtype}>`,
  ]);
  const compiled = programs(RANKS.map(() => text));
  expect(checkCollectives(compiled)).toBeNull();
  const inputs = RANKS.map((rank) => ({ x: range(8, 8 * rank) }));
  const { outcome, outputs } = await runRanks(compiled, inputs, threads);
  expect(problemOf(outcome)).toBeNull();
  return outputs.map(([values]) => values);
}

const all = groupText(RANKS);

describe('collectives', () => {
  const join = {
    sum: (values: readonly number[]) => values.reduce((left, right) => left + right),
    max: (values: readonly number[]) => Math.max(...values),
    min: (values: readonly number[]) => Math.min(...values),
    prod: (values: readonly number[]) => values.reduce((left, right) => left * right),
  };
  const reduced = (reduction: keyof typeof join): readonly number[] =>
    range(8).map((at) => join[reduction](RANKS.map((rank) => 8 * rank + at)));

  test.each(['sum', 'max', 'min', 'prod'] as const)('all_reduce by %s', async (reduction) => {
    const results = await onFour('all_reduce', `${all}, reduction = "${reduction}"`, '4x2');
    expect(results).toEqual(RANKS.map(() => reduced(reduction)));
  });

  test.each(['f16', 'bf16', 'i32', 'i8', 'i64'])('all_reduce of %s', async (dtype) => {
    const results = await onFour('all_reduce', `${all}, reduction = "max"`, '4x2', dtype);
    expect(results).toEqual(RANKS.map(() => reduced('max')));
  });

  test('all_gather joins the parts in the order of the group', async () => {
    const results = await onFour('all_gather', `${groupText([2, 0, 3, 1])}, axis = 0`, '16x2');
    const whole = [2, 0, 3, 1].flatMap((rank) => range(8, 8 * rank));
    expect(results).toEqual(RANKS.map(() => whole));
  });

  test('reduce_scatter leaves each rank its part', async () => {
    const results = await onFour('reduce_scatter', `${all}, axis = 0, reduction = "sum"`, '1x2');
    expect(results).toEqual(RANKS.map((rank) => reduced('sum').slice(2 * rank, 2 * rank + 2)));
  });

  test('all_to_all is the transpose of parts', async () => {
    const results = await onFour('all_to_all', `${all}, split_axis = 0, concat_axis = 0`, '4x2');
    expect(results).toEqual(RANKS.map((rank) => RANKS.flatMap((from) => range(2, 8 * from + 2 * rank))));
  });

  test('broadcast gives the operand of the root', async () => {
    const results = await onFour('broadcast', `${all}, root = 2`, '4x2');
    expect(results).toEqual(RANKS.map(() => range(8, 16)));
  });

  test('a collective of no elements takes place too', async () => {
    const empty = '0x2xf32';
    const text = rankModule(`(%x: tensor<${empty}>) -> tensor<${empty}>`, [
      collective('y', 'all_reduce', 'x', `${groupText([0, 1])}, reduction = "sum"`, [empty, empty]),
      `return %y : tensor<${empty}>`,
    ]);
    const ranks = programs([text, text]);
    expect(ranks.map(({ main }) => main.length)).toEqual([1, 1]);
    expect(problemOf((await runRanks(ranks, [{ x: [] }, { x: [] }])).outcome)).toBeNull();
  });

  test('two threads compute what one does', async () => {
    const one = await onFour('all_reduce', `${all}, reduction = "sum"`, '4x2', 'f32', 1);
    expect(await onFour('all_reduce', `${all}, reduction = "sum"`, '4x2', 'f32', 2)).toEqual(one);
  });
});

/** Rank r adds 1 to what it receives from r - 1 and sends it on; rank 0 begins with x. */
const pipeline = RANKS.map((rank) =>
  rankModule('(%x: tensor<8xf32>) -> tensor<8xf32>', [
    ...(rank === 0 ? [] : [`%a = "dist.receive"() {peer = ${rank - 1}, tag = 7} : () -> tensor<8xf32>`]),
    '%one = "ms.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>',
    `%y = "ms.add"(%${rank === 0 ? 'x' : 'a'}, %one) : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>`,
    ...(rank === 3 ? [] : [`"dist.send"(%y) {peer = ${rank + 1}, tag = 7} : (tensor<8xf32>) -> ()`]),
    'return %y : tensor<8xf32>',
  ]),
);

describe('messages', () => {
  test('go from rank to rank', async () => {
    const ranks = programs(pipeline);
    expect(checkCollectives(ranks)).toBeNull();
    const { outcome, outputs } = await runRanks(
      ranks,
      RANKS.map(() => ({ x: range(8) })),
    );
    expect(problemOf(outcome)).toBeNull();
    expect(outputs.map(([values]) => values[0])).toEqual([1, 2, 3, 4]);
  });

  test('both ranks may send before they receive', async () => {
    const exchange = [0, 1].map((rank) =>
      rankModule('(%x: tensor<8xf32>) -> tensor<8xf32>', [
        `"dist.send"(%x) {peer = ${1 - rank}, tag = 0} : (tensor<8xf32>) -> ()`,
        `%y = "dist.receive"() {peer = ${1 - rank}, tag = 0} : () -> tensor<8xf32>`,
        'return %y : tensor<8xf32>',
      ]),
    );
    const { outputs } = await runRanks(programs(exchange), [{ x: range(8) }, { x: range(8, 50) }]);
    expect(outputs.map(([values]) => values)).toEqual([range(8, 50), range(8)]);
  });
});

test('program files hold communication', () => {
  for (const program of programs(pipeline)) expect(readProgram(writeProgram(program))).toEqual(program);
});

test('a message holds the bytes that were there when it was sent, though their memory serves again', async () => {
  const M = 'tensor<2x2xf32>';
  const product = (name: string, from: string): string =>
    `%${name} = "ms.matmul"(%${from}, %${from}) {transpose_a = false, transpose_b = false} : (${M}, ${M}) -> ${M}`;
  const sent = (name: string, tag: number): string => `"dist.send"(%${name}) {peer = 1, tag = ${tag}} : (${M}) -> ()`;
  const chain = ['a', 'b', 'c', 'd'];
  const sender = rankModule(`(%x: ${M}) -> ${M}`, [
    ...chain.flatMap((name, at) => [product(name, chain[at - 1] ?? 'x'), sent(name, at)]),
    `return %d : ${M}`,
  ]);
  const receiver = rankModule(`(%x: ${M}) -> (${M}, ${M}, ${M}, ${M})`, [
    ...chain.map((name, tag) => `%${name} = "dist.receive"() {peer = 0, tag = ${tag}} : () -> ${M}`),
    `return %a, %b, %c, %d : ${M}, ${M}, ${M}, ${M}`,
  ]);
  const x = [1, 1, 0, 1];
  const { outcome, outputs } = await runRanks(programs([sender, receiver]), [{ x }, { x }]);
  expect(problemOf(outcome)).toBeNull();
  expect(outputs[1]).toEqual([2, 4, 8, 16].map((power) => [1, power, 0, 1]));
});
