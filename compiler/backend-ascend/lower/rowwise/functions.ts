/**
 * Functions the vector unit has no instruction for, in f32 lanes; a few units in the last place each.
 *
 * tanh and erf: rational minimax approximations of Eigen (MathFunctionsImpl.h).
 * expm1: its Taylor polynomial where |x| < 1/2. log1p: the logarithm of the rounded 1 + x, corrected by what rounding
 * lost (W. Kahan). power: exp(y·ln|x|), so its relative error grows with |y·ln x|; small whole powers are products.
 */
import type { Tile, TileValue } from './tile.ts';
import {
  absolute,
  add,
  bitAnd,
  bounded,
  choose,
  comparison,
  divide,
  exponential,
  logarithm,
  multiply,
  negated,
  plus,
  polynomial,
  rounded,
  subtract,
  times,
  withSign,
} from './vocabulary.ts';

interface Rational {
  readonly limit: number;
  readonly odd: readonly number[];
  readonly even: readonly number[];
}

const TANH: Rational = {
  limit: 7.90531110763549805,
  odd: [
    -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5,
    6.37261928875436e-4, 4.89352455891786e-3,
  ],
  even: [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3],
};

const ERF: Rational = {
  limit: 4,
  odd: [
    -2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5, -7.34990630326855e-4,
    -2.95459980854025e-3, -1.60960333262415e-2,
  ],
  even: [-1.45660718464996e-5, -2.13374055278905e-4, -1.68282697438203e-3, -7.37332916720468e-3, -1.42647390514189e-2],
};

/** x·P(x²) / Q(x²) */
function rational(tile: Tile, x: TileValue, { limit, odd, even }: Rational): TileValue {
  const clamped = bounded(tile, x, -limit, limit);
  const squared = multiply(tile, clamped, clamped);
  return divide(tile, multiply(tile, clamped, polynomial(tile, squared, odd)), polynomial(tile, squared, even));
}

export const tanh = (tile: Tile, x: TileValue): TileValue => rational(tile, x, TANH);
export const erf = (tile: Tile, x: TileValue): TileValue => rational(tile, x, ERF);

export function sigmoid(tile: Tile, x: TileValue): TileValue {
  return divide(tile, tile.constant(1, 'f32'), plus(tile, exponential(tile, negated(tile, x)), 1));
}

/** 1/7!, 1/6!, … 1/2! */
const EXPM1 = [1 / 40320, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2];

export function expm1(tile: Tile, x: TileValue): TileValue {
  const near = add(tile, multiply(tile, polynomial(tile, x, EXPM1), multiply(tile, x, x)), x);
  const far = plus(tile, exponential(tile, x), -1);
  return choose(tile, comparison(tile, 'lt', absolute(tile, x), tile.constant(0.5, 'f32')), near, far);
}

export function log1p(tile: Tile, x: TileValue): TileValue {
  const sum = plus(tile, x, 1);
  const log = logarithm(tile, sum);
  const lost = subtract(tile, x, plus(tile, sum, -1));
  const corrected = add(tile, log, divide(tile, lost, sum));
  return choose(tile, comparison(tile, 'lt', absolute(tile, log), tile.constant(Infinity, 'f32')), corrected, log);
}

/** (t + t / (t + 1)) / 2 for t = expm1(|x|): exact near 0, where eˣ - e⁻ˣ cancels. */
export function sinh(tile: Tile, x: TileValue): TileValue {
  const t = expm1(tile, absolute(tile, x));
  const ratio = divide(tile, t, plus(tile, t, 1));
  const half = times(
    tile,
    add(tile, t, choose(tile, comparison(tile, 'lt', t, tile.constant(Infinity, 'f32')), ratio, t)),
    0.5,
  );
  return withSign(tile, half, x);
}

/** log1p(|x| + x² / (1 + √(x² + 1))), and ln|x| + ln 2 where x² overflows. */
export function asinh(tile: Tile, x: TileValue): TileValue {
  const size = absolute(tile, x);
  const squared = multiply(tile, x, x);
  const root = tile.apply('vsqrt_f32', [plus(tile, squared, 1)], 'f32');
  const near = log1p(tile, add(tile, size, divide(tile, squared, plus(tile, root, 1))));
  const far = plus(tile, logarithm(tile, size), Math.LN2);
  return withSign(tile, choose(tile, comparison(tile, 'gt', size, tile.constant(1e9, 'f32')), far, near), x);
}

/** log1p(t + √(2t + t²)) for t = x - 1, and ln x + ln 2 where t² overflows; NaN below 1. */
export function acosh(tile: Tile, x: TileValue): TileValue {
  const t = plus(tile, x, -1);
  const root = tile.apply('vsqrt_f32', [multiply(tile, t, plus(tile, t, 2))], 'f32');
  const near = log1p(tile, add(tile, t, root));
  const far = plus(tile, logarithm(tile, x), Math.LN2);
  const value = choose(tile, comparison(tile, 'gt', x, tile.constant(1e9, 'f32')), far, near);
  return choose(tile, comparison(tile, 'lt', t, tile.constant(0, 'f32')), tile.constant(NaN, 'f32'), value);
}

/** Products up to this power are cheaper and closer than exp(y·ln x). */
const MOST_PRODUCTS = 16;

/** x to a whole power, by squares. */
function wholePower(tile: Tile, x: TileValue, exponent: number): TileValue {
  let [result, factor]: [TileValue | null, TileValue] = [null, x];
  for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result === null ? factor : multiply(tile, result, factor);
    if (rest > 1) factor = multiply(tile, factor, factor);
  }
  const positive = result ?? tile.constant(1, 'f32');
  return exponent < 0 ? divide(tile, tile.constant(1, 'f32'), positive) : positive;
}

/** base to the exponent: 1 for exponent 0 and base 1, NaN for fractional powers of a negative base. */
export function power(tile: Tile, base: TileValue, exponent: TileValue): TileValue {
  const { number } = exponent;
  if (number !== undefined && Number.isInteger(number) && Math.abs(number) <= MOST_PRODUCTS)
    return wholePower(tile, base, number);
  const [zero, one] = [tile.constant(0, 'f32'), tile.constant(1, 'f32')];
  const magnitude = exponential(tile, multiply(tile, exponent, logarithm(tile, absolute(tile, base))));
  const halved = times(tile, exponent, 0.5);
  const isWhole = comparison(tile, 'eq', rounded(tile, exponent, 'f'), exponent);
  const isHalfWhole = comparison(tile, 'eq', rounded(tile, halved, 'f'), halved);
  // Odd powers have the sign of the base: whole, and half of them is not.
  const ofWhole = choose(tile, isHalfWhole, magnitude, withSign(tile, magnitude, base));
  const ofFinite = choose(
    tile,
    comparison(tile, 'eq', base, tile.constant(-Infinity, 'f32')),
    magnitude,
    tile.constant(NaN, 'f32'),
  );
  const ofNegative = choose(tile, isWhole, ofWhole, ofFinite);
  const ofPositive = choose(tile, isWhole, ofWhole, magnitude);
  const signed = choose(tile, comparison(tile, 'lt', base, zero), ofNegative, ofPositive);
  const unlessZero = choose(tile, comparison(tile, 'eq', exponent, zero), one, signed);
  return choose(tile, comparison(tile, 'eq', base, one), one, unlessZero);
}

/** A mask that takes the last 12 bits off an f32, so that products with whole numbers below 2^12 are exact. */
const HIGH_BITS = -(2 ** 12);

/** left - right·trunc(left / right), with the sign of left; exact while the quotient is below 2^12. */
export function floatRest(tile: Tile, left: TileValue, right: TileValue): TileValue {
  const [size, divisor] = [absolute(tile, left), absolute(tile, right)];
  const quotient = rounded(tile, divide(tile, size, divisor), 'z');
  const high = bitAnd(tile, divisor, tile.constant(HIGH_BITS, 's32'));
  const low = subtract(tile, divisor, high);
  const near = subtract(tile, subtract(tile, size, multiply(tile, quotient, high)), multiply(tile, quotient, low));
  // The quotient rounds, so it can be one too high or too low.
  const raised = choose(tile, comparison(tile, 'lt', near, tile.constant(0, 'f32')), add(tile, near, divisor), near);
  const rest = choose(tile, comparison(tile, 'ge', raised, divisor), subtract(tile, raised, divisor), raised);
  const infinity = tile.constant(Infinity, 'f32');
  const ofInfinite = choose(tile, comparison(tile, 'lt', size, infinity), size, rest);
  return withSign(tile, choose(tile, comparison(tile, 'eq', divisor, infinity), ofInfinite, rest), left);
}
