/**
 * Conversions with the rounding modes of vconv as expressions.
 * r nearest, ties to even; a nearest, ties away from zero; f down; c up; z toward zero; o to odd.
 */
import { add, binary, f32, i32, mul, or, select, sub, unary } from './expression.ts';
import type { Expression } from './expression.ts';

/** A rounding mode suffix; the empty one is r where rounding is needed. */
export type RoundingMode = '' | 'r' | 'a' | 'f' | 'c' | 'z' | 'o';

const bits = (x: Expression): Expression => unary('reinterpret', 'i32', x);
const fromBits = (x: Expression): Expression => unary('reinterpret', 'f32', x);
const magnitude = (x: Expression): Expression => unary('abs', 'f32', x);
const withSignOf = (size: Expression, x: Expression): Expression =>
  fromBits(binary('or', bits(size), binary('and', bits(x), 0x80000000 | 0)));
const isNegative = (x: Expression): Expression => binary('lt', bits(x), 0);

/** f32 to an integer value that is still an f32. */
export function roundToInteger(x: Expression, mode: RoundingMode): Expression {
  if (mode === 'f') return unary('floor', 'f32', x);
  if (mode === 'c') return unary('ceil', 'f32', x);
  if (mode === 'z') return unary('trunc', 'f32', x);
  if (mode !== 'a') return unary('nearest', 'f32', x);
  const whole = unary('trunc', 'f32', x);
  const rest = magnitude(sub(x, whole));
  return withSignOf(magnitude(select(binary('ge', rest, 0.5), add(whole, withSignOf(f32(1), x)), whole)), x);
}

/** What a narrow float grid needs to step between neighbours in f32 terms. */
interface Grid {
  readonly nearest: (x: Expression) => Expression;
  /** Neighbour below a positive grid value. */
  readonly below: (m: Expression) => Expression;
  /** Neighbour above a grid value ≥ 0. */
  readonly above: (m: Expression) => Expression;
  /** The neighbour, or the value itself, whose last bit is 1; from the value below. */
  readonly odd: (m: Expression) => Expression;
}

const smallestNormal = 2 ** -14;
const subnormalStep = 2 ** -24;

const f16Grid: Grid = {
  nearest: (x) => unary('round_f16', 'f32', x),
  below: (m) =>
    select(
      binary('eq', m, f32(Infinity)),
      f32(65504),
      select(binary('le', m, smallestNormal), sub(m, f32(subnormalStep)), fromBits(sub(bits(m), 0x2000))),
    ),
  above: (m) => select(binary('lt', m, smallestNormal), add(m, f32(subnormalStep)), fromBits(add(bits(m), 0x2000))),
  odd: (m) =>
    select(
      binary('lt', m, smallestNormal),
      mul(
        unary('convert_s', 'f32', binary('or', unary('trunc_sat_s', 'i32', mul(m, f32(2 ** 24))), 1)),
        f32(subnormalStep),
      ),
      fromBits(binary('or', bits(m), 0x2000)),
    ),
};

const bf16Grid: Grid = {
  nearest: (x) => unary('round_bf16', 'f32', x),
  below: (m) => fromBits(sub(bits(m), 0x10000)),
  above: (m) => fromBits(add(bits(m), 0x10000)),
  odd: (m) => fromBits(binary('or', bits(m), 0x10000)),
};

function roundOnGrid(x: Expression, mode: RoundingMode, grid: Grid): Expression {
  const nearest = grid.nearest(x);
  if (mode === '' || mode === 'r') return nearest;
  const size = magnitude(x);
  const near = magnitude(nearest);
  const low = select(binary('gt', near, size), grid.below(near), near);
  const high = select(binary('lt', low, size), grid.above(low), low);
  const exact = binary('eq', low, size);
  const choice: Readonly<Record<'a' | 'f' | 'c' | 'z' | 'o', () => Expression>> = {
    z: () => low,
    f: () => select(isNegative(x), high, low),
    c: () => select(isNegative(x), low, high),
    a: () => select(binary('ge', sub(size, low), sub(high, size)), high, low),
    o: () => select(exact, low, grid.odd(low)),
  };
  const finite = withSignOf(choice[mode](), x);
  return select(or(binary('ne', x, x), binary('eq', size, f32(Infinity))), x, finite);
}

/** f32 to the nearest allowed f16 value, still an f32. */
export const roundToF16 = (x: Expression, mode: RoundingMode): Expression => roundOnGrid(x, mode, f16Grid);
/** f32 to the nearest allowed bf16 value, still an f32. */
export const roundToBf16 = (x: Expression, mode: RoundingMode): Expression => roundOnGrid(x, mode, bf16Grid);

/** Clamps an i32. */
export const clampInteger = (x: Expression, least: number, most: number): Expression =>
  select(binary('lt', x, i32(least)), i32(least), select(binary('gt', x, i32(most)), i32(most), x));
