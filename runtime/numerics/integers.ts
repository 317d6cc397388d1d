/** Rounding of floats to integers and exact conversion of 64-bit integers. */
import { f32FromBits } from './narrow-floats.ts';

/** A rounding mode: nearest even, nearest away, floor, ceiling, truncate. */
export type IntegerRounding = 'even' | 'away' | 'floor' | 'ceil' | 'trunc';

/** Nearest integer, ties to even; keeps -0, infinities and nan. */
export function roundEven(value: number): number {
  if (!(Math.abs(value) < 2 ** 52)) return value;
  const low = Math.floor(value);
  const rest = value - low;
  const rounded = rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
  return rounded === 0 && (value < 0 || Object.is(value, -0)) ? -0 : rounded;
}

/** Nearest integer, ties away from zero. */
export const roundAway = (value: number): number =>
  value < 0 ? -Math.floor(-value + 0.5) : value > 0 ? Math.floor(value + 0.5) : value;

const roundings: Readonly<Record<IntegerRounding, (value: number) => number>> = {
  even: roundEven,
  away: roundAway,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
};

/** Rounds a number to an integer in a mode. */
export const roundInteger = (value: number, mode: IntegerRounding): number => roundings[mode](value);

/** Toward zero to a signed 32-bit integer; saturates, nan gives 0. */
export function saturateToInt32(value: number): number {
  if (value >= 2147483647) return 2147483647;
  if (value <= -2147483648) return -2147483648;
  return value | 0; // nan gives 0
}

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** Toward zero to a signed 64-bit integer; saturates, nan gives 0. */
export function saturateToInt64(value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return INT64_MAX;
  if (value <= -(2 ** 63)) return INT64_MIN;
  return BigInt(Math.trunc(value));
}

/** The f32 nearest to a 64-bit integer, ties to even, rounded once. */
export function int64ToF32(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 2n ** 53n) return Math.fround(Number(value));
  // Fold the low bits into a sticky bit so that the second rounding sees every tie.
  const sticky = (magnitude & 0xffffn) === 0n ? 0n : 1n;
  const rounded = Math.fround(Number(((magnitude >> 16n) << 1n) | sticky) * 32768);
  return value < 0n ? -rounded : rounded;
}

/** 2^exponent as f32. */
export const powerOfTwo = (exponent: number): number => f32FromBits(((exponent + 127) << 23) >>> 0);
