/** range and slice. */
import {
  countValue,
  getter,
  intValue,
  method,
  native,
  PyFloat,
  PyIterator,
  PyRange,
  PySlice,
  PyTuple,
  rangeItem,
  rangeType,
  sliceRange,
  sliceType,
  staticMethod,
  typeError,
  valueError,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { comparisonMembers } from './numbers.ts';
import { sequenceMembers } from './sequence-common.ts';

function needRange(value: PyValue): PyRange {
  if (!(value instanceof PyRange)) throw typeError('a range is required');
  return value;
}

function rangeIndex(py: Interpreter, range: PyRange, value: PyValue): number {
  const number = value instanceof PyFloat ? value.value : intValue(value);
  if (number === undefined) return -1;
  const at = (Number(number) - range.start) / range.step;
  py.spend(1);
  return Number.isInteger(at) && at >= 0 && at < range.length ? at : -1;
}

const rangeMembers: readonly Member[] = [
  ...sequenceMembers,
  staticMethod(
    native('__new__(cls, start, stop=None, step=None, /)', (py, [, start, stop, step]) => {
      const stride = step === null ? 1 : countValue(py, step);
      if (stride === 0) throw valueError('range() arg 3 must not be zero');
      return stop === null
        ? new PyRange(0, countValue(py, start), 1)
        : new PyRange(countValue(py, start), countValue(py, stop), stride);
    }),
  ),
  method('__contains__(self, item, /)', (py, [self, item]) => rangeIndex(py, needRange(self), item) >= 0),
  method('__reversed__(self, /)', (_py, [self]) => {
    const range = needRange(self);
    let at = range.length;
    return new PyIterator(() => (at > 0 ? rangeItem(range, --at) : undefined));
  }),
  method('index(self, value, /)', (py, [self, value]) => {
    const at = rangeIndex(py, needRange(self), value);
    if (at < 0) throw valueError(`${py.repr(value)} is not in range`);
    return at;
  }),
  method('count(self, value, /)', (py, [self, value]) => (rangeIndex(py, needRange(self), value) >= 0 ? 1 : 0)),
  ...(['start', 'stop', 'step'] as const).map((name) => getter(name, (_py, self) => needRange(self)[name])),
];

function needSlice(value: PyValue): PySlice {
  if (!(value instanceof PySlice)) throw typeError('a slice is required');
  return value;
}

const sliceMembers: readonly Member[] = [
  ...comparisonMembers.slice(0, 2),
  staticMethod(
    native('__new__(cls, /, *args)', (py, [, args]) => {
      const given = py.collect(args);
      if (given.length === 0 || given.length > 3)
        throw typeError(`slice expected at least 1 argument, got ${given.length}`);
      return given.length === 1 ? new PySlice(null, given[0], null) : new PySlice(given[0], given[1], given[2] ?? null);
    }),
  ),
  ...(['start', 'stop', 'step'] as const).map((name) => getter(name, (_py, self) => needSlice(self)[name])),
  method('indices(self, length, /)', (py, [self, length]) => {
    const { start, stop, step } = sliceRange(py, needSlice(self), countValue(py, length));
    return new PyTuple([start, stop, step]);
  }),
];

export const rangeClasses = [
  { cls: rangeType, members: rangeMembers },
  { cls: sliceType, members: sliceMembers },
];
