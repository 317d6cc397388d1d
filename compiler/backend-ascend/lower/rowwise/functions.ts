/**
 * Functions the vector unit has no instruction for, as polynomials of f32 lanes.
 *
 * tanh and erf: rational minimax approximations of Eigen (MathFunctionsImpl.h), a few units in the last place.
 * sine: Cody and Waite's three-part reduction by π and the Cephes polynomial, good for |x| up to about 10^5.
 */
import type { Tile, TileValue } from './tile.ts';

const TANH = {
  limit: 7.90531110763549805,
  odd: [-2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3],
  even: [1.19825839466702e-6, 1.18534705686654e-4, 2.26843463243900e-3, 4.89352518554385e-3],
};

const ERF = {
  limit: 4,
  odd: [-2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5, -7.34990630326855e-4, -2.95459980854025e-3, -1.60960333262415e-2],
  even: [-1.45660718464996e-5, -2.13374055278905e-4, -1.68282697438203e-3, -7.37332916720468e-3, -1.42647390514189e-2],
};

const scalar = (tile: Tile, mnemonic: string, value: TileValue, number: number): TileValue =>
  tile.apply(mnemonic, [value], 'f32', [tile.k.float(number)]);

/** c0·xⁿ + c1·xⁿ⁻¹ + … by Horner's rule. */
function polynomial(tile: Tile, x: TileValue, coefficients: readonly number[]): TileValue {
  const [first, second, ...rest] = coefficients;
  let sum = scalar(tile, 'vadds_f32', scalar(tile, 'vmuls_f32', x, first), second);
  for (const coefficient of rest) sum = scalar(tile, 'vadds_f32', tile.apply('vmul_f32', [sum, x], 'f32'), coefficient);
  return sum;
}

function rational(tile: Tile, x: TileValue, { limit, odd, even }: typeof TANH): TileValue {
  const clamped = scalar(tile, 'vmaxs_f32', scalar(tile, 'vmins_f32', x, limit), -limit);
  const squared = tile.apply('vmul_f32', [clamped, clamped], 'f32');
  const numerator = tile.apply('vmul_f32', [clamped, polynomial(tile, squared, odd)], 'f32');
  return tile.apply('vdiv_f32', [numerator, polynomial(tile, squared, even)], 'f32');
}

export const tanh = (tile: Tile, x: TileValue): TileValue => rational(tile, x, TANH);
export const erf = (tile: Tile, x: TileValue): TileValue => rational(tile, x, ERF);

const PI_PARTS = [3.140625, 9.67502593994140625e-4, 1.509957990978376432e-7];
const SINE = [2.6083159809786593541503e-6, -1.981069071916863322258e-4, 8.33307858556509017944336e-3, -1.66666597127914428710938e-1];

/** sin(x + quarterTurns·π/2) for quarterTurns 0 or 1. */
export function sine(tile: Tile, x: TileValue, quarterTurns: 0 | 1): TileValue {
  const half = quarterTurns / 2;
  // n = number of half turns to take off: x = (n − half)·π + rest.
  const turns = scalar(tile, 'vadds_f32', scalar(tile, 'vmuls_f32', x, 1 / Math.PI), half);
  const whole = tile.apply('vconv_f322f32r', [turns], 'f32');
  const factor = quarterTurns === 0 ? whole : scalar(tile, 'vadds_f32', whole, -half);
  let rest = x;
  for (const part of PI_PARTS) rest = tile.apply('vsub_f32', [rest, scalar(tile, 'vmuls_f32', factor, part)], 'f32');
  const squared = tile.apply('vmul_f32', [rest, rest], 'f32');
  const inner = tile.apply('vmul_f32', [polynomial(tile, squared, SINE), squared], 'f32');
  const value = tile.apply('vadd_f32', [tile.apply('vmul_f32', [inner, rest], 'f32'), rest], 'f32');
  // sin(rest + n·π) = (−1)ⁿ sin(rest): sign = 1 − 2·(n mod 2).
  const halves = tile.apply('vconv_f322f32f', [scalar(tile, 'vmuls_f32', whole, 0.5)], 'f32');
  const parity = tile.apply('vsub_f32', [whole, scalar(tile, 'vmuls_f32', halves, 2)], 'f32');
  const sign = scalar(tile, 'vadds_f32', scalar(tile, 'vmuls_f32', parity, -2), 1);
  return tile.apply('vmul_f32', [value, sign], 'f32');
}
