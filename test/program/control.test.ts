/** Branches and loops on tensor values: compiled programs compute what the oracle does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromNumbers, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { createEngine } from '../../runtime/host/index.ts';
import type { Engine } from '../../runtime/host/index.ts';
import { allSteps, readProgram, writeProgram } from '../../runtime/program/index.ts';
import { compiled, oracle, outputsOf } from './harness.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

const V = 'tensor<4x8xf32>';
const S = 'tensor<f32>';

const net = (results: number, body: string): string => `
module attributes {ms.stage = "graph"} {
  func.func @main(%x: ${V}, %w: ${V} {ms.param = "w"}) -> (${Array(results).fill(V).join(', ')}) {
    %half = "ms.constant"() {value = dense<0.5> : ${S}} : () -> ${S}
    %limit = "ms.constant"() {value = dense<40.0> : ${S}} : () -> ${S}
    ${body}
  }
}`;

const binary = (result: string, name: string, left: string, right: string, rightType = V): string =>
  `%${result} = "ms.${name}"(%${left}, %${right}) : (${V}, ${rightType}) -> ${V}`;

/** `%result` = whether the sum of a tensor is below the limit. */
const below = (result: string, value: string): string => `
    %${result}s = "ms.reduce_sum"(%${value}) {axes = array<i64: 0, 1>, keep_dims = false} : (${V}) -> ${S}
    %${result}t = "ms.less"(%${result}s, %limit) : (${S}, ${S}) -> tensor<i1>
    %${result} = "tensor.extract"(%${result}t) : (tensor<i1>) -> i1`;

const ret = (...names: readonly string[]): string =>
  `return ${names.map((name) => `%${name}`).join(', ')} : ${names.map(() => V).join(', ')}`;

const cases: Readonly<Record<string, string>> = {
  'a branch': net(
    1,
    `${below('c', 'x')}
    %y = "scf.if"(%c) ({
      ${binary('a', 'add', 'x', 'w')}
      ${binary('b', 'mul', 'a', 'half', S)}
      "scf.yield"(%b) : (${V}) -> ()
    }, {
      ${binary('d', 'sub', 'x', 'w')}
      "scf.yield"(%d) : (${V}) -> ()
    }) : (i1) -> ${V}
    ${ret('y')}`,
  ),
  'a branch that yields what it captures, twice': net(
    2,
    `${below('c', 'x')}
    %y:2 = "scf.if"(%c) ({
      "scf.yield"(%x, %w) : (${V}, ${V}) -> ()
    }, {
      "scf.yield"(%w, %w) : (${V}, ${V}) -> ()
    }) : (i1) -> (${V}, ${V})
    ${ret('y#0', 'y#1')}`,
  ),
  'a while loop': net(
    2,
    `
    %r:2 = "scf.while"(%x, %w) ({
    ^bb0(%p: ${V}, %q: ${V}):
      ${below('c', 'p')}
      "scf.condition"(%c, %p, %q) : (i1, ${V}, ${V}) -> ()
    }, {
    ^bb0(%p: ${V}, %q: ${V}):
      ${binary('a', 'add', 'p', 'w')}
      ${binary('b', 'add', 'a', 'half', S)}
      ${binary('d', 'mul', 'q', 'half', S)}
      "scf.yield"(%b, %d) : (${V}, ${V}) -> ()
    }) : (${V}, ${V}) -> (${V}, ${V})
    ${ret('r#0', 'r#1')}`,
  ),
  'carried values that change places': net(
    2,
    `
    %r:2 = "scf.while"(%x, %w) ({
    ^bb0(%p: ${V}, %q: ${V}):
      ${below('c', 'p')}
      "scf.condition"(%c, %q, %p) : (i1, ${V}, ${V}) -> ()
    }, {
    ^bb0(%p: ${V}, %q: ${V}):
      ${binary('a', 'add', 'p', 'q')}
      ${binary('b', 'add', 'a', 'half', S)}
      "scf.yield"(%b, %q) : (${V}, ${V}) -> ()
    }) : (${V}, ${V}) -> (${V}, ${V})
    ${ret('r#0', 'r#1')}`,
  ),
  'a counted loop whose counter is used': net(
    1,
    `
    %zero = arith.constant 0 : index
    %five = arith.constant 5 : index
    %two = arith.constant 2 : index
    %r = "scf.for"(%zero, %five, %two, %x) ({
    ^bb0(%i: index, %p: ${V}):
      %n = "arith.index_cast"(%i) : (index) -> i32
      %t = "tensor.from_elements"(%n) : (i32) -> tensor<i32>
      %f = "ms.cast"(%t) : (tensor<i32>) -> ${S}
      ${binary('a', 'mul', 'p', 'half', S)}
      ${binary('b', 'add', 'a', 'f', S)}
      "scf.yield"(%b) : (${V}) -> ()
    }) : (index, index, index, ${V}) -> ${V}
    ${ret('r')}`,
  ),
  'a loop whose bounds are values': net(
    1,
    `
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %m = "ms.reduce_max"(%x) {axes = array<i64: 0, 1>, keep_dims = false} : (${V}) -> ${S}
    %mi = "ms.cast"(%m) : (${S}) -> tensor<i32>
    %upper = "tensor.extract"(%mi) : (tensor<i32>) -> i32
    %r = "scf.for"(%zero, %upper, %one, %x) ({
    ^bb0(%i: i32, %p: ${V}):
      ${binary('b', 'add', 'p', 'w')}
      "scf.yield"(%b) : (${V}) -> ()
    }) : (i32, i32, i32, ${V}) -> ${V}
    ${ret('r')}`,
  ),
  'loops in branches in loops': net(
    2,
    `
    %zero = arith.constant 0 : index
    %three = arith.constant 3 : index
    %one = arith.constant 1 : index
    %r:2 = "scf.for"(%zero, %three, %one, %x, %w) ({
    ^bb0(%i: index, %p: ${V}, %q: ${V}):
      ${below('c', 'p')}
      %s:2 = "scf.if"(%c) ({
        %u = "scf.while"(%p) ({
        ^bb0(%v: ${V}):
          ${below('e', 'v')}
          "scf.condition"(%e, %v) : (i1, ${V}) -> ()
        }, {
        ^bb0(%v: ${V}):
          ${binary('a', 'add', 'v', 'w')}
          ${binary('g', 'add', 'a', 'half', S)}
          "scf.yield"(%g) : (${V}) -> ()
        }) : (${V}) -> ${V}
        "scf.yield"(%u, %p) : (${V}, ${V}) -> ()
      }, {
        ${binary('b', 'mul', 'p', 'half', S)}
        ${binary('h', 'add', 'b', 'q')}
        "scf.yield"(%h, %q) : (${V}, ${V}) -> ()
      }) : (i1) -> (${V}, ${V})
      "scf.yield"(%s#0, %s#1) : (${V}, ${V}) -> ()
    }) : (index, index, index, ${V}, ${V}) -> (${V}, ${V})
    ${ret('r#0', 'r#1')}`,
  ),
  'work on parameters inside a loop is done once': net(
    1,
    `
    %zero = arith.constant 0 : index
    %three = arith.constant 3 : index
    %one = arith.constant 1 : index
    %r = "scf.for"(%zero, %three, %one, %x) ({
    ^bb0(%i: index, %p: ${V}):
      %k = "ms.exp"(%w) : (${V}) -> ${V}
      ${binary('b', 'add', 'p', 'k')}
      "scf.yield"(%b) : (${V}) -> ()
    }) : (index, index, index, ${V}) -> ${V}
    ${ret('r')}`,
  ),
};

const eighths = (seed: number, offset: number) =>
  fromNumbers(
    [4, 8],
    'f32',
    Array.from({ length: 32 }, (_, at) => ((at * seed) % 17) / 8 + offset),
  );

describe('control flow', () => {
  describe.each(Object.entries(cases))('%s', (_, text) => {
    test.each([0, 0.5, 2])('with inputs around %d', (offset) => {
      const program = compiled(text);
      const values = [eighths(5, offset), eighths(3, 0)];
      const [x, w] = values;
      const decisions: boolean[] = [];
      const outputs = outputsOf(
        engine,
        program,
        new Map([
          ['x', x],
          ['w', w],
        ]),
        { decisions },
      );
      oracle(text, values).forEach((expected, index) => {
        const [left, right] = [numbersOf(outputs[index]), numbersOf(expected)];
        for (let at = 0; at < right.length; at++) expect(left[at]).toBeCloseTo(right[at], 4);
      });
      expect(readProgram(writeProgram(program))).toEqual(program);
    });
  });

  test('a loop makes the next value where the carried one lies', () => {
    const { main } = compiled(cases['a while loop'] ?? '');
    const loop = allSteps(main).find((step) => step.kind === 'while');
    expect(loop?.kind === 'while' && [loop.test.length, loop.body.length]).toEqual([2, 2]);
  });

  test('what depends on parameters alone is prepared', () => {
    const program = compiled(cases['work on parameters inside a loop is done once'] ?? '');
    expect(program.prepare).toHaveLength(1);
  });
});
