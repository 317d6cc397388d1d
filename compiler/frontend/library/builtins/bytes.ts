/** bytes and bytearray. */
import {
  assignSlice,
  byteArrayType,
  bytesType,
  classMethod,
  classOf,
  countValue,
  intValue,
  method,
  native,
  needText,
  notImplemented,
  position,
  PyBytes,
  PyClass,
  PyList,
  PySlice,
  PyTuple,
  staticMethod,
  textOf,
  typeError,
  unicodeDecodeError,
  valueError,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { repeated, sequenceMembers } from './sequence-common.ts';
import { encodeText, stringMethods } from './string-methods.ts';

export function decodeBytes(value: PyValue, encoding: string, errors: string): string {
  if (!(value instanceof PyBytes))
    throw typeError(`decoding to str: need a bytes-like object, ${classOf(value).name} found`);
  const name = encoding.toLowerCase().replaceAll('_', '-');
  if (name === 'latin-1' || name === 'iso-8859-1')
    return Array.from(value.data, (byte) => String.fromCharCode(byte)).join('');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(value.data);
  if (text.includes('\ufffd') && errors === 'strict')
    throw unicodeDecodeError(`'${name}' codec can't decode the bytes`);
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
const fromLatin = (text: string, like: PyBytes): PyBytes =>
  new PyBytes(
    Uint8Array.from(text, (char) => char.charCodeAt(0)),
    like.cls,
  );

/** Text methods that bytes have too: arguments and results are bytes. */
const sharedNames = new Set([
  'find',
  'rfind',
  'index',
  'count',
  'startswith',
  'endswith',
  'split',
  'strip',
  'lstrip',
  'rstrip',
  'join',
  'replace',
  'lower',
  'upper',
  'isdigit',
  'isalpha',
  'partition',
]);

function bytesMethods(): Member[] {
  return stringMethods.flatMap((member) => {
    if (!('implementation' in member) || !sharedNames.has(member.name)) return [];
    return [
      method(`${member.name}(self, /, *args)`, (py, [self, args]) => {
        const own = needBytes(self);
        const into = (value: PyValue): PyValue =>
          value instanceof PyBytes
            ? latin(value)
            : value instanceof PyList || value instanceof PyTuple
              ? new PyTuple(value.items.map(into))
              : value;
        const back = (value: PyValue): PyValue =>
          typeof value === 'string'
            ? fromLatin(value, own)
            : value instanceof PyList
              ? new PyList(value.items.map(back))
              : value instanceof PyTuple
                ? new PyTuple(value.items.map(back))
                : value;
        return back(py.call(member, [latin(own), ...(args instanceof PyTuple ? args.items.map(into) : [])]));
      }),
    ];
  });
}

const bytesMembers: readonly Member[] = [
  ...sequenceMembers,
  ...bytesMethods(),
  method('__contains__(self, item, /)', (py, [self, item]) =>
    item instanceof PyBytes
      ? latin(needBytes(self)).includes(latin(item))
      : needBytes(self).data.includes(countValue(py, item)),
  ),
  method('__add__(self, other, /)', (_py, [self, other]) =>
    other instanceof PyBytes
      ? new PyBytes(Uint8Array.from([...needBytes(self).data, ...other.data]), needBytes(self).cls)
      : notImplemented,
  ),
  method('__mul__(self, count, /)', (py, [self, count]) => {
    const items = repeated(py, [...needBytes(self).data], count);
    return items ? new PyBytes(Uint8Array.from(items.map(Number)), needBytes(self).cls) : notImplemented;
  }),
  method("decode(self, encoding='utf-8', errors='strict')", (_py, [self, encoding, errors]) =>
    decodeBytes(self, needText(encoding), needText(errors)),
  ),
  method("hex(self, sep='', /)", (_py, [self, sep]) =>
    Array.from(needBytes(self).data, (byte) => byte.toString(16).padStart(2, '0')).join(needText(sep)),
  ),
  classMethod(
    native(
      'fromhex(cls, string, /)',
      (_py, [cls, text]) =>
        new PyBytes(
          Uint8Array.from(needText(text).replaceAll(' ', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
          cls instanceof PyClass ? cls : bytesType,
        ),
    ),
  ),
  staticMethod(
    native(
      '__new__(cls, source=(), encoding=None, errors=None)',
      (py, [cls, source, encoding]) =>
        new PyBytes(bytesFrom(py, source, encoding), cls instanceof PyClass ? cls : bytesType),
    ),
  ),
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

export const bytesClasses = [
  { cls: bytesType, members: bytesMembers },
  { cls: byteArrayType, members: byteArrayMembers },
];
