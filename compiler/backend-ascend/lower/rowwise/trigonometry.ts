/**
 * Sine, cosine and arc tangents in f32 lanes, after S. L. Moshier's Cephes library.
 *
 * sine: Cody and Waite's three-part reduction by π, good for |x| up to about 10^5. atan: reduced to |x| < tan(π/8).
 */
import type { Tile, TileValue } from './tile.ts';
import {
  absolute,
  add,
  bounded,
  choose,
  comparison,
  divide,
  extreme,
  multiply,
  plus,
  polynomial,
  rounded,
  subtract,
  times,
  withSign,
} from './vocabulary.ts';

const PI_PARTS = [3.140625, 9.67502593994140625e-4, 1.509957990978376432e-7];
const SINE = [
  2.6083159809786593541503e-6, -1.981069071916863322258e-4, 8.33307858556509017944336e-3, -1.66666597127914428710938e-1,
];

/** sin(x + quarterTurns·π/2) for quarterTurns 0 or 1. */
export function sine(tile: Tile, x: TileValue, quarterTurns: 0 | 1): TileValue {
  const half = quarterTurns / 2;
  // n = number of half turns to take off: x = (n − half)·π + rest.
  const turns = plus(tile, times(tile, x, 1 / Math.PI), half);
  const whole = rounded(tile, turns, 'r');
  const factor = quarterTurns === 0 ? whole : plus(tile, whole, -half);
  const reduced = PI_PARTS.reduce((left, part) => subtract(tile, left, times(tile, factor, part)), x);
  // Beyond 10^5 the rest means nothing, but the result stays a sine.
  const rest = bounded(tile, reduced, -Math.PI / 2, Math.PI / 2);
  const squared = multiply(tile, rest, rest);
  const inner = multiply(tile, polynomial(tile, squared, SINE), squared);
  const value = add(tile, multiply(tile, inner, rest), rest);
  // sin(rest + n·π) = (−1)ⁿ sin(rest): sign = 1 − 2·(n mod 2).
  const halves = rounded(tile, times(tile, whole, 0.5), 'f');
  const parity = subtract(tile, whole, times(tile, halves, 2));
  return multiply(tile, value, plus(tile, times(tile, parity, -2), 1));
}

const ATAN = [8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1];

/** Arc tangent of numerator / denominator, both at least 0; 0 where both are 0. */
function atanOfRatio(tile: Tile, numerator: TileValue, denominator: TileValue): TileValue {
  const zero = tile.constant(0, 'f32');
  // Beyond tan(π/8) the angle from the nearest of π/4 and π/2: (n - d) / (n + d), or -d / n.
  const isBig = comparison(tile, 'gt', times(tile, numerator, Math.tan(Math.PI / 8)), denominator);
  const isMiddle = comparison(tile, 'gt', numerator, times(tile, denominator, Math.tan(Math.PI / 8)));
  const above = choose(
    tile,
    isBig,
    times(tile, denominator, -1),
    choose(tile, isMiddle, subtract(tile, numerator, denominator), numerator),
  );
  const below = choose(tile, isBig, numerator, choose(tile, isMiddle, add(tile, numerator, denominator), denominator));
  const offset = choose(
    tile,
    isBig,
    tile.constant(Math.PI / 2, 'f32'),
    choose(tile, isMiddle, tile.constant(Math.PI / 4, 'f32'), zero),
  );
  // Only 0 / 0 divides by zero.
  const ratio = choose(tile, comparison(tile, 'eq', add(tile, above, below), zero), zero, divide(tile, above, below));
  const squared = multiply(tile, ratio, ratio);
  const curve = multiply(tile, multiply(tile, polynomial(tile, squared, ATAN), squared), ratio);
  return add(tile, offset, add(tile, curve, ratio));
}

export function atan(tile: Tile, x: TileValue): TileValue {
  return withSign(tile, atanOfRatio(tile, absolute(tile, x), tile.constant(1, 'f32')), x);
}

/** The angle of the point (x, y), in (-π, π]. */
export function atan2(tile: Tile, y: TileValue, x: TileValue): TileValue {
  const one = tile.constant(1, 'f32');
  const infinity = tile.constant(Infinity, 'f32');
  const [height, width] = [absolute(tile, y), absolute(tile, x)];
  // Two infinities are as good as two ones.
  const isFar = comparison(tile, 'eq', extreme(tile, 'min', height, width), infinity);
  const [numerator, denominator] = [height, width].map((size) => choose(tile, isFar, one, size));
  const angle = atanOfRatio(tile, numerator, denominator);
  // The sign bit of x, that of -0 too, as the sign of a one.
  const isLeft = comparison(tile, 'lt', withSign(tile, one, x), tile.constant(0, 'f32'));
  const turned = choose(tile, isLeft, plus(tile, times(tile, angle, -1), Math.PI), angle);
  return withSign(tile, turned, y);
}
