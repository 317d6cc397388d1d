/** Reductions and scans along axes. */
import type { DType } from '../../../ir/index.ts';
import { PyTuple, valueError, type Interpreter, type PyValue } from '../../eval/index.ts';
import { countOf, NdArray } from './array.ts';
import { asArray, asAxis, asInts, result } from './convert.ts';
import { isFloatDType } from './dtype.ts';

type Combine = (values: readonly number[]) => number;

const mean: Combine = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance =
  (ddof: number): Combine =>
  (values) => {
    const center = mean(values);
    return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - ddof);
  };
const median: Combine = (values) => {
  const ordered = [...values].sort((x, y) => x - y);
  const middle = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
};
const extreme =
  (better: (x: number, y: number) => boolean): Combine =>
  (values) => {
    if (values.length === 0) throw valueError('zero-size array to reduction operation which has no identity');
    return values.reduce((best, value) => (better(value, best) || Number.isNaN(value) ? value : best));
  };
const position =
  (better: (x: number, y: number) => boolean): Combine =>
  (values) =>
    values.reduce((best, value, at) => (better(value, values[best]) ? at : best), 0);

const greater = (x: number, y: number): boolean => x > y;
const smaller = (x: number, y: number): boolean => x < y;

/** What a reduction makes of the elements, and of their type. */
export const REDUCTIONS: Readonly<Record<string, readonly [Combine, (dtype: DType) => DType]>> = {
  sum: [(values) => values.reduce((sum, value) => sum + value, 0), widened],
  prod: [(values) => values.reduce((product, value) => product * value, 1), widened],
  mean: [mean, floating],
  max: [extreme(greater), (dtype) => dtype],
  amax: [extreme(greater), (dtype) => dtype],
  min: [extreme(smaller), (dtype) => dtype],
  amin: [extreme(smaller), (dtype) => dtype],
  all: [(values) => +values.every((value) => value !== 0), () => 'i1'],
  any: [(values) => +values.some((value) => value !== 0), () => 'i1'],
  argmax: [position(greater), () => 'i64'],
  argmin: [position(smaller), () => 'i64'],
  median: [median, floating],
  count_nonzero: [(values) => values.filter((value) => value !== 0).length, () => 'i64'],
  ptp: [(values) => Math.max(...values) - Math.min(...values), (dtype) => dtype],
};

function widened(dtype: DType): DType {
  return isFloatDType(dtype) ? dtype : dtype.startsWith('u') ? 'ui64' : 'i64';
}

function floating(dtype: DType): DType {
  return isFloatDType(dtype) ? dtype : 'f64';
}

/** Reduces the named axes (None: all). */
export function reduceWith(
  py: Interpreter,
  combine: Combine,
  dtype: DType,
  x: NdArray,
  axis: PyValue,
  keepDims: boolean,
): PyValue {
  const rank = x.shape.length;
  const axes =
    axis === null
      ? x.shape.map((_, at) => at)
      : (axis instanceof PyTuple ? asInts(py, axis) : [axis]).map((item) => asAxis(py, item, rank));
  const kept = x.shape.map((_, at) => at).filter((at) => !axes.includes(at));
  const moved = x.transpose([...kept, ...axes]);
  const inner = countOf(axes.map((at) => x.shape[at]));
  const values = moved.numbers();
  py.spend(values.length);
  const shape = kept.map((at) => x.shape[at]);
  const reduced = NdArray.generate(shape, dtype, (index) => combine(values.slice(index * inner, (index + 1) * inner)));
  return result(keepDims ? reduced.reshape(x.shape.map((extent, at) => (axes.includes(at) ? 1 : extent))) : reduced);
}

export function reduce(
  py: Interpreter,
  name: string,
  x: PyValue,
  axis: PyValue,
  keepDims: boolean,
  dtype: DType | null = null,
): PyValue {
  const [combine, typeOf] = REDUCTIONS[name];
  const array = asArray(py, x, dtype);
  return reduceWith(py, combine, typeOf(array.dtype), array, axis, keepDims);
}

export function varianceOf(
  py: Interpreter,
  x: PyValue,
  axis: PyValue,
  ddof: number,
  keepDims: boolean,
  root: boolean,
): PyValue {
  const array = asArray(py, x);
  const combine = variance(ddof);
  return reduceWith(
    py,
    root ? (values) => Math.sqrt(combine(values)) : combine,
    floating(array.dtype),
    array,
    axis,
    keepDims,
  );
}

/** Running sum or product; without an axis of all elements in order. */
export function scan(
  py: Interpreter,
  x: PyValue,
  axis: PyValue,
  step: (sum: number, value: number) => number,
): NdArray {
  const array = asArray(py, x);
  const source = axis === null ? array.reshape([-1]) : array;
  const at = axis === null ? 0 : asAxis(py, axis, source.shape.length);
  const order = [...source.shape.map((_, index) => index).filter((index) => index !== at), at];
  const values = [...source.transpose(order).numbers()];
  const extent = source.shape[at];
  for (let index = 0; index < values.length; index++)
    if (index % extent !== 0) values[index] = step(values[index - 1], values[index]);
  const scanned = NdArray.generate(
    order.map((index) => source.shape[index]),
    widened(array.dtype),
    (index) => values[index],
  );
  return scanned.transpose(source.shape.map((_, index) => order.indexOf(index))).copy();
}

/** Sorts along an axis: values, or the positions they came from. */
export function sortAlong(py: Interpreter, x: PyValue, axis: PyValue, positions: boolean): NdArray {
  const array = asArray(py, x);
  const source = axis === null ? array.reshape([-1]) : array;
  const at = axis === null ? 0 : asAxis(py, axis, source.shape.length);
  const order = [...source.shape.map((_, index) => index).filter((index) => index !== at), at];
  const moved = source.transpose(order);
  const [values, extent] = [moved.numbers(), source.shape[at]];
  const sorted: number[] = [];
  for (let begin = 0; begin < values.length; begin += extent) {
    const line = values.slice(begin, begin + extent);
    const indices = line.map((_, index) => index).sort((left, right) => line[left] - line[right] || left - right);
    sorted.push(...(positions ? indices : indices.map((index) => line[index])));
  }
  const made = NdArray.generate(moved.shape, positions ? 'i64' : array.dtype, (index) => sorted[index]);
  return made.transpose(source.shape.map((_, index) => order.indexOf(index))).copy();
}
