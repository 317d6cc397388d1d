/** str, list and tuple. */
import {
  checkLength,
  classOf,
  compareText,
  countValue,
  deleteListItem,
  indexError,
  intValue,
  listType,
  method,
  native,
  needText,
  notImplemented,
  percentFormat,
  PyBoxed,
  PyClass,
  PyIterator,
  PyList,
  PySlice,
  PyTuple,
  setListItem,
  sliceRange,
  staticMethod,
  stringType,
  textOf,
  tupleType,
  typeError,
  valueError,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { bytesClasses, decodeBytes } from './bytes.ts';
import { rangeClasses } from './ranges.ts';
import { repeated, sequenceMembers } from './sequence-common.ts';
import { makeTranslation, stringMethods } from './string-methods.ts';
import { formatText } from './string-format.ts';

function indexOf(py: Interpreter, items: readonly PyValue[], [, value, start, stop]: PyValue[], what: string): number {
  const range = sliceRange(py, new PySlice(start, stop, null), items.length);
  for (let at = range.start; at < range.stop; at++) if (items[at] === value || py.equal(items[at], value)) return at;
  throw valueError(what);
}

function needList(value: PyValue): PyList {
  if (!(value instanceof PyList))
    throw typeError(`descriptor requires a 'list' object but received '${classOf(value).name}'`);
  return value;
}

/** Sorts values by `<`, stably. */
export function sortValues(py: Interpreter, values: readonly PyValue[], key: PyValue, reverse: boolean): PyValue[] {
  const keyed = values.map((value) => ({ value, key: key === null ? value : py.call(key, [value]) }));
  const less = (a: PyValue, b: PyValue): boolean => {
    if (typeof a === 'number' && typeof b === 'number') return a < b;
    if (typeof a === 'string' && typeof b === 'string') return compareText(a, b) < 0;
    return py.truth(py.compare('<', a, b));
  };
  if (reverse) keyed.reverse();
  py.spend(values.length);
  keyed.sort((a, b) => (less(a.key, b.key) ? -1 : less(b.key, a.key) ? 1 : 0));
  if (reverse) keyed.reverse();
  return keyed.map((entry) => entry.value);
}

function joinedLength(py: Interpreter, left: readonly PyValue[], right: readonly PyValue[]): void {
  py.reserve(left.length + right.length);
  checkLength(left.length + right.length);
}

function extend(py: Interpreter, list: PyList, iterable: PyValue): void {
  const added = py.collect(iterable);
  checkLength(list.items.length + added.length);
  py.touch(list);
  for (const item of added) list.items.push(item);
}

const listMembers: readonly Member[] = [
  ...sequenceMembers,
  ['__hash__', null],
  staticMethod(
    native('__new__(cls, /, *args, **kwargs)', (_py, [cls]) => new PyList([], cls instanceof PyClass ? cls : listType)),
  ),
  method('__init__(self, iterable=(), /)', (py, [self, iterable]) => {
    py.touch(needList(self));
    needList(self).items = py.collect(iterable);
    return null;
  }),
  method('__setitem__(self, key, value, /)', (py, [self, key, value]) => {
    setListItem(py, needList(self), key, value);
    return null;
  }),
  method('__delitem__(self, key, /)', (py, [self, key]) => {
    deleteListItem(py, needList(self), key);
    return null;
  }),
  method('__add__(self, other, /)', (py, [self, other]) => {
    if (!(other instanceof PyList)) return notImplemented;
    joinedLength(py, needList(self).items, other.items);
    return new PyList([...needList(self).items, ...other.items]);
  }),
  method('__iadd__(self, other, /)', (py, [self, other]) => {
    extend(py, needList(self), other);
    return self;
  }),
  method('__mul__(self, count, /)', (py, [self, count]) => {
    const items = repeated(py, needList(self).items, count);
    return items ? new PyList(items) : notImplemented;
  }),
  method('__rmul__(self, count, /)', (py, [self, count]) => {
    const items = repeated(py, needList(self).items, count);
    return items ? new PyList(items) : notImplemented;
  }),
  method('__imul__(self, count, /)', (py, [self, count]) => {
    py.touch(needList(self));
    needList(self).items = repeated(py, needList(self).items, count) ?? [];
    return self;
  }),
  method('__reversed__(self, /)', (_py, [self]) => reversedIterator(needList(self))),
  method('append(self, object, /)', (py, [self, item]) => {
    checkLength(needList(self).items.length + 1);
    py.touch(needList(self));
    needList(self).items.push(item);
    return null;
  }),
  method('extend(self, iterable, /)', (py, [self, iterable]) => {
    extend(py, needList(self), iterable);
    return null;
  }),
  method('insert(self, index, object, /)', (py, [self, index, item]) => {
    py.touch(needList(self));
    const { items } = needList(self);
    const at = countValue(py, index);
    items.splice(at < 0 ? Math.max(0, items.length + at) : at, 0, item);
    return null;
  }),
  method('pop(self, index=-1, /)', (py, [self, index]) => {
    const { items } = needList(self);
    if (items.length === 0) throw indexError('pop from empty list');
    const at = countValue(py, index);
    const place = at < 0 ? at + items.length : at;
    if (place < 0 || place >= items.length) throw indexError('pop index out of range');
    py.touch(needList(self));
    return items.splice(place, 1)[0];
  }),
  method('remove(self, value, /)', (py, [self, value]) => {
    const at = indexOf(py, needList(self).items, [self, value, null, null], 'list.remove(x): x not in list');
    py.touch(needList(self));
    needList(self).items.splice(at, 1);
    return null;
  }),
  method('clear(self, /)', (py, [self]) => {
    py.touch(needList(self));
    needList(self).items.length = 0;
    return null;
  }),
  method('copy(self, /)', (_py, [self]) => new PyList([...needList(self).items])),
  method('reverse(self, /)', (py, [self]) => {
    py.touch(needList(self));
    needList(self).items.reverse();
    return null;
  }),
  method('sort(self, *, key=None, reverse=False)', (py, [self, key, reverse]) => {
    const sorted = sortValues(py, needList(self).items, key, py.truth(reverse));
    py.touch(needList(self));
    needList(self).items = sorted;
    return null;
  }),
  method('index(self, value, start=None, stop=None, /)', (py, bound) =>
    indexOf(py, needList(bound[0]).items, bound, `${py.repr(bound[1])} is not in list`),
  ),
  method(
    'count(self, value, /)',
    (py, [self, value]) => needList(self).items.filter((item) => item === value || py.equal(item, value)).length,
  ),
];

function reversedIterator(list: PyList): PyIterator {
  let at = list.items.length;
  return new PyIterator(() => (at > 0 && at <= list.items.length ? list.items[--at] : undefined));
}

function needTuple(value: PyValue): PyTuple {
  if (!(value instanceof PyTuple))
    throw typeError(`descriptor requires a 'tuple' object but received '${classOf(value).name}'`);
  return value;
}

const tupleMembers: readonly Member[] = [
  ...sequenceMembers,
  staticMethod(
    native('__new__(cls, iterable=(), /)', (py, [cls, iterable]) => {
      if (cls === tupleType && iterable instanceof PyTuple && iterable.cls === tupleType) return iterable;
      return new PyTuple(py.collect(iterable), cls instanceof PyClass ? cls : tupleType);
    }),
  ),
  method('__add__(self, other, /)', (py, [self, other]) => {
    if (!(other instanceof PyTuple)) return notImplemented;
    joinedLength(py, needTuple(self).items, other.items);
    return new PyTuple([...needTuple(self).items, ...other.items]);
  }),
  ...['__mul__', '__rmul__'].map((name) =>
    method(`${name}(self, count, /)`, (py, [self, count]) => {
      const items = repeated(py, needTuple(self).items, count);
      return items ? new PyTuple(items) : notImplemented;
    }),
  ),
  method('index(self, value, start=None, stop=None, /)', (py, bound) =>
    indexOf(py, needTuple(bound[0]).items, bound, 'tuple.index(x): x not in tuple'),
  ),
  method(
    'count(self, value, /)',
    (py, [self, value]) => needTuple(self).items.filter((item) => item === value || py.equal(item, value)).length,
  ),
];

/** `str(object)` and `str(bytes, encoding)`. */
function newString(py: Interpreter, [cls, object, encoding, errors]: PyValue[]): PyValue {
  const text =
    encoding === null ? py.str(object) : decodeBytes(object, textOf(encoding) ?? 'utf-8', textOf(errors) ?? 'strict');
  return cls === stringType || !(cls instanceof PyClass) ? text : new PyBoxed(cls, text);
}

function repeatText(py: Interpreter, text: string, count: PyValue): PyValue {
  const int = intValue(count);
  if (int === undefined) return notImplemented;
  const times = Math.max(0, Number(int));
  py.reserve((text.length * times) / 8);
  return text.repeat(times);
}

const stringMembers: readonly Member[] = [
  ...sequenceMembers,
  ...stringMethods,
  staticMethod(native("__new__(cls, object='', encoding=None, errors='strict')", newString)),
  method('__str__(self, /)', (_py, [self]) => needText(self)),
  method('__add__(self, other, /)', (_py, [self, other]) =>
    textOf(other) === undefined ? notImplemented : needText(self) + needText(other),
  ),
  method('__mul__(self, count, /)', (py, [self, count]) => repeatText(py, needText(self), count)),
  method('__rmul__(self, count, /)', (py, [self, count]) => repeatText(py, needText(self), count)),
  method('__mod__(self, values, /)', (py, [self, values]) => percentFormat(py, needText(self), values)),
  method('__contains__(self, item, /)', (_py, [self, item]) =>
    needText(self).includes(needText(item, "'in <string>' requires string as left operand")),
  ),
  method('format(self, /, *args, **kwargs)', (py, [self, args, kwargs]) =>
    formatText(py, needText(self), args, kwargs),
  ),
  method('format_map(self, mapping, /)', (py, [self, mapping]) =>
    formatText(py, needText(self), new PyTuple([]), mapping),
  ),
  staticMethod(native('maketrans(x, y=None, z=None, /)', makeTranslation)),
];

export const sequenceClasses = [
  { cls: listType, members: listMembers },
  { cls: tupleType, members: tupleMembers },
  { cls: stringType, members: stringMembers },
  ...bytesClasses,
  ...rangeClasses,
];
