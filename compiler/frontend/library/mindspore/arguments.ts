/** Python arguments as plain values: the border between what Python code passes and what the tables work with. */
import type { DType, TensorType } from '../../../ir/index.ts';
import { elementArray, tensorType } from '../../../ir/index.ts';
import { loadNumber, storeNumber } from '../../../ir/ops/index.ts';
import {
  classOf,
  PyFloat,
  PyList,
  PyObject,
  PyRange,
  PyTuple,
  typeError,
  valueError,
  type PyValue,
} from '../../eval/index.ts';
import { intValue, realValue } from '../../eval/protocol/numbers.ts';
import { extentsOf, Tensor, allElements } from '../../trace/tensor.ts';
import type { TensorSession } from '../../trace/session.ts';
import { NdArray } from '../numpy/index.ts';
import { dtypeOf } from './dtype.ts';

/** The items of a list, tuple or range; null for anything else. */
export function sequenceOf(value: PyValue): readonly PyValue[] | null {
  if (value instanceof PyTuple || value instanceof PyList) return value.items;
  if (value instanceof PyRange)
    return Array.from({ length: value.length }, (_, index) => value.start + index * value.step);
  return null;
}

export const isNumber = (value: PyValue): boolean => realValue(value) !== undefined;

const describe = (value: PyValue): string => (value === null ? 'None' : classOf(value).name);

/** An int; one-element known tensors count. */
export function asInt(session: TensorSession, value: PyValue, label: string): number {
  const int = intValue(value);
  if (int !== undefined) return Number(int);
  if (value instanceof Tensor && value.type.shape.every((extent) => extent === 1)) {
    const payload = session.known(value, `'${label}'`);
    return loadNumber(payload.type.dtype, payload.data, 0);
  }
  if (value instanceof NdArray && value.size === 1) return value.numberAt(0);
  if (value instanceof PyFloat && Number.isInteger(value.value)) return value.value;
  throw typeError(`'${label}' must be an int, but got ${describe(value)}`);
}

export function asNumber(session: TensorSession, value: PyValue, label: string): number {
  const real = realValue(value);
  return real === undefined ? asInt(session, value, label) : real;
}

export function asBool(session: TensorSession, value: PyValue, label: string): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  if (value instanceof Tensor) return asInt(session, value, label) !== 0;
  return session.py.truth(value);
}

export function asString(value: PyValue, label: string): string {
  if (typeof value === 'string') return value;
  throw typeError(`'${label}' must be a str, but got ${describe(value)}`);
}

/** Ints from an int, a sequence, or known numbers in an array or tensor. */
export function asInts(session: TensorSession, value: PyValue, label: string): readonly number[] {
  const items = sequenceOf(value);
  if (items) return items.map((item) => asInt(session, item, label));
  if (value instanceof Tensor && value.type.shape.length > 0) {
    const payload = session.known(value, `'${label}'`);
    const data = allElements(payload);
    return Array.from({ length: data.length }, (_, index) => loadNumber(payload.type.dtype, data, index));
  }
  if (value instanceof NdArray && value.shape.length > 0) return value.numbers();
  return [asInt(session, value, label)];
}

/** `*shape` or one sequence. */
export function asShape(session: TensorSession, value: PyValue, label = 'shape'): readonly number[] {
  const items = sequenceOf(value);
  if (items?.length === 1 && intValue(items[0]) === undefined) return asShape(session, items[0], label);
  return asInts(session, value, label);
}

/** One int for both directions, or two. */
export function asPair(session: TensorSession, value: PyValue, label: string): readonly [number, number] {
  const values = asInts(session, value, label);
  if (values.length === 1) return [values[0], values[0]];
  if (values.length === 2) return [values[0], values[1]];
  if (values.length === 4) return [values[2], values[3]];
  throw valueError(`'${label}' must be an int or two ints, but got ${values.length}`);
}

/** An axis counted from 0. */
export function asAxis(session: TensorSession, value: PyValue, rank: number, label = 'axis'): number {
  const axis = asInt(session, value, label);
  const least = Math.max(rank, 1);
  if (axis < -least || axis >= least) throw valueError(`'${label}' must be in [${-least}, ${least}), but got ${axis}`);
  return axis < 0 ? axis + least : axis;
}

/** Axes counted from 0 and sorted; None and () mean all. */
export function asAxes(session: TensorSession, value: PyValue, rank: number, label = 'axis'): readonly number[] {
  const all = Array.from({ length: rank }, (_, axis) => axis);
  if (value === null) return all;
  const axes = asInts(session, value, label).map((axis) => asAxis(session, axis, rank, label));
  if (axes.length === 0) return all;
  if (new Set(axes).size !== axes.length) throw valueError(`'${label}' names a dimension twice: (${axes.join(', ')})`);
  return axes.sort((first, second) => first - second);
}

export function asDType(value: PyValue, label = 'dtype'): DType {
  const dtype = dtypeOf(value);
  if (dtype === null) throw typeError(`'${label}' must be a dtype of tensors, but got ${describe(value)}`);
  return dtype;
}

export const optionalDType = (value: PyValue, otherwise: DType): DType => (value === null ? otherwise : asDType(value));

/** Any value that stands for a tensor; `hint` is the element type of bare numbers. */
export function asTensor(session: TensorSession, value: PyValue, label: string, hint: DType | null = null): Tensor {
  if (value instanceof Tensor) return session.entering(value);
  if (value instanceof NdArray) return arrayTensor(session, value, null);
  if (typeof value === 'boolean') return session.scalar(value ? 1 : 0, hint ?? 'i1');
  const int = intValue(value);
  if (int !== undefined) return session.scalar(Number(int), hint ?? 'i64');
  if (value instanceof PyFloat) return session.scalar(value.value, hint && isFloatType(hint) ? hint : 'f32');
  const items = sequenceOf(value);
  if (items) return sequenceTensor(session, items, hint);
  throw typeError(`'${label}' must be a Tensor, but got ${describe(value)}`);
}

const isFloatType = (dtype: DType): boolean =>
  dtype === 'f16' || dtype === 'bf16' || dtype === 'f32' || dtype === 'f64';

/** A tensor of an array's elements, perhaps as another type. */
export function arrayTensor(session: TensorSession, array: NdArray, dtype: DType | null): Tensor {
  const converted = array.astype(dtype ?? array.dtype);
  session.py.reserve(converted.size);
  return session.concrete(tensorType(converted.shape, converted.dtype), converted.elements());
}

interface Leaves {
  readonly shape: number[];
  readonly values: number[];
  float: boolean;
  integer: boolean;
}

/** Nested lists of numbers, arrays and known tensors as one tensor. */
export function sequenceTensor(session: TensorSession, items: readonly PyValue[], dtype: DType | null): Tensor {
  const leaves: Leaves = { shape: [], values: [], float: false, integer: false };
  if (items.some((item) => item instanceof Tensor && item.payload.kind === 'symbolic'))
    return stackTensors(session, items, dtype);
  collect(session, new PyTuple(items), 0, leaves);
  const found: DType = leaves.float ? 'f32' : leaves.integer || leaves.values.length === 0 ? 'i64' : 'i1';
  const type = tensorType(leaves.shape, dtype ?? (leaves.values.length === 0 ? 'f32' : found));
  return session.concrete(type, filled(type, leaves.values));
}

/** A list that holds graph values: each becomes a slice of a new first dimension. */
function stackTensors(session: TensorSession, items: readonly PyValue[], dtype: DType | null): Tensor {
  const first = items.find((item): item is Tensor => item instanceof Tensor);
  const target = dtype ?? first?.type.dtype ?? 'f32';
  const parts = items.map((item) => {
    const part = asTensor(session, item, 'element', target);
    const line = tensorType([1, ...part.type.shape], part.type.dtype);
    return session.stated('ms.reshape', [part], [line])[0];
  });
  return session.op('ms.concat', parts, {
    axis: { kind: 'integer', value: 0, type: { kind: 'scalar', dtype: 'i64', key: 'i64' } },
  });
}

export function filled(type: TensorType, values: readonly number[]) {
  const data = elementArray(type.dtype, values.length);
  values.forEach((value, index) => storeNumber(type.dtype, data, index, value));
  return data;
}

function collect(session: TensorSession, value: PyValue, depth: number, into: Leaves): void {
  const items = sequenceOf(value);
  if (items) {
    expectExtent(into, depth, items.length);
    for (const item of items) collect(session, item, depth + 1, into);
    return;
  }
  if (value instanceof Tensor || value instanceof NdArray) {
    collectElements(session, value, depth, into);
    return;
  }
  const real = realValue(value);
  if (real === undefined) throw typeError(`a tensor cannot be made of ${describe(value)}`);
  into.values.push(real);
  if (value instanceof PyFloat) into.float = true;
  else if (typeof value !== 'boolean') into.integer = true;
}

function collectElements(session: TensorSession, value: Tensor | NdArray, depth: number, into: Leaves): void {
  const shape = value instanceof NdArray ? value.shape : extentsOf(value.type);
  shape.forEach((extent, axis) => expectExtent(into, depth + axis, extent));
  const dtype = value instanceof NdArray ? value.dtype : value.type.dtype;
  if (isFloatType(dtype)) into.float = true;
  else if (dtype !== 'i1') into.integer = true;
  into.values.push(
    ...(shape.length === 0 && value instanceof NdArray ? [value.numberAt(0)] : elementNumbers(session, value)),
  );
}

function elementNumbers(session: TensorSession, value: Tensor | NdArray): readonly number[] {
  if (value instanceof NdArray) return value.numbers();
  const payload = session.known(value, 'a tensor made of a list');
  const data = allElements(payload);
  return Array.from({ length: data.length }, (_, index) => loadNumber(payload.type.dtype, data, index));
}

function expectExtent(into: Leaves, depth: number, extent: number): void {
  if (into.shape.length <= depth && into.values.length === 0) into.shape.push(extent);
  else if (into.shape[depth] !== extent)
    throw valueError('the lists that make a tensor must have equal lengths at each depth');
}

export const isObject = (value: PyValue): value is PyObject => value instanceof PyObject;
