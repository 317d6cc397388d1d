/** math and cmath's small sister: functions of real numbers. */
import {
  indexValue,
  intValue,
  native,
  nativeModule,
  normalInt,
  overflowError,
  PyFloat,
  PyTuple,
  realValue,
  typeError,
  classOf,
  valueError,
  type Int,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { toReal, truncate } from '../builtins/index.ts';

function real(py: Interpreter, value: PyValue): number {
  const known = realValue(value);
  if (known !== undefined) return known;
  if (py.findSpecial(value, '__float__') === undefined && py.findSpecial(value, '__index__') === undefined)
    throw typeError(`must be real number, not ${classOf(value).name}`);
  return toReal(py, value);
}

const domain = (): never => {
  throw valueError('math domain error');
};

/** A function of one float; NaN from a number is a domain error, an infinity from a finite number a range error. */
function unary(name: string, compute: (x: number) => number): Member {
  return native(`${name}(x, /)`, (py, [value]) => {
    const x = real(py, value);
    const result = compute(x);
    if (Number.isNaN(result) && !Number.isNaN(x)) domain();
    if (!Number.isFinite(result) && Number.isFinite(x) && !Number.isNaN(result))
      throw overflowError('math range error');
    return new PyFloat(result);
  });
}

function binary(name: string, compute: (x: number, y: number) => number): Member {
  return native(`${name}(x, y, /)`, (py, [a, b]) => {
    const [x, y] = [real(py, a), real(py, b)];
    const result = compute(x, y);
    if (Number.isNaN(result) && !Number.isNaN(x) && !Number.isNaN(y)) domain();
    return new PyFloat(result);
  });
}

/** log of an int of any size. */
function logarithm(value: Int | number, log: (x: number) => number, perBit: number): number {
  if (typeof value === 'bigint') {
    if (value <= 0n) domain();
    const quick = Number(value);
    if (Number.isFinite(quick)) return log(quick);
    const shift = value.toString(2).length;
    return log(Number((value << 53n) >> BigInt(shift)) / 2 ** 53) + shift * perBit;
  }
  if (value <= 0) domain();
  return log(value);
}

const logOf = (py: Interpreter, value: PyValue, log: (x: number) => number, perBit: number): number =>
  logarithm(intValue(value) ?? real(py, value), log, perBit);

function rounding(name: string, compute: (x: number) => number): Member {
  return native(`${name}(x, /)`, (py, [value]) => {
    const int = intValue(value);
    if (int !== undefined) return int;
    const special = value instanceof PyFloat ? undefined : py.findSpecial(value, `__${name}__`);
    return special === undefined ? truncate(compute(real(py, value))) : py.call(special, []);
  });
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function bigRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

const big = (py: Interpreter, value: PyValue): bigint => BigInt(indexValue(py, value));

/** n · (n-1) · … of `count` factors. */
function fallingProduct(n: bigint, count: bigint): bigint {
  let result = 1n;
  for (let step = 0n; step < count; step++) result *= n - step;
  return result;
}

function combinations(n: bigint, k: bigint): bigint {
  if (n < 0n || k < 0n) throw valueError('n must be a non-negative integer');
  if (k > n) return 0n;
  return fallingProduct(n, k) / fallingProduct(k, k);
}

/** Exact sum of floats: Shewchuk's partial sums. */
export function exactSum(values: readonly number[]): number {
  const partials: number[] = [];
  for (let x of values) {
    let used = 0;
    for (let y of partials) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low !== 0) partials[used++] = low;
      x = high;
    }
    partials.length = used;
    partials.push(x);
  }
  return partials.reduceRight((sum, part) => sum + part, 0);
}

/** Lanczos' approximation of the gamma function (g = 7, n = 9). */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  const z = x - 1;
  const t = z + 7.5;
  const sum = lanczos.reduce(
    (total, coefficient, index) => total + (index === 0 ? coefficient : coefficient / (z + index)),
    0,
  );
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

function gamma(x: number): number {
  if (Number.isInteger(x)) {
    if (x <= 0) domain();
    let result = 1;
    for (let factor = 2; factor < x; factor++) result *= factor;
    return result;
  }
  return x < 0.5 ? Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x)) : Math.exp(logGamma(x));
}

/** erf by its series near zero and by the continued fraction of erfc beyond. */
function erf(x: number): number {
  if (Math.abs(x) >= 2.5) return Math.sign(x) * (1 - erfcTail(Math.abs(x)));
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function erfcTail(x: number): number {
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

function close(py: Interpreter, [a, b, relative, absolute]: PyValue[]): boolean {
  const [x, y] = [real(py, a), real(py, b)];
  if (x === y) return true;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
  return Math.abs(x - y) <= Math.max(real(py, relative) * Math.max(Math.abs(x), Math.abs(y)), real(py, absolute));
}

function product(py: Interpreter, [iterable, start]: PyValue[]): PyValue {
  return py.collect(iterable).reduce<PyValue>((total, item) => py.binary('*', total, item), start);
}

const functions: readonly Member[] = [
  unary('sqrt', Math.sqrt),
  unary('cbrt', Math.cbrt),
  unary('exp', Math.exp),
  unary('exp2', (x) => 2 ** x),
  unary('expm1', Math.expm1),
  unary('log1p', Math.log1p),
  unary('sin', Math.sin),
  unary('cos', Math.cos),
  unary('tan', Math.tan),
  unary('asin', Math.asin),
  unary('acos', Math.acos),
  unary('atan', Math.atan),
  unary('sinh', Math.sinh),
  unary('cosh', Math.cosh),
  unary('tanh', Math.tanh),
  unary('asinh', Math.asinh),
  unary('acosh', Math.acosh),
  unary('atanh', Math.atanh),
  unary('fabs', Math.abs),
  unary('degrees', (x) => x * (180 / Math.PI)),
  unary('radians', (x) => x * (Math.PI / 180)),
  unary('gamma', gamma),
  unary('lgamma', logGamma),
  unary('erf', erf),
  unary('erfc', (x) => (x > 2.5 ? erfcTail(x) : 1 - erf(x))),
  binary('atan2', Math.atan2),
  binary('fmod', (x, y) => x % y),
  binary('copysign', (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x))),
  binary('pow', (x, y) => (x === 1 || y === 0 ? 1 : x ** y)),
  binary('remainder', (x, y) => {
    const quotient = x / y;
    const floor = Math.floor(quotient);
    const nearest = quotient - floor > 0.5 || (quotient - floor === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
    return x - nearest * y;
  }),
  native('log(x, base=None, /)', (py, [x, base]) => {
    const natural = logOf(py, x, Math.log, Math.LN2);
    return new PyFloat(base === null ? natural : natural / logOf(py, base, Math.log, Math.LN2));
  }),
  native('log2(x, /)', (py, [x]) => new PyFloat(logOf(py, x, Math.log2, 1))),
  native('log10(x, /)', (py, [x]) => new PyFloat(logOf(py, x, Math.log10, Math.log10(2)))),
  rounding('floor', Math.floor),
  rounding('ceil', Math.ceil),
  rounding('trunc', Math.trunc),
  native(
    'hypot(*coordinates)',
    (py, [values]) => new PyFloat(Math.hypot(...py.collect(values).map((value) => real(py, value)))),
  ),
  native('dist(p, q, /)', (py, [p, q]) => {
    const b = py.collect(q);
    return new PyFloat(Math.hypot(...py.collect(p).map((value, index) => real(py, value) - real(py, b[index]))));
  }),
  native('isnan(x, /)', (py, [x]) => Number.isNaN(real(py, x))),
  native('isinf(x, /)', (py, [x]) => Math.abs(real(py, x)) === Infinity),
  native('isfinite(x, /)', (py, [x]) => Number.isFinite(real(py, x))),
  native('isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)', close),
  native('gcd(*integers)', (py, [values]) =>
    normalInt(py.collect(values).reduce<bigint>((total, value) => greatestDivisor(total, big(py, value)), 0n)),
  ),
  native('lcm(*integers)', (py, [values]) =>
    normalInt(
      py.collect(values).reduce<bigint>((total, value) => {
        const next = big(py, value);
        if (next === 0n || total === 0n) return 0n;
        const multiple = (total / greatestDivisor(total, next)) * next;
        return multiple < 0n ? -multiple : multiple;
      }, 1n),
    ),
  ),
  native('factorial(x, /)', (py, [x]) => {
    const n = big(py, x);
    if (n < 0n) throw valueError('factorial() not defined for negative values');
    py.spend(Number(n));
    return normalInt(fallingProduct(n, n));
  }),
  native('comb(n, k, /)', (py, [n, k]) => normalInt(combinations(big(py, n), big(py, k)))),
  native('perm(n, k=None, /)', (py, [n, k]) =>
    normalInt(
      k === null
        ? fallingProduct(big(py, n), big(py, n))
        : big(py, k) > big(py, n)
          ? 0n
          : fallingProduct(big(py, n), big(py, k)),
    ),
  ),
  native('isqrt(n, /)', (py, [n]) => {
    if (big(py, n) < 0n) throw valueError('isqrt() argument must be nonnegative');
    return normalInt(bigRoot(big(py, n)));
  }),
  native('prod(iterable, /, *, start=1)', product),
  native('sumprod(p, q, /)', (py, [p, q]) => {
    const b = py.collect(q);
    return py
      .collect(p)
      .reduce<PyValue>((total, value, index) => py.binary('+', total, py.binary('*', value, b[index])), 0);
  }),
  native(
    'fsum(iterable, /)',
    (py, [iterable]) => new PyFloat(exactSum(py.collect(iterable).map((value) => real(py, value)))),
  ),
  native('modf(x, /)', (py, [x]) => {
    const value = real(py, x);
    return new PyTuple([new PyFloat(Number.isFinite(value) ? value % 1 : value * 0), new PyFloat(Math.trunc(value))]);
  }),
  native('frexp(x, /)', (py, [x]) => {
    const value = real(py, x);
    if (value === 0 || !Number.isFinite(value)) return new PyTuple([new PyFloat(value), 0]);
    const exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(value)))) + 1;
    const mantissa = value * 2 ** -exponent;
    return Math.abs(mantissa) >= 1
      ? new PyTuple([new PyFloat(mantissa / 2), exponent + 1])
      : new PyTuple([new PyFloat(mantissa), exponent]);
  }),
  native('ldexp(x, i, /)', (py, [x, i]) => new PyFloat(real(py, x) * 2 ** Number(indexValue(py, i)))),
  native(
    'ulp(x, /)',
    (py, [x]) => new PyFloat(Math.max(2 ** (Math.floor(Math.log2(Math.abs(real(py, x)))) - 52), Number.MIN_VALUE)),
  ),
];

const constants: readonly Member[] = [
  ['pi', new PyFloat(Math.PI)],
  ['e', new PyFloat(Math.E)],
  ['tau', new PyFloat(2 * Math.PI)],
  ['inf', new PyFloat(Infinity)],
  ['nan', new PyFloat(NaN)],
];

export const math = nativeModule('math', () => [...functions, ...constants]);
