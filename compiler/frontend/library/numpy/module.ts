/** The functions of the module `numpy`. */
import type { DType } from '../../../ir/index.ts';
import { native, nativeClass, getter, PyFloat, PyList, PyObject, PyTuple, valueError, type Interpreter, type Member, type PyValue } from '../../eval/index.ts';
import { arrayClass, broadcastShape, countOf, NdArray } from './array.ts';
import { BINARY, binary, UNARY, unary } from './arithmetic.ts';
import { asArray, asAxis, asInt, asInts, asNumber, asShape, commonDType, optionalDType, result } from './convert.ts';
import { genericClasses, numpyDType, promote, requireDType, scalarClassNames, scalarValue } from './dtype.ts';
import { maskIndices } from './indexing.ts';
import { rounded, swap } from './methods.ts';
import { REDUCTIONS, reduce, scan, sortAlong, varianceOf } from './reduce.ts';
import { atLeast, concatenate, einsum, expandDims, matmul, pad, repeat, roll, split, stack, takeAlong, tile } from './shape.ts';

const partsOf = (py: Interpreter, value: PyValue): readonly NdArray[] => py.collect(value).map((item) => asArray(py, item));

const full = (py: Interpreter, shape: PyValue, dtype: DType, value: number): NdArray => {
  const extents = asInts(py, shape);
  py.reserve(countOf(extents));
  return NdArray.generate(extents, dtype, () => value);
};

/** `arange(stop)`, `arange(start, stop, step)`. */
function arange(py: Interpreter, start: PyValue, stop: PyValue, step: PyValue, dtype: PyValue): NdArray {
  const [begin, end] = stop === null ? [0, asNumber(py, start)] : [asNumber(py, start), asNumber(py, stop)];
  const stride = step === null ? 1 : asNumber(py, step);
  const found = [start, stop, step].filter((value) => value !== null).map((value) => asArray(py, value).dtype).reduce(promote);
  const count = Math.max(0, Math.ceil((end - begin) / stride));
  py.reserve(count);
  return NdArray.generate([count], optionalDType(dtype, found), (index) => begin + index * stride);
}

function linspace(py: Interpreter, start: PyValue, stop: PyValue, num: PyValue, endpoint: boolean, dtype: PyValue): NdArray {
  const [begin, end, count] = [asNumber(py, start), asNumber(py, stop), asInt(py, num)];
  const gaps = endpoint ? count - 1 : count;
  return NdArray.generate([count], optionalDType(dtype, 'f64'), (index) => (endpoint && index === count - 1 && count > 1 ? end : begin + (gaps > 0 ? (index * (end - begin)) / gaps : 0)));
}

function triangle(py: Interpreter, x: PyValue, k: number, keep: (gap: number) => boolean): NdArray {
  const source = asArray(py, x);
  const array = source.shape.length === 1 ? source.broadcastTo([source.shape[0], source.shape[0]]) : source;
  const [rows, columns] = array.shape.slice(-2);
  const values = array.numbers();
  return NdArray.generate(array.shape, array.dtype, (index) => (keep((index % columns) - (Math.floor(index / columns) % rows) - k) ? values[index] : 0));
}

function meshgrid(py: Interpreter, values: PyValue, indexing: PyValue): PyList {
  const lines = partsOf(py, values).map((line) => line.reshape([-1]));
  const shape = lines.map((line) => line.shape[0]);
  const grids = lines.map((line, axis) => line.reshape(shape.map((_, at) => (at === axis ? line.shape[0] : 1))).broadcastTo(shape).copy());
  return new PyList(indexing === 'xy' && grids.length > 1 ? grids.map((grid) => swap(grid, 0, 1).copy()) : grids);
}

function where(py: Interpreter, condition: PyValue, x: PyValue, y: PyValue): PyValue {
  const test = asArray(py, condition);
  if (x === null || y === null) return new PyTuple(maskIndices(test));
  const arrays = [asArray(py, x), asArray(py, y)];
  const shape = broadcastShape([test.shape, ...arrays.map((array) => array.shape)]);
  const [tests, first, second] = [test, ...arrays].map((array) => array.broadcastTo(shape).numbers());
  return result(NdArray.generate(shape, commonDType([x, y], arrays), (index) => (tests[index] ? first[index] : second[index])));
}

function unique(py: Interpreter, x: PyValue): NdArray {
  const array = asArray(py, x);
  const values = [...new Set(array.numbers())].sort((left, right) => left - right);
  return NdArray.generate([values.length], array.dtype, (index) => values[index]);
}

function padArray(py: Interpreter, x: PyValue, width: PyValue, mode: PyValue, value: PyValue): NdArray {
  const array = asArray(py, x);
  const given = asArray(py, width);
  const wide = given.broadcastTo([array.shape.length, 2]).numbers();
  return pad(array, array.shape.map((_, axis) => [wide[2 * axis], wide[2 * axis + 1]] as const), typeof mode === 'string' ? mode : 'constant', asNumber(py, value));
}

const creation: readonly Member[] = [
  native('array(object, dtype=None, copy=True, order=None, ndmin=0)', (py, [object, dtype, , , ndmin]) => {
    const array = asArray(py, object, dtype === null ? null : requireDType(dtype));
    return atLeast(array === object ? array.copy() : array, asInt(py, ndmin));
  }),
  native('asarray(a, dtype=None)', (py, [a, dtype]) => asArray(py, a, dtype === null ? null : requireDType(dtype))),
  native('ascontiguousarray(a, dtype=None)', (py, [a, dtype]) => asArray(py, a, dtype === null ? null : requireDType(dtype)).copy()),
  native('zeros(shape, dtype=None)', (py, [shape, dtype]) => full(py, shape, optionalDType(dtype, 'f64'), 0)),
  native('ones(shape, dtype=None)', (py, [shape, dtype]) => full(py, shape, optionalDType(dtype, 'f64'), 1)),
  native('empty(shape, dtype=None)', (py, [shape, dtype]) => full(py, shape, optionalDType(dtype, 'f64'), 0)),
  native('full(shape, fill_value, dtype=None)', (py, [shape, value, dtype]) => {
    const fill = asArray(py, value);
    const made = full(py, shape, optionalDType(dtype, fill.dtype), 0);
    made.assign(fill);
    return made;
  }),
  native('zeros_like(a, dtype=None)', (py, [a, dtype]) => NdArray.generate(asArray(py, a).shape, optionalDType(dtype, asArray(py, a).dtype), () => 0)),
  native('ones_like(a, dtype=None)', (py, [a, dtype]) => NdArray.generate(asArray(py, a).shape, optionalDType(dtype, asArray(py, a).dtype), () => 1)),
  native('empty_like(a, dtype=None)', (py, [a, dtype]) => NdArray.generate(asArray(py, a).shape, optionalDType(dtype, asArray(py, a).dtype), () => 0)),
  native('full_like(a, fill_value, dtype=None)', (py, [a, value, dtype]) => NdArray.generate(asArray(py, a).shape, optionalDType(dtype, asArray(py, a).dtype), () => asNumber(py, value))),
  native('arange(start, stop=None, step=None, dtype=None)', (py, [start, stop, step, dtype]) => arange(py, start, stop, step, dtype)),
  native('linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None)', (py, [start, stop, num, endpoint, , dtype]) => linspace(py, start, stop, num, endpoint !== false, dtype)),
  native('logspace(start, stop, num=50, endpoint=True, base=10.0)', (py, [start, stop, num, endpoint, base]) => binary(py, 'power', base, linspace(py, start, stop, num, endpoint !== false, null))),
  native('eye(N, M=None, k=0, dtype=None)', (py, [n, m, k, dtype]) => {
    const [rows, columns, offset] = [asInt(py, n), m === null ? asInt(py, n) : asInt(py, m), asInt(py, k)];
    return NdArray.generate([rows, columns], optionalDType(dtype, 'f64'), (index) => ((index % columns) - Math.floor(index / columns) === offset ? 1 : 0));
  }),
  native('identity(n, dtype=None)', (py, [n, dtype]) => NdArray.generate([asInt(py, n), asInt(py, n)], optionalDType(dtype, 'f64'), (index) => (index % (asInt(py, n) + 1) === 0 ? 1 : 0))),
  native('tri(N, M=None, k=0, dtype=None)', (py, [n, m, k, dtype]) => triangle(py, full(py, new PyTuple([asInt(py, n), m === null ? asInt(py, n) : asInt(py, m)]), optionalDType(dtype, 'f64'), 1), asInt(py, k), (gap) => gap <= 0)),
  native('tril(m, k=0)', (py, [m, k]) => triangle(py, m, asInt(py, k), (gap) => gap <= 0)),
  native('triu(m, k=0)', (py, [m, k]) => triangle(py, m, asInt(py, k), (gap) => gap >= 0)),
  native('diag(v, k=0)', (py, [v]) => {
    const array = asArray(py, v);
    const extent = array.shape.length === 1 ? array.shape[0] : Math.min(...array.shape);
    const values = array.numbers();
    if (array.shape.length === 1) return NdArray.generate([extent, extent], array.dtype, (index) => (index % (extent + 1) === 0 ? values[index / (extent + 1)] : 0));
    return NdArray.generate([extent], array.dtype, (index) => values[index * (array.shape[1] + 1)]);
  }),
  native("meshgrid(*xi, indexing='xy')", (py, [xi, indexing]) => meshgrid(py, xi, indexing)),
];

const movement: readonly Member[] = [
  native("reshape(a, newshape, order='C')", (py, [a, shape]) => asArray(py, a).reshape(asInts(py, shape))),
  native('transpose(a, axes=None)', (py, [a, axes]) => py.callMethod(asArray(py, a), 'transpose', axes === null ? [] : [axes])),
  native('swapaxes(a, axis1, axis2)', (py, [a, first, second]) => py.callMethod(asArray(py, a), 'swapaxes', [first, second])),
  native('moveaxis(a, source, destination)', (py, [a, source, destination]) => {
    const array = asArray(py, a);
    const [from, to] = [asAxis(py, source, array.shape.length), asAxis(py, destination, array.shape.length)];
    return array.transpose(array.shape.map((_, axis) => axis).filter((axis) => axis !== from).toSpliced(to, 0, from));
  }),
  native("ravel(a, order='C')", (py, [a]) => asArray(py, a).reshape([-1])),
  native('squeeze(a, axis=None)', (py, [a, axis]) => py.callMethod(asArray(py, a), 'squeeze', [axis])),
  native('expand_dims(a, axis)', (py, [a, axis]) => {
    const array = asArray(py, a);
    return asInts(py, axis).reduce((made, at) => expandDims(made, at < 0 ? at + made.shape.length + 1 : at), array);
  }),
  native('concatenate(arrays, axis=0)', (py, [arrays, axis]) => {
    const parts = partsOf(py, arrays);
    return axis === null ? concatenate(parts.map((part) => part.reshape([-1])), 0) : concatenate(parts, asAxis(py, axis, parts[0]?.shape.length ?? 1));
  }),
  native('stack(arrays, axis=0)', (py, [arrays, axis]) => stack(partsOf(py, arrays), asInt(py, axis))),
  native('vstack(tup)', (py, [arrays]) => concatenate(partsOf(py, arrays).map((part) => atLeast(part, 2)), 0)),
  native('hstack(tup)', (py, [arrays]) => {
    const parts = partsOf(py, arrays).map((part) => atLeast(part, 1));
    return concatenate(parts, parts[0].shape.length === 1 ? 0 : 1);
  }),
  native('split(ary, indices_or_sections, axis=0)', (py, [a, cuts, axis]) => split(py, a, cuts, asAxis(py, axis, asArray(py, a).shape.length), true)),
  native('array_split(ary, indices_or_sections, axis=0)', (py, [a, cuts, axis]) => split(py, a, cuts, asAxis(py, axis, asArray(py, a).shape.length), false)),
  native('tile(A, reps)', (py, [a, reps]) => tile(asArray(py, a), asShape(py, reps))),
  native('repeat(a, repeats, axis=None)', (py, [a, repeats, axis]) => repeat(py, a, repeats, axis)),
  native('broadcast_to(array, shape)', (py, [a, shape]) => asArray(py, a).broadcastTo(asInts(py, shape))),
  native("pad(array, pad_width, mode='constant', constant_values=0)", (py, [a, width, mode, value]) => padArray(py, a, width, mode, value)),
  native('roll(a, shift, axis=None)', (py, [a, shift, axis]) => roll(py, a, shift, axis)),
  native('flip(m, axis=None)', (py, [m, axis]) => {
    const array = asArray(py, m);
    const axes = axis === null ? array.shape.map((_, at) => at) : asInts(py, axis).map((at) => asAxis(py, at, array.shape.length));
    return axes.reduce((turned, at) => takeAlong(turned, Array.from({ length: turned.shape[at] }, (_, index) => turned.shape[at] - 1 - index), at), array);
  }),
  native('take(a, indices, axis=None)', (py, [a, indices, axis]) => py.callMethod(asArray(py, a), 'take', [indices, axis])),
  native('append(arr, values, axis=None)', (py, [a, values, axis]) => (axis === null
    ? concatenate([asArray(py, a).reshape([-1]), asArray(py, values).reshape([-1])], 0)
    : concatenate([asArray(py, a), asArray(py, values)], asAxis(py, axis, asArray(py, a).shape.length)))),
  native('atleast_1d(a)', (py, [a]) => atLeast(asArray(py, a), 1)),
  native('atleast_2d(a)', (py, [a]) => atLeast(asArray(py, a), 2)),
  native('copy(a)', (py, [a]) => asArray(py, a).copy()),
  native('shape(a)', (py, [a]) => new PyTuple(asArray(py, a).shape)),
  native('ndim(a)', (py, [a]) => asArray(py, a).shape.length),
  native('size(a, axis=None)', (py, [a, axis]) => (axis === null ? asArray(py, a).size : asArray(py, a).shape[asAxis(py, axis, asArray(py, a).shape.length)])),
];

const computing: readonly Member[] = [
  ...Object.keys(UNARY).map((name): Member => native(`${name}(x, out=None)`, (py, [x]) => unary(py, name, x))),
  ...Object.keys(BINARY).map((name): Member => native(`${name}(x1, x2, out=None)`, (py, [x, y]) => binary(py, name, x, y))),
  ...Object.keys(REDUCTIONS).map((name): Member =>
    native(`${name}(a, axis=None, dtype=None, out=None, keepdims=False)`, (py, [a, axis, dtype, , keep]) => reduce(py, name, a, axis, keep === true, dtype === null ? null : requireDType(dtype)))),
  native('var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False)', (py, [a, axis, , , ddof, keep]) => varianceOf(py, a, axis, asInt(py, ddof), keep === true, false)),
  native('std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False)', (py, [a, axis, , , ddof, keep]) => varianceOf(py, a, axis, asInt(py, ddof), keep === true, true)),
  native('average(a, axis=None)', (py, [a, axis]) => reduce(py, 'mean', a, axis, false)),
  native('round(a, decimals=0)', (py, [a, decimals]) => result(rounded(asArray(py, a), asInt(py, decimals)))),
  native('around(a, decimals=0)', (py, [a, decimals]) => result(rounded(asArray(py, a), asInt(py, decimals)))),
  native('clip(a, a_min, a_max)', (py, [a, low, high]) => py.callMethod(asArray(py, a), 'clip', [low, high])),
  native('where(condition, x=None, y=None)', (py, [condition, x, y]) => where(py, condition, x, y)),
  native('nonzero(a)', (py, [a]) => new PyTuple(maskIndices(asArray(py, a)))),
  native('cumsum(a, axis=None)', (py, [a, axis]) => scan(py, a, axis, (sum, value) => sum + value)),
  native('cumprod(a, axis=None)', (py, [a, axis]) => scan(py, a, axis, (product, value) => product * value)),
  native('sort(a, axis=-1)', (py, [a, axis]) => sortAlong(py, a, axis, false)),
  native('argsort(a, axis=-1)', (py, [a, axis]) => sortAlong(py, a, axis, true)),
  native('unique(ar)', (py, [a]) => unique(py, a)),
  native('matmul(x1, x2)', (py, [x, y]) => result(matmul(py, x, y))),
  native('dot(a, b)', (py, [x, y]) => (asArray(py, x).shape.length === 0 || asArray(py, y).shape.length === 0 ? binary(py, 'multiply', x, y) : result(matmul(py, x, y)))),
  native('outer(a, b)', (py, [x, y]) => binary(py, 'multiply', asArray(py, x).reshape([-1, 1]), asArray(py, y).reshape([1, -1]))),
  native('einsum(subscripts, *operands)', (py, [equation, operands]) => result(einsum(py, String(equation), py.collect(operands)))),
  native('allclose(a, b, rtol=1e-05, atol=1e-08)', (py, [a, b, rtol, atol]) => {
    const [x, y] = [asArray(py, a).numbers(), asArray(py, b).broadcastTo(asArray(py, a).shape).numbers()];
    return x.every((value, index) => Math.abs(value - y[index]) <= asNumber(py, atol) + asNumber(py, rtol) * Math.abs(y[index]));
  }),
  native('array_equal(a1, a2)', (py, [a, b]) => py.truth(reduce(py, 'all', binary(py, 'equal', a, b), null, false))),
  native('isscalar(element)', (_, [element]) => !(element instanceof NdArray) && (typeof element !== 'object' || element instanceof PyFloat)),
  native('result_type(*arrays)', (py, [arrays]) => numpyDType(partsOf(py, arrays).map((array) => array.dtype).reduce(promote))),
  native('issubdtype(arg1, arg2)', (py, [first, second]) => py.isSubclass(py.getAttribute(numpyDType(requireDType(first)), 'type'), second)),
  native('vectorize(pyfunc)', (_, [fn]) => native('vectorized(x)', (py, [x]) => {
    const array = asArray(py, x);
    const values = array.numbers().map((value) => py.call(fn, [scalarValue(array.dtype, value)]));
    return asArray(py, new PyList(values)).reshape(array.shape);
  })),
];

/** `np.finfo` and `np.iinfo`: the limits of a type. */
class Limits extends PyObject {
  readonly least: PyValue;
  readonly greatest: PyValue;
  readonly epsilon: PyValue;

  constructor(least: PyValue, greatest: PyValue, epsilon: PyValue) {
    super(limitsClass);
    this.least = least;
    this.greatest = greatest;
    this.epsilon = epsilon;
  }
}

const limit = (name: string, read: (limits: Limits) => PyValue): Member => getter(name, (_, self) => (self instanceof Limits ? read(self) : null));

const limitsClass = nativeClass({
  name: 'finfo',
  module: 'numpy',
  members: [limit('min', ({ least }) => least), limit('max', ({ greatest }) => greatest), limit('eps', ({ epsilon }) => epsilon)],
});

const FLOAT_LIMITS: Readonly<Partial<Record<DType, readonly [greatest: number, epsilon: number]>>> = {
  f16: [65504, 2 ** -10], f32: [3.4028234663852886e38, 2 ** -23], f64: [Number.MAX_VALUE, Number.EPSILON], bf16: [3.3895313892515355e38, 2 ** -7],
};

function finfo(value: PyValue): Limits {
  const dtype = requireDType(value);
  const found = FLOAT_LIMITS[dtype];
  if (!found) throw valueError('data type is not a float');
  const [greatest, epsilon] = found;
  return new Limits(scalarValue(dtype, -greatest), scalarValue(dtype, greatest), scalarValue(dtype, epsilon));
}

function iinfo(value: PyValue): Limits {
  const dtype = requireDType(value);
  const bits = Number(/\d+/.exec(dtype)?.[0] ?? 8);
  if (dtype.startsWith('u')) return new Limits(0, bits === 64 ? 2n ** 64n - 1n : 2 ** bits - 1, 0);
  return bits === 64 ? new Limits(-(2n ** 63n), 2n ** 63n - 1n, 0) : new Limits(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, 0);
}

/** Everything but `numpy.random`. */
export const numpyMembers: readonly Member[] = [
  ['ndarray', arrayClass],
  ['dtype', native('dtype(dtype)', (_, [value]) => numpyDType(requireDType(value)))],
  ['pi', new PyFloat(Math.PI)], ['e', new PyFloat(Math.E)], ['inf', new PyFloat(Infinity)], ['nan', new PyFloat(NaN)], ['newaxis', null], ['__version__', '1.26.4'],
  ...scalarClassNames.map(([name, cls]): Member => [name, cls]),
  ...Object.entries(genericClasses).map(([name, cls]): Member => [name, cls]),
  ...creation,
  ...movement,
  ...computing,
  native('finfo(dtype)', (_, [dtype]) => finfo(dtype)),
  native('iinfo(dtype)', (_, [dtype]) => iinfo(dtype)),
];

