import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FunctionType, Module, Type } from '../../compiler/ir/index.ts';
import { isAbsent, isFloat, parseModule, staticShape, walk } from '../../compiler/ir/index.ts';
import type { RuntimeValue, TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { evaluateFunction, fromNumbers, isScalar } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import type { RewriteStatistics } from '../../compiler/passes/rewrite/index.ts';
import { canonicalize } from '../../compiler/passes/simplify/canonicalize.ts';
import { simplifyOps, tensorFolding, tensorRules } from '../../compiler/passes/simplify/rules/index.ts';
import { mismatch } from './opcase.ts';

/** The functions of a file, each with an op and one of its rules. */
const functionsOf = (file: string) =>
  [
    ...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(
      /^\/\/ (ms\.\w+): (.+)\n(func\.func @(\w+)[^]*?^\})/gm,
    ),
  ].map(([, op, rule, source, name]) => ({ op, rule, source, name }));

/** Where the rule must apply, and where it must not. */
const examples = functionsOf('./simplify.mlir');
const nearMisses = functionsOf('./near-misses.mlir');

function parse(source: string): Module {
  const { module, diagnostics } = parseModule({ name: 'simplify.mlir', text: source }, opTable);
  if (module === null) throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join('; '));
  return module;
}

/** Small numbers of both signs; booleans alternate. */
function inputOf(type: Type, seed: number): TensorValue {
  const shape = type.kind === 'tensor' ? staticShape(type) : null;
  if (type.kind !== 'tensor' || shape === null) throw new Error(`${type.key} as input`);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const scale = isFloat(type.dtype) ? 0.25 : 1;
  return fromNumbers(
    shape,
    type.dtype,
    Array.from({ length: count }, (_, index) =>
      type.dtype === 'i1' ? (index + seed) % 2 : (((index * 7 + seed * 5) % 11) - 4) * scale,
    ),
  );
}

function signature(module: Module): FunctionType {
  const type = module.body.operations[0].attribute('function_type');
  if (type?.kind !== 'type' || type.type.kind !== 'function') throw new Error('no function type');
  return type.type;
}

function run(module: Module, name: string, inputs: readonly TensorValue[]): readonly RuntimeValue[] {
  const outcome = evaluateFunction(module, name, inputs);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}

const simplify = (module: Module): RewriteStatistics =>
  canonicalize(module, opTable, { patterns: tensorRules, folding: tensorFolding });

const problemOf = (actual: RuntimeValue, expected: RuntimeValue): string | null =>
  isScalar(actual) || isScalar(expected) ? 'a scalar' : mismatch(actual, expected, 1e-6);

function countOps(module: Module): number {
  let count = 0;
  walk(module.body, () => count++);
  return count;
}

describe('a rule keeps the value', () => {
  test.each(examples)('$op: $rule ($name)', ({ rule, source, name }) => {
    const module = parse(source);
    const inputs = signature(module).inputs.map(inputOf);
    const before = run(module, name, inputs);
    const statistics = simplify(module);
    expect([...statistics.applied.keys()]).toContain(rule);
    const after = run(module, name, inputs);
    expect(after.map((value, index) => problemOf(value, before[index]))).toEqual(before.map(() => null));
    expect(simplify(module).applied.size).toBe(0);
  });
});

describe('a rule does not apply', () => {
  test.each(nearMisses)('$op: $rule ($name)', ({ rule, source, name }) => {
    expect(examples.map((example) => example.rule)).toContain(rule);
    const module = parse(source);
    const inputs = signature(module).inputs.map(inputOf);
    const before = run(module, name, inputs);
    expect([...simplify(module).applied.keys()]).not.toContain(rule);
    expect(run(module, name, inputs).map((value, index) => problemOf(value, before[index]))).toEqual(
      before.map(() => null),
    );
  });
});

test('every rule has an example', () => {
  const shown = new Set(examples.map((example) => example.rule));
  const missing = Object.values(simplifyOps).flatMap((cell) => (isAbsent(cell) ? [] : cell.map((rule) => rule.name)));
  expect([...new Set(missing)].filter((rule) => !shown.has(rule))).toEqual([]);
});

test('constants fold within the bound, splats at any size', () => {
  const module = parse(`func.func @f() -> (tensor<2xf32>, tensor<512x512xf32>) {
    %a = "ms.constant"() {value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
    %b = "ms.constant"() {value = dense<3.0> : tensor<512x512xf32>} : () -> tensor<512x512xf32>
    %0 = "ms.exp"(%a) : (tensor<2xf32>) -> tensor<2xf32>
    %1 = "ms.square"(%b) : (tensor<512x512xf32>) -> tensor<512x512xf32>
    func.return %0, %1 : tensor<2xf32>, tensor<512x512xf32>
  }`);
  const before = run(module, 'f', []);
  simplify(module);
  expect(countOps(module)).toBe(4);
  const square = module.body.operations[0].regions[0].operations.at(-1)?.operands[1].owner;
  expect(square && 'name' in square ? square.attribute('value') : null).toMatchObject({ data: Float32Array.of(9) });
  expect(run(module, 'f', []).map((value, index) => problemOf(value, before[index]))).toEqual([null, null]);
});
