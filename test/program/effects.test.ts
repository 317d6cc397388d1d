/** What a program prints and asserts, in its order with branches and loops around it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromNumbers, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { createEngine } from '../../runtime/host/index.ts';
import type { Engine } from '../../runtime/host/index.ts';
import { allSteps, readProgram, writeProgram } from '../../runtime/program/index.ts';
import { compiled, loaded, succeed, valueOf } from './harness.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

const S = 'tensor<f32>';

/** Doubles x while it is below 10, saying so, then tells whether it is above 12; at the end it must not be 99. */
const text = `
module attributes {ms.stage = "graph"} {
  func.func @main(%x: ${S}, %w: ${S} {ms.param = "w"}) -> ${S} {
    %ten = "ms.constant"() {value = dense<10.0> : ${S}} : () -> ${S}
    %twelve = "ms.constant"() {value = dense<12.0> : ${S}} : () -> ${S}
    %wrong = "ms.constant"() {value = dense<99.0> : ${S}} : () -> ${S}
    "ms.print"(%x, %w) {format = "{{x}} {} and {}"} : (${S}, ${S}) -> ()
    %r = "scf.while"(%x) ({
    ^bb0(%p: ${S}):
      %t = "ms.less"(%p, %ten) : (${S}, ${S}) -> tensor<i1>
      %c = "tensor.extract"(%t) : (tensor<i1>) -> i1
      "scf.condition"(%c, %p) : (i1, ${S}) -> ()
    }, {
    ^bb0(%q: ${S}):
      "ms.print"(%q) {format = "turn {}"} : (${S}) -> ()
      %d = "ms.add"(%q, %q) : (${S}, ${S}) -> ${S}
      "scf.yield"(%d) : (${S}) -> ()
    }) : (${S}) -> ${S}
    %a = "ms.greater"(%r, %twelve) : (${S}, ${S}) -> tensor<i1>
    %above = "tensor.extract"(%a) : (tensor<i1>) -> i1
    "scf.if"(%above) ({
      "ms.print"(%r) {format = "above {}"} : (${S}) -> ()
      "scf.yield"() : () -> ()
    }, {
      "ms.print"() {format = "not above"} : () -> ()
      "scf.yield"() : () -> ()
    }) : (i1) -> ()
    %good = "ms.not_equal"(%r, %wrong) : (${S}, ${S}) -> tensor<i1>
    "ms.assert"(%good) {message = "it is 99"} : (tensor<i1>) -> ()
    "ms.print"() {format = "end"} : () -> ()
    return %r : ${S}
  }
}`;

function run(x: number) {
  const program = compiled(text);
  const instance = loaded(engine, program);
  instance.set(program.inputs[0].name, fromNumbers([], 'f32', [x]).data);
  instance.set('w', fromNumbers([], 'f32', [7]).data);
  succeed(instance.prepare());
  const lines: string[] = [];
  const outcome = instance.run({
    print: ({ format, values }, bytes) => {
      const numbers = values.flatMap((slot, at) =>
        Array.from(numbersOf(valueOf({ ...slot, name: '', bytes: 4 }, bytes[at]))),
      );
      lines.push([format, ...numbers].join(' '));
    },
  });
  instance.dispose();
  return { lines, outcome };
}

describe('what a program tells the host', () => {
  test('comes in the order of the program', () => {
    expect(run(3)).toEqual({
      lines: ['{{x}} {} and {} 3 7', 'turn {} 3', 'turn {} 6', 'not above', 'end'],
      outcome: { ok: true },
    });
    expect(run(50).lines).toEqual(['{{x}} {} and {} 50 7', 'above {} 50', 'end']);
  });

  test('ends where an assertion does not hold', () => {
    const { lines, outcome } = run(99);
    expect(lines).toEqual(['{{x}} {} and {} 99 7', 'above {} 99']);
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'assertion', message: 'it is 99' } });
  });

  test('is part of the file', () => {
    const program = compiled(text);
    expect(readProgram(writeProgram(program))).toEqual(program);
    const kinds = allSteps(program.main).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'print' || kind === 'assert')).toHaveLength(6);
  });
});
