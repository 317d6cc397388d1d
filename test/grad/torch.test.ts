/** First and second derivatives against PyTorch's autograd, at kinks and far out too (recorded by record/record.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { fromNumbers } from '../../compiler/ir/evaluate/index.ts';
import { differentiated, numbers, run } from './harness.ts';

interface Recorded {
  readonly shape: readonly number[];
  /** null where PyTorch has no number. */
  readonly data: readonly (number | null)[];
}

type Plain = number | string | boolean | readonly number[];

interface GradientCase {
  readonly name: string;
  readonly op: string;
  readonly attributes: Readonly<Record<string, Plain>>;
  readonly inputs: readonly Recorded[];
  readonly result: readonly number[];
  readonly cotangent: Recorded;
  readonly first: readonly Recorded[];
  readonly weights: readonly Recorded[];
  readonly second: readonly Recorded[] | null;
}

const { cases } = JSON.parse(readFileSync(new URL('torch.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly GradientCase[];
};

/** Attributes whose slots are floats, though their value may be whole. */
const FLOATS: ReadonlySet<string> = new Set(['alpha', 'low', 'high', 'epsilon', 'scale']);

function attributeText(name: string, value: Plain): string {
  if (typeof value === 'object') return `array<i64: ${value.join(', ')}>`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  return FLOATS.has(name) ? `${value.toExponential(16)} : f64` : `${value} : i64`;
}

const typeOf = ({ shape }: Pick<Recorded, 'shape'>): string =>
  `tensor<${shape.map((extent) => `${extent}x`).join('')}f64>`;
const valueOf = ({ shape, data }: Recorded): TensorValue => fromNumbers(shape, 'f64', data.map(Number));
const listed = (prefix: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `%${prefix}${index}`).join(', ');

function moduleText({ op, attributes, inputs, result }: GradientCase): string {
  const types = inputs.map(typeOf);
  const y = typeOf({ shape: result });
  const defined = (prefix: string) => types.map((type, index) => `%${prefix}${index}: ${type}`).join(', ');
  const count = inputs.length;
  const entries = Object.entries(attributes).map(([name, value]) => `${name} = ${attributeText(name, value)}`);
  const gradients = (name: string, total: number) =>
    Array.from({ length: count }, (_, index) => `%${name}#${total + index}`).join(', ');
  return `func.func private @first(${defined('x')}, %d: ${y}) -> (${types.join(', ')}) {
  %v:${count + 1} = "ms.vjp"(${listed('x', count)}, %d) ({
    ^bb0(${defined('p')}):
    %y = "${op}"(${listed('p', count)}) {${entries.join(', ')}} : (${types.join(', ')}) -> ${y}
    scf.yield %y : ${y}
  }) {outputs = 1, primals = ${count}} : (${types.join(', ')}, ${y}) -> (${y}, ${types.join(', ')})
  func.return ${gradients('v', 1)} : ${types.join(', ')}
}
func.func @main(${defined('x')}, %d: ${y}, ${defined('w')}) -> (${[...types, ...types].join(', ')}) {
  %v:${2 * count} = "ms.vjp"(${listed('x', count)}, ${listed('w', count)}) ({
    ^bb0(${defined('p')}):
    %g:${count} = func.call @first(${listed('p', count)}, %d) : (${types.join(', ')}, ${y}) -> (${types.join(', ')})
    scf.yield ${gradients('g', 0)} : ${types.join(', ')}
  }) {outputs = ${count}, primals = ${count}} : (${[...types, ...types].join(', ')}) -> (${[...types, ...types].join(', ')})
  func.return ${gradients('v', 0)}, ${gradients('v', count)} : ${[...types, ...types].join(', ')}
}`;
}

/** Cases whose second derivatives are not compared, and why. */
const FIRST_ONLY: Readonly<Record<string, string>> = {
  elu: 'it jumps at 0, where PyTorch takes the other side',
  pow_zero: 'at exponent 0 PyTorch leaves out a term',
};

/** Cases that PyTorch computes with fewer digits. */
const ROUGH: ReadonlySet<string> = new Set(['hardsigmoid']);

function expectClose(name: string, found: TensorValue, wanted: Recorded): void {
  expect(found.shape).toEqual(wanted.shape);
  const limit = (ROUGH.has(name) ? 1e-7 : 1e-12) * Math.max(1, ...wanted.data.map((value) => Math.abs(value ?? 0)));
  const far = numbers(found).flatMap((value, index) => {
    const expected = wanted.data[index];
    return expected === null || Math.abs(value - expected) <= limit ? [] : [[index, value, expected]];
  });
  expect(far).toEqual([]);
}

describe('derivatives are those of PyTorch', () => {
  test.each(cases.map((recorded) => [recorded.name, recorded] as const))('%s', (name, recorded) => {
    const module = differentiated(moduleText(recorded));
    const inputs = [...recorded.inputs, recorded.cotangent, ...recorded.weights].map(valueOf);
    const found = run(module, 'main', inputs);
    recorded.first.forEach((wanted, index) => expectClose(name, found[index], wanted));
    if (recorded.second === null || name in FIRST_ONLY) return;
    recorded.second.forEach((wanted, index) => expectClose(name, found[recorded.first.length + index], wanted));
  });
});
