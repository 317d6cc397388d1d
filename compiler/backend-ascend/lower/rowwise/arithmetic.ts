/** How each elementwise op is computed from vector instructions on 32-bit lanes. Total by type over the ops it names. */
import type { AttributeMap, DType, Operation } from '../../../ir/index.ts';
import { floatOf, isFloat } from '../../../ir/index.ts';
import { erf, sine, tanh } from './functions.ts';
import type { Tile, TileValue } from './tile.ts';

/** What a rule sees: the tile, its sources, and the op's types and attributes. */
export interface ElementwiseCase {
  readonly tile: Tile;
  readonly sources: readonly TileValue[];
  readonly from: DType;
  readonly to: DType;
  readonly attributes: AttributeMap;
}

/** Null when the dtype has no vector arithmetic on this target. */
export type ElementwiseRule = (op: ElementwiseCase) => TileValue | null;

/** Lanes a dtype is computed in, or null where the vector unit has none. */
export function laneOf(dtype: DType): 'f32' | 's32' | null {
  if (dtype === 'f32' || dtype === 'f16' || dtype === 'bf16' || dtype === 'i1') return 'f32';
  return dtype === 'i32' || dtype === 'i8' || dtype === 'ui8' || dtype === 'i16' ? 's32' : null;
}

const float =
  (rule: (op: ElementwiseCase) => TileValue): ElementwiseRule =>
  (op) =>
    laneOf(op.from) === 'f32' ? rule(op) : null;

/** An instruction for either lane type: `vadd` becomes vadd_f32 or vadd_s32. */
const either =
  (stem: string): ElementwiseRule =>
  ({ tile, sources, from }) => {
    const lane = laneOf(from);
    return lane && tile.apply(`${stem}_${lane}`, sources, lane);
  };

const unary = (mnemonic: string): ElementwiseRule => float(({ tile, sources }) => tile.apply(mnemonic, sources, 'f32'));
const scalar = (tile: Tile, mnemonic: string, value: TileValue, number: number): TileValue =>
  tile.apply(mnemonic, [value], 'f32', [tile.k.float(number)]);

const round = (mode: string): ElementwiseRule => unary(`vconv_f322f32${mode}`);

function sigmoid(tile: Tile, x: TileValue): TileValue {
  const power = tile.apply('vexp_f32', [scalar(tile, 'vmuls_f32', x, -1)], 'f32');
  return tile.apply('vdiv_f32', [tile.constant(1, 'f32'), scalar(tile, 'vadds_f32', power, 1)], 'f32');
}

/** 0 or 1 from a comparison; the operands are written out because bits are packed by lane. */
function compared(tile: Tile, comparison: string, left: TileValue, right: TileValue): TileValue {
  const kind = tile.join([left, right]);
  const bits = tile.allocate(kind, 's32');
  tile.compare(`vcmpv_${comparison}_${left.lane}`, bits, [tile.spread(left, kind), tile.spread(right, kind)], []);
  return tile.choose(bits, tile.constant(1, 'f32'), tile.constant(0, 'f32'), kind, 'f32');
}

const comparison =
  (name: string): ElementwiseRule =>
  ({ tile, sources: [left, right], from }) =>
    laneOf(from) && compared(tile, name, left, right);

/** Bits of lanes where the value is not 0. */
function nonZero(tile: Tile, value: TileValue, kind: TileValue['kind']): TileValue {
  const bits = tile.allocate(kind, 's32');
  const zero = value.lane === 'f32' ? tile.k.float(0) : 0;
  tile.compare(`vcmpvs_ne_${value.lane}`, bits, [tile.spread(value, kind)], [zero]);
  return bits;
}

const select: ElementwiseRule = ({ tile, sources: [condition, onTrue, onFalse] }) => {
  const kind = tile.join([condition, onTrue, onFalse]);
  return tile.choose(nonZero(tile, condition, kind), onTrue, onFalse, kind, onTrue.lane);
};

const cast: ElementwiseRule = ({ tile, sources: [x], from, to }) => {
  const [source, target] = [laneOf(from), laneOf(to)];
  if (source === null || target === null) return null;
  if (to === 'i1') {
    if (from === 'i1') return x;
    return tile.choose(nonZero(tile, x, x.kind), tile.constant(1, 'f32'), tile.constant(0, 'f32'), x.kind, 'f32');
  }
  if (source === target) return isFloat(from) || from === 'i1' || from === to ? x : null;
  return source === 'f32' ? tile.apply('vconv_f322s32z', [x], 's32') : tile.apply('vconv_s322f32', [x], 'f32');
};

const clamp: ElementwiseRule = ({ tile, sources: [x], from, attributes }) => {
  const lane = laneOf(from);
  if (lane === null) return null;
  const bound = (name: string): number => (lane === 's32' ? Math.trunc(floatOf(attributes, name)) : floatOf(attributes, name));
  const operand = (value: number) => (lane === 'f32' ? tile.k.float(value) : value);
  const low = tile.apply(`vmaxs_${lane}`, [x], lane, [operand(bound('low'))]);
  return tile.apply(`vmins_${lane}`, [low], lane, [operand(bound('high'))]);
};

/** floor(a / b), exact for floats whose quotient is. */
function floorQuotient(tile: Tile, left: TileValue, right: TileValue): TileValue {
  return tile.apply('vconv_f322f32f', [tile.apply('vdiv_f32', [left, right], 'f32')], 'f32');
}

const difference = (tile: Tile, left: TileValue, right: TileValue): TileValue => tile.apply('vsub_f32', [left, right], 'f32');
const product = (tile: Tile, left: TileValue, right: TileValue): TileValue => tile.apply('vmul_f32', [left, right], 'f32');

/** |base|^exponent with the sign of odd powers; NaN for other powers of a negative base, and 1 for exponent 0. */
function power(tile: Tile, base: TileValue, exponent: TileValue): TileValue {
  const kind = tile.join([base, exponent]);
  const [zero, one] = [tile.constant(0, 'f32'), tile.constant(1, 'f32')];
  const magnitude = tile.apply('vexp_f32', [product(tile, exponent, tile.apply('vln_f32', [tile.apply('vabs_f32', [base], 'f32')], 'f32'))], 'f32');
  const whole = tile.apply('vconv_f322f32f', [exponent], 'f32');
  const halves = tile.apply('vconv_f322f32f', [scalar(tile, 'vmuls_f32', exponent, 0.5)], 'f32');
  const odd = difference(tile, whole, scalar(tile, 'vmuls_f32', halves, 2));
  const sign = scalar(tile, 'vadds_f32', scalar(tile, 'vmuls_f32', odd, -2), 1);
  const isWhole = compared(tile, 'eq', whole, exponent);
  const factor = tile.apply('vdiv_f32', [sign, isWhole], 'f32');
  const valid = difference(tile, factor, tile.apply('vsub_f32', [factor, factor], 'f32'));
  // A fractional exponent divides by 0: infinity minus infinity leaves NaN.
  const negative = product(tile, magnitude, valid);
  const signed = tile.choose(nonZero(tile, compared(tile, 'lt', base, zero), tile.join([base])), negative, magnitude, kind, 'f32');
  return tile.choose(nonZero(tile, compared(tile, 'eq', exponent, zero), tile.join([exponent])), one, signed, kind, 'f32');
}

export const ELEMENTWISE: Readonly<Record<string, ElementwiseRule>> = {
  'ms.add': either('vadd'),
  'ms.sub': either('vsub'),
  'ms.mul': either('vmul'),
  'ms.div': unary('vdiv_f32'),
  'ms.maximum': either('vmax'),
  'ms.minimum': either('vmin'),
  'ms.neg': ({ tile, sources, from }) => {
    const lane = laneOf(from);
    return lane && tile.apply(`vmuls_${lane}`, sources, lane, [lane === 'f32' ? tile.k.float(-1) : -1]);
  },
  'ms.abs': either('vabs'),
  'ms.square': ({ tile, sources: [x], from }) => {
    const lane = laneOf(from);
    return lane && tile.apply(`vmul_${lane}`, [x, x], lane);
  },
  'ms.relu': either('vrelu'),
  'ms.relu6': float(({ tile, sources: [x] }) => scalar(tile, 'vmins_f32', tile.apply('vrelu_f32', [x], 'f32'), 6)),
  'ms.exp': unary('vexp_f32'),
  'ms.expm1': float(({ tile, sources }) => scalar(tile, 'vadds_f32', tile.apply('vexp_f32', sources, 'f32'), -1)),
  'ms.log': unary('vln_f32'),
  'ms.log1p': float(({ tile, sources: [x] }) => tile.apply('vln_f32', [scalar(tile, 'vadds_f32', x, 1)], 'f32')),
  'ms.sqrt': unary('vsqrt_f32'),
  'ms.rsqrt': unary('vrsqrt_f32'),
  'ms.reciprocal': unary('vrec_f32'),
  'ms.floor': round('f'),
  'ms.ceil': round('c'),
  'ms.round': round('r'),
  'ms.trunc': round('z'),
  'ms.sigmoid': float(({ tile, sources: [x] }) => sigmoid(tile, x)),
  'ms.tanh': float(({ tile, sources: [x] }) => tanh(tile, x)),
  'ms.erf': float(({ tile, sources: [x] }) => erf(tile, x)),
  'ms.sin': float(({ tile, sources: [x] }) => sine(tile, x, 0)),
  'ms.cos': float(({ tile, sources: [x] }) => sine(tile, x, 1)),
  'ms.sign': float(({ tile, sources: [x] }) => {
    const zero = tile.constant(0, 'f32');
    return difference(tile, compared(tile, 'gt', x, zero), compared(tile, 'lt', x, zero));
  }),
  'ms.floor_div': float(({ tile, sources: [left, right] }) => floorQuotient(tile, left, right)),
  'ms.mod': float(({ tile, sources: [left, right] }) => difference(tile, left, product(tile, right, floorQuotient(tile, left, right)))),
  'ms.remainder': float(({ tile, sources: [left, right] }) => {
    const quotient = tile.apply('vconv_f322f32z', [tile.apply('vdiv_f32', [left, right], 'f32')], 'f32');
    return difference(tile, left, product(tile, right, quotient));
  }),
  'ms.pow': float(({ tile, sources: [base, exponent] }) => power(tile, base, exponent)),
  'ms.equal': comparison('eq'),
  'ms.not_equal': comparison('ne'),
  'ms.less': comparison('lt'),
  'ms.less_equal': comparison('le'),
  'ms.greater': comparison('gt'),
  'ms.greater_equal': comparison('ge'),
  'ms.isnan': float(({ tile, sources: [x] }) => compared(tile, 'ne', x, x)),
  'ms.isfinite': float(({ tile, sources: [x] }) => compared(tile, 'lt', tile.apply('vabs_f32', [x], 'f32'), tile.constant(Infinity, 'f32'))),
  'ms.isinf': float(({ tile, sources: [x] }) => compared(tile, 'eq', tile.apply('vabs_f32', [x], 'f32'), tile.constant(Infinity, 'f32'))),
  'ms.logical_and': float(({ tile, sources: [left, right] }) => product(tile, left, right)),
  'ms.logical_or': float(({ tile, sources }) => tile.apply('vmax_f32', sources, 'f32')),
  'ms.logical_xor': float(({ tile, sources: [left, right] }) => tile.apply('vabs_f32', [difference(tile, left, right)], 'f32')),
  'ms.logical_not': float(({ tile, sources: [x] }) => scalar(tile, 'vadds_f32', scalar(tile, 'vmuls_f32', x, -1), 1)),
  'ms.select': select,
  'ms.cast': cast,
  'ms.clamp': clamp,
  'ms.stop_gradient': ({ sources: [x] }) => x,
};

/** True when the row-wise kernels can compute the op. */
export function isElementwise(op: Operation): boolean {
  return op.name in ELEMENTWISE;
}
