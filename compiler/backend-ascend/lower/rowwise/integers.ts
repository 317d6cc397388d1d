/**
 * Integer functions the vector unit has no instruction for, in s32 lanes.
 *
 * Division: f32 quotients, refined. f32 holds 24 bits, so the first quotient is off by at most 384 of 2³¹; the rest it
 * leaves gives a second quotient that is off by at most one, which two comparisons set right. All products and
 * differences wrap, so only the sizes of the rests matter, and those fit.
 */
import type { Tile, TileValue } from './tile.ts';
import type { Condition } from './vocabulary.ts';
import {
  add,
  asNumbers,
  bitAnd,
  bitOr,
  choose,
  comparison,
  divide,
  multiply,
  plus,
  rounded,
  shiftedLeft,
  subtract,
  toFloat,
  toInteger,
} from './vocabulary.ts';

interface Division {
  readonly quotient: TileValue;
  readonly rest: TileValue;
}

function approximateQuotient(tile: Tile, left: TileValue, right: TileValue): TileValue {
  return toInteger(tile, rounded(tile, divide(tile, toFloat(tile, left), toFloat(tile, right)), 'f'));
}

const restOf = (tile: Tile, left: TileValue, right: TileValue, quotient: TileValue): TileValue =>
  subtract(tile, left, multiply(tile, quotient, right));

/** Where the condition holds, the quotient stepped by `by` and the rest to match. */
function stepped(
  tile: Tile,
  { quotient, rest }: Division,
  right: TileValue,
  condition: Condition,
  by: 1 | -1,
): Division {
  const moved = by === 1 ? subtract(tile, rest, right) : add(tile, rest, right);
  return {
    quotient: choose(tile, condition, plus(tile, quotient, by), quotient),
    rest: choose(tile, condition, moved, rest),
  };
}

/** left = quotient·right + rest, the quotient rounded down; meaningless where right is 0. */
function floorDivision(tile: Tile, left: TileValue, right: TileValue): Division {
  const zero = tile.constant(0, 's32');
  const first = approximateQuotient(tile, left, right);
  const firstRest = restOf(tile, left, right, first);
  const second = approximateQuotient(tile, firstRest, right);
  const near: Division = { quotient: add(tile, first, second), rest: restOf(tile, firstRest, right, second) };
  // The rest lies between 0 and right, on whichever side of 0 that is.
  const isNegative = comparison(tile, 'lt', right, zero);
  const isBeyond = eitherWay(
    tile,
    isNegative,
    comparison(tile, 'gt', near.rest, zero),
    comparison(tile, 'lt', near.rest, zero),
  );
  const raised = stepped(tile, near, right, isBeyond, -1);
  const isTooGreat = eitherWay(
    tile,
    isNegative,
    comparison(tile, 'le', raised.rest, right),
    comparison(tile, 'ge', raised.rest, right),
  );
  return stepped(tile, raised, right, isTooGreat, 1);
}

/** One condition where another holds, else a third. */
function eitherWay(tile: Tile, which: Condition, onTrue: Condition, onFalse: Condition): Condition {
  return comparison(
    tile,
    'ne',
    choose(tile, which, asNumbers(tile, onTrue), asNumbers(tile, onFalse)),
    tile.constant(0, 'f32'),
  );
}

/** Division by 0 gives 0. */
const unlessZero = (tile: Tile, right: TileValue, value: TileValue): TileValue =>
  choose(tile, comparison(tile, 'eq', right, tile.constant(0, 's32')), tile.constant(0, 's32'), value);

export const floorQuotient = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  unlessZero(tile, right, floorDivision(tile, left, right).quotient);
export const floorRest = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  unlessZero(tile, right, floorDivision(tile, left, right).rest);

/** Rounded toward 0: a negative quotient that leaves a rest is one too low. */
function truncatedDivision(tile: Tile, left: TileValue, right: TileValue): Division {
  const zero = tile.constant(0, 's32');
  const floored = floorDivision(tile, left, right);
  const isWhole = comparison(tile, 'eq', floored.rest, zero);
  const raised = stepped(tile, floored, right, comparison(tile, 'lt', floored.quotient, zero), 1);
  return {
    quotient: choose(tile, isWhole, floored.quotient, raised.quotient),
    rest: choose(tile, isWhole, zero, raised.rest),
  };
}

export const truncatedQuotient = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  unlessZero(tile, right, truncatedDivision(tile, left, right).quotient);
export const truncatedRest = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  unlessZero(tile, right, truncatedDivision(tile, left, right).rest);

/** Exclusive or: a + b counts the common bits twice. */
export const exclusiveOr = (tile: Tile, left: TileValue, right: TileValue): TileValue =>
  subtract(tile, bitOr(tile, left, right), bitAnd(tile, left, right));

const EXPONENT_BITS = 31;

/** base to the exponent by squares, wrapped; a negative exponent gives 0 except for bases 1 and -1. */
export function integerPower(tile: Tile, base: TileValue, exponent: TileValue): TileValue {
  const [zero, one] = [tile.constant(0, 's32'), tile.constant(1, 's32')];
  let [result, factor] = [one, base];
  for (let bit = 0; bit < EXPONENT_BITS; bit++) {
    // The bit as the sign.
    const isSet = comparison(tile, 'lt', shiftedLeft(tile, exponent, EXPONENT_BITS - bit), zero);
    result = choose(tile, isSet, multiply(tile, result, factor), result);
    if (bit < EXPONENT_BITS - 1) factor = multiply(tile, factor, factor);
  }
  // A power of 1 or -1 needs the lowest bit only, so the bits of a negative exponent give it too.
  const isUnit = comparison(tile, 'eq', tile.apply('vabs_s32', [base], 's32'), one);
  const ofNegative = choose(tile, isUnit, result, zero);
  return choose(tile, comparison(tile, 'lt', exponent, zero), ofNegative, result);
}
