/** Arrays from nothing or from Python values. */
import type { DType } from '../../../ir/index.ts';
import { native, PyList, PyTuple, type Interpreter, type Member, type PyValue } from '../../eval/index.ts';
import { binary } from './arithmetic.ts';
import { countOf, NdArray } from './array.ts';
import { asArray, asInt, asInts, asNumber, optionalDType, partsOf } from './convert.ts';
import { promote, requireDType } from './dtype.ts';
import { swap } from './methods.ts';
import { atLeast } from './shape.ts';

const full = (py: Interpreter, shape: PyValue, dtype: DType, value: number): NdArray => {
  const extents = asInts(py, shape);
  py.reserve(countOf(extents));
  return NdArray.generate(extents, dtype, () => value);
};

/** `arange(stop)`, `arange(start, stop, step)`. */
function arange(py: Interpreter, start: PyValue, stop: PyValue, step: PyValue, dtype: PyValue): NdArray {
  const [begin, end] = stop === null ? [0, asNumber(py, start)] : [asNumber(py, start), asNumber(py, stop)];
  const stride = step === null ? 1 : asNumber(py, step);
  const found = [start, stop, step]
    .filter((value) => value !== null)
    .map((value) => asArray(py, value).dtype)
    .reduce(promote);
  const count = Math.max(0, Math.ceil((end - begin) / stride));
  py.reserve(count);
  return NdArray.generate([count], optionalDType(dtype, found), (index) => begin + index * stride);
}

function linspace(
  py: Interpreter,
  start: PyValue,
  stop: PyValue,
  num: PyValue,
  endpoint: boolean,
  dtype: PyValue,
): NdArray {
  const [begin, end, count] = [asNumber(py, start), asNumber(py, stop), asInt(py, num)];
  const gaps = endpoint ? count - 1 : count;
  return NdArray.generate([count], optionalDType(dtype, 'f64'), (index) =>
    endpoint && index === count - 1 && count > 1 ? end : begin + (gaps > 0 ? (index * (end - begin)) / gaps : 0),
  );
}

function triangle(py: Interpreter, x: PyValue, k: number, keep: (gap: number) => boolean): NdArray {
  const source = asArray(py, x);
  const array = source.shape.length === 1 ? source.broadcastTo([source.shape[0], source.shape[0]]) : source;
  const [rows, columns] = array.shape.slice(-2);
  const values = array.numbers();
  return NdArray.generate(array.shape, array.dtype, (index) =>
    keep((index % columns) - (Math.floor(index / columns) % rows) - k) ? values[index] : 0,
  );
}

function meshgrid(py: Interpreter, values: PyValue, indexing: PyValue): PyList {
  const lines = partsOf(py, values).map((line) => line.reshape([-1]));
  const shape = lines.map((line) => line.shape[0]);
  const grids = lines.map((line, axis) =>
    line
      .reshape(shape.map((_, at) => (at === axis ? line.shape[0] : 1)))
      .broadcastTo(shape)
      .copy(),
  );
  return new PyList(indexing === 'xy' && grids.length > 1 ? grids.map((grid) => swap(grid, 0, 1).copy()) : grids);
}

export const creationMembers: readonly Member[] = [
  native('array(object, dtype=None, copy=True, order=None, ndmin=0)', (py, [object, dtype, , , ndmin]) => {
    const array = asArray(py, object, dtype === null ? null : requireDType(dtype));
    return atLeast(array === object ? array.copy() : array, asInt(py, ndmin));
  }),
  native('asarray(a, dtype=None)', (py, [a, dtype]) => asArray(py, a, dtype === null ? null : requireDType(dtype))),
  native('ascontiguousarray(a, dtype=None)', (py, [a, dtype]) =>
    asArray(py, a, dtype === null ? null : requireDType(dtype)).copy(),
  ),
  native('zeros(shape, dtype=None)', (py, [shape, dtype]) => full(py, shape, optionalDType(dtype, 'f64'), 0)),
  native('ones(shape, dtype=None)', (py, [shape, dtype]) => full(py, shape, optionalDType(dtype, 'f64'), 1)),
  native('empty(shape, dtype=None)', (py, [shape, dtype]) => full(py, shape, optionalDType(dtype, 'f64'), 0)),
  native('full(shape, fill_value, dtype=None)', (py, [shape, value, dtype]) => {
    const fill = asArray(py, value);
    const made = full(py, shape, optionalDType(dtype, fill.dtype), 0);
    made.assign(fill);
    return made;
  }),
  native('zeros_like(a, dtype=None)', (py, [a, dtype]) =>
    NdArray.generate(asArray(py, a).shape, optionalDType(dtype, asArray(py, a).dtype), () => 0),
  ),
  native('ones_like(a, dtype=None)', (py, [a, dtype]) =>
    NdArray.generate(asArray(py, a).shape, optionalDType(dtype, asArray(py, a).dtype), () => 1),
  ),
  native('empty_like(a, dtype=None)', (py, [a, dtype]) =>
    NdArray.generate(asArray(py, a).shape, optionalDType(dtype, asArray(py, a).dtype), () => 0),
  ),
  native('full_like(a, fill_value, dtype=None)', (py, [a, value, dtype]) =>
    NdArray.generate(asArray(py, a).shape, optionalDType(dtype, asArray(py, a).dtype), () => asNumber(py, value)),
  ),
  native('arange(start, stop=None, step=None, dtype=None)', (py, [start, stop, step, dtype]) =>
    arange(py, start, stop, step, dtype),
  ),
  native(
    'linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None)',
    (py, [start, stop, num, endpoint, , dtype]) => linspace(py, start, stop, num, endpoint !== false, dtype),
  ),
  native('logspace(start, stop, num=50, endpoint=True, base=10.0)', (py, [start, stop, num, endpoint, base]) =>
    binary(py, 'power', base, linspace(py, start, stop, num, endpoint !== false, null)),
  ),
  native('eye(N, M=None, k=0, dtype=None)', (py, [n, m, k, dtype]) => {
    const [rows, columns, offset] = [asInt(py, n), m === null ? asInt(py, n) : asInt(py, m), asInt(py, k)];
    return NdArray.generate([rows, columns], optionalDType(dtype, 'f64'), (index) =>
      (index % columns) - Math.floor(index / columns) === offset ? 1 : 0,
    );
  }),
  native('identity(n, dtype=None)', (py, [n, dtype]) =>
    NdArray.generate([asInt(py, n), asInt(py, n)], optionalDType(dtype, 'f64'), (index) =>
      index % (asInt(py, n) + 1) === 0 ? 1 : 0,
    ),
  ),
  native('tri(N, M=None, k=0, dtype=None)', (py, [n, m, k, dtype]) =>
    triangle(
      py,
      full(py, new PyTuple([asInt(py, n), m === null ? asInt(py, n) : asInt(py, m)]), optionalDType(dtype, 'f64'), 1),
      asInt(py, k),
      (gap) => gap <= 0,
    ),
  ),
  native('tril(m, k=0)', (py, [m, k]) => triangle(py, m, asInt(py, k), (gap) => gap <= 0)),
  native('triu(m, k=0)', (py, [m, k]) => triangle(py, m, asInt(py, k), (gap) => gap >= 0)),
  native('diag(v, k=0)', (py, [v]) => {
    const array = asArray(py, v);
    const extent = array.shape.length === 1 ? array.shape[0] : Math.min(...array.shape);
    const values = array.numbers();
    if (array.shape.length === 1)
      return NdArray.generate([extent, extent], array.dtype, (index) =>
        index % (extent + 1) === 0 ? values[index / (extent + 1)] : 0,
      );
    return NdArray.generate([extent], array.dtype, (index) => values[index * (array.shape[1] + 1)]);
  }),
  native("meshgrid(*xi, indexing='xy')", (py, [xi, indexing]) => meshgrid(py, xi, indexing)),
];
