import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Result, Type } from '../../compiler/ir/index.ts';
import { parseModule, tensorType, boolAttribute, integerAttribute } from '../../compiler/ir/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { evaluateFunction, isScalar, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import type { TensorOpName } from '../../compiler/ir/ops/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { mismatch, readOpCases } from './opcase.ts';

const file = 'functions.mlir';
const cases = readOpCases(file, readFileSync(new URL(file, import.meta.url), 'utf8'));

describe('functions', () => {
  test.each(cases.map((opCase) => [`${opCase.function}:${opCase.line}`, opCase] as const))('%s', (_, opCase) => {
    const outcome = evaluateFunction(opCase.module, opCase.function, opCase.inputs);
    expect(
      outcome.ok &&
        outcome.value.map((value, index) =>
          isScalar(value) ? 'a scalar' : mismatch(value, opCase.expected[index], 0),
        ),
    ).toEqual(opCase.expected.map(() => null));
  });
});

function moduleOf(text: string) {
  const { module, diagnostics } = parseModule({ name: 'inline', text }, opTable);
  if (module === null) throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join('; '));
  return module;
}

const vector = (...values: readonly number[]): TensorValue => ({
  shape: [values.length],
  dtype: 'f32',
  data: Float32Array.from(values),
});

const SYMBOLIC = `func.func @f(%x: tensor<?xf32, #ms.enc<dims = ["n"]>>, %y: tensor<?xf32, #ms.enc<dims = ["n"]>>) -> tensor<?x1xf32, #ms.enc<dims = ["n", 1]>> {
  %0 = "ms.add"(%x, %y) : (tensor<?xf32, #ms.enc<dims = ["n"]>>, tensor<?xf32, #ms.enc<dims = ["n"]>>) -> tensor<?xf32, #ms.enc<dims = ["n"]>>
  %1 = "ms.reshape"(%0) : (tensor<?xf32, #ms.enc<dims = ["n"]>>) -> tensor<?x1xf32, #ms.enc<dims = ["n", 1]>>
  func.return %1 : tensor<?x1xf32, #ms.enc<dims = ["n", 1]>>
}`;

test('symbolic dimensions get their extents from the inputs', () => {
  const module = moduleOf(SYMBOLIC);
  const outcome = evaluateFunction(module, 'f', [vector(1, 2, 3), vector(10, 20, 30)]);
  expect(outcome.ok && outcome.value).toMatchObject([{ shape: [3, 1], data: Float32Array.of(11, 22, 33) }]);
  const wrong = evaluateFunction(module, 'f', [vector(1, 2, 3), vector(1, 2)]);
  expect(wrong.ok ? '' : wrong.error.message).toMatch(/input 1 of 'f': expected .*, got tensor<2xf32>/);
});

test('effects are reported in order, and a failed assertion stops', () => {
  const module = moduleOf(`func.func @f(%c: tensor<i1>, %x: tensor<2xf32>) {
    "ms.print"(%x) {format = "x is {}!"} : (tensor<2xf32>) -> ()
    "ms.assert"(%c) {message = "as expected"} : (tensor<i1>) -> ()
    "ms.print"() {format = "behind"} : () -> ()
    func.return
  }`);
  const said: string[] = [];
  const holds = (value: number): TensorValue => ({ shape: [], dtype: 'i1', data: Uint8Array.of(value) });
  const run = (value: number) =>
    evaluateFunction(module, 'f', [holds(value), vector(1, 2)], { print: (text) => said.push(text) });
  expect(run(1).ok).toBe(true);
  expect(said).toEqual(['x is 1 2!', 'behind']);
  const failed = run(0);
  expect(failed.ok ? '' : failed.error.message).toBe('assertion failed: as expected');
});

test('a loop without end meets the budget', () => {
  const module = moduleOf(`func.func @f() {
    %t = "arith.constant"() {value = true} : () -> i1
    "scf.while"() ({
      "scf.condition"(%t) : (i1) -> ()
    }, {
      %0 = "ms.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
      "scf.yield"() : () -> ()
    }) : () -> ()
    func.return
  }`);
  const outcome = evaluateFunction(module, 'f', [], { maxOperations: 1000 });
  expect(outcome.ok ? '' : outcome.error.message).toBe('more than 1000 operations');
});

test('random streams go on where they stopped', () => {
  const module = moduleOf(`func.func @f(%s: tensor<4xui32>) -> (tensor<8xf32>, tensor<4xf32>, tensor<4xf32>) {
    %a:2 = "ms.random_uniform"(%s) : (tensor<4xui32>) -> (tensor<8xf32>, tensor<4xui32>)
    %b:2 = "ms.random_uniform"(%s) : (tensor<4xui32>) -> (tensor<4xf32>, tensor<4xui32>)
    %c:2 = "ms.random_uniform"(%b#1) : (tensor<4xui32>) -> (tensor<4xf32>, tensor<4xui32>)
    func.return %a#0, %b#0, %c#0 : tensor<8xf32>, tensor<4xf32>, tensor<4xf32>
  }`);
  const outcome = evaluateFunction(module, 'f', [{ shape: [4], dtype: 'ui32', data: Uint32Array.of(1, 2, 3, 4) }]);
  const [whole, first, second] = outcome.ok
    ? outcome.value.map((value) => (isScalar(value) ? [] : Array.from(numbersOf(value))))
    : [];
  expect([...first, ...second]).toEqual(whole);
});

function infer(
  name: TensorOpName,
  types: readonly Type[],
  attributes: ReadonlyMap<string, ReturnType<typeof boolAttribute>> = new Map(),
): Result<readonly Type[]> {
  const rule = opTable.get(name)?.infer;
  if (typeof rule !== 'function') throw new Error(`'${name}' does not infer`);
  return rule(types, attributes);
}

const shapeOf = (result: Result<readonly Type[]>) =>
  result.ok && result.value[0].kind === 'tensor' ? result.value[0].shape : result;

describe('named dimensions', () => {
  const plain = new Map([
    ['transpose_a', boolAttribute(false)],
    ['transpose_b', boolAttribute(false)],
  ]);

  test('equal names meet, and broadcast with 1', () => {
    expect(shapeOf(infer('ms.add', [tensorType(['b', 1], 'f32'), tensorType(['s'], 'f32')]))).toEqual(['b', 's']);
    expect(shapeOf(infer('ms.matmul', [tensorType(['b', 'k'], 'f32'), tensorType(['k', 4], 'f32')], plain))).toEqual([
      'b',
      4,
    ]);
  });

  test('different names do not meet', () => {
    expect(infer('ms.matmul', [tensorType([2, 'k'], 'f32'), tensorType(['j', 4], 'f32')], plain)).toEqual({
      ok: false,
      error: 'k of lhs is k, k of rhs is j',
    });
  });

  test('sums are spelled out', () => {
    const axis = new Map([['axis', integerAttribute(0)]]);
    expect(shapeOf(infer('ms.concat', [tensorType(['s', 2], 'f32'), tensorType([1, 2], 'f32')], axis))).toEqual([
      's+1',
      2,
    ]);
  });

  test('slots are checked before rules', () => {
    expect(infer('ms.exp', [tensorType([2], 'i32')])).toEqual({
      ok: false,
      error: "operand 'x' is tensor<2xi32>, expected a tensor of floats",
    });
    expect(infer('ms.softmax', [tensorType([2], 'f32')])).toEqual({ ok: false, error: "attribute 'axis' is missing" });
    expect(infer('ms.add', [tensorType([2], 'f32')])).toEqual({
      ok: false,
      error: 'number of operands is 1, expected 2',
    });
  });
});
