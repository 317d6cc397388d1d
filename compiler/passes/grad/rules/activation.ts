/**
 * Gradients of activations, in forms that neither overflow nor cancel. They look at the result where it says enough, so
 * that the argument need not be kept and the activation can join what made it.
 */
import { floatOf, stringOf } from '../../../ir/index.ts';
import type { activationOps } from '../../../ir/ops/index.ts';
import type { Algebra } from '../algebra.ts';
import type { GradCell, UnaryGradient } from '../rule.ts';
import { unary } from '../rule.ts';
import type { Value } from '../../../ir/index.ts';

const positive = (a: Algebra, x: Value): Value => a.binary('ms.greater', x, 0);

/** Φ(x) + x·φ(x) of the normal distribution. */
const exactGelu: UnaryGradient = (a, dy, x) => {
  const below = a.mul(a.add(a.unary('ms.erf', a.mul(x, Math.SQRT1_2)), 1), 0.5);
  const density = a.mul(a.unary('ms.exp', a.mul(a.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return a.mul(dy, a.add(below, a.mul(x, density)));
};

const CUBIC = 0.044715;

/** x/2 · (1 + tanh u) with u = √(2/π)·(x + 0.044715·x³). */
const tanhGelu: UnaryGradient = (a, dy, x) => {
  const scale = Math.sqrt(2 / Math.PI);
  const square = a.square(x);
  const inner = a.mul(a.mul(x, a.add(a.mul(square, CUBIC), 1)), scale);
  const tanh = a.unary('ms.tanh', inner);
  const slope = a.mul(a.add(a.mul(square, 3 * CUBIC), 1), scale);
  const bent = a.mul(a.mul(x, slope), a.sub(1, a.square(tanh)));
  return a.mul(a.mul(dy, 0.5), a.add(a.add(tanh, 1), bent));
};

export const activationGradients: Readonly<Record<keyof typeof activationOps, GradCell>> = {
  'ms.relu': unary((a, dy, _, y) => a.select(positive(a, y), dy, 0)),
  'ms.relu6': unary((a, dy, _, y) => a.select(a.both(positive(a, y), a.binary('ms.less', y, 6)), dy, 0)),
  'ms.leaky_relu': unary((a, dy, x, _, op) => a.select(positive(a, x), dy, a.mul(dy, floatOf(op.attributes, 'alpha')))),
  'ms.elu': unary((a, dy, x, y, op) => {
    const alpha = floatOf(op.attributes, 'alpha');
    return a.select(positive(a, alpha < 0 ? x : y), dy, a.mul(dy, a.add(y, alpha)));
  }),
  'ms.sigmoid': unary((a, dy, _, y) => a.mul(dy, a.mul(y, a.sub(1, y)))),
  'ms.log_sigmoid': unary((a, dy, x) => a.mul(dy, a.unary('ms.sigmoid', a.neg(x)))),
  'ms.softplus': unary((a, dy, x) => a.mul(dy, a.unary('ms.sigmoid', x))),
  'ms.silu': unary((a, dy, x) => {
    const sigmoid = a.unary('ms.sigmoid', x);
    return a.mul(dy, a.mul(sigmoid, a.add(a.mul(x, a.sub(1, sigmoid)), 1)));
  }),
  'ms.gelu': unary((a, dy, x, y, op) =>
    (stringOf(op.attributes, 'approximate') === 'tanh' ? tanhGelu : exactGelu)(a, dy, x, y, op),
  ),
  'ms.hardsigmoid': unary((a, dy, x) => a.select(a.binary('ms.less', a.unary('ms.abs', x), 3), a.mul(dy, 1 / 6), 0)),
  'ms.hardswish': unary((a, dy, x) => {
    const between = a.mul(dy, a.add(a.mul(x, 1 / 3), 0.5));
    const bent = a.select(a.binary('ms.less_equal', x, 3), between, dy);
    return a.select(a.binary('ms.less', x, -3), 0, bent);
  }),
  'ms.mish': unary((a, dy, x) => {
    const tanh = a.unary('ms.tanh', a.unary('ms.softplus', x));
    const slope = a.mul(a.sub(1, a.square(tanh)), a.unary('ms.sigmoid', x));
    return a.mul(dy, a.add(tanh, a.mul(x, slope)));
  }),
};
