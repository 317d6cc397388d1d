/** `numpy.finfo` and `numpy.iinfo`. */
import type { DType } from '../../../ir/index.ts';
import { getter, native, nativeClass, PyObject, valueError, type Member, type PyValue } from '../../eval/index.ts';
import { requireDType, scalarValue } from './dtype.ts';

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

const limit = (name: string, read: (limits: Limits) => PyValue): Member =>
  getter(name, (_, self) => (self instanceof Limits ? read(self) : null));

const limitsClass = nativeClass({
  name: 'finfo',
  module: 'numpy',
  members: [
    limit('min', ({ least }) => least),
    limit('max', ({ greatest }) => greatest),
    limit('eps', ({ epsilon }) => epsilon),
  ],
});

const FLOAT_LIMITS: Readonly<Partial<Record<DType, readonly [greatest: number, epsilon: number]>>> = {
  f16: [65504, 2 ** -10],
  f32: [3.4028234663852886e38, 2 ** -23],
  f64: [Number.MAX_VALUE, Number.EPSILON],
  bf16: [3.3895313892515355e38, 2 ** -7],
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
  return bits === 64
    ? new Limits(-(2n ** 63n), 2n ** 63n - 1n, 0)
    : new Limits(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, 0);
}

export const limitMembers: readonly Member[] = [
  native('finfo(dtype)', (_, [dtype]) => finfo(dtype)),
  native('iinfo(dtype)', (_, [dtype]) => iinfo(dtype)),
];
