/** PIPE_V: conversions between lane types. */
import type { InstructionRow } from '../definition.ts';
import { add, local, mul, state, unary, valueTypeOf } from '../meaning/expression.ts';
import type { ElementType, Expression } from '../meaning/expression.ts';
import { maximum, minimum } from '../meaning/functions.ts';
import { clampInteger, roundToBf16, roundToF16, roundToInteger } from '../meaning/rounding.ts';
import type { RoundingMode } from '../meaning/rounding.ts';
import { laneOperands, vectorCore } from './vector-operands.ts';
import { lanesOf } from './vector-lanes.ts';

const nearestModes: readonly RoundingMode[] = ['r', 'a', 'f', 'c', 'z'];
const withPlain: readonly RoundingMode[] = ['', ...nearestModes];

/** Source, destination, and the rounding modes offered. */
const pairs: readonly (readonly [ElementType, ElementType, readonly RoundingMode[]])[] = [
  ['f32', 'f16', [...withPlain, 'o']],
  ['f32', 'bf16', withPlain],
  ['f32', 'f32', nearestModes],
  ['f32', 's16', nearestModes],
  ['f32', 's32', nearestModes],
  ['f32', 's64', nearestModes],
  ['f16', 'f32', ['']],
  ['f16', 's8', withPlain],
  ['f16', 'u8', withPlain],
  ['f16', 's16', nearestModes],
  ['f16', 's32', nearestModes],
  ['bf16', 'f32', ['']],
  ['bf16', 's32', nearestModes],
  ['s16', 'f16', withPlain],
  ['s16', 'f32', ['']],
  ['s32', 'f32', withPlain],
  ['s32', 's16', ['']],
  ['s32', 's64', ['']],
  ['s64', 'f32', nearestModes],
  ['s64', 's32', ['']],
  ['s8', 'f16', ['']],
  ['u8', 'f16', ['']],
];

const integerRange: Readonly<Partial<Record<ElementType, readonly [number, number]>>> = {
  s8: [-128, 127],
  u8: [0, 255],
  s16: [-32768, 32767],
};

function fromFloat(x: Expression, to: ElementType, mode: RoundingMode): Expression {
  if (to === 'f16') return roundToF16(x, mode);
  if (to === 'bf16') return roundToBf16(x, mode);
  if (to === 'f32') return mode === '' ? x : roundToInteger(x, mode);
  const whole = roundToInteger(x, mode);
  if (to === 's64') return unary('trunc_sat_s', 'i64', whole);
  const range = integerRange[to];
  const integer = unary('trunc_sat_s', 'i32', whole);
  return range === undefined ? integer : clampInteger(integer, range[0], range[1]);
}

function fromInteger(x: Expression, from: ElementType, to: ElementType, mode: RoundingMode): Expression {
  if (to === 's64') return unary('extend_s', 'i64', x);
  if (to === 's16') return clampInteger(x, -32768, 32767);
  if (to === 's32') return saturated64(x);
  if (from === 's64') return integerToF32(x, mode, 'i64');
  if (to === 'f32') return from === 's32' ? integerToF32(x, mode, 'i32') : unary('convert_s', 'f32', x);
  return roundToF16(unary('convert_s', 'f32', x), mode);
}

/** s64 to s32, saturating. */
function saturated64(x: Expression): Expression {
  const limit = (value: number): Expression => ({ kind: 'constant', type: 'i64', value });
  return unary('wrap', 'i32', minimum(maximum(x, limit(-(2 ** 31))), limit(2 ** 31 - 1)));
}

const isNearest = (mode: RoundingMode): boolean => mode === '' || mode === 'r';

/**
 * An integer to f32. The other modes split the value: the high part converts exactly, so comparing back tells on which
 * side the nearest value lies.
 */
function integerToF32(x: Expression, mode: RoundingMode, type: 'i32' | 'i64'): Expression {
  const nearest = unary('convert_s', 'f32', x);
  if (isNearest(mode)) return nearest;
  return steppedToF32(x, nearest, mode, type);
}

function steppedToF32(x: Expression, nearest: Expression, mode: RoundingMode, type: 'i32' | 'i64'): Expression {
  const wide = type === 'i32' ? unary('extend_s', 'i64', x) : x;
  const zero: Expression = { kind: 'constant', type: 'i64', value: 0 };
  const i64 = (op: 'lt' | 'gt' | 'eq', left: Expression, right: Expression): Expression => ({
    kind: 'binary',
    type: 'i32',
    op,
    left,
    right,
  });
  const back = unary('trunc_sat_s', 'i64', nearest);
  const negative = i64('lt', wide, zero);
  const bits = unary('reinterpret', 'i32', nearest);
  const step = (by: number): Expression => unary('reinterpret', 'f32', add(bits, by));
  const pick = (condition: Expression, then: Expression, otherwise: Expression): Expression => ({
    kind: 'select',
    type: 'f32',
    condition,
    then,
    else: otherwise,
  });
  const tooHigh = i64('gt', back, wide);
  const tooLow = i64('lt', back, wide);
  // Adding 1 to the bits grows the magnitude.
  const down = pick(tooHigh, pick(negative, step(1), step(-1)), nearest);
  const up = pick(tooLow, pick(negative, step(-1), step(1)), nearest);
  if (mode === 'f') return down;
  if (mode === 'c') return up;
  if (mode === 'z') return pick(negative, up, down);
  return awayOnTie(wide, nearest, back, step);
}

/** Ties go to even in `nearest`; where the distance to the next value of greater magnitude is equal, take that one. */
function awayOnTie(
  wide: Expression,
  nearest: Expression,
  back: Expression,
  step: (by: number) => Expression,
): Expression {
  const grown = step(1);
  const i64 = (op: 'sub' | 'eq' | 'ne' | 'gt' | 'lt', left: Expression, right: Expression): Expression => ({
    kind: 'binary',
    type: op === 'sub' ? 'i64' : 'i32',
    op,
    left,
    right,
  });
  const other = unary('trunc_sat_s', 'i64', grown);
  const tie: Expression = {
    kind: 'binary',
    type: 'i32',
    op: 'and',
    left: i64('eq', i64('sub', wide, back), i64('sub', other, wide)),
    right: i64('ne', wide, back),
  };
  return { kind: 'select', type: 'f32', condition: tie, then: grown, else: nearest };
}

function row(from: ElementType, to: ElementType, mode: RoundingMode): InstructionRow {
  const x = local('src', valueTypeOf(from));
  const value = x.type === 'f32' ? fromFloat(x, to, mode) : fromInteger(x, from, to, mode);
  const modeText =
    mode === ''
      ? ''
      : `, rounding ${{ r: 'to nearest even', a: 'to nearest, ties away', f: 'down', c: 'up', z: 'toward zero', o: 'to odd' }[mode]}`;
  return {
    mnemonic: `vconv_${from}2${to}${mode}`,
    cores: vectorCore,
    pipe: 'V',
    timing: `vector.conv_${from}2${to}`,
    operands: laneOperands(['src']),
    meaning: {
      kind: 'lanes',
      elements: lanesOf(from, to),
      inputs: [{ name: 'src', element: from }],
      output: to,
      value,
    },
    summary: `${from} to ${to}${modeText}${to.startsWith('s') || to.startsWith('u') ? ', saturating' : ''}`,
  };
}

/** s32 times the set_deqscale factor, to f16. */
const dequantize: InstructionRow = {
  mnemonic: 'vconv_deq_s322f16',
  cores: vectorCore,
  pipe: 'V',
  timing: 'vector.conv_s322f16',
  operands: laneOperands(['src']),
  meaning: {
    kind: 'lanes',
    elements: 64,
    inputs: [{ name: 'src', element: 's32' }],
    output: 'f16',
    value: mul(
      unary('convert_s', 'f32', local('src', 'i32')),
      unary('reinterpret', 'f32', state('deqscale', 0, 'i32')),
    ),
  },
  summary: 'f16 = s32 * the f32 of set_deqscale',
};

/** Conversions. */
export const convertRows: readonly InstructionRow[] = [
  ...pairs.flatMap(([from, to, modes]) => modes.map((mode) => row(from, to, mode))),
  dequantize,
];
