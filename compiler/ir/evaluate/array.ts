/**
 * Plain arrays: what the oracle computes on. Row-major, f16 and bf16 as bit patterns, i1 as bytes 0 and 1.
 *
 * Float arithmetic happens in f64 and rounds once to the dtype; integer arithmetic happens in bigint and wraps.
 */
import type { ElementArray } from '../core/attribute.ts';
import { elementArray } from '../core/attribute.ts';
import type { DType, TensorType, Type } from '../core/type.ts';
import { elementCount, isFloat, staticShape, tensorType } from '../core/type.ts';
import { loadNumber, storeNumber } from '../ops/index.ts';

/** A tensor's value. */
export interface TensorValue {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: ElementArray;
}

export const tensorValue = (shape: readonly number[], dtype: DType, data: ElementArray): TensorValue => ({
  shape,
  dtype,
  data,
});

export const countOf = (value: TensorValue): number => value.data.length;

export const typeOf = (value: TensorValue): TensorType => tensorType(value.shape, value.dtype);

/** Shape and dtype of a stated result, once every dimension is a number. */
export function staticResult(type: Type): { readonly shape: readonly number[]; readonly dtype: DType } {
  const shape = type.kind === 'tensor' ? staticShape(type) : null;
  if (type.kind !== 'tensor' || shape === null) throw new Error(`${type.key} is no static tensor type`);
  return { shape, dtype: type.dtype };
}

const isHalf = (dtype: DType): boolean => dtype === 'f16' || dtype === 'bf16';

/** Elements as numbers to read: the data itself where it already is; 64-bit integers beyond 2^53 round. */
export function numbersOf(value: TensorValue): ArrayLike<number> {
  const { data, dtype } = value;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  return isHalf(dtype) ? Float32Array.from(data, (_, index) => loadNumber(dtype, data, index)) : data;
}

/** Elements of an integer or boolean array as bigints. */
export function integersOfValue(value: TensorValue): ArrayLike<bigint> {
  const { data } = value;
  return data instanceof BigInt64Array || data instanceof BigUint64Array ? data : Array.from(data, BigInt);
}

/** An array from numbers, each rounded (floats) or wrapped (integers) to the dtype. */
export function fromNumbers(shape: readonly number[], dtype: DType, numbers: ArrayLike<number>): TensorValue {
  const data = elementArray(dtype, numbers.length);
  for (let index = 0; index < numbers.length; index++) storeNumber(dtype, data, index, numbers[index]);
  return { shape, dtype, data };
}

/** An array whose element i is `at(i)`. */
export function generate(shape: readonly number[], dtype: DType, at: (index: number) => number): TensorValue {
  const data = elementArray(dtype, elementCount(shape));
  if (isHalf(dtype) || data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let index = 0; index < data.length; index++) storeNumber(dtype, data, index, at(index));
  } else {
    for (let index = 0; index < data.length; index++) data[index] = at(index);
  }
  return { shape, dtype, data };
}

/** An array of integers or booleans whose element i is `at(i)`, wrapped to the width of the dtype. */
export function generateIntegers(shape: readonly number[], dtype: DType, at: (index: number) => bigint): TensorValue {
  const data = elementArray(dtype, elementCount(shape));
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let index = 0; index < data.length; index++) data[index] = at(index);
  } else {
    for (let index = 0; index < data.length; index++) data[index] = Number(BigInt.asIntN(32, at(index)));
  }
  return { shape, dtype, data };
}

/** One element everywhere. */
export function filled(shape: readonly number[], dtype: DType, value: number): TensorValue {
  return generate(shape, dtype, () => value);
}

/** Arithmetic on one kind of element: floats by numbers, integers and booleans by bigints. */
export const isFloatValue = (value: TensorValue): boolean => isFloat(value.dtype);

/** Distance in elements between neighbours along each dimension. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  const strides = Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** A shape seen along one axis: element (o, i, j) is at (o·extent + i)·inner + j. */
export interface Lanes {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
}

export function lanesOf(shape: readonly number[], axis: number): Lanes {
  return { outer: elementCount(shape.slice(0, axis)), extent: shape[axis], inner: elementCount(shape.slice(axis + 1)) };
}
