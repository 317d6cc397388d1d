/** Evaluation of elementwise ops: a float and, where the op takes integers, an integer function of elements. */
import { saturateToInt64 } from '../../../runtime/numerics/index.ts';
import { floatOf, stringOf } from '../core/definition.ts';
import type { AttributeMap } from '../core/attribute.ts';
import type { DType } from '../core/type.ts';
import { isFloat } from '../core/type.ts';
import { broadcastShapes } from '../ops/index.ts';
import type { activationOps } from '../ops/activation.ts';
import type { binaryOps, comparisonOps, unaryOps } from '../ops/elementwise.ts';
import type { TensorValue } from './array.ts';
import { generate, generateIntegers, integersOfValue, isFloatValue, numbersOf, staticResult } from './array.ts';
import type { Evaluate } from './cell.ts';
import { broadcastOffsets, take } from './offsets.ts';
import { erf, floorMod, GELU, hardSigmoid, roundEven, sigmoid, softplus } from './special.ts';

type OnFloat = (x: number) => number;
type OnInteger = (x: bigint) => bigint;

function unary(float: OnFloat | null, integer: OnInteger | null = null): Evaluate {
  return ([x]) => [mapElements(x, float, integer)];
}

/** A unary op whose function depends on attributes. */
function withAttributes(float: (attributes: AttributeMap) => OnFloat): Evaluate {
  return ([x], op) => [
    mapElements(x, float(op.attributes), (element) => BigInt(Math.trunc(float(op.attributes)(Number(element))))),
  ];
}

function mapElements(x: TensorValue, float: OnFloat | null, integer: OnInteger | null): TensorValue {
  if (isFloatValue(x)) {
    if (float === null) throw new Error('no float meaning');
    const numbers = numbersOf(x);
    return generate(x.shape, x.dtype, (index) => float(numbers[index]));
  }
  if (integer === null) throw new Error('no integer meaning');
  const integers = integersOfValue(x);
  return generateIntegers(x.shape, x.dtype, (index) => integer(integers[index]));
}

const test =
  (holds: (x: number) => boolean): Evaluate =>
  ([x]) => {
    const numbers = numbersOf(x);
    return [generate(x.shape, 'i1', (index) => Number(holds(numbers[index])))];
  };

export const evaluateUnary: Readonly<Record<keyof typeof unaryOps, Evaluate>> = {
  'ms.neg': unary(
    (x) => -x,
    (x) => -x,
  ),
  'ms.abs': unary(Math.abs, (x) => (x < 0n ? -x : x)),
  'ms.sign': unary(Math.sign, (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n)),
  'ms.square': unary(
    (x) => x * x,
    (x) => x * x,
  ),
  'ms.sqrt': unary(Math.sqrt),
  'ms.rsqrt': unary((x) => 1 / Math.sqrt(x)),
  'ms.reciprocal': unary((x) => 1 / x),
  'ms.exp': unary(Math.exp),
  'ms.expm1': unary(Math.expm1),
  'ms.log': unary(Math.log),
  'ms.log1p': unary(Math.log1p),
  'ms.sin': unary(Math.sin),
  'ms.cos': unary(Math.cos),
  'ms.tan': unary(Math.tan),
  'ms.asin': unary(Math.asin),
  'ms.acos': unary(Math.acos),
  'ms.atan': unary(Math.atan),
  'ms.sinh': unary(Math.sinh),
  'ms.cosh': unary(Math.cosh),
  'ms.tanh': unary(Math.tanh),
  'ms.asinh': unary(Math.asinh),
  'ms.acosh': unary(Math.acosh),
  'ms.atanh': unary(Math.atanh),
  'ms.erf': unary(erf),
  'ms.floor': unary(Math.floor),
  'ms.ceil': unary(Math.ceil),
  'ms.round': unary(roundEven),
  'ms.trunc': unary(Math.trunc),
  'ms.logical_not': unary(null, (x) => 1n - x),
  'ms.bitwise_not': ([x]) => [
    x.dtype === 'i1' ? mapElements(x, null, (bit) => 1n - bit) : mapElements(x, null, (bits) => ~bits),
  ],
  'ms.isnan': test(Number.isNaN),
  'ms.isinf': test((x) => Math.abs(x) === Infinity),
  'ms.isfinite': test(Number.isFinite),
  'ms.clamp': withAttributes((attributes) => {
    const [low, high] = [floatOf(attributes, 'low'), floatOf(attributes, 'high')];
    return (x) => Math.min(Math.max(x, low), high);
  }),
  'ms.stop_gradient': ([x]) => [x],
};

export const evaluateActivation: Readonly<Record<keyof typeof activationOps, Evaluate>> = {
  'ms.relu': unary(
    (x) => Math.max(x, 0),
    (x) => (x > 0n ? x : 0n),
  ),
  'ms.relu6': unary(
    (x) => Math.min(Math.max(x, 0), 6),
    (x) => (x > 6n ? 6n : x > 0n ? x : 0n),
  ),
  'ms.leaky_relu': withAttributes((attributes) => {
    const alpha = floatOf(attributes, 'alpha');
    return (x) => (x > 0 ? x : alpha * x);
  }),
  'ms.elu': withAttributes((attributes) => {
    const alpha = floatOf(attributes, 'alpha');
    return (x) => (x > 0 ? x : alpha * Math.expm1(x));
  }),
  'ms.sigmoid': unary(sigmoid),
  'ms.log_sigmoid': unary((x) => -softplus(-x)),
  'ms.softplus': unary(softplus),
  'ms.silu': unary((x) => x * sigmoid(x)),
  'ms.gelu': withAttributes((attributes) => GELU[stringOf(attributes, 'approximate')]),
  'ms.hardsigmoid': unary(hardSigmoid),
  'ms.hardswish': unary((x) => x * hardSigmoid(x)),
  'ms.mish': unary((x) => x * Math.tanh(softplus(x))),
};

/** Operands broadcast to one shape. */
function broadcast(operands: readonly TensorValue[]): readonly TensorValue[] {
  const shape = operands.reduce<readonly number[]>((joined, operand) => {
    const next = broadcastShapes(joined, operand.shape);
    if (next === null)
      throw new Error(`shapes [${joined.join(', ')}] and [${operand.shape.join(', ')}] do not broadcast`);
    return next.map(Number);
  }, []);
  return operands.map((operand) => {
    const offsets = broadcastOffsets(operand.shape, shape);
    return offsets === null ? operand : take(operand, shape, offsets);
  });
}

function binary(
  float: ((lhs: number, rhs: number) => number) | null,
  integer: ((lhs: bigint, rhs: bigint) => bigint) | null = null,
): Evaluate {
  return (operands) => {
    const [lhs, rhs] = broadcast(operands);
    if (isFloatValue(lhs)) {
      if (float === null) throw new Error('no float meaning');
      const [left, right] = [numbersOf(lhs), numbersOf(rhs)];
      return [generate(lhs.shape, lhs.dtype, (index) => float(left[index], right[index]))];
    }
    if (integer === null) throw new Error('no integer meaning');
    const [left, right] = [integersOfValue(lhs), integersOfValue(rhs)];
    return [generateIntegers(lhs.shape, lhs.dtype, (index) => integer(left[index], right[index]))];
  };
}

/** Comparisons of JavaScript mean the same on numbers and bigints. */
function comparison(holds: (lhs: number | bigint, rhs: number | bigint) => boolean): Evaluate {
  return (operands) => {
    const [lhs, rhs] = broadcast(operands);
    const read = isFloatValue(lhs) ? numbersOf : integersOfValue;
    const [left, right] = [read(lhs), read(rhs)];
    return [generate(lhs.shape, 'i1', (index) => Number(holds(left[index], right[index])))];
  };
}

const floorQuotient = (lhs: bigint, rhs: bigint): bigint => (lhs - floorRest(lhs, rhs)) / rhs;

function floorRest(lhs: bigint, rhs: bigint): bigint {
  const rest = lhs % rhs;
  return rest !== 0n && rest < 0n !== rhs < 0n ? rest + rhs : rest;
}

/** Division by the integer 0 gives 0. */
const unlessZero = (divide: (lhs: bigint, rhs: bigint) => bigint) => (lhs: bigint, rhs: bigint) =>
  rhs === 0n ? 0n : divide(lhs, rhs);

/** Powers wrap; a negative exponent gives 0 except for bases 1 and -1. */
function integerPower(base: bigint, exponent: bigint): bigint {
  if (exponent < 0n) return base === 1n ? 1n : base === -1n ? (exponent % 2n === 0n ? 1n : -1n) : 0n;
  let result = 1n;
  for (let [factor, rest] = [base, exponent]; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(64, result * factor);
    factor = BigInt.asIntN(64, factor * factor);
  }
  return result;
}

export const evaluateBinary: Readonly<Record<keyof typeof binaryOps, Evaluate>> = {
  'ms.add': binary(
    (lhs, rhs) => lhs + rhs,
    (lhs, rhs) => lhs + rhs,
  ),
  'ms.sub': binary(
    (lhs, rhs) => lhs - rhs,
    (lhs, rhs) => lhs - rhs,
  ),
  'ms.mul': binary(
    (lhs, rhs) => lhs * rhs,
    (lhs, rhs) => lhs * rhs,
  ),
  'ms.div': binary(
    (lhs, rhs) => lhs / rhs,
    unlessZero((lhs, rhs) => lhs / rhs),
  ),
  'ms.floor_div': binary((lhs, rhs) => Math.floor(lhs / rhs), unlessZero(floorQuotient)),
  'ms.mod': binary(floorMod, unlessZero(floorRest)),
  'ms.remainder': binary(
    (lhs, rhs) => lhs % rhs,
    unlessZero((lhs, rhs) => lhs % rhs),
  ),
  'ms.pow': binary((lhs, rhs) => (lhs === 1 ? 1 : lhs ** rhs), integerPower),
  'ms.maximum': binary(Math.max, (lhs, rhs) => (lhs > rhs ? lhs : rhs)),
  'ms.minimum': binary(Math.min, (lhs, rhs) => (lhs < rhs ? lhs : rhs)),
  'ms.atan2': binary(Math.atan2),
  'ms.logical_and': binary(null, (lhs, rhs) => lhs & rhs),
  'ms.logical_or': binary(null, (lhs, rhs) => lhs | rhs),
  'ms.logical_xor': binary(null, (lhs, rhs) => lhs ^ rhs),
  'ms.bitwise_and': binary(null, (lhs, rhs) => lhs & rhs),
  'ms.bitwise_or': binary(null, (lhs, rhs) => lhs | rhs),
  'ms.bitwise_xor': binary(null, (lhs, rhs) => lhs ^ rhs),
};

export const evaluateComparison: Readonly<Record<keyof typeof comparisonOps, Evaluate>> = {
  'ms.equal': comparison((lhs, rhs) => lhs === rhs),
  'ms.not_equal': comparison((lhs, rhs) => lhs !== rhs),
  'ms.less': comparison((lhs, rhs) => lhs < rhs),
  'ms.less_equal': comparison((lhs, rhs) => lhs <= rhs),
  'ms.greater': comparison((lhs, rhs) => lhs > rhs),
  'ms.greater_equal': comparison((lhs, rhs) => lhs >= rhs),
  'ms.select': (operands) => {
    const [condition, onTrue, onFalse] = broadcast(operands);
    const data = onTrue.data.slice();
    for (let index = 0; index < data.length; index++) if (!condition.data[index]) data[index] = onFalse.data[index];
    return [{ shape: onTrue.shape, dtype: onTrue.dtype, data }];
  },
  'ms.cast': ([x], op) => [castTo(x, staticResult(op.resultTypes[0]).dtype)],
};

const INTEGER_BITS: Readonly<Partial<Record<DType, number>>> = {
  i8: 8,
  ui8: 8,
  i16: 16,
  ui16: 16,
  i32: 32,
  ui32: 32,
  i64: 64,
  ui64: 64,
};

function castTo(x: TensorValue, dtype: DType): TensorValue {
  if (isFloat(dtype)) {
    const numbers = numbersOf(x);
    return generate(x.shape, dtype, (index) => numbers[index]);
  }
  if (dtype === 'i1') {
    const numbers = numbersOf(x);
    return generate(x.shape, dtype, (index) => Number(numbers[index] !== 0));
  }
  return isFloatValue(x)
    ? floatToInteger(x, dtype)
    : generateIntegers(
        x.shape,
        dtype,
        (
          (integers) => (index: number) =>
            integers[index]
        )(integersOfValue(x)),
      );
}

/** Truncates and saturates; NaN gives 0. */
function floatToInteger(x: TensorValue, dtype: DType): TensorValue {
  const bits = INTEGER_BITS[dtype] ?? 64;
  const unsigned = dtype.startsWith('u');
  const low = unsigned ? 0n : -(2n ** BigInt(bits - 1));
  const high = 2n ** BigInt(unsigned ? bits : bits - 1) - 1n;
  const numbers = numbersOf(x);
  return generateIntegers(x.shape, dtype, (index) => {
    const value =
      numbers[index] >= 2 ** 63 && unsigned && bits === 64
        ? BigInt(Math.min(Math.trunc(numbers[index]), 2 ** 64 - 2048))
        : saturateToInt64(numbers[index]);
    return value < low ? low : value > high ? high : value;
  });
}
