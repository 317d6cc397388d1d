/** Arithmetic on ints of any size and on floats, with Python's rounding of quotients and remainders. */
import { overflowError, valueError, zeroDivisionError } from '../objects/exceptions.ts';
import { PyBoxed, PyFloat, type PyValue } from '../objects/object.ts';
import { PyComplex } from '../objects/containers.ts';
import type { BinaryOperator, Interpreter } from '../objects/interpreter.ts';

/** A Python int: a number while it is safe, else a bigint. */
export type Int = number | bigint;

/** Brings a bigint into the one form that its value has. */
export function normalInt(value: bigint): Int {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** The int that a value is (bool and subclasses of int included), or undefined. */
export function intValue(value: PyValue): Int | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof PyBoxed && typeof value.value !== 'string') return value.value;
  return undefined;
}

/** An int as a float; too large ints raise. */
export function toFloat(value: Int): number {
  const result = Number(value);
  if (!Number.isFinite(result)) throw overflowError('int too large to convert to float');
  return result;
}

/** The float that a real number is, or undefined. */
export function realValue(value: PyValue): number | undefined {
  if (value instanceof PyFloat) return value.value;
  const int = intValue(value);
  return int === undefined ? undefined : toFloat(int);
}

function floorDivide(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b;
    const quotient = (a - rest) / b;
    return (rest !== 0 && rest < 0 !== b < 0 ? quotient - 1 : quotient) + 0;
  }
  const [x, y] = [BigInt(a), BigInt(b)];
  const rest = x % y;
  return normalInt(rest !== 0n && rest < 0n !== y < 0n ? x / y - 1n : x / y);
}

function modulo(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b;
    return (rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest) + 0;
  }
  const y = BigInt(b);
  const rest = BigInt(a) % y;
  return normalInt(rest !== 0n && rest < 0n !== y < 0n ? rest + y : rest);
}

const bitLength = (value: bigint): number => (value < 0n ? -value : value).toString(2).length;

/** a / b, correctly rounded also where neither fits a float. */
function trueDivide(a: Int, b: Int): number {
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  const [x, y] = [BigInt(a), BigInt(b)];
  if (x === 0n) return y < 0n ? -0 : 0;
  const shift = Math.max(0, 66 - (bitLength(x) - bitLength(y)));
  const scaled = x << BigInt(shift);
  const quotient = scaled / y;
  const sticky = scaled % y === 0n ? 0n : 1n;
  const rounded = Number((quotient << 1n) | (quotient < 0n ? 0n : sticky)) / 2;
  const result = shift > 1000 ? rounded / 2 ** 1000 / 2 ** (shift - 1000) : rounded / 2 ** shift;
  if (!Number.isFinite(result)) throw overflowError('integer division result too large for a float');
  return result;
}

function power(py: Interpreter, base: Int, exponent: Int): PyValue {
  if (exponent < 0) {
    if (base === 0) throw zeroDivisionError('0.0 cannot be raised to a negative power');
    return new PyFloat(floatPower(toFloat(base), toFloat(exponent)));
  }
  const quick = Number(base) ** Number(exponent);
  if (Number.isSafeInteger(quick)) {
    let result = 1;
    for (let factor = Number(base), left = Number(exponent); left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) result *= factor;
      if (left > 1) factor *= factor;
    }
    return result + 0;
  }
  py.reserve((Math.log2(Math.abs(Number(base))) * Number(exponent)) / 64);
  return normalInt(BigInt(base) ** BigInt(exponent));
}

/** base ** exponent for ints modulo a third, as `pow(a, b, m)`. */
export function powerModulo(base: Int, exponent: Int, modulus: Int): Int {
  if (modulus === 0) throw valueError('pow() 3rd argument cannot be 0');
  const m = BigInt(modulus);
  let result = 1n;
  let factor = BigInt(base);
  let left = BigInt(exponent);
  if (left < 0n) {
    factor = inverse(factor, m);
    left = -left;
  }
  for (factor %= m; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * factor) % m;
    factor = (factor * factor) % m;
  }
  return modulo(normalInt(result), normalInt(m));
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [((value % modulus) + modulus) % modulus, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  if (a !== 1n) throw valueError('base is not invertible for the given modulus');
  return x;
}

function shiftLeft(py: Interpreter, a: Int, b: Int): Int {
  if (b < 0) throw valueError('negative shift count');
  const quick = Number(a) * 2 ** Number(b);
  if (Number.isSafeInteger(quick)) return quick + 0;
  py.reserve(Number(b) / 64);
  return normalInt(BigInt(a) << BigInt(b));
}

function shiftRight(a: Int, b: Int): Int {
  if (b < 0) throw valueError('negative shift count');
  if (typeof a === 'number' && b < 1000) return Math.floor(a / 2 ** Number(b)) + 0;
  return normalInt(BigInt(a) >> BigInt(b));
}

const isInt32 = (value: Int): value is number => typeof value === 'number' && (value | 0) === value;

function bitwise(operator: '&' | '|' | '^', a: Int, b: Int): Int {
  if (isInt32(a) && isInt32(b)) return operator === '&' ? a & b : operator === '|' ? a | b : a ^ b;
  const [x, y] = [BigInt(a), BigInt(b)];
  return normalInt(operator === '&' ? x & y : operator === '|' ? x | y : x ^ y);
}

/** An int operator; undefined where ints do not have it (`@`). */
export function intBinary(py: Interpreter, operator: BinaryOperator, a: Int, b: Int): PyValue | undefined {
  switch (operator) {
    case '+': {
      const quick = Number(a) + Number(b);
      return Number.isSafeInteger(quick) && typeof a === 'number' && typeof b === 'number'
        ? quick
        : normalInt(BigInt(a) + BigInt(b));
    }
    case '-': {
      const quick = Number(a) - Number(b);
      return Number.isSafeInteger(quick) && typeof a === 'number' && typeof b === 'number'
        ? quick
        : normalInt(BigInt(a) - BigInt(b));
    }
    case '*': {
      const quick = Number(a) * Number(b);
      if (Number.isSafeInteger(quick)) return quick + 0;
      py.reserve((bitEstimate(a) + bitEstimate(b)) / 64);
      return normalInt(BigInt(a) * BigInt(b));
    }
    case '/':
      if (b === 0) throw zeroDivisionError('division by zero');
      return new PyFloat(trueDivide(a, b));
    case '//':
      if (b === 0) throw zeroDivisionError('integer division or modulo by zero');
      return floorDivide(a, b);
    case '%':
      if (b === 0) throw zeroDivisionError('integer modulo by zero');
      return modulo(a, b);
    case '**':
      return power(py, a, b);
    case '<<':
      return shiftLeft(py, a, b);
    case '>>':
      return shiftRight(a, b);
    case '&':
    case '|':
    case '^':
      return bitwise(operator, a, b);
    case '@':
      return undefined;
  }
}

const bitEstimate = (value: Int): number => (typeof value === 'number' ? 53 : value.toString(16).length * 4);

/** C's pow where it differs from JavaScript's: 1 to any power and (-1) to an infinity are 1. */
export function floatPower(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && Math.abs(exponent) === Infinity) return 1;
  return base ** exponent;
}

function floatPow(a: number, b: number): PyValue {
  if (a === 0 && b < 0) throw zeroDivisionError('0.0 cannot be raised to a negative power');
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b))
    return complexPower(new PyComplex(a, 0), new PyComplex(b, 0));
  const result = floatPower(a, b);
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
    throw overflowError("(34, 'Numerical result out of range')");
  return new PyFloat(result);
}

/** Quotient and remainder of floats as CPython computes them. */
export function floatDivmod(a: number, b: number): readonly [number, number] {
  let rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0) {
    if (b < 0 !== rest < 0) {
      rest += b;
      quotient -= 1;
    }
  } else rest = b < 0 ? -0 : 0;
  if (quotient === 0) return [a / b < 0 || Object.is(a / b, -0) ? -0 : 0, rest];
  const floor = Math.floor(quotient);
  return [quotient - floor > 0.5 ? floor + 1 : floor, rest];
}

/** A float operator; undefined where floats do not have it. */
export function floatBinary(operator: BinaryOperator, a: number, b: number): PyValue | undefined {
  switch (operator) {
    case '+':
      return new PyFloat(a + b);
    case '-':
      return new PyFloat(a - b);
    case '*':
      return new PyFloat(a * b);
    case '/':
      if (b === 0) throw zeroDivisionError('float division by zero');
      return new PyFloat(a / b);
    case '//':
      if (b === 0) throw zeroDivisionError('float floor division by zero');
      return new PyFloat(floatDivmod(a, b)[0]);
    case '%':
      if (b === 0) throw zeroDivisionError('float modulo');
      return new PyFloat(floatDivmod(a, b)[1]);
    case '**':
      return floatPow(a, b);
    default:
      return undefined;
  }
}

/** The complex that a number is, or undefined. */
export function complexValue(value: PyValue): PyComplex | undefined {
  if (value instanceof PyComplex) return value;
  const real = realValue(value);
  return real === undefined ? undefined : new PyComplex(real, 0);
}

/** Whole powers by repeated multiplication, as CPython does. */
function complexIntegerPower(a: PyComplex, exponent: number): PyComplex {
  let [real, imaginary] = [1, 0];
  for (let count = Math.abs(exponent); count > 0; count--) {
    [real, imaginary] = [real * a.real - imaginary * a.imaginary, real * a.imaginary + imaginary * a.real];
  }
  if (exponent >= 0) return new PyComplex(real, imaginary);
  const norm = real * real + imaginary * imaginary;
  if (norm === 0) throw zeroDivisionError('0.0 to a negative or complex power');
  return new PyComplex(real / norm, -imaginary / norm);
}

function complexPower(a: PyComplex, b: PyComplex): PyComplex {
  if (b.imaginary === 0 && Number.isInteger(b.real) && Math.abs(b.real) <= 100) return complexIntegerPower(a, b.real);
  if (a.real === 0 && a.imaginary === 0) return new PyComplex(0, 0);
  const modulus = Math.hypot(a.real, a.imaginary);
  const angle = Math.atan2(a.imaginary, a.real);
  const length = modulus ** b.real * Math.exp(-b.imaginary * angle);
  const phase = angle * b.real + b.imaginary * Math.log(modulus);
  return new PyComplex(length * Math.cos(phase), length * Math.sin(phase));
}

/** A complex operator; undefined where complex numbers do not have it. */
export function complexBinary(operator: BinaryOperator, a: PyComplex, b: PyComplex): PyValue | undefined {
  switch (operator) {
    case '+':
      return new PyComplex(a.real + b.real, a.imaginary + b.imaginary);
    case '-':
      return new PyComplex(a.real - b.real, a.imaginary - b.imaginary);
    case '*':
      return new PyComplex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real);
    case '/': {
      const norm = b.real * b.real + b.imaginary * b.imaginary;
      if (norm === 0) throw zeroDivisionError('complex division by zero');
      return new PyComplex(
        (a.real * b.real + a.imaginary * b.imaginary) / norm,
        (a.imaginary * b.real - a.real * b.imaginary) / norm,
      );
    }
    case '**':
      return complexPower(a, b);
    default:
      return undefined;
  }
}
