/** Elementwise ops on the machine against the oracle, element by element, on values where functions go wrong. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DType, Module } from '../../compiler/ir/index.ts';
import { isAbsent, isFloat, parseModule, tensorType } from '../../compiler/ir/index.ts';
import { evaluateFunction, fromNumbers, isScalar, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { opTable, tensorOps } from '../../compiler/ir/ops/index.ts';
import type { Engine } from '../../runtime/host/index.ts';
import { createEngine } from '../../runtime/host/index.ts';
import { compileModule, runOnEngine } from './simulate.ts';

const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  0.75,
  2,
  -2,
  3,
  -3,
  5.5,
  -7.25,
  1e-30,
  -1e-30,
  1e-6,
  -1e-6,
  1e-3,
  0.1,
  -0.1,
  0.3,
  12.5,
  -20,
  40,
  88,
  -88,
  100,
  -104,
  1e4,
  1e10,
  -1e10,
  3e38,
  -3e38,
  Infinity,
  -Infinity,
  NaN,
];
const INTEGERS = [
  0,
  1,
  -1,
  2,
  -2,
  3,
  -3,
  7,
  -7,
  10,
  31,
  100,
  127,
  -128,
  255,
  1000,
  46341,
  -65535,
  65536,
  16777217,
  -16777219,
  2 ** 30,
  -(2 ** 30),
  2 ** 31 - 1,
  2 ** 31 - 2,
  -(2 ** 31),
  -(2 ** 31) + 1,
  123456789,
  -987654321,
];

const valuesOf = (dtype: DType): readonly number[] => (dtype === 'i1' ? [0, 1] : isFloat(dtype) ? FLOATS : INTEGERS);

/** Every combination of values, one list for each operand. */
function combinations(dtypes: readonly DType[]): readonly (readonly number[])[] {
  const rows = dtypes.reduce<readonly (readonly number[])[]>(
    (all, dtype) => all.flatMap((row) => valuesOf(dtype).map((value) => [...row, value])),
    [[]],
  );
  return dtypes.map((_, operand) => rows.map((row) => row[operand]));
}

/** Relative spacing and least positive value of each float. */
const EPSILON: Readonly<Partial<Record<DType, number>>> = { f32: 2 ** -23, f16: 2 ** -10, bf16: 2 ** -7 };
const LEAST: Readonly<Partial<Record<DType, number>>> = { f32: 2 ** -125, f16: 2 ** -23, bf16: 2 ** -125 };

/** The difference in units of the expected value's spacing; what is closer than the least positive values is equal. */
function units(actual: number, expected: number, dtype: DType): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  const difference = Math.abs(actual - expected);
  if (difference <= (LEAST[dtype] ?? 0)) return 0;
  return Number.isFinite(difference) ? difference / (Math.abs(expected) * (EPSILON[dtype] ?? 0)) : Infinity;
}

/** What an op promises on floats: the greatest error in units of the last place (absent: none), and where. */
interface Accuracy {
  readonly units: number;
  readonly where?: (...operands: readonly number[]) => boolean;
}

const close: Accuracy = { units: 2 };
/** The reduction by π has 24 more bits than f32. */
const reduced: Accuracy = { units: 2, where: (x) => !(Math.abs(x) > 1e5) };
/** The quotient is one f32: it must not run over, and rests are exact below 2^12. */
const divided: Accuracy = {
  units: 0,
  where: (left, right) =>
    !(Math.abs(left / right) >= 2 ** 12) &&
    !(left !== 0 && Math.abs(left / right) < 2 ** -126 && Number.isFinite(right)),
};

const ACCURACY: Readonly<Record<string, Accuracy>> = {
  ...Object.fromEntries(
    [
      'rsqrt',
      'exp',
      'expm1',
      'log',
      'log1p',
      'asin',
      'acos',
      'atan',
      'sinh',
      'cosh',
      'tanh',
      'asinh',
      'acosh',
      'atanh',
      'erf',
      'atan2',
      'elu',
      'sigmoid',
      'log_sigmoid',
      'softplus',
      'silu',
      'hardsigmoid',
      'hardswish',
      'mish',
    ].map((name) => [`ms.${name}`, close]),
  ),
  'ms.sin': reduced,
  'ms.cos': reduced,
  'ms.tan': reduced,
  'ms.floor_div': divided,
  'ms.mod': divided,
  'ms.remainder': divided,
  // exp(y·ln x): the error of the logarithm grows with the exponent of the result.
  'ms.pow': { units: 64 },
  // 1 + erf or 1 + tanh cancels far below 0, where the result is next to nothing.
  'ms.gelu': { units: 16, where: (x) => !(x < -1) },
};

/** Attributes of ops that have some. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'ms.clamp': '{low = -2.5 : f32, high = 3.0 : f32}',
  'ms.leaky_relu': '{alpha = 0.25 : f32}',
  'ms.elu': '{alpha = 0.5 : f32}',
  'ms.gelu': '{approximate = "none"}',
};

function text(op: string, operands: readonly DType[], result: DType, count: number): string {
  const type = (dtype: DType): string => `tensor<${count}x${dtype}>`;
  const list = (item: (dtype: DType, index: number) => string): string => operands.map(item).join(', ');
  return `func.func @main(${list((dtype, index) => `%a${index}: ${type(dtype)}`)}) -> ${type(result)} {
  %r = "${op}"(${list((_, index) => `%a${index}`)}) ${ATTRIBUTES[op] ?? ''} : (${list(type)}) -> ${type(result)}
  func.return %r : ${type(result)}
}`;
}

function moduleOf(source: string): Module {
  const { module, diagnostics } = parseModule({ name: 'special.mlir', text: source }, opTable);
  if (!module) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return module;
}

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

/** Elements that are further from the oracle than the op promises. */
function differences(op: string, operands: readonly DType[], result: DType): readonly string[] {
  const given = combinations(operands);
  const source = text(op, operands, result, given[0].length);
  const inputs = given.map((numbers, index) => fromNumbers([numbers.length], operands[index], numbers));
  const program = compileModule(moduleOf(source));
  if (!('kernels' in program))
    throw new Error(program.map(({ message, notes }) => [message, ...notes].join('; ')).join('\n'));
  const [actual] = runOnEngine(engine, program, inputs);
  const outcome = evaluateFunction(moduleOf(source), 'main', inputs);
  if (!outcome.ok) throw new Error(outcome.error.message);
  const [expected] = outcome.value;
  if (isScalar(expected)) throw new Error('a scalar');
  const [found, wanted] = [numbersOf(actual), numbersOf(expected)];
  const stored = inputs.map(numbersOf);
  const { units: most, where } = ACCURACY[op] ?? { units: 0 };
  return Array.from(wanted).flatMap((number, index) => {
    const values = stored.map((numbers) => numbers[index]);
    const isFine =
      units(found[index], number, result) <= most || (isFloat(operands[0]) && where !== undefined && !where(...values));
    return isFine ? [] : [`(${values.join(', ')}) gives ${found[index]}, expected ${number}`];
  });
}

const DTYPES: readonly DType[] = ['f32', 'f16', 'bf16', 'i32', 'i16', 'i8', 'ui8', 'i1'];

/** The elementwise ops that take a dtype, with the dtype of their result. */
function opsOn(dtype: DType): readonly (readonly [op: string, operands: readonly DType[], result: DType])[] {
  return Object.values(tensorOps).flatMap((definition) => {
    const { name, traits, operands, infer } = definition;
    const type = tensorType([1], dtype);
    if (!traits.includes('elementwise') || isAbsent(infer) || name === 'ms.select') return [];
    if (!operands.every(({ accepts, arity }) => arity === 'one' && accepts.test(type))) return [];
    const types = infer(
      operands.map(() => type),
      new Map(),
    );
    const result = types.ok && types.value[0].kind === 'tensor' ? types.value[0].dtype : dtype;
    return [[name, operands.map(() => dtype), result] as const];
  });
}

/** Integers of the scalar unit: the ops that it computes, and comparisons. */
describe.each(['i64', 'ui32', 'ui16'] as const)('%s', (dtype) => {
  const without = new Set(['ms.pow']);
  test.each(opsOn(dtype).filter(([op]) => !without.has(op)))('%s', (op, operands, result) => {
    expect(differences(op, operands, result)).toEqual([]);
  });

  test('ms.select', () => {
    expect(differences('ms.select', ['i1', dtype, dtype], dtype)).toEqual([]);
  });
});

describe.each(DTYPES)('%s', (dtype) => {
  test.each(opsOn(dtype))('%s', (op, operands, result) => {
    expect(differences(op, operands, result)).toEqual([]);
  });

  test('ms.select', () => {
    expect(differences('ms.select', ['i1', dtype, dtype], dtype)).toEqual([]);
  });

  test.each(DTYPES)('ms.cast to %s', (to) => {
    expect(differences('ms.cast', [dtype], to)).toEqual([]);
  });
});
