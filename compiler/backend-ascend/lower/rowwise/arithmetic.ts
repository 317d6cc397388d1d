/** How each elementwise op is computed from vector instructions on 32-bit lanes: a column of the grid, total by type. */
import type { Absent, AttributeMap, DType, Operation } from '../../../ir/index.ts';
import { absent, floatOf, isAbsent } from '../../../ir/index.ts';
import type { activationOps, binaryOps, comparisonOps, unaryOps } from '../../../ir/ops/index.ts';
import { tensorOf } from '../tensor.ts';
import { acosh, asinh, erf, expm1, floatRest, log1p, power, sigmoid, sinh, tanh } from './functions.ts';
import { exclusiveOr, floorQuotient, floorRest, integerPower, truncatedQuotient, truncatedRest } from './integers.ts';
import { laneKindOf } from './lanes.ts';
import type { Arithmetic } from './lanes.ts';
import type { Tile, TileValue } from './tile.ts';
import { atan, atan2, sine } from './trigonometry.ts';
import {
  absolute,
  add,
  asNumbers,
  bitAnd,
  bitOr,
  bounded,
  choose,
  comparison,
  divide,
  extreme,
  multiply,
  negated,
  plus,
  rounded,
  subtract,
  toFloat,
  toInteger,
} from './vocabulary.ts';
import type { Comparison } from './vocabulary.ts';

/** What a rule sees: the tile, its sources, and the op's types and attributes. */
export interface ElementwiseCase {
  readonly tile: Tile;
  readonly sources: readonly TileValue[];
  readonly from: DType;
  readonly to: DType;
  readonly attributes: AttributeMap;
}

type Rule = (op: ElementwiseCase) => TileValue;

/** An op's rules by the arithmetic of its operands. */
export interface ElementwiseRow extends Readonly<Record<Arithmetic, Rule | Absent>> {
  /** True when results are among the operands' values, or 0 and 1: nothing to round or wrap. */
  readonly isClosed: boolean;
}

type ElementwiseName =
  keyof typeof unaryOps | keyof typeof binaryOps | keyof typeof comparisonOps | keyof typeof activationOps;
type Unary = (tile: Tile, x: TileValue) => TileValue;
type Binary = (tile: Tile, left: TileValue, right: TileValue) => TileValue;

const noFloats = absent('not defined on floats');
const noIntegers = absent('not defined on integers');
const noBooleans = absent('not defined on booleans');
const decomposed = absent('its decomposition is as good');

const ofOne =
  (rule: Unary): Rule =>
  ({ tile, sources: [x] }) =>
    rule(tile, x);
const ofTwo =
  (rule: Binary): Rule =>
  ({ tile, sources: [left, right] }) =>
    rule(tile, left, right);

function row(
  float: Rule | Absent,
  integer: Rule | Absent = noIntegers,
  boolean: Rule | Absent = noBooleans,
  isClosed = false,
): ElementwiseRow {
  return { float, integer, boolean, isClosed };
}

const closed = (rows: ElementwiseRow): ElementwiseRow => ({ ...rows, isClosed: true });
const unary = (float: Unary, integer?: Unary): ElementwiseRow => row(ofOne(float), integer && ofOne(integer));
const binary = (float: Binary, integer: Binary | undefined = float): ElementwiseRow =>
  row(ofTwo(float), ofTwo(integer));
/** The same instructions on every arithmetic. */
const anywhere = (rule: Rule): ElementwiseRow => row(rule, rule, rule, true);
const instruction = (mnemonic: string): ElementwiseRow => unary((tile, x) => tile.apply(mnemonic, [x], 'f32'));
const rounding = (mode: 'r' | 'f' | 'c' | 'z'): ElementwiseRow => unary((tile, x) => rounded(tile, x, mode));
const compared = (name: Comparison): ElementwiseRow =>
  anywhere(ofTwo((tile, left, right) => asNumbers(tile, comparison(tile, name, left, right))));
const tested = (name: Comparison): ElementwiseRow =>
  closed(
    unary((tile, x) => asNumbers(tile, comparison(tile, name, absolute(tile, x), tile.constant(Infinity, 'f32')))),
  );
/** On integers and booleans, which are bits of 0 and 1. */
const bitwise = (integer: Binary, boolean: Binary): ElementwiseRow =>
  row(noFloats, ofTwo(integer), ofTwo(boolean), true);
const logical = (rule: Binary): ElementwiseRow => row(noFloats, noIntegers, ofTwo(rule), true);

const conjunction: Binary = multiply;
const disjunction: Binary = (tile, left, right) => extreme(tile, 'max', left, right);
const disagreement: Binary = (tile, left, right) => absolute(tile, subtract(tile, left, right));
const complement: Unary = (tile, x) => plus(tile, negated(tile, x), 1);
/** -x - 1 inverts every bit. */
const inverted: Unary = (tile, x) => plus(tile, negated(tile, x), -1);

const sign: Unary = (tile, x) => {
  const zero = tile.constant(0, x.lane);
  const below = choose(tile, comparison(tile, 'lt', x, zero), tile.constant(-1, x.lane), x);
  return choose(tile, comparison(tile, 'gt', x, zero), tile.constant(1, x.lane), below);
};

/** The rest with the sign of the divisor. */
const floatModulo: Binary = (tile, left, right) => {
  const rest = floatRest(tile, left, right);
  const product = multiply(tile, sign(tile, rest), right);
  return choose(tile, comparison(tile, 'lt', product, tile.constant(0, 'f32')), add(tile, rest, right), rest);
};

/** Floored by way of the rest, since the quotient may round up to a whole number; where rests are not exact, of the quotient. */
const floatFloorQuotient: Binary = (tile, left, right) => {
  const quotient = divide(tile, left, right);
  const whole = rounded(tile, divide(tile, subtract(tile, left, floatModulo(tile, left, right)), right), 'r');
  const isExact = comparison(tile, 'lt', absolute(tile, quotient), tile.constant(2 ** 12, 'f32'));
  const isFinite = comparison(tile, 'lt', absolute(tile, right), tile.constant(Infinity, 'f32'));
  const floored = rounded(tile, quotient, 'f');
  return choose(tile, isExact, choose(tile, isFinite, whole, floored), floored);
};

const select: Rule = ({ tile, sources: [condition, onTrue, onFalse] }) =>
  choose(tile, comparison(tile, 'ne', condition, tile.constant(0, 'f32')), onTrue, onFalse);

const clamp: Rule = ({ tile, sources: [x], attributes }) =>
  bounded(tile, x, floatOf(attributes, 'low'), floatOf(attributes, 'high'));

/** Bounds of integers truncate, as the oracle's results do. */
const clampIntegers: Rule = ({ tile, sources: [x], attributes }) => {
  const [low, high] = ['low', 'high'].map((name) =>
    Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), Math.trunc(floatOf(attributes, name)))),
  );
  return bounded(tile, x, low, high);
};

const castFloat: Rule = ({ tile, sources: [x], to }) => {
  const target = laneKindOf(to);
  if (isAbsent(target)) throw new Error(`cast to ${to} passed the check of its result`);
  if (target.arithmetic === 'float') return x;
  if (target.arithmetic === 'boolean') return asNumbers(tile, comparison(tile, 'ne', x, tile.constant(0, x.lane)));
  const whole = toInteger(tile, x);
  if (target.narrow === null) return whole;
  const { bits, signed } = target.narrow;
  return bounded(tile, whole, signed ? -(2 ** (bits - 1)) : 0, 2 ** (signed ? bits - 1 : bits) - 1);
};

const castInteger: Rule = ({ tile, sources: [x], to }) => {
  const target = laneKindOf(to);
  if (isAbsent(target)) throw new Error(`cast to ${to} passed the check of its result`);
  if (target.arithmetic === 'boolean') return asNumbers(tile, comparison(tile, 'ne', x, tile.constant(0, x.lane)));
  return target.lane === 's32' ? x : toFloat(tile, x);
};

const castBoolean: Rule = ({ tile, sources: [x], to }) => {
  const target = laneKindOf(to);
  return !isAbsent(target) && target.lane === 's32' ? toInteger(tile, x) : x;
};

const relu6: Unary = (tile, x) => bounded(tile, x, 0, 6);
const leakyRelu: Rule = ({ tile, sources: [x], attributes }) =>
  tile.apply('vlrelu_f32', [x], 'f32', [tile.k.float(floatOf(attributes, 'alpha'))]);

const ROWS: Readonly<Record<ElementwiseName, ElementwiseRow | Absent>> = {
  'ms.neg': unary(negated, negated),
  'ms.abs': unary(absolute, absolute),
  'ms.sign': closed(unary(sign, sign)),
  'ms.square': unary(
    (tile, x) => multiply(tile, x, x),
    (tile, x) => multiply(tile, x, x),
  ),
  'ms.sqrt': instruction('vsqrt_f32'),
  'ms.rsqrt': instruction('vrsqrt_f32'),
  'ms.reciprocal': instruction('vrec_f32'),
  'ms.exp': instruction('vexp_f32'),
  'ms.expm1': unary(expm1),
  'ms.log': instruction('vln_f32'),
  'ms.log1p': unary(log1p),
  'ms.sin': unary((tile, x) => sine(tile, x, 0)),
  'ms.cos': unary((tile, x) => sine(tile, x, 1)),
  'ms.tan': unary((tile, x) => divide(tile, sine(tile, x, 0), sine(tile, x, 1))),
  'ms.asin': decomposed,
  'ms.acos': decomposed,
  'ms.atan': unary(atan),
  'ms.sinh': unary(sinh),
  'ms.cosh': decomposed,
  'ms.tanh': unary(tanh),
  'ms.asinh': unary(asinh),
  'ms.acosh': unary(acosh),
  'ms.atanh': decomposed,
  'ms.erf': unary(erf),
  'ms.floor': rounding('f'),
  'ms.ceil': rounding('c'),
  'ms.round': rounding('r'),
  'ms.trunc': rounding('z'),
  'ms.logical_not': row(noFloats, noIntegers, ofOne(complement), true),
  'ms.bitwise_not': row(noFloats, ofOne(inverted), ofOne(complement)),
  'ms.isnan': closed(unary((tile, x) => asNumbers(tile, comparison(tile, 'ne', x, x)))),
  'ms.isinf': tested('eq'),
  'ms.isfinite': tested('lt'),
  'ms.clamp': row(clamp, clampIntegers),
  'ms.stop_gradient': anywhere(({ sources: [x] }) => x),
  'ms.add': binary(add),
  'ms.sub': binary(subtract),
  'ms.mul': binary(multiply),
  'ms.div': binary(divide, truncatedQuotient),
  'ms.floor_div': binary(floatFloorQuotient, floorQuotient),
  'ms.mod': binary(floatModulo, floorRest),
  'ms.remainder': binary(floatRest, truncatedRest),
  'ms.pow': binary(power, integerPower),
  'ms.maximum': closed(binary((tile, left, right) => extreme(tile, 'max', left, right))),
  'ms.minimum': closed(binary((tile, left, right) => extreme(tile, 'min', left, right))),
  'ms.atan2': row(ofTwo(atan2)),
  'ms.logical_and': logical(conjunction),
  'ms.logical_or': logical(disjunction),
  'ms.logical_xor': logical(disagreement),
  'ms.bitwise_and': bitwise(bitAnd, conjunction),
  'ms.bitwise_or': bitwise(bitOr, disjunction),
  'ms.bitwise_xor': bitwise(exclusiveOr, disagreement),
  'ms.equal': compared('eq'),
  'ms.not_equal': compared('ne'),
  'ms.less': compared('lt'),
  'ms.less_equal': compared('le'),
  'ms.greater': compared('gt'),
  'ms.greater_equal': compared('ge'),
  'ms.select': anywhere(select),
  'ms.cast': row(castFloat, castInteger, castBoolean),
  'ms.relu': closed(
    row(
      ofOne((tile, x) => tile.apply('vrelu_f32', [x], 'f32')),
      ofOne((tile, x) => tile.apply('vrelu_s32', [x], 's32')),
    ),
  ),
  'ms.relu6': unary(relu6, relu6),
  'ms.leaky_relu': row(leakyRelu),
  'ms.elu': decomposed,
  'ms.sigmoid': unary(sigmoid),
  'ms.log_sigmoid': decomposed,
  'ms.softplus': decomposed,
  'ms.silu': decomposed,
  'ms.gelu': decomposed,
  'ms.hardsigmoid': decomposed,
  'ms.hardswish': decomposed,
  'ms.mish': decomposed,
};

/** The ops that row-wise kernels compute themselves. */
export const ELEMENTWISE: Readonly<Record<string, ElementwiseRow>> = Object.fromEntries(
  Object.entries(ROWS).flatMap(([name, cell]) => (isAbsent(cell) ? [] : [[name, cell]])),
);

/** The dtype that chooses the rule: that of the first operand, for `select` that of what is chosen. */
export function operandDtype(op: Operation): DType {
  const operand = op.operands[op.name === 'ms.select' ? 1 : 0] ?? op.results[0];
  return tensorOf(operand).dtype;
}

/** The rule of an op, or why there is none. */
export function elementwiseRule(op: Operation): Rule | Absent {
  const cell = ELEMENTWISE[op.name];
  if (!cell) return absent('no rule of the backend lowers it');
  const kind = laneKindOf(operandDtype(op));
  return isAbsent(kind) ? kind : cell[kind.arithmetic];
}
