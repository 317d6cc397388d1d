/** The functions of the module `numpy`. */
import { native, PyFloat, PyList, PyTuple, type Interpreter, type Member, type PyValue } from '../../eval/index.ts';
import { BINARY, binary, UNARY, unary } from './arithmetic.ts';
import { arrayClass, broadcastShape, NdArray } from './array.ts';
import { asArray, asAxis, asInt, asInts, asNumber, asShape, commonDType, partsOf, result } from './convert.ts';
import { creationMembers } from './creation.ts';
import { genericClasses, numpyDType, promote, requireDType, scalarClassNames, scalarValue } from './dtype.ts';
import { maskIndices } from './indexing.ts';
import { fileMembers } from './files.ts';
import { limitMembers } from './limits.ts';
import { rounded } from './methods.ts';
import { REDUCTIONS, reduce, scan, sortAlong, varianceOf } from './reduce.ts';
import {
  atLeast,
  concatenate,
  einsum,
  expandDims,
  matmul,
  pad,
  repeat,
  roll,
  split,
  stack,
  takeAlong,
  tile,
} from './shape.ts';

function where(py: Interpreter, condition: PyValue, x: PyValue, y: PyValue): PyValue {
  const test = asArray(py, condition);
  if (x === null || y === null) return new PyTuple(maskIndices(test));
  const arrays = [asArray(py, x), asArray(py, y)];
  const shape = broadcastShape([test.shape, ...arrays.map((array) => array.shape)]);
  const [tests, first, second] = [test, ...arrays].map((array) => array.broadcastTo(shape).numbers());
  return result(
    NdArray.generate(shape, commonDType([x, y], arrays), (index) => (tests[index] ? first[index] : second[index])),
  );
}

/** The values in order; with `counts` also how often each occurs. */
function unique(py: Interpreter, x: PyValue, counts: boolean): PyValue {
  const array = asArray(py, x);
  const times = new Map<number, number>();
  for (const value of array.numbers()) times.set(value, (times.get(value) ?? 0) + 1);
  const values = [...times.keys()].sort((left, right) => left - right);
  const found = NdArray.generate([values.length], array.dtype, (index) => values[index]);
  if (!counts) return found;
  return new PyTuple([found, NdArray.generate([values.length], 'i64', (index) => times.get(values[index]) ?? 0)]);
}

function padArray(py: Interpreter, x: PyValue, width: PyValue, mode: PyValue, value: PyValue): NdArray {
  const array = asArray(py, x);
  const given = asArray(py, width);
  const wide = given.broadcastTo([array.shape.length, 2]).numbers();
  return pad(
    array,
    array.shape.map((_, axis) => [wide[2 * axis], wide[2 * axis + 1]] as const),
    typeof mode === 'string' ? mode : 'constant',
    asNumber(py, value),
  );
}

const movement: readonly Member[] = [
  native("reshape(a, newshape, order='C')", (py, [a, shape]) => asArray(py, a).reshape(asInts(py, shape))),
  native('transpose(a, axes=None)', (py, [a, axes]) =>
    py.callMethod(asArray(py, a), 'transpose', axes === null ? [] : [axes]),
  ),
  native('swapaxes(a, axis1, axis2)', (py, [a, first, second]) =>
    py.callMethod(asArray(py, a), 'swapaxes', [first, second]),
  ),
  native('moveaxis(a, source, destination)', (py, [a, source, destination]) => {
    const array = asArray(py, a);
    const [from, to] = [asAxis(py, source, array.shape.length), asAxis(py, destination, array.shape.length)];
    return array.transpose(
      array.shape
        .map((_, axis) => axis)
        .filter((axis) => axis !== from)
        .toSpliced(to, 0, from),
    );
  }),
  native("ravel(a, order='C')", (py, [a]) => asArray(py, a).reshape([-1])),
  native('squeeze(a, axis=None)', (py, [a, axis]) => py.callMethod(asArray(py, a), 'squeeze', [axis])),
  native('expand_dims(a, axis)', (py, [a, axis]) => {
    const array = asArray(py, a);
    return asInts(py, axis).reduce((made, at) => expandDims(made, at < 0 ? at + made.shape.length + 1 : at), array);
  }),
  native('concatenate(arrays, axis=0)', (py, [arrays, axis]) => {
    const parts = partsOf(py, arrays);
    return axis === null
      ? concatenate(
          parts.map((part) => part.reshape([-1])),
          0,
        )
      : concatenate(parts, asAxis(py, axis, parts[0]?.shape.length ?? 1));
  }),
  native('stack(arrays, axis=0)', (py, [arrays, axis]) => stack(partsOf(py, arrays), asInt(py, axis))),
  native('vstack(tup)', (py, [arrays]) =>
    concatenate(
      partsOf(py, arrays).map((part) => atLeast(part, 2)),
      0,
    ),
  ),
  native('hstack(tup)', (py, [arrays]) => {
    const parts = partsOf(py, arrays).map((part) => atLeast(part, 1));
    return concatenate(parts, parts[0].shape.length === 1 ? 0 : 1);
  }),
  native('split(ary, indices_or_sections, axis=0)', (py, [a, cuts, axis]) =>
    split(py, a, cuts, asAxis(py, axis, asArray(py, a).shape.length), true),
  ),
  native('array_split(ary, indices_or_sections, axis=0)', (py, [a, cuts, axis]) =>
    split(py, a, cuts, asAxis(py, axis, asArray(py, a).shape.length), false),
  ),
  native('tile(A, reps)', (py, [a, reps]) => tile(asArray(py, a), asShape(py, reps))),
  native('repeat(a, repeats, axis=None)', (py, [a, repeats, axis]) => repeat(py, a, repeats, axis)),
  native('broadcast_to(array, shape)', (py, [a, shape]) => asArray(py, a).broadcastTo(asInts(py, shape))),
  native("pad(array, pad_width, mode='constant', constant_values=0)", (py, [a, width, mode, value]) =>
    padArray(py, a, width, mode, value),
  ),
  native('roll(a, shift, axis=None)', (py, [a, shift, axis]) => roll(py, a, shift, axis)),
  native('flip(m, axis=None)', (py, [m, axis]) => {
    const array = asArray(py, m);
    const axes =
      axis === null ? array.shape.map((_, at) => at) : asInts(py, axis).map((at) => asAxis(py, at, array.shape.length));
    return axes.reduce(
      (turned, at) =>
        takeAlong(
          turned,
          Array.from({ length: turned.shape[at] }, (_, index) => turned.shape[at] - 1 - index),
          at,
        ),
      array,
    );
  }),
  native('take(a, indices, axis=None)', (py, [a, indices, axis]) =>
    py.callMethod(asArray(py, a), 'take', [indices, axis]),
  ),
  native('append(arr, values, axis=None)', (py, [a, values, axis]) =>
    axis === null
      ? concatenate([asArray(py, a).reshape([-1]), asArray(py, values).reshape([-1])], 0)
      : concatenate([asArray(py, a), asArray(py, values)], asAxis(py, axis, asArray(py, a).shape.length)),
  ),
  native('atleast_1d(a)', (py, [a]) => atLeast(asArray(py, a), 1)),
  native('atleast_2d(a)', (py, [a]) => atLeast(asArray(py, a), 2)),
  native('copy(a)', (py, [a]) => asArray(py, a).copy()),
  native('shape(a)', (py, [a]) => new PyTuple(asArray(py, a).shape)),
  native('ndim(a)', (py, [a]) => asArray(py, a).shape.length),
  native('size(a, axis=None)', (py, [a, axis]) =>
    axis === null ? asArray(py, a).size : asArray(py, a).shape[asAxis(py, axis, asArray(py, a).shape.length)],
  ),
];

const computing: readonly Member[] = [
  ...Object.keys(UNARY).map((name): Member => native(`${name}(x, out=None)`, (py, [x]) => unary(py, name, x))),
  ...Object.keys(BINARY).map((name): Member =>
    native(`${name}(x1, x2, out=None)`, (py, [x, y]) => binary(py, name, x, y)),
  ),
  ...Object.keys(REDUCTIONS).map((name): Member =>
    native(`${name}(a, axis=None, dtype=None, out=None, keepdims=False)`, (py, [a, axis, dtype, , keep]) =>
      reduce(py, name, a, axis, keep === true, dtype === null ? null : requireDType(dtype)),
    ),
  ),
  native('var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False)', (py, [a, axis, , , ddof, keep]) =>
    varianceOf(py, a, axis, asInt(py, ddof), keep === true, false),
  ),
  native('std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False)', (py, [a, axis, , , ddof, keep]) =>
    varianceOf(py, a, axis, asInt(py, ddof), keep === true, true),
  ),
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
  native('unique(ar, *, return_counts=False)', (py, [a, counts]) => unique(py, a, counts === true)),
  native('matmul(x1, x2)', (py, [x, y]) => result(matmul(py, x, y))),
  native('dot(a, b)', (py, [x, y]) =>
    asArray(py, x).shape.length === 0 || asArray(py, y).shape.length === 0
      ? binary(py, 'multiply', x, y)
      : result(matmul(py, x, y)),
  ),
  native('outer(a, b)', (py, [x, y]) =>
    binary(py, 'multiply', asArray(py, x).reshape([-1, 1]), asArray(py, y).reshape([1, -1])),
  ),
  native('einsum(subscripts, *operands)', (py, [equation, operands]) =>
    result(einsum(py, String(equation), py.collect(operands))),
  ),
  native('allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)', (py, [a, b, rtol, atol, equalNan]) => {
    const arrays = [asArray(py, a), asArray(py, b)];
    const shape = broadcastShape(arrays.map((array) => array.shape));
    const [x, y] = arrays.map((array) => array.broadcastTo(shape).numbers());
    const [relative, absolute] = [asNumber(py, rtol), asNumber(py, atol)];
    const nanIsEqual = py.truth(equalNan);
    return x.every((value, index) => {
      const wanted = y[index];
      if (Number.isNaN(value) || Number.isNaN(wanted)) return nanIsEqual && Number.isNaN(value) && Number.isNaN(wanted);
      if (!Number.isFinite(value) || !Number.isFinite(wanted)) return value === wanted;
      return Math.abs(value - wanted) <= absolute + relative * Math.abs(wanted);
    });
  }),
  native('array_equal(a1, a2)', (py, [a, b]) => {
    const [x, y] = [asArray(py, a), asArray(py, b)];
    return x.shape.join() === y.shape.join() && py.truth(reduce(py, 'all', binary(py, 'equal', x, y), null, false));
  }),
  native(
    'isscalar(element)',
    (_, [element]) => !(element instanceof NdArray) && (typeof element !== 'object' || element instanceof PyFloat),
  ),
  native('result_type(*arrays)', (py, [arrays]) =>
    numpyDType(
      partsOf(py, arrays)
        .map((array) => array.dtype)
        .reduce(promote),
    ),
  ),
  native('issubdtype(arg1, arg2)', (py, [first, second]) =>
    py.isSubclass(py.getAttribute(numpyDType(requireDType(first)), 'type'), second),
  ),
  native('vectorize(pyfunc)', (_, [fn]) =>
    native('vectorized(x)', (py, [x]) => {
      const array = asArray(py, x);
      const values = array.numbers().map((value) => py.call(fn, [scalarValue(array.dtype, value)]));
      return asArray(py, new PyList(values)).reshape(array.shape);
    }),
  ),
];

/** Everything but `numpy.random`. */
export const numpyMembers: readonly Member[] = [
  ['ndarray', arrayClass],
  ['dtype', native('dtype(dtype)', (_, [value]) => numpyDType(requireDType(value)))],
  ['pi', new PyFloat(Math.PI)],
  ['e', new PyFloat(Math.E)],
  ['inf', new PyFloat(Infinity)],
  ['nan', new PyFloat(NaN)],
  ['newaxis', null],
  ['__version__', '1.26.4'],
  ...scalarClassNames.map(([name, cls]): Member => [name, cls]),
  ...Object.entries(genericClasses).map(([name, cls]): Member => [name, cls]),
  ...creationMembers,
  ...movement,
  ...computing,
  ...limitMembers,
  ...fileMembers,
];
