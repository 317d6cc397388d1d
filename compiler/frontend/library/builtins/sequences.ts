/** str, bytes, list, tuple, range and slice. */
import {
  assignSlice,
  byteArrayType,
  bytesType,
  classMethod,
  classOf,
  compareText,
  countValue,
  deleteListItem,
  getter,
  hashValue,
  indexError,
  intValue,
  listType,
  method,
  native,
  needText,
  notImplemented,
  percentFormat,
  position,
  PyBoxed,
  PyBytes,
  PyClass,
  PyFloat,
  PyIterator,
  PyList,
  PyRange,
  PySlice,
  PyTuple,
  rangeItem,
  rangeType,
  builtInNext,
  builtInLength,
  sequenceItem,
  setListItem,
  sliceRange,
  sliceType,
  staticMethod,
  stringType,
  textOf,
  tupleType,
  typeError,
  unicodeDecodeError,
  valueError,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { comparisonMembers } from './numbers.ts';
import { encodeText, makeTranslation, stringMethods } from './string-methods.ts';
import { formatText } from './string-format.ts';

/** What every built-in sequence has. */
const sequenceMembers: readonly Member[] = [
  ...comparisonMembers,
  method('__hash__(self, /)', (py, [self]) => hashValue(py, self)),
  method('__len__(self, /)', (_py, [self]) => builtInLength(self) ?? 0),
  method('__iter__(self, /)', (_py, [self]) => new PyIterator(builtInNext(self) ?? ((): undefined => undefined))),
  method('__getitem__(self, key, /)', (py, [self, key]) => sequenceItem(py, self, key) ?? null),
  method('__contains__(self, item, /)', (py, [self, item]) => itemsOf(py, self).some((member) => member === item || py.equal(member, item))),
];

/** The items of a built-in sequence. */
function itemsOf(py: Interpreter, sequence: PyValue): readonly PyValue[] {
  if (sequence instanceof PyList || sequence instanceof PyTuple) return sequence.items;
  const items: PyValue[] = [];
  const next = builtInNext(sequence);
  for (let item = next?.(); item !== undefined; item = next?.()) items.push(item);
  py.spend(items.length);
  return items;
}

/** Repeats items a number of times; undefined when the count is no int. */
function repeated(py: Interpreter, items: readonly PyValue[], count: PyValue): PyValue[] | undefined {
  const int = intValue(count) ?? (py.findSpecial(count, '__index__') === undefined ? undefined : countValue(py, count));
  if (int === undefined) return undefined;
  const times = Math.max(0, Number(int));
  py.reserve(items.length * times);
  const result: PyValue[] = [];
  for (let time = 0; time < times; time++) for (const item of items) result.push(item);
  return result;
}

function indexOf(py: Interpreter, items: readonly PyValue[], [, value, start, stop]: PyValue[], what: string): number {
  const range = sliceRange(py, new PySlice(start, stop, null), items.length);
  for (let at = range.start; at < range.stop; at++) if (items[at] === value || py.equal(items[at], value)) return at;
  throw valueError(what);
}

function needList(value: PyValue): PyList {
  if (!(value instanceof PyList)) throw typeError(`descriptor requires a 'list' object but received '${classOf(value).name}'`);
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

const listMembers: readonly Member[] = [
  ...sequenceMembers,
  ['__hash__', null],
  staticMethod(native('__new__(cls, /, *args, **kwargs)', (_py, [cls]) => new PyList([], cls instanceof PyClass ? cls : listType))),
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
    py.reserve(needList(self).items.length + other.items.length);
    return new PyList([...needList(self).items, ...other.items]);
  }),
  method('__iadd__(self, other, /)', (py, [self, other]) => {
    const added = py.collect(other);
    py.touch(needList(self));
    for (const item of added) needList(self).items.push(item);
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
    py.touch(needList(self));
    needList(self).items.push(item);
    return null;
  }),
  method('extend(self, iterable, /)', (py, [self, iterable]) => {
    const added = py.collect(iterable);
    py.touch(needList(self));
    for (const item of added) needList(self).items.push(item);
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
  method('index(self, value, start=None, stop=None, /)', (py, bound) => indexOf(py, needList(bound[0]).items, bound, `${py.repr(bound[1])} is not in list`)),
  method('count(self, value, /)', (py, [self, value]) => needList(self).items.filter((item) => item === value || py.equal(item, value)).length),
];

function reversedIterator(list: PyList): PyIterator {
  let at = list.items.length;
  return new PyIterator(() => (at > 0 && at <= list.items.length ? list.items[--at] : undefined));
}

function needTuple(value: PyValue): PyTuple {
  if (!(value instanceof PyTuple)) throw typeError(`descriptor requires a 'tuple' object but received '${classOf(value).name}'`);
  return value;
}

const tupleMembers: readonly Member[] = [
  ...sequenceMembers,
  staticMethod(native('__new__(cls, iterable=(), /)', (py, [cls, iterable]) => {
    if (cls === tupleType && iterable instanceof PyTuple && iterable.cls === tupleType) return iterable;
    return new PyTuple(py.collect(iterable), cls instanceof PyClass ? cls : tupleType);
  })),
  method('__add__(self, other, /)', (_py, [self, other]) => (other instanceof PyTuple ? new PyTuple([...needTuple(self).items, ...other.items]) : notImplemented)),
  ...['__mul__', '__rmul__'].map((name) =>
    method(`${name}(self, count, /)`, (py, [self, count]) => {
      const items = repeated(py, needTuple(self).items, count);
      return items ? new PyTuple(items) : notImplemented;
    }),
  ),
  method('index(self, value, start=None, stop=None, /)', (py, bound) => indexOf(py, needTuple(bound[0]).items, bound, 'tuple.index(x): x not in tuple')),
  method('count(self, value, /)', (py, [self, value]) => needTuple(self).items.filter((item) => item === value || py.equal(item, value)).length),
];

/** `str(object)` and `str(bytes, encoding)`. */
function newString(py: Interpreter, [cls, object, encoding, errors]: PyValue[]): PyValue {
  const text = encoding === null ? py.str(object) : decodeBytes(object, textOf(encoding) ?? 'utf-8', textOf(errors) ?? 'strict');
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
  method('__add__(self, other, /)', (_py, [self, other]) => (textOf(other) === undefined ? notImplemented : needText(self) + needText(other))),
  method('__mul__(self, count, /)', (py, [self, count]) => repeatText(py, needText(self), count)),
  method('__rmul__(self, count, /)', (py, [self, count]) => repeatText(py, needText(self), count)),
  method('__mod__(self, values, /)', (py, [self, values]) => percentFormat(py, needText(self), values)),
  method('__contains__(self, item, /)', (_py, [self, item]) => needText(self).includes(needText(item, "'in <string>' requires string as left operand"))),
  method('format(self, /, *args, **kwargs)', (py, [self, args, kwargs]) => formatText(py, needText(self), args, kwargs)),
  method('format_map(self, mapping, /)', (py, [self, mapping]) => formatText(py, needText(self), new PyTuple([]), mapping)),
  staticMethod(native('maketrans(x, y=None, z=None, /)', makeTranslation)),
];

export function decodeBytes(value: PyValue, encoding: string, errors: string): string {
  if (!(value instanceof PyBytes)) throw typeError(`decoding to str: need a bytes-like object, ${classOf(value).name} found`);
  const name = encoding.toLowerCase().replaceAll('_', '-');
  if (name === 'latin-1' || name === 'iso-8859-1') return Array.from(value.data, (byte) => String.fromCharCode(byte)).join('');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(value.data);
  if (text.includes('\ufffd') && errors === 'strict') throw unicodeDecodeError(`'${name}' codec can't decode the bytes`);
  return errors === 'ignore' ? text.replaceAll('\ufffd', '') : text;
}

/** The bytes that `bytes(x)` makes. */
function bytesFrom(py: Interpreter, source: PyValue, encoding: PyValue): Uint8Array {
  const text = textOf(source);
  if (text !== undefined) {
    if (encoding === null) throw typeError('string argument without an encoding');
    return encodeText(text, needText(encoding), 'strict');
  }
  if (source instanceof PyBytes) return source.data.slice();
  const size = intValue(source);
  if (size !== undefined) {
    py.reserve(Number(size) / 8);
    return new Uint8Array(Number(size));
  }
  return Uint8Array.from(
    py.collect(source).map((item) => {
      const byte = countValue(py, item);
      if (byte < 0 || byte > 255) throw valueError('bytes must be in range(0, 256)');
      return byte;
    }),
  );
}

function needBytes(value: PyValue): PyBytes {
  if (!(value instanceof PyBytes)) throw typeError(`a bytes-like object is required, not '${classOf(value).name}'`);
  return value;
}

/** Bytes as a text of code points 0–255, so that text methods serve for both. */
const latin = (value: PyBytes): string => decodeBytes(value, 'latin-1', 'strict');
const fromLatin = (text: string, like: PyBytes): PyBytes => new PyBytes(Uint8Array.from(text, (char) => char.charCodeAt(0)), like.cls);

/** Text methods that bytes have too: arguments and results are bytes. */
const sharedNames = new Set(['find', 'rfind', 'index', 'count', 'startswith', 'endswith', 'split', 'strip', 'lstrip', 'rstrip', 'join', 'replace', 'lower', 'upper', 'isdigit', 'isalpha', 'partition']);

function bytesMethods(): Member[] {
  return stringMethods.flatMap((member) => {
    if (!('implementation' in member) || !sharedNames.has(member.name)) return [];
    return [
      method(`${member.name}(self, /, *args)`, (py, [self, args]) => {
        const own = needBytes(self);
        const into = (value: PyValue): PyValue =>
          value instanceof PyBytes ? latin(value) : value instanceof PyList || value instanceof PyTuple ? new PyTuple(value.items.map(into)) : value;
        const back = (value: PyValue): PyValue =>
          typeof value === 'string' ? fromLatin(value, own) : value instanceof PyList ? new PyList(value.items.map(back)) : value instanceof PyTuple ? new PyTuple(value.items.map(back)) : value;
        return back(py.call(member, [latin(own), ...(args instanceof PyTuple ? args.items.map(into) : [])]));
      }),
    ];
  });
}

const bytesMembers: readonly Member[] = [
  ...sequenceMembers,
  ...bytesMethods(),
  method('__contains__(self, item, /)', (_py, [self, item]) => (item instanceof PyBytes ? latin(needBytes(self)).includes(latin(item)) : needBytes(self).data.includes(Number(item)))),
  method('__add__(self, other, /)', (_py, [self, other]) => (other instanceof PyBytes ? new PyBytes(Uint8Array.from([...needBytes(self).data, ...other.data]), needBytes(self).cls) : notImplemented)),
  method('__mul__(self, count, /)', (py, [self, count]) => {
    const items = repeated(py, [...needBytes(self).data], count);
    return items ? new PyBytes(Uint8Array.from(items.map(Number)), needBytes(self).cls) : notImplemented;
  }),
  method("decode(self, encoding='utf-8', errors='strict')", (_py, [self, encoding, errors]) => decodeBytes(self, needText(encoding), needText(errors))),
  method("hex(self, sep='', /)", (_py, [self, sep]) => Array.from(needBytes(self).data, (byte) => byte.toString(16).padStart(2, '0')).join(needText(sep))),
  classMethod(native('fromhex(cls, string, /)', (_py, [cls, text]) => new PyBytes(Uint8Array.from(needText(text).replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)), cls instanceof PyClass ? cls : bytesType))),
  staticMethod(native('__new__(cls, source=(), encoding=None, errors=None)', (py, [cls, source, encoding]) => new PyBytes(bytesFrom(py, source, encoding), cls instanceof PyClass ? cls : bytesType))),
];

const byteArrayMembers: readonly Member[] = [
  ...bytesMembers,
  ['__hash__', null],
  method('append(self, item, /)', (py, [self, item]) => {
    py.touch(needBytes(self));
    needBytes(self).data = Uint8Array.from([...needBytes(self).data, countValue(py, item)]);
    return null;
  }),
  method('extend(self, items, /)', (py, [self, items]) => {
    py.touch(needBytes(self));
    needBytes(self).data = Uint8Array.from([...needBytes(self).data, ...py.collect(items).map(Number)]);
    return null;
  }),
  method('__setitem__(self, key, value, /)', (py, [self, key, value]) => {
    py.touch(needBytes(self));
    const own = needBytes(self);
    if (key instanceof PySlice) {
      const items = new PyList([...own.data]);
      assignSlice(py, items, key, py.collect(value));
      own.data = Uint8Array.from(items.items.map(Number));
    } else own.data[position(py, key, own.data.length, 'bytearray')] = countValue(py, value);
    return null;
  }),
];

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
      return stop === null ? new PyRange(0, countValue(py, start), 1) : new PyRange(countValue(py, start), countValue(py, stop), stride);
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
    native('__new__(cls, /, *args)', (_py, [, args]) => {
      const given = needTuple(args).items;
      if (given.length === 0 || given.length > 3) throw typeError(`slice expected at least 1 argument, got ${given.length}`);
      return given.length === 1 ? new PySlice(null, given[0], null) : new PySlice(given[0], given[1], given[2] ?? null);
    }),
  ),
  ...(['start', 'stop', 'step'] as const).map((name) => getter(name, (_py, self) => needSlice(self)[name])),
  method('indices(self, length, /)', (py, [self, length]) => {
    const { start, stop, step } = sliceRange(py, needSlice(self), countValue(py, length));
    return new PyTuple([start, stop, step]);
  }),
];

export const sequenceClasses = [
  { cls: listType, members: listMembers },
  { cls: tupleType, members: tupleMembers },
  { cls: stringType, members: stringMembers },
  { cls: bytesType, members: bytesMembers },
  { cls: byteArrayType, members: byteArrayMembers },
  { cls: rangeType, members: rangeMembers },
  { cls: sliceType, members: sliceMembers },
];
