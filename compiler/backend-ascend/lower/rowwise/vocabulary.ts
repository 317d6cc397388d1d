/** Words in which rules are written: one or two vector instructions each, on tile values. */
import type { Tile, TileValue } from './tile.ts';

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

export const add = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  tile.apply(`vadd_${left.lane}`, [left, right], left.lane);
export const subtract = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  tile.apply(`vsub_${left.lane}`, [left, right], left.lane);
export const multiply = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  tile.apply(`vmul_${left.lane}`, [left, right], left.lane);
export const divide = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  tile.apply('vdiv_f32', [left, right], 'f32');

/** An instruction with a number as its second operand. */
function withNumber(tile: Tile, stem: string, value: TileValue, number: number): TileValue {
  return tile.apply(`${stem}_${value.lane}`, [value], value.lane, [
    value.lane === 'f32' ? tile.k.float(number) : number,
  ]);
}

/** value + number */
export const plus = (tile: Tile, value: TileValue, number: number): TileValue =>
  withNumber(tile, 'vadds', value, number);
/** value · number */
export const times = (tile: Tile, value: TileValue, number: number): TileValue =>
  withNumber(tile, 'vmuls', value, number);

export const absolute = (tile: Tile, value: TileValue): TileValue =>
  tile.apply(`vabs_${value.lane}`, [value], value.lane);
export const negated = (tile: Tile, value: TileValue): TileValue => times(tile, value, -1);
export const exponential = (tile: Tile, value: TileValue): TileValue => tile.apply('vexp_f32', [value], 'f32');
export const logarithm = (tile: Tile, value: TileValue): TileValue => tile.apply('vln_f32', [value], 'f32');

/** A float rounded to an integer: r to nearest even, f down, c up, z toward 0. */
export const rounded = (tile: Tile, value: TileValue, mode: 'r' | 'f' | 'c' | 'z'): TileValue =>
  tile.apply(`vconv_f322f32${mode}`, [value], 'f32');
/** Float lanes as integers, toward 0; saturates, and NaN is 0. */
export const toInteger = (tile: Tile, value: TileValue): TileValue => tile.apply('vconv_f322s32z', [value], 's32');
export const toFloat = (tile: Tile, value: TileValue): TileValue => tile.apply('vconv_s322f32', [value], 'f32');

/** value · 2^bits, wrapped. */
export const shiftedLeft = (tile: Tile, value: TileValue, bits: number): TileValue =>
  tile.apply('vshl_s32', [value], 's32', [bits]);
/** ⌊value / 2^bits⌋, the lanes read as signed or unsigned. */
export const shiftedRight = (tile: Tile, value: TileValue, bits: number, lanes: 's32' | 'u32'): TileValue =>
  tile.apply(`vshr_${lanes}`, [value], 's32', [bits, 0]);

/** Bitwise on lanes of any type: the instructions are those of 16-bit lanes. */
export const bitAnd = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  tile.apply('vand_b16', [left, right], left.lane);
export const bitOr = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  tile.apply('vor_b16', [left, right], left.lane);

/**
 * The greater or smaller of two floats or integers; NaN if one is NaN. The instruction gives its second operand where
 * unordered, so a first operand that may be NaN must be looked at.
 */
export function extreme(tile: Tile, which: 'max' | 'min', left: TileValue, right: TileValue): TileValue {
  if (right.number !== undefined && left.number === undefined) return extreme(tile, which, right, left);
  const result = tile.apply(`v${which}_${left.lane}`, [left, right], left.lane);
  const isOrdered = left.lane === 's32' || (left.number !== undefined && !Number.isNaN(left.number));
  return isOrdered ? result : choose(tile, comparison(tile, 'eq', left, left), result, left);
}

/** value between two numbers; NaN stays NaN. */
export function bounded(tile: Tile, value: TileValue, low: number, high: number): TileValue {
  const least = low === -Infinity ? value : extreme(tile, 'max', tile.constant(low, value.lane), value);
  return high === Infinity ? least : extreme(tile, 'min', tile.constant(high, value.lane), least);
}

/** A condition on lanes: packed bits, for `choose`. */
export interface Condition {
  readonly bits: TileValue;
}

/** left `name` right, lane by lane; the operands are written out because bits are packed by lane. */
export function comparison(tile: Tile, name: Comparison, left: TileValue, right: TileValue): Condition {
  const kind = tile.join([left, right]);
  if (right.number !== undefined) {
    const bits = tile.allocate(left.kind, 's32');
    const number = right.lane === 'f32' ? tile.k.float(right.number) : right.number;
    tile.compare(`vcmpvs_${name}_${left.lane}`, bits, [left], [number]);
    return { bits };
  }
  const bits = tile.allocate(kind, 's32');
  tile.compare(`vcmpv_${name}_${left.lane}`, bits, [tile.spread(left, kind), tile.spread(right, kind)], []);
  return { bits };
}

/** The condition on more lanes than it was computed for needs its operands spread first. */
function conditionOn(tile: Tile, condition: Condition, kind: TileValue['kind']): TileValue {
  if (condition.bits.kind === kind) return condition.bits;
  const flags = asNumbers(tile, condition);
  return comparison(tile, 'ne', tile.spread(flags, kind), tile.constant(0, 'f32')).bits;
}

/** Where the condition holds `onTrue`, else `onFalse`. */
export function choose(tile: Tile, condition: Condition, onTrue: TileValue, onFalse: TileValue): TileValue {
  const kind = tile.join([condition.bits, onTrue, onFalse]);
  return tile.choose(conditionOn(tile, condition, kind), onTrue, onFalse, kind, onTrue.lane);
}

/** 1 where the condition holds, else 0. */
export function asNumbers(tile: Tile, { bits }: Condition): TileValue {
  return tile.choose(bits, tile.constant(1, 'f32'), tile.constant(0, 'f32'), bits.kind, 'f32');
}

/** The magnitude with the sign bit of `sign`; the magnitude has none. */
export function withSign(tile: Tile, magnitude: TileValue, sign: TileValue): TileValue {
  return bitOr(tile, magnitude, bitAnd(tile, sign, tile.constant(-0, 'f32')));
}

/** c0·xⁿ + c1·xⁿ⁻¹ + … by Horner's rule. */
export function polynomial(tile: Tile, x: TileValue, coefficients: readonly number[]): TileValue {
  const [first, second, ...rest] = coefficients;
  const start = plus(tile, times(tile, x, first), second);
  return rest.reduce((sum, coefficient) => plus(tile, multiply(tile, sum, x), coefficient), start);
}
