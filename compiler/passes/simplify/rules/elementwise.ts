/** Rules of elementwise ops. Identities hold up to the sign of zero. */
import type { Absent, Operation, Value } from '../../../ir/index.ts';
import { absent, denseAttribute, isFloat, isInteger, tensorType } from '../../../ir/index.ts';
import type { activationOps, binaryOps, comparisonOps, unaryOps } from '../../../ir/ops/index.ts';
import { broadcastShapes } from '../../../ir/ops/index.ts';
import type { Pattern, Rewriter } from '../../rewrite/index.ts';
import {
  appliedTwice,
  attributesOf,
  emitterOf,
  identityIf,
  madeBy,
  pattern,
  sameType,
  splatOf,
  typeOf,
} from './match.ts';

type Rows<Names extends string> = Readonly<Record<Names, readonly Pattern[] | Absent>>;

/** `op(x, constant)` is x. */
const neutral = (value: number): Pattern =>
  identityIf(`neutral ${value}`, (op, rewriter) => splatOf(rewriter, op.operands[1]) === value);

/** `op(x, x)` is x. */
const ofItself = pattern('of itself', (op) => (op.operands[0] === op.operands[1] ? [op.operands[0]] : null));

/** `f(g(x))` is x. */
const undoes = (name: string): Pattern =>
  pattern(`undoes ${name}`, (op) => {
    const inner = madeBy(op.operands[0], name);
    return inner && sameType(inner.operands[0], op.results[0]) ? [inner.operands[0]] : null;
  });

/** `f(g(x))` is `h(x)`. */
const after = (name: string, whole: string): Pattern =>
  pattern(`${whole} after ${name}`, (op, rewriter) => {
    const inner = madeBy(op.operands[0], name);
    return inner && [emitterOf(rewriter).op(whole, inner.operands)];
  });

/** An integer result that is one number everywhere. */
const integerConstant = (name: string, value: number, holds: (op: Operation, rewriter: Rewriter) => boolean): Pattern =>
  pattern(name, (op, rewriter) => {
    const type = typeOf(op.results[0]);
    const fixed = type.shape.every((extent) => typeof extent === 'number');
    return fixed && isInteger(type.dtype) && holds(op, rewriter) ? [emitterOf(rewriter).splat(value, type)] : null;
  });

const timesZero = integerConstant('times 0', 0, (op, rewriter) => splatOf(rewriter, op.operands[1]) === 0);
const minusItself = integerConstant('minus itself', 0, (op) => op.operands[0] === op.operands[1]);

/** What is the same along a dimension is computed once and repeated behind. */
const broadcastLater = pattern('op before the broadcast of its operands', (op, rewriter) => {
  const operands = op.operands.map((operand) => madeBy(operand, 'ms.broadcast_to')?.operands[0] ?? operand);
  if (operands.every((operand, at) => operand === op.operands[at])) return null;
  if (!isSmaller(operands, op.results[0])) return null;
  const emit = emitterOf(rewriter);
  return [emit.stated('ms.broadcast_to', [emit.op(op.name, operands, attributesOf(op))], op.results[0].type)];
});

const withoutOnes = (shape: readonly (number | string)[]): string => shape.filter((extent) => extent !== 1).join();

/** Whether operands broadcast to fewer elements than a result has. */
function isSmaller(operands: readonly Value[], result: Value): boolean {
  const shape = joinedShape(operands);
  return shape !== null && withoutOnes(shape) !== withoutOnes(typeOf(result).shape);
}

/** Elementwise ops broadcast by themselves. */
const dropBroadcast = pattern('operand broadcast before an op that broadcasts', (op, rewriter) => {
  const at = op.operands.findIndex((operand) => madeBy(operand, 'ms.broadcast_to') !== null);
  const inner = at < 0 ? null : madeBy(op.operands[at], 'ms.broadcast_to');
  if (inner === null) return null;
  const operands = op.operands.with(at, inner.operands[0]);
  return broadcastKeepsShape(operands, op.results[0])
    ? rewriter.create(op.name, operands, [op.results[0].type], op.attributes).results
    : null;
});

/** A constant that is the same everywhere needs no shape where the other operands have it. */
const splatAsScalar = pattern('constant of one number as a scalar', (op, rewriter) => {
  const at = op.operands.findIndex((operand) => typeOf(operand).shape.length > 0 && isSplat(rewriter, operand));
  if (at < 0) return null;
  const constant = rewriter.constantOf(op.operands[at]);
  if (constant?.kind !== 'dense') return null;
  const scalar = tensorType([], constant.type.dtype);
  const value = denseAttribute(scalar, constant.data.slice(0, 1));
  const made = rewriter.create('ms.constant', [], [scalar], new Map([['value', value]])).results[0];
  const operands = op.operands.with(at, made);
  return broadcastKeepsShape(operands, op.results[0])
    ? rewriter.create(op.name, operands, [op.results[0].type], op.attributes).results
    : null;
});

function isSplat(rewriter: Rewriter, value: Value): boolean {
  const constant = rewriter.constantOf(value);
  return constant?.kind === 'dense' && constant.data.length === 1;
}

const joinedShape = (operands: readonly Value[]): readonly (number | string)[] | null =>
  operands.reduce<readonly (number | string)[] | null>(
    (whole, operand) => whole && broadcastShapes(whole, typeOf(operand).shape),
    [],
  );

const broadcastKeepsShape = (operands: readonly Value[], result: Value): boolean =>
  joinedShape(operands)?.join() === typeOf(result).shape.join();

const plusNegated = pattern('plus negated', (op, rewriter) => {
  const at = op.operands.findIndex((operand) => madeBy(operand, 'ms.neg') !== null);
  const negated = at < 0 ? null : madeBy(op.operands[at], 'ms.neg');
  return negated && [emitterOf(rewriter).op('ms.sub', [op.operands[1 - at], negated.operands[0]])];
});

const minusNegated = pattern('minus negated', (op, rewriter) => {
  const negated = madeBy(op.operands[1], 'ms.neg');
  return negated && [emitterOf(rewriter).op('ms.add', [op.operands[0], negated.operands[0]])];
});

const timesItself = pattern('times itself', (op, rewriter) =>
  op.operands[0] === op.operands[1] ? [emitterOf(rewriter).op('ms.square', [op.operands[0]])] : null,
);

/** `x · sigmoid(x)`, in either order. */
const silu = pattern('silu', (op, rewriter) => {
  const at = op.operands.findIndex(
    (operand, index) => madeBy(operand, 'ms.sigmoid')?.operands[0] === op.operands[1 - index],
  );
  return at < 0 ? null : [emitterOf(rewriter).op('ms.silu', [op.operands[1 - at]])];
});

/** Division by a power of two is an exact product. */
const divideByPower = pattern('division by a power of two', (op, rewriter) => {
  const { dtype, shape } = typeOf(op.operands[1]);
  const divisor = splatOf(rewriter, op.operands[1]);
  if (divisor === null || (dtype !== 'f32' && dtype !== 'f64') || shape.some((extent) => typeof extent === 'string'))
    return null;
  const exponent = Math.log2(Math.abs(divisor));
  if (exponent === 0) return null;
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 100)
    return rewriter.misses(() => `1 / ${divisor} is no exact number, so that the product would round differently`);
  const emit = emitterOf(rewriter);
  return [emit.op('ms.mul', [op.operands[0], emit.splat(1 / divisor, typeOf(op.operands[1]))])];
});

const oneOverRoot = pattern('one over a root', (op, rewriter) => {
  const root = madeBy(op.operands[1], 'ms.sqrt');
  const fits = root && splatOf(rewriter, op.operands[0]) === 1 && sameType(root.operands[0], op.results[0]);
  return fits ? [emitterOf(rewriter).op('ms.rsqrt', root.operands)] : null;
});

const squared = pattern('to the 2', (op, rewriter) => {
  const fits = sameType(op.operands[0], op.results[0]) && splatOf(rewriter, op.operands[1]) === 2;
  return fits ? [emitterOf(rewriter).op('ms.square', [op.operands[0]])] : null;
});

const reluOfMaximum = pattern('maximum with 0', (op, rewriter) => {
  const fits =
    sameType(op.operands[0], op.results[0]) &&
    splatOf(rewriter, op.operands[1]) === 0 &&
    !typeOf(op.operands[0]).dtype.startsWith('ui');
  return fits ? [emitterOf(rewriter).op('ms.relu', [op.operands[0]])] : null;
});

/** not (a < b) is a ≥ b where there is no NaN; not (a = b) is a ≠ b always. */
const INVERSE: Readonly<Record<string, { readonly name: string; readonly floats: boolean } | undefined>> = {
  'ms.equal': { name: 'ms.not_equal', floats: true },
  'ms.not_equal': { name: 'ms.equal', floats: true },
  'ms.less': { name: 'ms.greater_equal', floats: false },
  'ms.less_equal': { name: 'ms.greater', floats: false },
  'ms.greater': { name: 'ms.less_equal', floats: false },
  'ms.greater_equal': { name: 'ms.less', floats: false },
};

const notCompared = pattern('not of a comparison', (op, rewriter) => {
  const compared = op.operands[0].owner;
  if (!('name' in compared)) return null;
  const inverse = INVERSE[compared.name];
  if (!inverse) return null;
  if (!inverse.floats && isFloat(typeOf(compared.operands[0]).dtype))
    return rewriter.misses(() => `not ${compared.name} is not ${inverse.name} where an operand is NaN`);
  return [emitterOf(rewriter).op(inverse.name, compared.operands)];
});

/** Extents are what broadcasting to the result needs, so that one branch can stand for the whole. */
const knownCondition = pattern('known condition', (op, rewriter) => {
  const [condition, onTrue, onFalse] = op.operands;
  const known = splatOf(rewriter, condition);
  const taken = onTrue === onFalse ? onTrue : known === null ? null : known !== 0 ? onTrue : onFalse;
  return taken && sameType(taken, op.results[0]) ? [taken] : null;
});

/** Every value of the first dtype is one of the second. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  i1: ['i8', 'ui8', 'i16', 'ui16', 'i32', 'ui32', 'i64', 'ui64', 'f16', 'bf16', 'f32', 'f64'],
  i8: ['i16', 'i32', 'i64', 'f16', 'f32', 'f64'],
  ui8: ['i16', 'ui16', 'i32', 'ui32', 'i64', 'ui64', 'f16', 'f32', 'f64'],
  i16: ['i32', 'i64', 'f32', 'f64'],
  ui16: ['i32', 'ui32', 'i64', 'ui64', 'f32', 'f64'],
  i32: ['i64', 'f64'],
  ui32: ['i64', 'ui64', 'f64'],
  f16: ['f32', 'f64'],
  bf16: ['f32', 'f64'],
  f32: ['f64'],
};

/** Exact in the middle; but integers wrap where floats saturate, so those do not meet. */
const castOfCast = pattern('cast of a widening cast', (op, rewriter) => {
  const inner = madeBy(op.operands[0], 'ms.cast');
  if (!inner) return null;
  const [from, through, to] = [inner.operands[0], inner.results[0], op.results[0]].map((value) => typeOf(value).dtype);
  const saturates = !isFloat(from) && isFloat(through) && isInteger(to);
  const exact = (WIDER[from]?.includes(through) ?? false) && !saturates;
  if (exact) return [emitterOf(rewriter).stated('ms.cast', inner.operands, op.results[0].type)];
  return rewriter.misses(() =>
    saturates ? `${through} saturates where ${to} wraps` : `${through} does not hold every value of ${from}`,
  );
});

const castToSame = identityIf('cast to its own type', () => true);

const none = absent('no identity is known');
const binary = (...rules: readonly Pattern[]): readonly Pattern[] => [
  ...rules,
  broadcastLater,
  dropBroadcast,
  splatAsScalar,
];

export const unaryRules: Rows<keyof typeof unaryOps> = {
  'ms.neg': [undoes('ms.neg'), broadcastLater],
  'ms.abs': [appliedTwice, after('ms.neg', 'ms.abs')],
  'ms.sign': [appliedTwice],
  'ms.square': [after('ms.neg', 'ms.square'), after('ms.abs', 'ms.square')],
  'ms.sqrt': none,
  'ms.rsqrt': none,
  'ms.reciprocal': [after('ms.sqrt', 'ms.rsqrt')],
  'ms.exp': none,
  'ms.expm1': none,
  'ms.log': [],
  'ms.log1p': none,
  'ms.sin': none,
  'ms.cos': none,
  'ms.tan': none,
  'ms.asin': none,
  'ms.acos': none,
  'ms.atan': none,
  'ms.sinh': none,
  'ms.cosh': none,
  'ms.tanh': none,
  'ms.asinh': none,
  'ms.acosh': none,
  'ms.atanh': none,
  'ms.erf': none,
  'ms.floor': [appliedTwice],
  'ms.ceil': [appliedTwice],
  'ms.round': [appliedTwice],
  'ms.trunc': [appliedTwice],
  'ms.logical_not': [undoes('ms.logical_not'), notCompared],
  'ms.bitwise_not': [undoes('ms.bitwise_not')],
  'ms.isnan': none,
  'ms.isinf': none,
  'ms.isfinite': none,
  'ms.clamp': [appliedTwice],
  'ms.stop_gradient': [appliedTwice],
};

export const activationRules: Rows<keyof typeof activationOps> = {
  'ms.relu': [appliedTwice],
  'ms.relu6': [appliedTwice, after('ms.relu', 'ms.relu6')],
  'ms.leaky_relu': none,
  'ms.elu': none,
  'ms.sigmoid': none,
  'ms.log_sigmoid': none,
  'ms.softplus': none,
  'ms.silu': none,
  'ms.gelu': none,
  'ms.hardsigmoid': none,
  'ms.hardswish': none,
  'ms.mish': none,
};

export const binaryRules: Rows<keyof typeof binaryOps> = {
  'ms.add': binary(neutral(0), plusNegated),
  'ms.sub': binary(neutral(0), minusItself, minusNegated),
  'ms.mul': binary(neutral(1), timesZero, timesItself, silu),
  'ms.div': binary(neutral(1), oneOverRoot, divideByPower),
  'ms.floor_div': binary(),
  'ms.mod': binary(),
  'ms.remainder': binary(),
  'ms.pow': binary(neutral(1), squared),
  'ms.maximum': binary(ofItself, reluOfMaximum),
  'ms.minimum': binary(ofItself),
  'ms.atan2': binary(),
  'ms.logical_and': binary(ofItself, neutral(1)),
  'ms.logical_or': binary(ofItself, neutral(0)),
  'ms.logical_xor': binary(neutral(0)),
  'ms.bitwise_and': binary(ofItself),
  'ms.bitwise_or': binary(ofItself, neutral(0)),
  'ms.bitwise_xor': binary(neutral(0)),
};

export const comparisonRules: Rows<keyof typeof comparisonOps> = {
  'ms.equal': binary(),
  'ms.not_equal': binary(),
  'ms.less': binary(),
  'ms.less_equal': binary(),
  'ms.greater': binary(),
  'ms.greater_equal': binary(),
  'ms.select': binary(knownCondition),
  'ms.cast': [castToSame, castOfCast],
};
