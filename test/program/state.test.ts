/** Parameters that a program changes: the next run sees the new values, made in place where that is right. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromNumbers, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { createEngine } from '../../runtime/host/index.ts';
import type { Engine } from '../../runtime/host/index.ts';
import { launchesOf } from '../../runtime/program/index.ts';
import { compiled, loaded, succeed, valueOf } from './harness.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});
afterAll(() => engine.close());

const main = (parameters: readonly string[], results: readonly (string | null)[], body: string): string => `
module attributes {ms.stage = "graph"} {
  func.func @main(%x: tensor<8x16xf32>, ${parameters.map((name) => `%${name}: tensor<8x16xf32> {ms.param = "${name}"}`).join(', ')})
      -> (${results.map((name) => `tensor<8x16xf32>${name === null ? '' : ` {ms.param = "${name}"}`}`).join(', ')}) {
    ${body}
  }
}`;

const count = 128;
const filledWith = (value: number) => fromNumbers([8, 16], 'f32', Array<number>(count).fill(value));

/** Runs a program three times; the values of its outputs and parameters after each run (all elements are equal). */
function history(
  text: string,
  parameters: Readonly<Record<string, number>>,
): readonly Readonly<Record<string, number>>[] {
  const program = compiled(text);
  const instance = loaded(engine, program);
  instance.set('x', filledWith(1).data);
  for (const [name, value] of Object.entries(parameters)) instance.set(name, filledWith(value).data);
  succeed(instance.prepare());
  const rows = [1, 2, 3].map(() => {
    succeed(instance.run());
    const slots = [...program.outputs, ...program.parameters];
    return Object.fromEntries(
      slots.map((slot) => {
        const numbers = numbersOf(valueOf(slot, instance.read(slot)));
        expect(new Set(Array.from(numbers)).size).toBe(1);
        return [slot.name, numbers[0]];
      }),
    );
  });
  instance.dispose();
  return rows;
}

const add = (result: string, left: string, right: string): string =>
  `%${result} = ms.add %${left}, %${right} : tensor<8x16xf32>`;
const ret = (...names: readonly string[]): string =>
  `return ${names.map((name) => `%${name}`).join(', ')} : ${names.map(() => 'tensor<8x16xf32>').join(', ')}`;

describe('state', () => {
  test('the next run sees the new value, which one launch makes in place', () => {
    const text = main(['w'], ['w'], `${add('v', 'w', 'x')}\n${ret('v')}`);
    expect(history(text, { w: 10 })).toEqual([{ w: 11 }, { w: 12 }, { w: 13 }]);
    const program = compiled(text);
    expect(launchesOf(program.main)).toHaveLength(1);
    expect(program.parameters).toMatchObject([{ name: 'w', isState: true }]);
    expect(program.prepare).toEqual([]);
  });

  test('an output may be the old value or the new one', () => {
    const text = main(['w'], [null, null, 'w'], `${add('v', 'w', 'x')}\n${ret('w', 'v', 'v')}`);
    expect(history(text, { w: 10 })).toEqual([
      { out0: 10, out1: 11, w: 11 },
      { out0: 11, out1: 12, w: 12 },
      { out0: 12, out1: 13, w: 13 },
    ]);
  });

  test('parameters that change places', () => {
    const text = main(['a', 'b', 'c'], ['a', 'b', 'c'], ret('b', 'c', 'a'));
    expect(history(text, { a: 1, b: 2, c: 3 })).toEqual([
      { a: 2, b: 3, c: 1 },
      { a: 3, b: 1, c: 2 },
      { a: 1, b: 2, c: 3 },
    ]);
  });

  test('a new value that is made before the old one is last read has a place of its own until then', () => {
    const text = main(
      ['w'],
      ['w', null],
      `${add('v', 'w', 'x')}\n%t = ms.transpose %v {permutation = array<i64: 1, 0>} : (tensor<8x16xf32>) -> tensor<16x8xf32>
      %u = ms.reshape %t : (tensor<16x8xf32>) -> tensor<8x16xf32>\n${add('y', 'u', 'w')}\n${ret('v', 'y')}`,
    );
    expect(history(text, { w: 10 })).toEqual([
      { out0: 21, w: 11 },
      { out0: 23, w: 12 },
      { out0: 25, w: 13 },
    ]);
  });

  test('one value for two parameters, and a parameter that nobody reads', () => {
    const text = main(['a', 'b'], ['a', 'b', 'unread'], `${add('v', 'a', 'b')}\n${ret('v', 'v', 'a')}`);
    expect(history(text, { a: 1, b: 2 })).toEqual([
      { a: 3, b: 3, unread: 1 },
      { a: 6, b: 6, unread: 3 },
      { a: 12, b: 12, unread: 6 },
    ]);
  });

  test('a loop that reads a parameter in every turn does not overwrite it', () => {
    const text = main(
      ['w'],
      ['w'],
      `%zero = arith.constant 0 : index
      %three = arith.constant 3 : index
      %one = arith.constant 1 : index
      %r = "scf.for"(%zero, %three, %one, %x) ({
      ^bb0(%i: index, %c: tensor<8x16xf32>):
        ${add('v', 'w', 'x')}
        "scf.yield"(%v) : (tensor<8x16xf32>) -> ()
      }) : (index, index, index, tensor<8x16xf32>) -> tensor<8x16xf32>
      ${ret('r')}`,
    );
    expect(history(text, { w: 10 })).toEqual([{ w: 11 }, { w: 12 }, { w: 13 }]);
  });

  test('what a loop uses in every turn stays until its end', () => {
    const text = main(
      ['w'],
      [null],
      `%zero = arith.constant 0 : index
      %three = arith.constant 3 : index
      %one = arith.constant 1 : index
      ${add('twice', 'x', 'x')}
      %r = "scf.for"(%zero, %three, %one, %x) ({
      ^bb0(%i: index, %c: tensor<8x16xf32>):
        ${add('a', 'c', 'twice')}
        %b = ms.transpose %a {permutation = array<i64: 1, 0>} : (tensor<8x16xf32>) -> tensor<16x8xf32>
        %d = ms.transpose %b {permutation = array<i64: 1, 0>} : (tensor<16x8xf32>) -> tensor<8x16xf32>
        ${add('e', 'd', 'w')}
        "scf.yield"(%e) : (tensor<8x16xf32>) -> ()
      }) : (index, index, index, tensor<8x16xf32>) -> tensor<8x16xf32>
      ${ret('r')}`,
    );
    expect(history(text, { w: 10 })[0]).toEqual({ out0: 37, w: 10 });
  });

  test('a kernel that does not work in place has its result beside the parameter', () => {
    const type = 'tensor<192x192xf32>';
    const program = compiled(`module attributes {ms.stage = "graph"} {
      func.func @main(%w: ${type} {ms.param = "w"}) -> (${type} {ms.param = "w"}) {
        %t = ms.transpose %w {permutation = array<i64: 1, 0>} : (${type}) -> ${type}
        return %t : ${type}
      }
    }`);
    const instance = loaded(engine, program);
    instance.set(
      'w',
      Float32Array.from({ length: 192 * 192 }, (_, at) => at),
    );
    succeed(instance.run());
    const values = new Float32Array(instance.parameter('w').buffer);
    expect([values[1], values[192], values[192 * 191]]).toEqual([192, 1, 191]);
    instance.dispose();
  });

  test('a parameter can be set and read at any time', () => {
    const program = compiled(main(['w'], ['w'], `${add('v', 'w', 'x')}\n${ret('v')}`));
    const instance = loaded(engine, program);
    instance.set('x', filledWith(1).data);
    for (const value of [5, 7]) {
      instance.set('w', filledWith(value).data);
      succeed(instance.run());
      expect(new Float32Array(instance.parameter('w').buffer)[17]).toBe(value + 1);
    }
    instance.dispose();
  });
});
