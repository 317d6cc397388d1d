/** Ranks that do not fit together: the static check and the run say the same, with both lines, and end. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkCollectives, problemText } from '../../runtime/program/index.ts';
import type { Program, Step } from '../../runtime/program/index.ts';
import { collective, groupText, problemOf, programs, range, rankModule, runRanks } from './harness.ts';

const T = '8xf32';
const reduce = (name: string, operand: string, group: readonly number[], reduction = 'sum'): string =>
  collective(name, 'all_reduce', operand, `${groupText(group)}, reduction = "${reduction}"`, [T, T]);
const send = (value: string, peer: number, tag: number): string =>
  `"dist.send"(%${value}) {peer = ${peer}, tag = ${tag}} : (tensor<${T}>) -> ()`;
const receive = (name: string, peer: number, tag: number, type = T): string =>
  `%${name} = "dist.receive"() {peer = ${peer}, tag = ${tag}} : () -> tensor<${type}>`;
const rank = (...lines: readonly string[]): string =>
  rankModule(`(%x: tensor<${T}>) -> tensor<${T}>`, [...lines, `return %y : tensor<${T}>`]);

/** The lines of rank r are `net.mlir:3:5` and following. */
const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    'another reduction',
    [rank(reduce('y', 'x', [0, 1])), rank(reduce('y', 'x', [0, 1], 'max'))],
    /^ranks 0 and 1 meet with different reductions\n  rank 0: all_reduce\(sum, f32 x 8\) in \[0, 1\] at "net.mlir":3:5\n  rank 1: all_reduce\(max, f32 x 8\) in \[0, 1\] at "net.mlir":3:5$/,
  ],
  [
    'another operation',
    [rank(reduce('y', 'x', [0, 1])), rank(collective('y', 'broadcast', 'x', `${groupText([0, 1])}, root = 0`, [T, T]))],
    /different operations/,
  ],
  [
    'another number of elements',
    [
      rank(reduce('y', 'x', [0, 1])),
      rank(
        `%s = "ms.slice"(%x) {axes = array<i64: 0>, begins = array<i64: 0>, ends = array<i64: 4>, strides = array<i64: 1>} : (tensor<8xf32>) -> tensor<4xf32>`,
        collective('r', 'all_reduce', 's', `${groupText([0, 1])}, reduction = "sum"`, ['4xf32', '4xf32']),
        '%y = "ms.concat"(%r, %r) {axis = 0} : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>',
      ),
    ],
    /different numbers of elements/,
  ],
  [
    'another order of the group',
    [rank(reduce('y', 'x', [0, 1])), rank(reduce('y', 'x', [1, 0]))],
    /ranks 0 and 1 meet in different groups/,
  ],
  [
    'a rank that ends without its collective',
    [rank(reduce('y', 'x', [0, 1])), rank('%y = ms.add %x, %x : tensor<8xf32>')],
    /^deadlock: rank 0 waits for rank 1, which has ended\n  rank 0: .* at "net.mlir":3:5\n  rank 1: the end$/,
  ],
  [
    'collectives in two orders',
    [
      rank(reduce('a', 'x', [0, 1]), reduce('y', 'a', [0, 2])),
      rank(reduce('a', 'x', [1, 2]), reduce('y', 'a', [0, 1])),
      rank(reduce('a', 'x', [0, 2]), reduce('y', 'a', [1, 2])),
    ],
    /^deadlock: ranks 0, 1, 2 wait for each other\n  rank 0: .*\n  rank 1: .*\n  rank 2: .* at "net.mlir":3:5$/,
  ],
  [
    'both receive first',
    [rank(receive('y', 1, 0), send('x', 1, 0)), rank(receive('y', 0, 0), send('x', 0, 0))],
    /^deadlock: ranks 0, 1 wait for each other\n  rank 0: receive\(f32 x 8\) from 1, tag 0 at "net.mlir":3:5/,
  ],
  [
    'another tag',
    [rank(receive('y', 1, 0)), rank(send('x', 0, 1), '%y = ms.add %x, %x : tensor<8xf32>')],
    /which has ended/,
  ],
  [
    'a message of another size',
    [
      rank(
        receive('s', 1, 0, '4xf32'),
        '%y = "ms.concat"(%s, %s) {axis = 0} : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>',
      ),
      rank(send('x', 0, 0), '%y = ms.add %x, %x : tensor<8xf32>'),
    ],
    /^a message of f32 x 8 is received as f32 x 4\n  rank 1: send.*\n  rank 0: receive/,
  ],
  [
    'a message that nobody takes',
    [rank('%y = ms.add %x, %x : tensor<8xf32>'), rank(send('x', 0, 0), '%y = ms.add %x, %x : tensor<8xf32>')],
    /^rank 1 sends a message that rank 0 never receives\n  rank 1: send\(f32 x 8\) to 0, tag 0 at "net.mlir":3:5/,
  ],
  [
    'a rank that does not exist',
    [rank(reduce('y', 'x', [0, 5])), rank(reduce('y', 'x', [0, 1]))],
    /there is no rank 5: ranks are 0 to 1/,
  ],
  [
    'a rank outside of the group',
    [rank(reduce('y', 'x', [1])), rank(reduce('y', 'x', [1]))],
    /rank 0 takes part in a collective of a group that it is not in/,
  ],
];

describe('problems between ranks', () => {
  test.each(cases)('%s', async (_, texts, message) => {
    const ranks = programs(texts);
    const found = checkCollectives(ranks);
    expect(found === null ? null : problemText(found)).toMatch(message);
    const { outcome } = await runRanks(
      ranks,
      ranks.map(() => ({ x: range(8) })),
    );
    expect(problemOf(outcome)).toMatch(message);
  });
});

const rowOf = (at: number): readonly number[] => (at < 2 ? [0, 1] : [2, 3]);
const columnOf = (at: number): readonly number[] => [at % 2, (at % 2) + 2];

/** Four ranks on a mesh of 2 x 2: sums in rows, a gather in columns, an exchange, a sum of all. */
const mesh = range(4).map((at) => {
  const [row, column] = [rowOf(at), columnOf(at)];
  const peer = at ^ 1;
  return rank(
    reduce('a', 'x', row),
    '%b = "ms.mul"(%a, %x) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>',
    collective('g', 'all_gather', 'b', `${groupText(column)}, axis = 0`, [T, '16xf32']),
    send('b', peer, 1),
    receive('c', peer, 1),
    collective('s', 'reduce_scatter', 'g', `${groupText(column)}, axis = 0, reduction = "sum"`, ['16xf32', T]),
    '%d = "ms.mul"(%s, %c) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>',
    reduce('y', 'd', range(4)),
  );
});

type Mutation = (step: Step, rank: number) => readonly Step[];

const mutations: Readonly<Record<string, Mutation>> = {
  dropped: () => [],
  duplicated: (step) => [step, step],
  misgrouped: (step, rank) => {
    const isRow = step.kind === 'collective' && step.group.join() === rowOf(rank).join();
    if (step.kind === 'collective') return [{ ...step, group: isRow ? columnOf(rank) : rowOf(rank) }];
    return step.kind === 'send' || step.kind === 'receive' ? [{ ...step, peer: (step.peer + 1) % 4 }] : [step];
  },
  'on its own': (step) =>
    step.kind === 'collective' && step.operation === 'all_reduce' ? [{ ...step, group: [step.group[0]] }] : [],
};

describe('mutations of one communication', () => {
  const original = programs(mesh);
  const communications = (program: Program): readonly number[] =>
    program.main.flatMap((step, at) => (step.kind === 'launch' ? [] : [at]));
  const inputs = original.map((_, at) => ({ x: range(8, 1 + at * at) }));

  test('on one rank or on all: the check finds it, or the numbers change', async () => {
    const expected = await runRanks(original, inputs);
    expect(problemOf(expected.outcome)).toBeNull();
    expect(checkCollectives(original)).toBeNull();
    let [byCheck, byNumbers] = [0, 0];
    for (const [name, mutate] of Object.entries(mutations))
      for (const at of communications(original[0]))
        for (const ranks of [[0], [1], [2], [3], [0, 1], range(4)]) {
          const changed = original.map((program, rank) =>
            ranks.includes(rank)
              ? {
                  ...program,
                  main: program.main.flatMap((step, index) => (index === at ? mutate(step, rank) : [step])),
                }
              : program,
          );
          if (checkCollectives(changed) !== null) {
            byCheck++;
            continue;
          }
          const { outcome, outputs } = await runRanks(changed, inputs);
          expect(problemOf(outcome)).toBeNull();
          // Said twice by its whole group, a collective that is not in place gives the same result twice.
          if (name !== 'duplicated')
            expect(outputs, `step ${at} ${name} on ranks ${ranks.join()}`).not.toEqual(expected.outputs);
          byNumbers++;
        }
    expect([byCheck > 80, byNumbers > 3]).toEqual([true, true]);
  });
});

describe('the check and the run agree', () => {
  const operations = ['all_reduce', 'broadcast'] as const;
  test('on random programs of three ranks', async () => {
    const step = fc.record({
      operation: fc.constantFrom(...operations),
      group: fc.subarray([0, 1, 2], { minLength: 1 }),
    });
    const ranksOf = fc.tuple(...range(3).map(() => fc.array(step, { maxLength: 3 })));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.array(step, { maxLength: 4 }).map((steps) => [steps, steps, steps]),
          ranksOf,
        ),
        async (lists) => {
          const texts = lists.map((steps, at) => {
            const mine = steps.filter(({ group }) => group.includes(at));
            const names = mine.map((_, index) => `v${index}`);
            const lines = mine.map(({ operation, group }, index) => {
              const operand = index === 0 ? 'x' : names[index - 1];
              return operation === 'all_reduce'
                ? reduce(names[index], operand, group)
                : collective(names[index], 'broadcast', operand, `${groupText(group)}, root = ${group[0]}`, [T, T]);
            });
            return rank(...lines, `%y = ms.add %${names.at(-1) ?? 'x'}, %x : tensor<8xf32>`);
          });
          const ranks = programs(texts);
          const { outcome } = await runRanks(
            ranks,
            ranks.map(() => ({ x: range(8) })),
          );
          const found = checkCollectives(ranks);
          expect(problemOf(outcome)).toBe(found === null ? null : problemText(found));
        },
      ),
      { seed: 5, numRuns: 25 },
    );
  });
});
