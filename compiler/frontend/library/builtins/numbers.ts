/** int, bool, float and complex. */
import {
  boolType,
  classMethod,
  classOf,
  complexType,
  complexValue,
  complexBinary,
  compareBuiltIn,
  floatBinary,
  floatDivmod,
  floatType,
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
  PyComplex,
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
  formatFloatRepr,
  reprText,
  zeroDivisionError,
  operatorNames,
  type BinaryOperator,
  type Int,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';

const binaryOperators = Object.keys(operatorNames) as BinaryOperator[]; // the keys of a record by operator

/** Both directions of an operator for a class of numbers. */
function operatorMembers(operator: BinaryOperator, compute: (py: Interpreter, left: PyValue, right: PyValue) => PyValue | undefined): Member[] {
  const { forward, reflected } = operatorNames[operator];
  return [
    method(`${forward}(self, other, /)`, (py, [self, other]) => compute(py, self, other) ?? notImplemented),
    method(`${reflected}(self, other, /)`, (py, [self, other]) => compute(py, other, self) ?? notImplemented),
  ];
}

const comparisons: readonly Member[] = (['==', '!=', '<', '<=', '>', '>='] as const).map((operator, index) =>
  method(`__${['eq', 'ne', 'lt', 'le', 'gt', 'ge'][index]}__(self, other, /)`, (py, [self, other]) => compareBuiltIn(py, operator, self, other) ?? notImplemented),
);

export const comparisonMembers = comparisons;

const common: readonly Member[] = [
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
  if (prefixBase !== undefined && base !== 0 && base !== prefixBase) return prefixBase === 2 && base > 11 ? digitsValue(sign, prefix + body, base) : undefined;
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
  throw typeError(`int() argument must be a string, a bytes-like object or a real number, not '${classOf(value).name}'`);
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

function needInt(value: PyValue): Int {
  const int = intValue(value);
  if (int === undefined) throw typeError(`'${classOf(value).name}' object cannot be interpreted as an integer`);
  return int;
}

function toBytes(value: Int, length: number, little: boolean, signed: boolean): PyBytes {
  const data = new Uint8Array(length);
  let left = BigInt(value);
  if (left < 0n && !signed) throw overflowError("can't convert negative int to unsigned");
  if (left < 0n) left += 1n << BigInt(length * 8);
  for (let index = 0; index < length; index++, left >>= 8n) data[little ? index : length - 1 - index] = Number(left & 255n);
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

function divmodMembers(): Member[] {
  const divmod = (py: Interpreter, a: PyValue, b: PyValue): PyValue => {
    const [x, y] = [intValue(a), intValue(b)];
    if (x !== undefined && y !== undefined) return new PyTuple([intBinary(py, '//', x, y) ?? null, intBinary(py, '%', x, y) ?? null]);
    const [s, t] = [realValue(a), realValue(b)];
    if (s === undefined || t === undefined) return notImplemented;
    if (t === 0) throw zeroDivisionError('float divmod()');
    return new PyTuple(floatDivmod(s, t).map((part) => new PyFloat(part)));
  };
  return [method('__divmod__(self, other, /)', (py, [a, b]) => divmod(py, a, b)), method('__rdivmod__(self, other, /)', (py, [a, b]) => divmod(py, b, a))];
}

export const intMembers: readonly Member[] = [
  ...common,
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
  ...['__trunc__', '__floor__', '__ceil__', 'conjugate'].map((name) => method(`${name}(self, /)`, (_py, [self]) => needInt(self))),
  method('bit_length(self, /)', (_py, [self]) => bitLength(needInt(self))),
  method('bit_count(self, /)', (_py, [self]) => (needInt(self) < 0 ? -needInt(self) : needInt(self)).toString(2).replaceAll('0', '').length),
  method('is_integer(self, /)', () => true),
  method('as_integer_ratio(self, /)', (_py, [self]) => new PyTuple([needInt(self), 1])),
  method("to_bytes(self, length=1, byteorder='big', *, signed=False)", (_py, [self, length, order, signed]) => toBytes(needInt(self), Number(length), order === 'little', signed === true)),
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

const special: Readonly<Record<string, number>> = { inf: Infinity, infinity: Infinity, nan: NaN };

/** `float(x)` as a JavaScript number. */
export function toReal(py: Interpreter, value: PyValue): number {
  const text = textOf(value) ?? (value instanceof PyBytes ? new TextDecoder().decode(value.data) : undefined);
  if (text !== undefined) return parseReal(text);
  const real = realValue(value);
  if (real !== undefined) return real;
  for (const name of ['__float__', '__index__']) {
    const method_ = py.findSpecial(value, name);
    const result = method_ === undefined ? undefined : realValue(py.call(method_, []));
    if (result !== undefined) return result;
  }
  throw typeError(`float() argument must be a string or a real number, not '${classOf(value).name}'`);
}

function parseReal(text: string): number {
  const [, sign, body] = /^([-+]?)(.*)$/s.exec(text.trim().toLowerCase()) ?? ['', '', ''];
  const magnitude = Object.hasOwn(special, body) ? special[body] : /^(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[-+]?\d+)?$/.test(body) ? Number(body.replaceAll('_', '')) : undefined;
  if (magnitude === undefined) throw valueError(`could not convert string to float: ${reprText(text)}`);
  return sign === '-' ? -magnitude : magnitude;
}

function needReal(value: PyValue): number {
  const real = realValue(value);
  if (real === undefined) throw typeError(`must be real number, not ${classOf(value).name}`);
  return real;
}

/** A finite float as a fraction in lowest terms. */
export function integerRatio(value: number): readonly [Int, Int] {
  if (!Number.isFinite(value)) throw Number.isNaN(value) ? valueError('cannot convert NaN to integer ratio') : overflowError('cannot convert Infinity to integer ratio');
  let denominator = 1n;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return [normalInt(BigInt(scaled)), normalInt(denominator)];
}

/** `round(float, digits)`: the decimal nearest to the exact value, ties to even. */
export function roundReal(value: number, digits: PyValue): PyValue {
  if (digits === null) {
    const floor = Math.floor(value);
    const rest = value - floor;
    return truncate(rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor);
  }
  const places = Number(needInt(digits));
  if (!Number.isFinite(value) || places > 323) return new PyFloat(value);
  const [top, bottom] = integerRatio(Math.abs(value));
  const scale = 10n ** BigInt(Math.abs(places));
  const [numerator, denominator] = places >= 0 ? [BigInt(top) * scale, BigInt(bottom)] : [BigInt(top), BigInt(bottom) * scale];
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const rounded = twice > denominator || (twice === denominator && quotient % 2n !== 0n) ? quotient + 1n : quotient;
  const text = places >= 0 ? `${rounded}e-${places}` : `${rounded}e${-places}`;
  return new PyFloat(value < 0 || Object.is(value, -0) ? -Number(text) : Number(text));
}

function hexText(value: number): string {
  if (!Number.isFinite(value)) return formatFloatRepr(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(value));
  const raw = bits.getBigUint64(0);
  const exponent = Number(raw >> 52n);
  const mantissa = (raw & ((1n << 52n) - 1n)).toString(16).padStart(13, '0');
  if (exponent === 0 && raw === 0n) return `${sign}0x0.0p+0`;
  const power = exponent === 0 ? -1022 : exponent - 1023;
  return `${sign}0x${exponent === 0 ? 0 : 1}.${mantissa}p${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}

export const floatMembers: readonly Member[] = [
  ...common,
  ...binaryOperators.flatMap((operator) =>
    operatorMembers(operator, (_py, left, right) => {
      const [a, b] = [realValue(left), realValue(right)];
      return a === undefined || b === undefined ? undefined : floatBinary(operator, a, b);
    }),
  ),
  ...divmodMembers(),
  staticMethod(native('__new__(cls, x=0, /)', (py, [cls, x]) => new PyFloat(toReal(py, x), cls instanceof PyClass ? cls : floatType))),
  method('__neg__(self, /)', (_py, [self]) => new PyFloat(-needReal(self))),
  method('__pos__(self, /)', (_py, [self]) => new PyFloat(needReal(self))),
  method('__abs__(self, /)', (_py, [self]) => new PyFloat(Math.abs(needReal(self)))),
  method('__int__(self, /)', (_py, [self]) => truncate(needReal(self))),
  method('__trunc__(self, /)', (_py, [self]) => truncate(needReal(self))),
  method('__floor__(self, /)', (_py, [self]) => truncate(Math.floor(needReal(self)))),
  method('__ceil__(self, /)', (_py, [self]) => truncate(Math.ceil(needReal(self)))),
  method('__float__(self, /)', (_py, [self]) => new PyFloat(needReal(self))),
  method('__round__(self, ndigits=None, /)', (_py, [self, digits]) => roundReal(needReal(self), digits)),
  method('is_integer(self, /)', (_py, [self]) => Number.isInteger(needReal(self))),
  method('as_integer_ratio(self, /)', (_py, [self]) => new PyTuple(integerRatio(needReal(self)))),
  method('hex(self, /)', (_py, [self]) => hexText(needReal(self))),
  method('conjugate(self, /)', (_py, [self]) => new PyFloat(needReal(self))),
  getter('real', (_py, self) => new PyFloat(needReal(self))),
  getter('imag', () => new PyFloat(0)),
];

function parseComplex(text: string): PyComplex {
  const clean = text.trim().replace(/^\((.*)\)$/s, '$1').toLowerCase();
  const number = '[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[-+]?\\d+)?';
  const both = new RegExp(`^(${number})?(?:([-+]?(?:${number.slice(5)})?)j)?$`).exec(clean);
  if (!both || clean === '') throw valueError('complex() arg is a malformed string');
  const imaginary = both[2] === undefined ? 0 : both[2] === '' || both[2] === '+' ? 1 : both[2] === '-' ? -1 : Number(both[2]);
  return new PyComplex(Number(both[1] ?? 0), imaginary);
}

function needComplex(value: PyValue): PyComplex {
  const complex = complexValue(value);
  if (!complex) throw typeError(`complex() argument must be a number, not '${classOf(value).name}'`);
  return complex;
}

export const complexMembers: readonly Member[] = [
  ...common,
  ...binaryOperators.flatMap((operator) =>
    operatorMembers(operator, (_py, left, right) => {
      const [a, b] = [complexValue(left), complexValue(right)];
      return a && b ? complexBinary(operator, a, b) : undefined;
    }),
  ),
  staticMethod(
    native('__new__(cls, real=0, imag=0)', (_py, [cls, real, imag]) => {
      const text = textOf(real);
      const a = text === undefined ? needComplex(real) : parseComplex(text);
      const b = needComplex(imag);
      return new PyComplex(a.real - b.imaginary, a.imaginary + b.real, cls instanceof PyClass ? cls : complexType);
    }),
  ),
  method('__abs__(self, /)', (_py, [self]) => new PyFloat(Math.hypot(needComplex(self).real, needComplex(self).imaginary))),
  method('__neg__(self, /)', (_py, [self]) => new PyComplex(-needComplex(self).real, -needComplex(self).imaginary)),
  method('conjugate(self, /)', (_py, [self]) => new PyComplex(needComplex(self).real, -needComplex(self).imaginary)),
  getter('real', (_py, self) => new PyFloat(needComplex(self).real)),
  getter('imag', (_py, self) => new PyFloat(needComplex(self).imaginary)),
];

export const numberClasses = [
  { cls: intType, members: intMembers },
  { cls: boolType, members: boolMembers },
  { cls: floatType, members: floatMembers },
  { cls: complexType, members: complexMembers },
];
