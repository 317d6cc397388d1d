/**
 * Gradients of elementwise ops. At kinks: |x| at 0 and ReLU at 0 give 0, clamp passes at its bounds, of equal operands of
 * maximum and minimum each takes half (PyTorch's conventions). Where an unused branch could be infinite, its argument is
 * replaced, since 0 · ∞ would spoil the next derivative.
 */
import type { Value } from '../../../ir/index.ts';
import { absent, floatOf } from '../../../ir/index.ts';
import type { binaryOps, comparisonOps, unaryOps } from '../../../ir/ops/index.ts';
import { Algebra } from '../algebra.ts';
import type { GradCell, GradRule } from '../rule.ts';
import { onlyCotangent, typeOf, unary, wanted, zeroGradient } from '../rule.ts';

type Cells<Names extends string> = Readonly<Record<Names, GradCell>>;

const truth = absent('boolean result');
const bits = absent('integer result');

export const unaryGradients: Cells<keyof typeof unaryOps> = {
  'ms.neg': unary((a, dy) => a.neg(dy)),
  'ms.abs': unary((a, dy, x) => a.mul(dy, a.unary('ms.sign', x))),
  'ms.sign': zeroGradient,
  'ms.square': unary((a, dy, x) => a.mul(a.mul(dy, 2), x)),
  'ms.sqrt': unary((a, dy, _, y) => a.div(a.mul(dy, 0.5), y)),
  'ms.rsqrt': unary((a, dy, _, y) => a.mul(a.mul(dy, -0.5), a.mul(y, a.square(y)))),
  'ms.reciprocal': unary((a, dy, _, y) => a.neg(a.mul(dy, a.square(y)))),
  'ms.exp': unary((a, dy, _, y) => a.mul(dy, y)),
  'ms.expm1': unary((a, dy, _, y) => a.mul(dy, a.add(y, 1))),
  'ms.log': unary((a, dy, x) => a.div(dy, x)),
  'ms.log1p': unary((a, dy, x) => a.div(dy, a.add(x, 1))),
  'ms.sin': unary((a, dy, x) => a.mul(dy, a.unary('ms.cos', x))),
  'ms.cos': unary((a, dy, x) => a.neg(a.mul(dy, a.unary('ms.sin', x)))),
  'ms.tan': unary((a, dy, _, y) => a.mul(dy, a.add(a.square(y), 1))),
  'ms.asin': unary((a, dy, x) => a.mul(dy, a.unary('ms.rsqrt', a.sub(1, a.square(x))))),
  'ms.acos': unary((a, dy, x) => a.neg(a.mul(dy, a.unary('ms.rsqrt', a.sub(1, a.square(x)))))),
  'ms.atan': unary((a, dy, x) => a.div(dy, a.add(a.square(x), 1))),
  'ms.sinh': unary((a, dy, x) => a.mul(dy, a.unary('ms.cosh', x))),
  'ms.cosh': unary((a, dy, x) => a.mul(dy, a.unary('ms.sinh', x))),
  'ms.tanh': unary((a, dy, _, y) => a.mul(dy, a.sub(1, a.square(y)))),
  'ms.asinh': unary((a, dy, x) => a.mul(dy, a.unary('ms.rsqrt', a.add(a.square(x), 1)))),
  'ms.acosh': unary((a, dy, x) => a.mul(dy, a.unary('ms.rsqrt', a.sub(a.square(x), 1)))),
  'ms.atanh': unary((a, dy, x) => a.div(dy, a.sub(1, a.square(x)))),
  'ms.erf': unary((a, dy, x) => a.mul(dy, a.mul(a.unary('ms.exp', a.neg(a.square(x))), 2 / Math.sqrt(Math.PI)))),
  'ms.floor': zeroGradient,
  'ms.ceil': zeroGradient,
  'ms.round': zeroGradient,
  'ms.trunc': zeroGradient,
  'ms.logical_not': truth,
  'ms.bitwise_not': bits,
  'ms.isnan': truth,
  'ms.isinf': truth,
  'ms.isfinite': truth,
  'ms.clamp': unary((a, dy, x, _, op) => {
    const above = a.binary('ms.greater_equal', x, floatOf(op.attributes, 'low'));
    const below = a.binary('ms.less_equal', x, floatOf(op.attributes, 'high'));
    return a.select(a.both(above, below), dy, 0);
  }),
  'ms.stop_gradient': zeroGradient,
};

type BinaryGradient = (algebra: Algebra, dy: Value, lhs: Value, rhs: Value, y: Value) => Value;

/** Gradients of both operands; sums over what broadcasting repeated are added here. */
const binary =
  (ofLhs: BinaryGradient, ofRhs: BinaryGradient): GradRule =>
  (request) => {
    const { emit, op } = request;
    const algebra = new Algebra(emit);
    const dy = onlyCotangent(request);
    const [lhs, rhs] = op.operands;
    const gradient = (rule: BinaryGradient, operand: Value) => () =>
      algebra.unbroadcast(rule(algebra, dy, lhs, rhs, op.results[0]), typeOf(operand).shape);
    return wanted(request, gradient(ofLhs, lhs), gradient(ofRhs, rhs));
  };

/** dy where the comparison holds, half of it where both are equal. */
const winner = (comparison: string, isLeft: boolean): BinaryGradient => {
  return (a, dy, lhs, rhs) => {
    const wins = isLeft ? a.binary(comparison, lhs, rhs) : a.binary(comparison, rhs, lhs);
    return a.select(a.binary('ms.equal', lhs, rhs), a.mul(dy, 0.5), a.select(wins, dy, 0));
  };
};

/** r · lʳ⁻¹, and 0 for 0⁰. */
const ofBase: BinaryGradient = (a, dy, base, exponent) => {
  const flat = a.both(a.binary('ms.equal', base, 0), a.binary('ms.equal', exponent, 0));
  const lower = a.select(flat, 1, a.sub(exponent, 1));
  return a.mul(dy, a.mul(exponent, a.binary('ms.pow', base, lower)));
};

/** lʳ · ln l, and 0 for 0ʳ with r ≥ 0. */
const ofExponent: BinaryGradient = (a, dy, base, exponent, y) => {
  const flat = a.both(a.binary('ms.equal', base, 0), a.binary('ms.greater_equal', exponent, 0));
  return a.mul(dy, a.mul(y, a.unary('ms.log', a.select(flat, 1, base))));
};

const itself: BinaryGradient = (_, dy) => dy;

/** -dy·q for x - q·y, where q is a step function. */
const quotientTimes = (quotient: (algebra: Algebra, lhs: Value, rhs: Value) => Value): BinaryGradient => {
  return (a, dy, lhs, rhs) => a.neg(a.mul(dy, quotient(a, lhs, rhs)));
};

export const binaryGradients: Cells<keyof typeof binaryOps> = {
  'ms.add': binary(itself, itself),
  'ms.sub': binary(itself, (a, dy) => a.neg(dy)),
  'ms.mul': binary(
    (a, dy, _, rhs) => a.mul(dy, rhs),
    (a, dy, lhs) => a.mul(dy, lhs),
  ),
  'ms.div': binary(
    (a, dy, _, rhs) => a.div(dy, rhs),
    (a, dy, _, rhs, y) => a.neg(a.div(a.mul(dy, y), rhs)),
  ),
  'ms.floor_div': zeroGradient,
  'ms.mod': binary(
    itself,
    quotientTimes((a, lhs, rhs) => a.binary('ms.floor_div', lhs, rhs)),
  ),
  'ms.remainder': binary(
    itself,
    quotientTimes((a, lhs, rhs) => a.unary('ms.trunc', a.div(lhs, rhs))),
  ),
  'ms.pow': binary(ofBase, ofExponent),
  'ms.maximum': binary(winner('ms.greater', true), winner('ms.greater', false)),
  'ms.minimum': binary(winner('ms.less', true), winner('ms.less', false)),
  'ms.atan2': binary(
    (a, dy, lhs, rhs) => a.div(a.mul(dy, rhs), a.add(a.square(lhs), a.square(rhs))),
    (a, dy, lhs, rhs) => a.neg(a.div(a.mul(dy, lhs), a.add(a.square(lhs), a.square(rhs)))),
  ),
  'ms.logical_and': truth,
  'ms.logical_or': truth,
  'ms.logical_xor': truth,
  'ms.bitwise_and': bits,
  'ms.bitwise_or': bits,
  'ms.bitwise_xor': bits,
};

export const comparisonGradients: Cells<keyof typeof comparisonOps> = {
  'ms.equal': truth,
  'ms.not_equal': truth,
  'ms.less': truth,
  'ms.less_equal': truth,
  'ms.greater': truth,
  'ms.greater_equal': truth,
  'ms.select': (request) => {
    const { emit, op } = request;
    const algebra = new Algebra(emit);
    const dy = onlyCotangent(request);
    const [condition, onTrue, onFalse] = op.operands;
    return wanted(
      request,
      null,
      () => algebra.unbroadcast(algebra.select(condition, dy, 0), typeOf(onTrue).shape),
      () => algebra.unbroadcast(algebra.select(condition, 0, dy), typeOf(onFalse).shape),
    );
  },
  'ms.cast': unary((a, dy, x) => a.cast(dy, x)),
};
