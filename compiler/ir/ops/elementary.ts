/** Elementary functions in terms of a few: what a target without its own instruction computes. */
import type { Value } from '../core/operation.ts';
import { floatOf } from '../core/definition.ts';
import type { Decomposition } from './define.ts';
import { tensor } from './dimension.ts';
import type { Emitter } from './emitter.ts';

const constantLike = (emit: Emitter, x: Value, value: number): Value => emit.scalar(value, tensor(x.type).dtype);

/** √(1 + sign·x²), or √(x² - 1). */
function root(emit: Emitter, x: Value, square: number, constant: number): Value {
  const signed = emit.op('ms.mul', [emit.op('ms.mul', [x, x]), constantLike(emit, x, square)]);
  return emit.op('ms.sqrt', [emit.op('ms.add', [signed, constantLike(emit, x, constant)])]);
}

/** (eˣ + sign·e⁻ˣ) / 2 */
const hyperbolic =
  (name: 'ms.add' | 'ms.sub'): Decomposition =>
  (emit, [x]) => {
    const powers = [emit.op('ms.exp', [x]), emit.op('ms.exp', [emit.op('ms.neg', [x])])];
    return [emit.op('ms.mul', [emit.op(name, powers), constantLike(emit, x, 0.5)])];
  };

/** How the sizes of x compare with infinity. */
const againstInfinity =
  (name: 'ms.equal' | 'ms.less'): Decomposition =>
  (emit, [x]) => [emit.op(name, [emit.op('ms.abs', [x]), constantLike(emit, x, Infinity)])];

/** Decompositions of unary ops, by the name of the function. */
export const ELEMENTARY = {
  sign: (emit, [x]) => {
    const zero = constantLike(emit, x, 0);
    const below = emit.op('ms.select', [emit.op('ms.less', [x, zero]), constantLike(emit, x, -1), x]);
    return [emit.op('ms.select', [emit.op('ms.greater', [x, zero]), constantLike(emit, x, 1), below])];
  },
  square: (emit, [x]) => [emit.op('ms.mul', [x, x])],
  reciprocal: (emit, [x]) => [emit.op('ms.div', [constantLike(emit, x, 1), x])],
  tan: (emit, [x]) => [emit.op('ms.div', [emit.op('ms.sin', [x]), emit.op('ms.cos', [x])])],
  asin: (emit, [x]) => [emit.op('ms.atan2', [x, root(emit, x, -1, 1)])],
  acos: (emit, [x]) => [emit.op('ms.atan2', [root(emit, x, -1, 1), x])],
  sinh: hyperbolic('ms.sub'),
  cosh: hyperbolic('ms.add'),
  /** sign(x)·log(|x| + √(x² + 1)) */
  asinh: (emit, [x]) => {
    const sum = emit.op('ms.add', [emit.op('ms.abs', [x]), root(emit, x, 1, 1)]);
    return [emit.op('ms.mul', [emit.op('ms.sign', [x]), emit.op('ms.log', [sum])])];
  },
  acosh: (emit, [x]) => [emit.op('ms.log', [emit.op('ms.add', [x, root(emit, x, 1, -1)])])],
  /** (log1p(x) - log1p(-x)) / 2 */
  atanh: (emit, [x]) => {
    const logs = [emit.op('ms.log1p', [x]), emit.op('ms.log1p', [emit.op('ms.neg', [x])])];
    return [emit.op('ms.mul', [emit.op('ms.sub', logs), constantLike(emit, x, 0.5)])];
  },
  isnan: (emit, [x]) => [emit.op('ms.not_equal', [x, x])],
  isinf: againstInfinity('ms.equal'),
  isfinite: againstInfinity('ms.less'),
  clamp: (emit, [x], op) => {
    const [low, high] = ['low', 'high'].map((name) => constantLike(emit, x, floatOf(op.attributes, name)));
    return [emit.op('ms.minimum', [emit.op('ms.maximum', [x, low]), high])];
  },
  stopGradient: (_, [x]) => [x],
} as const satisfies Readonly<Record<string, Decomposition>>;
