/** Python values as arrays, and back. */
import type { DType } from '../../../ir/index.ts';
import {
  PyFloat,
  PyList,
  PyObject,
  PyRange,
  PyTuple,
  valueError,
  type Interpreter,
  type PyValue,
} from '../../eval/index.ts';
import { intValue, realValue } from '../../eval/protocol/numbers.ts';
import { NdArray } from './array.ts';
import { dtypeOfNumpy, isFloatDType, promote, pythonNumber, requireDType, scalarValue } from './dtype.ts';

function itemsOf(value: PyValue): readonly PyValue[] | null {
  if (value instanceof PyTuple || value instanceof PyList) return value.items;
  if (value instanceof PyRange)
    return Array.from({ length: value.length }, (_, index) => value.start + index * value.step);
  return null;
}

/** The element type of a Python number; NumPy scalars carry their own. */
export function numberDType(value: PyValue): DType {
  if (typeof value === 'boolean') return 'i1';
  if (value instanceof PyObject) return dtypeOfNumpy(value.cls) ?? (value instanceof PyFloat ? 'f64' : 'i64');
  return 'i64';
}

export const isNumber = (value: PyValue): boolean => realValue(value) !== undefined;

/** Anything array-like as an array; `dtype` null keeps what it is. */
export function asArray(py: Interpreter, value: PyValue, dtype: DType | null = null): NdArray {
  if (value instanceof NdArray) return dtype ? value.astype(dtype) : value;
  const real = realValue(value);
  if (real !== undefined) return NdArray.generate([], dtype ?? numberDType(value), () => real);
  const convert = value instanceof PyObject ? py.findAttribute(value, '__array__') : undefined;
  if (convert !== undefined) return asArray(py, py.call(convert), dtype);
  const items = itemsOf(value) ?? (value instanceof PyObject ? py.collect(value) : null);
  if (!items) throw valueError(`cannot make an array of ${py.repr(value)}`);
  return fromItems(py, items, dtype);
}

function fromItems(py: Interpreter, items: readonly PyValue[], dtype: DType | null): NdArray {
  if (items.length === 0) return NdArray.generate([0], dtype ?? 'f64', () => 0);
  py.reserve(items.length);
  if (items.every(isNumber)) {
    const found = dtype ?? items.map(numberDType).reduce(promote);
    return NdArray.generate([items.length], found, (index) => realValue(items[index]) ?? 0);
  }
  const parts = items.map((item) => asArray(py, item, dtype));
  const [first] = parts;
  const odd = parts.find(
    (part) =>
      part.shape.length !== first.shape.length || part.shape.some((extent, axis) => extent !== first.shape[axis]),
  );
  if (odd)
    throw valueError(`the parts of an array have the shapes (${first.shape.join(',')}) and (${odd.shape.join(',')})`);
  const found = parts.map((part) => part.dtype).reduce(promote);
  const values = parts.flatMap((part) => part.numbers());
  return NdArray.generate([parts.length, ...first.shape], found, (index) => values[index]);
}

/** An array, or a scalar where it has no dimensions. */
export function result(array: NdArray): PyValue {
  return array.shape.length === 0 ? scalarValue(array.dtype, array.numberAt(0)) : array;
}

/** Elements as nested lists of Python numbers. */
export function toList(array: NdArray): PyValue {
  const values = array.numbers();
  const at = (axis: number, offset: number): PyValue => {
    if (axis === array.shape.length) return pythonNumber(array.dtype, values[offset]);
    const inner = array.shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
    return new PyList(Array.from({ length: array.shape[axis] }, (_, index) => at(axis + 1, offset + index * inner)));
  };
  return at(0, 0);
}

export function asInt(py: Interpreter, value: PyValue): number {
  const int = intValue(value);
  if (int !== undefined) return Number(int);
  if (value instanceof PyFloat && Number.isInteger(value.value)) return value.value;
  const array = asArray(py, value);
  if (array.size !== 1) throw valueError('only arrays of one element can be converted to an int');
  return Math.trunc(array.numberAt(0));
}

export const asNumber = (py: Interpreter, value: PyValue): number => realValue(value) ?? asArray(py, value).numberAt(0);

/** An int or a sequence of ints. */
export function asInts(py: Interpreter, value: PyValue): readonly number[] {
  const items = itemsOf(value);
  if (items) return items.map((item) => asInt(py, item));
  return value instanceof NdArray && value.shape.length > 0 ? value.numbers() : [asInt(py, value)];
}

/** `*shape` or one sequence. */
export function asShape(py: Interpreter, value: PyValue): readonly number[] {
  const items = itemsOf(value);
  return items?.length === 1 && intValue(items[0]) === undefined ? asInts(py, items[0]) : asInts(py, value);
}

export function asAxis(py: Interpreter, value: PyValue, rank: number): number {
  const axis = asInt(py, value);
  if (axis < -rank || axis >= rank) throw valueError(`axis ${axis} is out of bounds for array of dimension ${rank}`);
  return axis < 0 ? axis + rank : axis;
}

export const optionalDType = (value: PyValue, otherwise: DType): DType =>
  value === null ? otherwise : requireDType(value);

/** The common type of operands; bare Python numbers yield to arrays of their kind. */
export function commonDType(values: readonly PyValue[], arrays: readonly NdArray[]): DType {
  const strong = arrays.filter((array, index) => values[index] instanceof NdArray && array.shape.length > 0);
  if (strong.length === 0) return arrays.map((array) => array.dtype).reduce(promote);
  const dtype = strong.map((array) => array.dtype).reduce(promote);
  const weak = arrays.filter((array) => !strong.includes(array));
  if (weak.some((array) => isFloatDType(array.dtype)) && !isFloatDType(dtype)) return 'f64';
  if (dtype === 'i1' && weak.some((array) => array.dtype !== 'i1')) return 'i64';
  return dtype;
}

/** The items of an iterable as arrays. */
export const partsOf = (py: Interpreter, value: PyValue): readonly NdArray[] =>
  py.collect(value).map((item) => asArray(py, item));
