/** The methods, operators and attributes of `ndarray`. */
import { dtypeBytes } from '../../../ir/index.ts';
import {
  getter,
  method,
  notImplemented,
  PyIterator,
  PyTuple,
  typeError,
  valueError,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { NdArray } from './array.ts';
import { binary, inPlace, isOperand, roundEven, unary } from './arithmetic.ts';
import { asArray, asAxis, asInt, asInts, asNumber, asShape, optionalDType, result, toList } from './convert.ts';
import { numpyDType, pythonNumber, requireDType } from './dtype.ts';
import { getItem, setItem } from './indexing.ts';
import { arrayRepresentation, arrayString } from './print.ts';
import { reduce, scan, sortAlong, varianceOf } from './reduce.ts';
import { matmul, repeat, takeAlong } from './shape.ts';

export function expectArray(value: PyValue): NdArray {
  if (value instanceof NdArray) return value;
  throw typeError('expected an ndarray');
}

const OPERATORS: Readonly<Record<string, string>> = {
  add: 'add',
  sub: 'subtract',
  mul: 'multiply',
  truediv: 'divide',
  floordiv: 'floor_divide',
  mod: 'mod',
  pow: 'power',
  and: 'bitwise_and',
  or: 'bitwise_or',
  xor: 'bitwise_xor',
  lshift: 'left_shift',
  rshift: 'right_shift',
};
const COMPARISONS: Readonly<Record<string, string>> = {
  eq: 'equal',
  ne: 'not_equal',
  lt: 'less',
  le: 'less_equal',
  gt: 'greater',
  ge: 'greater_equal',
};

const operators: readonly Member[] = [
  ...Object.entries(OPERATORS).flatMap(([operator, name]): readonly Member[] => [
    method(`__${operator}__(self, other, /)`, (py, [self, other]) =>
      isOperand(other) ? binary(py, name, self, other) : notImplemented,
    ),
    method(`__r${operator}__(self, other, /)`, (py, [self, other]) =>
      isOperand(other) ? binary(py, name, other, self) : notImplemented,
    ),
    method(`__i${operator}__(self, other, /)`, (py, [self, other]) => inPlace(py, name, expectArray(self), other)),
  ]),
  ...Object.entries(COMPARISONS).map(([operator, name]): Member =>
    method(`__${operator}__(self, other, /)`, (py, [self, other]) =>
      isOperand(other) ? binary(py, name, self, other) : notImplemented,
    ),
  ),
  method('__matmul__(self, other, /)', (py, [self, other]) => result(matmul(py, self, other))),
  method('__neg__(self)', (py, [self]) => unary(py, 'negative', self)),
  method('__pos__(self)', (_, [self]) => self),
  method('__abs__(self)', (py, [self]) => unary(py, 'abs', self)),
  method('__invert__(self)', (py, [self]) => {
    const array = expectArray(self);
    return array.dtype === 'i1'
      ? unary(py, 'logical_not', self)
      : binary(py, 'subtract', unary(py, 'negative', self), 1);
  }),
];

function truth(array: NdArray): boolean {
  if (array.size !== 1)
    throw valueError('The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()');
  return array.numberAt(0) !== 0;
}

const containers: readonly Member[] = [
  method('__len__(self)', (_, [self]) => {
    const [count] = expectArray(self).shape;
    if (count === undefined) throw typeError('len() of unsized object');
    return count;
  }),
  method('__getitem__(self, index, /)', (py, [self, index]) => result(getItem(py, expectArray(self), index))),
  method('__setitem__(self, index, value, /)', (py, [self, index, value]) => {
    setItem(py, expectArray(self), index, value);
    return null;
  }),
  method('__iter__(self)', (py, [self]) => {
    const array = expectArray(self);
    let at = 0;
    return new PyIterator(() => (at < array.shape[0] ? result(getItem(py, array, at++)) : undefined));
  }),
  method('__contains__(self, item)', (py, [self, item]) =>
    py.truth(reduce(py, 'any', binary(py, 'equal', self, item), null, false)),
  ),
  method('__bool__(self)', (_, [self]) => truth(expectArray(self))),
  method('__int__(self)', (py, [self]) => asInt(py, self)),
  method('__index__(self)', (py, [self]) => asInt(py, self)),
  method('__float__(self)', (py, [self]) => pythonNumber('f64', asNumber(py, self))),
  method('__array__(self, dtype=None)', (_, [self]) => self),
  method('__repr__(self)', (_, [self]) => arrayRepresentation(expectArray(self))),
  method('__str__(self)', (_, [self]) => arrayString(expectArray(self))),
  method('__format__(self, specification, /)', (py, [self, specification]) =>
    formatted(py, expectArray(self), specification),
  ),
  method('__deepcopy__(self, memo)', (_, [self]) => expectArray(self).copy()),
  method('__copy__(self)', (_, [self]) => expectArray(self).copy()),
];

/** An array of no dimension is formatted as its number. */
function formatted(py: Interpreter, array: NdArray, specification: PyValue): string {
  if (specification === '') return arrayString(array);
  if (array.shape.length > 0) throw typeError('unsupported format string passed to numpy.ndarray.__format__');
  return py.format(pythonNumber(array.dtype, array.numberAt(0)), String(specification));
}

const attributes: readonly Member[] = [
  getter(
    'shape',
    (_, self) => new PyTuple(expectArray(self).shape),
    (py, self, value) => {
      const array = expectArray(self);
      const reshaped = array.reshape(asShape(py, value));
      py.touch(array);
      array.data = reshaped.data;
      array.shape = reshaped.shape;
      array.strides = reshaped.strides;
    },
  ),
  getter('dtype', (_, self) => numpyDType(expectArray(self).dtype)),
  getter('ndim', (_, self) => expectArray(self).shape.length),
  getter('size', (_, self) => expectArray(self).size),
  getter('itemsize', (_, self) => dtypeBytes(expectArray(self).dtype)),
  getter('nbytes', (_, self) => dtypeBytes(expectArray(self).dtype) * expectArray(self).size),
  getter(
    'strides',
    (_, self) => new PyTuple(expectArray(self).strides.map((stride) => stride * dtypeBytes(expectArray(self).dtype))),
  ),
  getter('T', (_, self) => {
    const array = expectArray(self);
    return array.transpose(array.shape.map((__, axis) => array.shape.length - 1 - axis));
  }),
  getter('flat', (_, self) => expectArray(self).reshape([-1])),
];

const axesOf = (py: Interpreter, array: NdArray, axes: PyValue): readonly number[] => {
  const given = axes === null ? [] : asShape(py, axes).map((axis) => asAxis(py, axis, array.shape.length));
  return given.length === 0 ? array.shape.map((_, axis) => array.shape.length - 1 - axis) : given;
};

export const swap = (array: NdArray, first: number, second: number): NdArray =>
  array.transpose(array.shape.map((_, axis) => (axis === first ? second : axis === second ? first : axis)));

const functions: readonly Member[] = [
  method("reshape(self, *shape, order='C')", (py, [self, shape]) => expectArray(self).reshape(asShape(py, shape))),
  method('transpose(self, *axes)', (py, [self, axes]) =>
    expectArray(self).transpose(
      axesOf(
        py,
        expectArray(self),
        axes instanceof PyTuple && axes.items.length === 1 && axes.items[0] === null ? null : axes,
      ),
    ),
  ),
  method('swapaxes(self, axis1, axis2)', (py, [self, first, second]) => {
    const array = expectArray(self);
    return swap(array, asAxis(py, first, array.shape.length), asAxis(py, second, array.shape.length));
  }),
  method("flatten(self, order='C')", (_, [self]) => expectArray(self).copy().reshape([-1])),
  method("ravel(self, order='C')", (_, [self]) => expectArray(self).reshape([-1])),
  method('squeeze(self, axis=None)', (py, [self, axis]) => {
    const array = expectArray(self);
    const named = axis === null ? null : asInts(py, axis).map((at) => asAxis(py, at, array.shape.length));
    return array.reshape(array.shape.filter((extent, at) => (named ? !named.includes(at) : extent !== 1)));
  }),
  method("astype(self, dtype, order='K', casting='unsafe', subok=True, copy=True)", (_, [self, dtype]) => {
    const array = expectArray(self);
    const target = requireDType(dtype);
    return target === array.dtype ? array.copy() : array.astype(target);
  }),
  method('copy(self)', (_, [self]) => expectArray(self).copy()),
  method('tolist(self)', (_, [self]) => toList(expectArray(self))),
  method('item(self, *index)', (py, [self, index]) => {
    const array =
      index instanceof PyTuple && index.items.length > 0
        ? asArray(
            py,
            getItem(py, expectArray(self).reshape(index.items.length === 1 ? [-1] : expectArray(self).shape), index),
          )
        : expectArray(self);
    if (array.size !== 1) throw valueError('can only convert an array of size 1 to a Python scalar');
    return pythonNumber(array.dtype, array.numberAt(0));
  }),
  method('fill(self, value)', (py, [self, value]) => {
    py.touch(expectArray(self));
    expectArray(self).assign(asArray(py, value));
    return null;
  }),
  method('repeat(self, repeats, axis=None)', (py, [self, repeats, axis]) => repeat(py, self, repeats, axis)),
  method('take(self, indices, axis=None)', (py, [self, indices, axis]) => {
    const array = axis === null ? expectArray(self).reshape([-1]) : expectArray(self);
    return takeAlong(array, asInts(py, indices), axis === null ? 0 : asAxis(py, axis, array.shape.length));
  }),
  method('dot(self, other)', (py, [self, other]) => result(matmul(py, self, other))),
  method('clip(self, min=None, max=None)', (py, [self, low, high]) => {
    const above = low === null ? self : binary(py, 'maximum', self, low);
    return high === null ? above : binary(py, 'minimum', above, high);
  }),
  method('round(self, decimals=0)', (py, [self, decimals]) => rounded(expectArray(self), asInt(py, decimals))),
  method('cumsum(self, axis=None)', (py, [self, axis]) => scan(py, self, axis, (sum, value) => sum + value)),
  method('argsort(self, axis=-1)', (py, [self, axis]) => sortAlong(py, self, axis, true)),
  method('sort(self, axis=-1)', (py, [self, axis]) => {
    py.touch(expectArray(self));
    expectArray(self).assign(sortAlong(py, self, axis, false));
    return null;
  }),
  ...['sum', 'prod', 'mean', 'max', 'min', 'all', 'any', 'argmax', 'argmin', 'ptp'].map((name): Member =>
    method(`${name}(self, axis=None, dtype=None, keepdims=False)`, (py, [self, axis, dtype, keep]) =>
      reduce(py, name, self, axis, keep === true, dtype === null ? null : optionalDType(dtype, 'f64')),
    ),
  ),
  method('var(self, axis=None, ddof=0, keepdims=False)', (py, [self, axis, ddof, keep]) =>
    varianceOf(py, self, axis, asInt(py, ddof), keep === true, false),
  ),
  method('std(self, axis=None, ddof=0, keepdims=False)', (py, [self, axis, ddof, keep]) =>
    varianceOf(py, self, axis, asInt(py, ddof), keep === true, true),
  ),
];

export function rounded(array: NdArray, decimals: number): NdArray {
  const scale = 10 ** decimals;
  const values = array.numbers();
  return NdArray.generate(array.shape, array.dtype, (index) => roundEven(values[index] * scale) / scale);
}

export const arrayMembers: readonly Member[] = [...operators, ...containers, ...attributes, ...functions];
