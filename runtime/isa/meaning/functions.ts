/**
 * Elementary functions as expression DAGs over f32 operations that round once each, so every implementation agrees
 * bit for bit. A node that is used several times is shared by identity and is evaluated once.
 * exp and ln: S. L. Moshier, Cephes Mathematical Library (expf, logf): about 1 ulp.
 */
import { add, binary, constant, f32, i32, mul, select, sub, unary } from './expression.ts';
import type { Expression } from './expression.ts';

/** c0 * x^n + … + cn by Horner's rule. */
function polynomial(x: Expression, coefficients: readonly number[]): Expression {
  return coefficients.slice(1).reduce((sum, c) => add(mul(sum, x), f32(c)), f32(coefficients[0] ?? 0));
}

/** `a > b ? a : b`: the second operand where unordered or equal. */
export const maximum = (a: Expression, b: Expression): Expression => select(binary('gt', a, b), a, b);
/** `a < b ? a : b`: the second operand where unordered or equal. */
export const minimum = (a: Expression, b: Expression): Expression => select(binary('lt', a, b), a, b);
/** `x < 0 ? 0 : x`; keeps nan and -0. */
export const relu = (x: Expression): Expression => select(binary('lt', x, 0), constant(x.type, 0), x);

/** 2^n for an i32 n in [-126, 127]. */
const powerOfTwo = (n: Expression): Expression => unary('reinterpret', 'f32', binary('shl', add(n, 127), 23));

/** e^x; overflows to inf, underflows through the subnormals to 0. */
export function exp(x: Expression): Expression {
  const low = select(binary('lt', x, -104), f32(-104), x);
  const clamped = select(binary('gt', low, 89), f32(89), low);
  const whole = unary('floor', 'f32', add(mul(clamped, f32(1.4426950408889634)), f32(0.5)));
  const r = sub(sub(clamped, mul(whole, f32(0.693359375))), mul(whole, f32(-2.1219444e-4)));
  const p = polynomial(
    r,
    [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1],
  );
  const y = add(add(mul(p, mul(r, r)), r), f32(1));
  const n = unary('trunc_sat_s', 'i32', whole);
  const half = binary('shr_s', n, 1);
  return mul(mul(y, powerOfTwo(half)), powerOfTwo(sub(n, half)));
}

/** Natural logarithm: ln(±0) = -inf, ln(negative) = nan. */
export function ln(x: Expression): Expression {
  const tiny = binary('lt', x, f32(1.1754943508222875e-38));
  const bits = unary('reinterpret', 'i32', select(tiny, mul(x, f32(8388608)), x));
  const exponent = sub(sub(binary('shr_s', bits, 23), 126), select(tiny, i32(23), i32(0)));
  const mantissa = unary('reinterpret', 'f32', binary('or', binary('and', bits, 0x7fffff), 0x3f000000));
  const small = binary('lt', mantissa, f32(0.7071067811865476));
  const m = sub(select(small, add(mantissa, mantissa), mantissa), f32(1));
  const e = unary('convert_s', 'f32', select(small, sub(exponent, 1), exponent));
  const z = mul(m, m);
  const p = polynomial(
    m,
    [
      7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
      2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ],
  );
  const corrected = sub(add(mul(mul(p, m), z), mul(e, f32(-2.1219444e-4))), mul(z, f32(0.5)));
  const finite = add(add(m, corrected), mul(e, f32(0.693359375)));
  const special = select(binary('lt', x, 0), f32(NaN), select(binary('eq', x, 0), f32(-Infinity), finite));
  return select(binary('lt', x, f32(Infinity)), special, x);
}

/** 1 / sqrt(x), rounded twice. */
export const reciprocalSquareRoot = (x: Expression): Expression => binary('div', f32(1), unary('sqrt', 'f32', x));
/** 1 / x. */
export const reciprocal = (x: Expression): Expression => binary('div', f32(1), x);
