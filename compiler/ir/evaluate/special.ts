/** Special functions in f64. */
import { roundEven } from '../../../runtime/numerics/index.ts';

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/**
 * Error function: for small |x| the series 2/√π·e^(-x²)·Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!, whose terms are all positive; beyond 3 the
 * continued fraction of erfc (Abramowitz and Stegun 7.1.14).
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < 6)) return Number.isNaN(x) ? NaN : Math.sign(x);
  return Math.sign(x) * (magnitude < 3 ? erfSeries(magnitude) : 1 - erfcFraction(magnitude));
}

function erfSeries(x: number): number {
  const twice = 2 * x * x;
  let term = x;
  let sum = x;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= twice / odd;
    sum += term;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
}

function erfcFraction(x: number): number {
  let fraction = x;
  for (let depth = 40; depth > 0; depth--) fraction = x + depth / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const hardSigmoid = (x: number): number => Math.min(Math.max(x + 3, 0), 6) / 6;

const ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

export const GELU: Readonly<Record<string, (x: number) => number>> = {
  none: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  tanh: (x) => 0.5 * x * (1 + Math.tanh(ROOT_TWO_OVER_PI * (x + 0.044715 * x * x * x))),
};

/** lhs - rhs·⌊lhs / rhs⌋ without rounding the quotient: the sign of rhs. */
export function floorMod(lhs: number, rhs: number): number {
  const rest = lhs % rhs;
  return rest !== 0 && rest < 0 !== rhs < 0 ? rest + rhs : rest;
}

export { roundEven };
