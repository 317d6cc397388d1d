/** The oracle of communication: what collectives compute over all ranks, and what never meets. */
import { describe, expect, it } from 'vitest';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { parseModule, printModule, verifyModule } from '../../compiler/ir/index.ts';
import type { Module } from '../../compiler/ir/index.ts';
import { moduleOf } from './harness.ts';
import { evaluateRanks, fromNumbers, isScalar } from '../../compiler/ir/evaluate/index.ts';

/** One rank's @main from f32 [4] to the type of the result of `body`, which ends in %out. */
function rankOf(body: string, result = 'tensor<4xf32>'): Module {
  const text = `module attributes {ms.stage = "sharded"} {
  func.func @main(%x: tensor<4xf32>) -> ${result} {
${body}
    func.return %out : ${result}
  }
}`;
  return moduleOf(text);
}

function run(modules: readonly Module[]): readonly (readonly number[])[] {
  const inputs = modules.map((_, rank) => [
    fromNumbers(
      [4],
      'f32',
      [0, 1, 2, 3].map((at) => at + 10 * rank),
    ),
  ]);
  const results = evaluateRanks(modules, inputs);
  if (!results.ok) throw new Error(`${results.error.message}\n${results.error.ranks.map((at) => at.text).join('\n')}`);
  return results.value.map(([value]) => (isScalar(value) ? [] : Array.from(value.data, Number)));
}

const op = (name: string, attributes: string, result = 'tensor<4xf32>', source = '%x', type = 'tensor<4xf32>') =>
  `%out = "dist.${name}"(${source}) {${attributes}} : (${type}) -> ${result}`;
const GROUP = 'group = array<i64: 0, 1>';

describe('collectives over two ranks', () => {
  const both = (body: string, result?: string) => run([rankOf(body, result), rankOf(body, result)]);
  it('all_reduce joins', () => {
    expect(both(op('all_reduce', `${GROUP}, reduction = "sum"`))).toEqual([
      [10, 12, 14, 16],
      [10, 12, 14, 16],
    ]);
    expect(both(op('all_reduce', `${GROUP}, reduction = "max"`))[0]).toEqual([10, 11, 12, 13]);
  });
  it('all_gather follows the order of the group', () => {
    const swapped = op('all_gather', 'group = array<i64: 1, 0>, axis = 0 : i64', 'tensor<8xf32>');
    expect(both(swapped, 'tensor<8xf32>')[0]).toEqual([10, 11, 12, 13, 0, 1, 2, 3]);
  });
  it('reduce_scatter keeps one part', () => {
    const body = op('reduce_scatter', `${GROUP}, axis = 0 : i64, reduction = "sum"`, 'tensor<2xf32>');
    expect(both(body, 'tensor<2xf32>')).toEqual([
      [10, 12],
      [14, 16],
    ]);
  });
  it('all_to_all exchanges parts', () => {
    const body = op('all_to_all', `${GROUP}, split_axis = 0 : i64, concat_axis = 0 : i64`);
    expect(both(body)).toEqual([
      [0, 1, 10, 11],
      [2, 3, 12, 13],
    ]);
  });
  it('broadcast takes the root', () => {
    expect(both(op('broadcast', `${GROUP}, root = 1 : i64`))[0]).toEqual([10, 11, 12, 13]);
  });
  it('messages go from one to the other, also inside a loop', () => {
    const sender = rankOf(`"dist.send"(%x) {peer = 1 : i64, tag = 7 : i64} : (tensor<4xf32>) -> ()
    %out = "ms.neg"(%x) : (tensor<4xf32>) -> tensor<4xf32>`);
    const receiver = rankOf(`%out = "dist.receive"() {peer = 0 : i64, tag = 7 : i64} : () -> tensor<4xf32>`);
    expect(run([sender, receiver])[1]).toEqual([0, 1, 2, 3]);
    const loop = `%lower = "arith.constant"() {value = 0 : index} : () -> index
    %upper = "arith.constant"() {value = 2 : index} : () -> index
    %step = "arith.constant"() {value = 1 : index} : () -> index
    %out = "scf.for"(%lower, %upper, %step, %x) ({
      ^bb0(%i: index, %carried: tensor<4xf32>):
      %sum = "dist.all_reduce"(%carried) {${GROUP}, reduction = "sum"} : (tensor<4xf32>) -> tensor<4xf32>
      "scf.yield"(%sum) : (tensor<4xf32>) -> ()
    }) : (index, index, index, tensor<4xf32>) -> tensor<4xf32>`;
    expect(both(loop)[0]).toEqual([20, 24, 28, 32]);
  });
  it('prints and parses to the same', () => {
    const module = rankOf(op('all_reduce', `${GROUP}, reduction = "sum"`));
    const text = printModule(module, opTable);
    expect(printModule(moduleOf(text), opTable)).toBe(text);
  });
});

describe('what never meets is reported with every rank', () => {
  const failureOf = (...bodies: readonly string[]) => {
    const modules = bodies.map((body) => rankOf(body));
    const inputs = modules.map(() => [fromNumbers([4], 'f32', [0, 0, 0, 0])]);
    const results = evaluateRanks(modules, inputs);
    return results.ok ? null : { message: results.error.message, ranks: results.error.ranks.map((at) => at.rank) };
  };
  const sum = op('all_reduce', `${GROUP}, reduction = "sum"`);
  const idle = '%out = "ms.neg"(%x) : (tensor<4xf32>) -> tensor<4xf32>';
  it('a rank that never comes', () => {
    expect(failureOf(sum, idle)).toEqual({ message: 'deadlock: no rank can go on', ranks: [0] });
  });
  it('different collectives of one group', () => {
    expect(failureOf(sum, op('all_reduce', `${GROUP}, reduction = "max"`))).toEqual({
      message: 'ranks of one group come to different collectives',
      ranks: [0, 1],
    });
  });
  it('two ranks that both send first', () => {
    const sends = (peer: number) => `"dist.send"(%x) {peer = ${peer} : i64, tag = 0 : i64} : (tensor<4xf32>) -> ()
    %out = "dist.receive"() {peer = ${peer} : i64, tag = 0 : i64} : () -> tensor<4xf32>`;
    expect(failureOf(sends(1), sends(0))?.ranks).toEqual([0, 1]);
  });
  it('a rank outside of its group, and a rank that does not exist', () => {
    expect(failureOf(op('broadcast', 'group = array<i64: 1>, root = 1 : i64'), idle)?.message).toBe(
      'rank 0 is not of its group [1]',
    );
    expect(failureOf(op('broadcast', 'group = array<i64: 0, 5>, root = 0 : i64'))?.message).toBe('there is no rank 5');
  });
});

describe('constraints', () => {
  const refused = (name: string, attributes: string, result: string) => {
    const text = `func.func @main(%x: tensor<4xf32>) -> ${result} {
  ${op(name, attributes, result)}
  func.return %out : ${result}
}`;
    const parsed = parseModule({ name: 'bad.mlir', text }, opTable);
    return [...parsed.diagnostics, ...(parsed.module ? verifyModule(parsed.module, opTable) : [])]
      .map((diagnostic) => diagnostic.message)
      .join('\n');
  };
  it.each([
    ['all_reduce', 'group = array<i64: 0, 0>, reduction = "sum"', 'tensor<4xf32>', 'C1'],
    ['all_gather', `${GROUP}, axis = 1 : i64`, 'tensor<8xf32>', 'C2'],
    ['reduce_scatter', 'group = array<i64: 0, 1, 2>, axis = 0 : i64, reduction = "sum"', 'tensor<2xf32>', 'C3'],
    ['all_to_all', `${GROUP}, split_axis = 2 : i64, concat_axis = 0 : i64`, 'tensor<4xf32>', 'C2'],
    ['all_to_all', `${GROUP}, split_axis = 0 : i64, concat_axis = 2 : i64`, 'tensor<4xf32>', 'C3'],
    ['all_to_all', 'group = array<i64: 0, 1, 2>, split_axis = 0 : i64, concat_axis = 0 : i64', 'tensor<4xf32>', 'C4'],
    ['broadcast', `${GROUP}, root = 2 : i64`, 'tensor<4xf32>', 'C2'],
    ['all_reduce', `${GROUP}, reduction = "mean"`, 'tensor<4xf32>', 'expected one of sum, max, min, prod'],
    ['gather', GROUP, 'tensor<4xf32>', "'dist.gather'"],
  ])('%s {%s} -> %s breaks %s', (name, attributes, result, rule) => {
    expect(refused(name, attributes, result)).toContain(rule);
  });
});
