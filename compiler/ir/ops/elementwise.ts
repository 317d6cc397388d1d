/** Elementwise ops on numbers and booleans: the arithmetic of tensors, with NumPy broadcasting and equal dtypes. */
import { absent } from '../core/definition.ts';
import type { Trait, TypePredicate } from '../core/definition.ts';
import type { Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import { elementwiseAxes } from './axes.ts';
import type { Decomposition, OpRow } from './define.ts';
import { constraints, defineFamily } from './define.ts';
import { ELEMENTARY } from './elementary.ts';
import { broadcastAll, broadcastProblem, plainType, sameShape, shapeText, tensor, tensors } from './dimension.ts';
import { anyTensor, bitsTensor, boolTensor, floatSlot, floatTensor, numberTensor, one, signedTensor } from './slot.ts';

const primitive = absent('primitive');

/** `result[i] = f(x[i])` of the type of x. */
export function unaryRow(summary: string, accepts: TypePredicate, more: Partial<OpRow> = {}): OpRow {
  return {
    summary,
    operands: [one('x', accepts)],
    results: [one('result', accepts)],
    traits: ['elementwise'],
    infer: ([x]) => [plainType(x)],
    axes: elementwiseAxes,
    decompose: primitive,
    ...more,
  };
}

/** `result[i] = p(x[i])` of booleans. */
function testRow(summary: string, decompose: Decomposition): OpRow {
  return unaryRow(summary, floatTensor, {
    results: [one('result', boolTensor)],
    infer: ([x]) => [tensorType(tensor(x).shape, 'i1')],
    decompose,
  });
}

/** Most operands have one type: nothing broadcasts. */
const sameKeys = ([lhs, rhs]: readonly Type[]): boolean => lhs === rhs || lhs.key === rhs.key;

const equalDtypes = (types: readonly Type[]): string | null => {
  const [lhs, rhs] = [tensor(types[0]), tensor(types[1])];
  return lhs.dtype === rhs.dtype ? null : `dtype of lhs is ${lhs.dtype}, dtype of rhs is ${rhs.dtype}`;
};

const binaryConstraints = constraints(
  ['lhs and rhs have one dtype', equalDtypes],
  [
    'shapes broadcast',
    (types) =>
      sameKeys(types)
        ? null
        : broadcastProblem(
            ['lhs', 'rhs'],
            tensors(types).map((type) => type.shape),
          ),
  ],
);

const broadcastShape = (types: readonly Type[]) => broadcastAll(tensors(types).map((type) => type.shape));

function binaryRow(summary: string, accepts: TypePredicate, traits: readonly Trait[] = []): OpRow {
  return {
    summary,
    operands: [one('lhs', accepts), one('rhs', accepts)],
    results: [one('result', accepts)],
    traits: ['elementwise', ...traits],
    constraints: binaryConstraints,
    infer: (types) =>
      sameKeys(types) ? [plainType(types[0])] : [tensorType(broadcastShape(types), tensor(types[0]).dtype)],
    axes: elementwiseAxes,
    decompose: primitive,
  };
}

function comparisonRow(summary: string, accepts: TypePredicate, traits: readonly Trait[] = []): OpRow {
  return {
    ...binaryRow(summary, accepts, traits),
    results: [one('result', boolTensor)],
    infer: (types) => [tensorType(broadcastShape(types), 'i1')],
  };
}

export const unaryOps = defineFamily('unary', {
  'ms.neg': unaryRow('-x', signedTensor),
  'ms.abs': unaryRow('|x|', signedTensor, { traits: ['elementwise', 'idempotent'] }),
  'ms.sign': unaryRow('-1, 0 or 1; NaN stays NaN', signedTensor, {
    traits: ['elementwise', 'idempotent'],
    decompose: ELEMENTARY.sign,
  }),
  'ms.square': unaryRow('x·x', numberTensor, { decompose: ELEMENTARY.square }),
  'ms.sqrt': unaryRow('square root', floatTensor),
  'ms.rsqrt': unaryRow('1 / √x', floatTensor),
  'ms.reciprocal': unaryRow('1 / x', floatTensor, { decompose: ELEMENTARY.reciprocal }),
  'ms.exp': unaryRow('e to the x', floatTensor),
  'ms.expm1': unaryRow('e to the x, minus 1, exact near 0', floatTensor),
  'ms.log': unaryRow('natural logarithm', floatTensor),
  'ms.log1p': unaryRow('natural logarithm of 1 + x, exact near 0', floatTensor),
  'ms.sin': unaryRow('sine of radians', floatTensor),
  'ms.cos': unaryRow('cosine of radians', floatTensor),
  'ms.tan': unaryRow('tangent of radians', floatTensor, { decompose: ELEMENTARY.tan }),
  'ms.asin': unaryRow('arc sine', floatTensor, { decompose: ELEMENTARY.asin }),
  'ms.acos': unaryRow('arc cosine', floatTensor, { decompose: ELEMENTARY.acos }),
  'ms.atan': unaryRow('arc tangent', floatTensor),
  'ms.sinh': unaryRow('hyperbolic sine', floatTensor, { decompose: ELEMENTARY.sinh }),
  'ms.cosh': unaryRow('hyperbolic cosine', floatTensor, { decompose: ELEMENTARY.cosh }),
  'ms.tanh': unaryRow('hyperbolic tangent', floatTensor),
  'ms.asinh': unaryRow('inverse hyperbolic sine', floatTensor, { decompose: ELEMENTARY.asinh }),
  'ms.acosh': unaryRow('inverse hyperbolic cosine', floatTensor, { decompose: ELEMENTARY.acosh }),
  'ms.atanh': unaryRow('inverse hyperbolic tangent', floatTensor, { decompose: ELEMENTARY.atanh }),
  'ms.erf': unaryRow('error function', floatTensor),
  'ms.floor': unaryRow('largest integer not above x', floatTensor, { traits: ['elementwise', 'idempotent'] }),
  'ms.ceil': unaryRow('smallest integer not below x', floatTensor, { traits: ['elementwise', 'idempotent'] }),
  'ms.round': unaryRow('nearest integer, ties to even', floatTensor, { traits: ['elementwise', 'idempotent'] }),
  'ms.trunc': unaryRow('integer part, toward 0', floatTensor, { traits: ['elementwise', 'idempotent'] }),
  'ms.logical_not': unaryRow('not x', boolTensor),
  'ms.bitwise_not': unaryRow('every bit of x inverted', bitsTensor),
  'ms.isnan': testRow('is x NaN', ELEMENTARY.isnan),
  'ms.isinf': testRow('is x +∞ or -∞', ELEMENTARY.isinf),
  'ms.isfinite': testRow('is x neither NaN nor infinite', ELEMENTARY.isfinite),
  'ms.clamp': unaryRow('min(max(x, low), high); NaN stays NaN', numberTensor, {
    attributes: [floatSlot('low', 'least result'), floatSlot('high', 'greatest result')],
    traits: ['elementwise', 'idempotent'],
    decompose: ELEMENTARY.clamp,
    constraints: constraints([
      'low is not above high',
      (_, attributes) => {
        const [low, high] = ['low', 'high']
          .map((name) => attributes.get(name))
          .map((bound) => (bound?.kind === 'float' ? bound.value : NaN));
        return low <= high ? null : `low is ${low}, high is ${high}`;
      },
    ]),
  }),
  'ms.stop_gradient': unaryRow('x, through which no gradient flows', anyTensor, {
    traits: ['elementwise', 'idempotent'],
    decompose: ELEMENTARY.stopGradient,
  }),
});

export const binaryOps = defineFamily('binary', {
  'ms.add': binaryRow('lhs + rhs', numberTensor, ['commutative']),
  'ms.sub': binaryRow('lhs - rhs', numberTensor),
  'ms.mul': binaryRow('lhs · rhs', numberTensor, ['commutative']),
  'ms.div': binaryRow('lhs / rhs; integers round toward 0, and division by the integer 0 gives 0', numberTensor),
  'ms.floor_div': binaryRow('⌊lhs / rhs⌋; division by the integer 0 gives 0', numberTensor),
  'ms.mod': binaryRow('lhs - rhs·⌊lhs / rhs⌋, the sign of rhs; modulo the integer 0 gives 0', numberTensor),
  'ms.remainder': binaryRow('lhs - rhs·trunc(lhs / rhs), the sign of lhs; by the integer 0 gives 0', numberTensor),
  'ms.pow': binaryRow('lhs to the rhs; integers to a negative power give 0 except for ±1', numberTensor),
  'ms.maximum': binaryRow('the greater one; NaN if one is NaN', numberTensor, ['commutative']),
  'ms.minimum': binaryRow('the smaller one; NaN if one is NaN', numberTensor, ['commutative']),
  'ms.atan2': binaryRow('angle of the point (rhs, lhs)', floatTensor),
  'ms.logical_and': binaryRow('lhs and rhs', boolTensor, ['commutative']),
  'ms.logical_or': binaryRow('lhs or rhs', boolTensor, ['commutative']),
  'ms.logical_xor': {
    ...binaryRow('lhs differs from rhs', boolTensor, ['commutative']),
    decompose: (emit, operands) => [emit.op('ms.not_equal', operands)],
  },
  'ms.bitwise_and': binaryRow('and of every bit', bitsTensor, ['commutative']),
  'ms.bitwise_or': binaryRow('or of every bit', bitsTensor, ['commutative']),
  'ms.bitwise_xor': binaryRow('exclusive or of every bit', bitsTensor, ['commutative']),
});

export const comparisonOps = defineFamily('comparison', {
  'ms.equal': comparisonRow('lhs = rhs; NaN equals nothing', anyTensor, ['commutative']),
  'ms.not_equal': comparisonRow('lhs ≠ rhs', anyTensor, ['commutative']),
  'ms.less': comparisonRow('lhs < rhs', numberTensor),
  'ms.less_equal': comparisonRow('lhs ≤ rhs', numberTensor),
  'ms.greater': comparisonRow('lhs > rhs', numberTensor),
  'ms.greater_equal': comparisonRow('lhs ≥ rhs', numberTensor),
  'ms.select': {
    summary: 'on_true where the condition holds, else on_false',
    operands: [one('condition', boolTensor), one('on_true', anyTensor), one('on_false', anyTensor)],
    results: [one('result', anyTensor)],
    traits: ['elementwise'],
    constraints: constraints(
      [
        'on_true and on_false have one dtype',
        (types) => {
          const [, onTrue, onFalse] = tensors(types);
          return onTrue.dtype === onFalse.dtype
            ? null
            : `dtype of on_true is ${onTrue.dtype}, dtype of on_false is ${onFalse.dtype}`;
        },
      ],
      [
        'shapes broadcast',
        (types) =>
          broadcastProblem(
            ['condition', 'on_true', 'on_false'],
            tensors(types).map((type) => type.shape),
          ),
      ],
    ),
    infer: (types) => [tensorType(broadcastShape(types), tensor(types[1]).dtype)],
    axes: elementwiseAxes,
    decompose: primitive,
  },
  'ms.cast': {
    summary:
      'x as the dtype of the stated result: to floats rounds to nearest even, to integers truncates and saturates, to booleans is x ≠ 0',
    operands: [one('x', anyTensor)],
    results: [one('result', anyTensor)],
    traits: ['elementwise'],
    constraints: constraints([
      'result has the shape of x',
      ([x], _, [result]) =>
        sameShape(tensor(x).shape, tensor(result).shape)
          ? null
          : `shape of x is ${shapeText(tensor(x).shape)}, shape of result is ${shapeText(tensor(result).shape)}`,
    ]),
    infer: absent('states its result dtype'),
    axes: elementwiseAxes,
    decompose: primitive,
  },
});
