/** float and complex. */
import {
  classOf,
  complexType,
  complexValue,
  complexBinary,
  floatBinary,
  floatType,
  getter,
  method,
  native,
  normalInt,
  overflowError,
  PyBytes,
  PyClass,
  PyComplex,
  PyFloat,
  PyTuple,
  realValue,
  staticMethod,
  textOf,
  typeError,
  valueError,
  formatFloatRepr,
  reprText,
  type Int,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { binaryOperators, operatorMembers, numberMembers, divmodMembers, needInt, truncate } from './numbers.ts';
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
  const magnitude = Object.hasOwn(special, body)
    ? special[body]
    : /^(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[-+]?\d+)?$/.test(body)
      ? Number(body.replaceAll('_', ''))
      : undefined;
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
  if (!Number.isFinite(value))
    throw Number.isNaN(value)
      ? valueError('cannot convert NaN to integer ratio')
      : overflowError('cannot convert Infinity to integer ratio');
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
  const [numerator, denominator] =
    places >= 0 ? [BigInt(top) * scale, BigInt(bottom)] : [BigInt(top), BigInt(bottom) * scale];
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
  ...numberMembers,
  ...binaryOperators.flatMap((operator) =>
    operatorMembers(operator, (_py, left, right) => {
      const [a, b] = [realValue(left), realValue(right)];
      return a === undefined || b === undefined ? undefined : floatBinary(operator, a, b);
    }),
  ),
  ...divmodMembers(),
  staticMethod(
    native(
      '__new__(cls, x=0, /)',
      (py, [cls, x]) => new PyFloat(toReal(py, x), cls instanceof PyClass ? cls : floatType),
    ),
  ),
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
  const clean = text
    .trim()
    .replace(/^\((.*)\)$/s, '$1')
    .toLowerCase();
  const number = '[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[-+]?\\d+)?';
  const both = new RegExp(`^(${number})?(?:([-+]?(?:${number.slice(5)})?)j)?$`).exec(clean);
  if (!both || clean === '') throw valueError('complex() arg is a malformed string');
  const imaginary =
    both[2] === undefined ? 0 : both[2] === '' || both[2] === '+' ? 1 : both[2] === '-' ? -1 : Number(both[2]);
  return new PyComplex(Number(both[1] ?? 0), imaginary);
}

function needComplex(value: PyValue): PyComplex {
  const complex = complexValue(value);
  if (!complex) throw typeError(`complex() argument must be a number, not '${classOf(value).name}'`);
  return complex;
}

export const complexMembers: readonly Member[] = [
  ...numberMembers,
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
  method(
    '__abs__(self, /)',
    (_py, [self]) => new PyFloat(Math.hypot(needComplex(self).real, needComplex(self).imaginary)),
  ),
  method('__neg__(self, /)', (_py, [self]) => new PyComplex(-needComplex(self).real, -needComplex(self).imaginary)),
  method('conjugate(self, /)', (_py, [self]) => new PyComplex(needComplex(self).real, -needComplex(self).imaginary)),
  getter('real', (_py, self) => new PyFloat(needComplex(self).real)),
  getter('imag', (_py, self) => new PyFloat(needComplex(self).imaginary)),
];
