/** Elementwise functions with broadcasting, as data: name → function of numbers and the type of its result. */
import type { DType } from '../../../ir/index.ts';
import { elementArray } from '../../../ir/index.ts';
import { loadNumber, storeNumber } from '../../../ir/ops/index.ts';
import { type Interpreter, type PyValue } from '../../eval/index.ts';
import { broadcastShape, NdArray, plainElements } from './array.ts';
import { asArray, commonDType, isNumber, result } from './convert.ts';
import { isFloatDType } from './dtype.ts';

/** Integers stay integers, or become floats, or the result is a boolean. */
type Kind = 'same' | 'float' | 'bool';

const floorDivide = (x: number, y: number): number => Math.floor(x / y);
const modulo = (x: number, y: number): number => x - Math.floor(x / y) * y;
/** Ties to even. */
export const roundEven = (x: number): number => {
  const low = Math.floor(x);
  const gap = x - low;
  if (gap !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
};

function gcd(x: number, y: number): number {
  return y === 0 ? Math.abs(x) : gcd(y, x % y);
}

export const UNARY: Readonly<Record<string, readonly [Kind, (x: number) => number]>> = {
  negative: ['same', (x) => -x],
  positive: ['same', (x) => x],
  abs: ['same', Math.abs],
  absolute: ['same', Math.abs],
  fabs: ['float', Math.abs],
  sign: ['same', Math.sign],
  square: ['same', (x) => x * x],
  sqrt: ['float', Math.sqrt],
  cbrt: ['float', Math.cbrt],
  exp: ['float', Math.exp],
  expm1: ['float', Math.expm1],
  log: ['float', Math.log],
  log2: ['float', Math.log2],
  log10: ['float', Math.log10],
  log1p: ['float', Math.log1p],
  exp2: ['float', (x) => 2 ** x],
  reciprocal: ['float', (x) => 1 / x],
  sin: ['float', Math.sin],
  cos: ['float', Math.cos],
  tan: ['float', Math.tan],
  arcsin: ['float', Math.asin],
  arccos: ['float', Math.acos],
  arctan: ['float', Math.atan],
  sinh: ['float', Math.sinh],
  cosh: ['float', Math.cosh],
  tanh: ['float', Math.tanh],
  arcsinh: ['float', Math.asinh],
  arccosh: ['float', Math.acosh],
  arctanh: ['float', Math.atanh],
  floor: ['float', Math.floor],
  ceil: ['float', Math.ceil],
  trunc: ['float', Math.trunc],
  fix: ['float', Math.trunc],
  rint: ['float', roundEven],
  deg2rad: ['float', (x) => (x * Math.PI) / 180],
  radians: ['float', (x) => (x * Math.PI) / 180],
  rad2deg: ['float', (x) => (x * 180) / Math.PI],
  degrees: ['float', (x) => (x * 180) / Math.PI],
  isnan: ['bool', (x) => +Number.isNaN(x)],
  isinf: ['bool', (x) => +(Math.abs(x) === Infinity)],
  isfinite: ['bool', (x) => +Number.isFinite(x)],
  logical_not: ['bool', (x) => +(x === 0)],
};

export const BINARY: Readonly<Record<string, readonly [Kind, (x: number, y: number) => number]>> = {
  add: ['same', (x, y) => x + y],
  subtract: ['same', (x, y) => x - y],
  multiply: ['same', (x, y) => x * y],
  divide: ['float', (x, y) => x / y],
  true_divide: ['float', (x, y) => x / y],
  floor_divide: ['same', floorDivide],
  mod: ['same', modulo],
  remainder: ['same', modulo],
  fmod: ['same', (x, y) => x % y],
  power: ['same', (x, y) => x ** y],
  float_power: ['float', (x, y) => x ** y],
  maximum: ['same', Math.max],
  minimum: ['same', Math.min],
  arctan2: ['float', Math.atan2],
  hypot: ['float', Math.hypot],
  equal: ['bool', (x, y) => +(x === y)],
  not_equal: ['bool', (x, y) => +(x !== y)],
  less: ['bool', (x, y) => +(x < y)],
  less_equal: ['bool', (x, y) => +(x <= y)],
  greater: ['bool', (x, y) => +(x > y)],
  greater_equal: ['bool', (x, y) => +(x >= y)],
  logical_and: ['bool', (x, y) => +(x !== 0 && y !== 0)],
  logical_or: ['bool', (x, y) => +(x !== 0 || y !== 0)],
  logical_xor: ['bool', (x, y) => +((x !== 0) !== (y !== 0))],
  bitwise_and: ['same', (x, y) => x & y],
  bitwise_or: ['same', (x, y) => x | y],
  bitwise_xor: ['same', (x, y) => x ^ y],
  left_shift: ['same', (x, y) => x * 2 ** y],
  right_shift: ['same', (x, y) => Math.floor(x / 2 ** y)],
  gcd: ['same', gcd],
  lcm: ['same', (x, y) => (x === 0 && y === 0 ? 0 : Math.abs(x * y) / gcd(x, y))],
};

function resultDType(kind: Kind, dtype: DType): DType {
  if (kind === 'bool') return 'i1';
  return kind === 'float' && !isFloatDType(dtype) ? 'f64' : dtype;
}

export function unary(py: Interpreter, name: string, x: PyValue): PyValue {
  const [kind, compute] = UNARY[name];
  const array = asArray(py, x);
  py.spend(array.size);
  const offsets = array.offsets();
  return result(
    NdArray.generate(array.shape, resultDType(kind, array.dtype), (index) =>
      compute(loadNumber(array.dtype, array.data, offsets[index])),
    ),
  );
}

function binaryArray(py: Interpreter, name: string, x: PyValue, y: PyValue): NdArray {
  const [kind, compute] = BINARY[name];
  const arrays = [asArray(py, x), asArray(py, y)];
  const dtype = commonDType([x, y], arrays);
  const plain = dtype === 'f32' && kind !== 'bool' ? plainBinary(py, arrays, compute) : null;
  if (plain) return plain;
  const shape = broadcastShape(arrays.map((array) => array.shape));
  const [left, right] = arrays.map((array) => array.broadcastTo(shape));
  const [from, to] = [left.offsets(), right.offsets()];
  py.spend(from.length);
  const typed =
    kind === 'same' && dtype === 'i1' && ['add', 'subtract', 'multiply'].includes(name)
      ? 'i1'
      : resultDType(kind, dtype);
  const round = rounding(dtype);
  const data = elementArray(typed, from.length);
  for (let index = 0; index < from.length; index++) {
    const value = compute(
      round(loadNumber(left.dtype, left.data, from[index])),
      round(loadNumber(right.dtype, right.data, to[index])),
    );
    storeNumber(
      typed,
      data,
      index,
      typed === 'i1' ? +(value !== 0) : Number.isFinite(value) || isFloatDType(typed) ? value : 0,
    );
  }
  return NdArray.of(data, shape, typed);
}

/** The frequent case: f32 arrays of one shape, or an array and a number. */
function plainBinary(
  py: Interpreter,
  [first, second]: readonly NdArray[],
  compute: (x: number, y: number) => number,
): NdArray | null {
  const [left, right] = [plainElements(first), plainElements(second)];
  if (!left || !right) return null;
  const isScalar = right.length === 1 && second.shape.length <= first.shape.length;
  if (!isScalar && first.shape.join() !== second.shape.join()) return null;
  py.spend(left.length);
  const data = new Float32Array(left.length);
  const only = isScalar ? Math.fround(right[0]) : 0;
  for (let index = 0; index < left.length; index++)
    data[index] = compute(Math.fround(left[index]), isScalar ? only : Math.fround(right[index]));
  return NdArray.of(data, first.shape, 'f32');
}

/** Operands meet in the common type before they are combined. */
const rounding = (dtype: DType): ((x: number) => number) => (dtype === 'f32' ? Math.fround : (x) => x);

export const binary = (py: Interpreter, name: string, x: PyValue, y: PyValue): PyValue =>
  result(binaryArray(py, name, x, y));

/** `x op= y`: writes into the elements of x. */
export function inPlace(py: Interpreter, name: string, x: NdArray, y: PyValue): NdArray {
  py.touch(x);
  x.assign(binaryArray(py, name, x, y));
  return x;
}

export const isOperand = (value: PyValue): boolean => value instanceof NdArray || isNumber(value);
