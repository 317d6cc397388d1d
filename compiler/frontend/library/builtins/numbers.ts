/** int and bool, and what all numbers have in common. */
import {
  classMethod,
  classOf,
  complexValue,
  compareBuiltIn,
  floatDivmod,
  getter,
  hashValue,
  intBinary,
  intType,
  intValue,
  method,
  native,
  normalInt,
  notImplemented,
  overflowError,
  PyBoxed,
  PyBytes,
  PyClass,
  PyFloat,
  PyTuple,
  realValue,
  reprBuiltIn,
  staticMethod,
  textOf,
  toFloat,
  typeError,
  unary,
  valueError,
  formatBuiltIn,
  reprText,
  zeroDivisionError,
  operatorNames,
  type BinaryOperator,
  type Int,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';

export const binaryOperators = Object.keys(operatorNames) as BinaryOperator[]; // the keys of a record by operator

/** Both directions of an operator for a class of numbers. */
export function operatorMembers(
  operator: BinaryOperator,
  compute: (py: Interpreter, left: PyValue, right: PyValue) => PyValue | undefined,
): Member[] {
  const { forward, reflected } = operatorNames[operator];
  return [
    method(`${forward}(self, other, /)`, (py, [self, other]) => compute(py, self, other) ?? notImplemented),
    method(`${reflected}(self, other, /)`, (py, [self, other]) => compute(py, other, self) ?? notImplemented),
  ];
}

const comparisons: readonly Member[] = (['==', '!=', '<', '<=', '>', '>='] as const).map((operator, index) =>
  method(
    `__${['eq', 'ne', 'lt', 'le', 'gt', 'ge'][index]}__(self, other, /)`,
    (py, [self, other]) => compareBuiltIn(py, operator, self, other) ?? notImplemented,
  ),
);

export const comparisonMembers = comparisons;

export const numberMembers: readonly Member[] = [
  ...comparisons,
  method('__hash__(self, /)', (py, [self]) => hashValue(py, self)),
  method('__repr__(self, /)', (py, [self]) => reprBuiltIn(py, self)),
  method('__bool__(self, /)', (_py, [self]) => {
    const complex = complexValue(self);
    return complex ? complex.real !== 0 || complex.imaginary !== 0 : false;
  }),
  method('__format__(self, format_spec, /)', (py, [self, spec]) => formatBuiltIn(py, self, textOf(spec) ?? '')),
  method('__getnewargs__(self, /)', (_py, [self]) => new PyTuple([self])),
];

/** Parses the text of an int in a base. */
export function parseInt10(text: string, base: number): Int | undefined {
  const found = /^\s*([-+]?)(0[xX]|0[oO]|0[bB])?([0-9a-zA-Z_]+)\s*$/.exec(text);
  if (!found) return undefined;
  const [, sign, prefix, body] = found;
  const prefixes: Readonly<Record<string, number>> = { '0x': 16, '0o': 8, '0b': 2 };
  const prefixBase = prefix ? prefixes[prefix.toLowerCase()] : undefined;
  if (prefixBase !== undefined && base !== 0 && base !== prefixBase)
    return prefixBase === 2 && base > 11 ? digitsValue(sign, prefix + body, base) : undefined;
  return digitsValue(sign, body, prefixBase ?? (base === 0 ? 10 : base));
}

function digitsValue(sign: string, body: string, base: number): Int | undefined {
  if (/^_|__|_$/.test(body)) return undefined;
  const digits = body.replaceAll('_', '').toLowerCase();
  let value = 0n;
  if (base === 10 && /^\d+$/.test(digits)) value = BigInt(digits);
  else {
    for (const digit of digits) {
      const number = Number.parseInt(digit, 36);
      if (Number.isNaN(number) || number >= base) return undefined;
      value = value * BigInt(base) + BigInt(number);
    }
  }
  return normalInt(sign === '-' ? -value : value);
}

/** `int(x)` as an int. */
export function toInt(py: Interpreter, value: PyValue, base: PyValue): Int {
  const text = textOf(value) ?? (value instanceof PyBytes ? new TextDecoder().decode(value.data) : undefined);
  if (text !== undefined) {
    const radix = base === null ? 10 : Number(intValue(base));
    const parsed = parseInt10(text, radix);
    if (parsed === undefined) throw valueError(`invalid literal for int() with base ${radix}: ${reprText(text)}`);
    return parsed;
  }
  if (base !== null) throw typeError("int() can't convert non-string with explicit base");
  const int = intValue(value);
  if (int !== undefined) return int;
  if (value instanceof PyFloat) return truncate(value.value);
  for (const name of ['__int__', '__index__', '__trunc__']) {
    const special = py.findSpecial(value, name);
    const result = special === undefined ? undefined : intValue(py.call(special, []));
    if (result !== undefined) return result;
  }
  throw typeError(
    `int() argument must be a string, a bytes-like object or a real number, not '${classOf(value).name}'`,
  );
}

export function truncate(value: number): Int {
  if (Number.isNaN(value)) throw valueError('cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw overflowError('cannot convert float infinity to integer');
  return normalInt(BigInt(Math.trunc(value)));
}

/** An int as an instance of a class: the primitive itself for `int`. */
function intAs(cls: PyValue, value: Int): PyValue {
  return cls === intType || !(cls instanceof PyClass) ? value : new PyBoxed(cls, value);
}

function bitLength(value: Int): number {
  return value === 0 ? 0 : (value < 0 ? -value : value).toString(2).length;
}

export function needInt(value: PyValue): Int {
  const int = intValue(value);
  if (int === undefined) throw typeError(`'${classOf(value).name}' object cannot be interpreted as an integer`);
  return int;
}

function toBytes(value: Int, length: number, little: boolean, signed: boolean): PyBytes {
  const data = new Uint8Array(length);
  let left = BigInt(value);
  if (left < 0n && !signed) throw overflowError("can't convert negative int to unsigned");
  if (left < 0n) left += 1n << BigInt(length * 8);
  for (let index = 0; index < length; index++, left >>= 8n)
    data[little ? index : length - 1 - index] = Number(left & 255n);
  if (left > 0n) throw overflowError('int too big to convert');
  return new PyBytes(data);
}

function fromBytes(data: Uint8Array, little: boolean, signed: boolean): Int {
  const ordered = little ? [...data].reverse() : [...data];
  const value = ordered.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return normalInt(signed && ordered[0] > 127 ? value - (1n << BigInt(data.length * 8)) : value);
}

/** `round(int, digits)`: half to even on decimal places. */
export function roundInt(value: Int, digits: PyValue): Int {
  const places = digits === null ? 0 : Number(needInt(digits));
  if (places >= 0) return value;
  const unit = 10n ** BigInt(-places);
  const big = BigInt(value);
  const rest = ((big % unit) + unit) % unit;
  const floor = big - rest;
  const up = rest * 2n > unit || (rest * 2n === unit && (floor / unit) % 2n !== 0n);
  return normalInt(up ? floor + unit : floor);
}

export function divmodMembers(): Member[] {
  const divmod = (py: Interpreter, a: PyValue, b: PyValue): PyValue => {
    const [x, y] = [intValue(a), intValue(b)];
    if (x !== undefined && y !== undefined)
      return new PyTuple([intBinary(py, '//', x, y) ?? null, intBinary(py, '%', x, y) ?? null]);
    const [s, t] = [realValue(a), realValue(b)];
    if (s === undefined || t === undefined) return notImplemented;
    if (t === 0) throw zeroDivisionError('float divmod()');
    return new PyTuple(floatDivmod(s, t).map((part) => new PyFloat(part)));
  };
  return [
    method('__divmod__(self, other, /)', (py, [a, b]) => divmod(py, a, b)),
    method('__rdivmod__(self, other, /)', (py, [a, b]) => divmod(py, b, a)),
  ];
}

export const intMembers: readonly Member[] = [
  ...numberMembers,
  ...binaryOperators.flatMap((operator) =>
    operatorMembers(operator, (py, left, right) => {
      const [a, b] = [intValue(left), intValue(right)];
      return a === undefined || b === undefined ? undefined : intBinary(py, operator, a, b);
    }),
  ),
  ...divmodMembers(),
  staticMethod(native('__new__(cls, x=0, /, base=None)', (py, [cls, x, base]) => intAs(cls, toInt(py, x, base)))),
  method('__neg__(self, /)', (py, [self]) => unary(py, '-', needInt(self))),
  method('__pos__(self, /)', (_py, [self]) => needInt(self)),
  method('__abs__(self, /)', (_py, [self]) => (needInt(self) < 0 ? normalInt(-BigInt(needInt(self))) : needInt(self))),
  method('__invert__(self, /)', (py, [self]) => unary(py, '~', needInt(self))),
  method('__int__(self, /)', (_py, [self]) => needInt(self)),
  method('__index__(self, /)', (_py, [self]) => needInt(self)),
  method('__float__(self, /)', (_py, [self]) => new PyFloat(toFloat(needInt(self)))),
  method('__round__(self, ndigits=None, /)', (_py, [self, digits]) => roundInt(needInt(self), digits)),
  ...['__trunc__', '__floor__', '__ceil__', 'conjugate'].map((name) =>
    method(`${name}(self, /)`, (_py, [self]) => needInt(self)),
  ),
  method('bit_length(self, /)', (_py, [self]) => bitLength(needInt(self))),
  method(
    'bit_count(self, /)',
    (_py, [self]) => (needInt(self) < 0 ? -needInt(self) : needInt(self)).toString(2).replaceAll('0', '').length,
  ),
  method('is_integer(self, /)', () => true),
  method('as_integer_ratio(self, /)', (_py, [self]) => new PyTuple([needInt(self), 1])),
  method("to_bytes(self, length=1, byteorder='big', *, signed=False)", (_py, [self, length, order, signed]) =>
    toBytes(needInt(self), Number(length), order === 'little', signed === true),
  ),
  classMethod(
    native("from_bytes(cls, bytes, byteorder='big', *, signed=False)", (py, [cls, bytes, order, signed]) => {
      const data = bytes instanceof PyBytes ? bytes.data : Uint8Array.from(py.collect(bytes).map(Number));
      return intAs(cls, fromBytes(data, order === 'little', signed === true));
    }),
  ),
  getter('real', (_py, self) => needInt(self)),
  getter('imag', () => 0),
  getter('numerator', (_py, self) => needInt(self)),
  getter('denominator', () => 1),
];

export const boolMembers: readonly Member[] = [
  staticMethod(native('__new__(cls, x=False, /)', (py, [, x]) => py.truth(x))),
  method('__repr__(self, /)', (py, [self]) => reprBuiltIn(py, self)),
];
