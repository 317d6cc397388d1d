/** Normalizations. Statistics are biased variances, as in every framework's inference and training forward. */
import { boolAttribute, integersAttribute } from '../core/attribute.ts';
import type { AttributeMap } from '../core/attribute.ts';
import { floatOf, integerOf } from '../core/definition.ts';
import type { Axes, OpView } from '../core/definition.ts';
import type { Value } from '../core/operation.ts';
import type { Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import { indexNames } from './axes.ts';
import type { Decomposition } from './define.ts';
import { constraints, defineFamily } from './define.ts';
import type { Shape } from './dimension.ts';
import { sameShape, shapeText, tensor } from './dimension.ts';
import type { Emitter } from './emitter.ts';
import { dtypeProblem } from './matmul.ts';
import { floatSlot, floatTensor, integerSlot, one } from './slot.ts';

const epsilonSlot = floatSlot('epsilon', 'added to the variance');
const beginSlot = integerSlot('begin_axis', 'the first of the normalized dimensions');
const sameAsX = ([x]: readonly Type[]) => [tensorType(tensor(x).shape, tensor(x).dtype)];

/** Checks parameters (operands 1…) against one shape. */
const parameterProblem =
  (names: readonly string[], expected: (x: Shape, attributes: AttributeMap) => Shape) =>
  (types: readonly Type[], attributes: AttributeMap) => {
    const shape = expected(tensor(types[0]).shape, attributes);
    const at = names.findIndex((_, index) => !sameShape(tensor(types[index + 1]).shape, shape));
    return at < 0
      ? null
      : `shape of ${names[at]} is ${shapeText(tensor(types[at + 1]).shape)}, x wants ${shapeText(shape)}`;
  };

function beginProblem([x]: readonly Type[], attributes: AttributeMap): string | null {
  const [begin, rank] = [integerOf(attributes, 'begin_axis'), tensor(x).shape.length];
  return begin >= 0 && begin < rank ? null : `begin_axis is ${begin}, rank of x is ${rank}`;
}

const normalizedShape = (x: Shape, attributes: AttributeMap): Shape => x.slice(integerOf(attributes, 'begin_axis'));
const channelShape = (x: Shape): Shape => x.slice(1, 2);

const channelProblem = ([x]: readonly Type[]): string | null => {
  const rank = tensor(x).shape.length;
  return rank >= 2 ? null : `rank of x is ${rank}, expected 2 or more`;
};

/** Leading indices divide, normalized ones stay whole. */
function trailingAxes(op: OpView): Axes {
  const names = indexNames(tensor(op.operandTypes[0]).shape.length);
  const normalized = names.slice(integerOf(op.attributes, 'begin_axis'));
  return {
    operands: op.operandTypes.map((_, index) => (index === 0 ? names : normalized)),
    results: [names],
    summed: [],
    indivisible: normalized,
  };
}

function channelAxes(op: OpView): Axes {
  const names = indexNames(tensor(op.operandTypes[0]).shape.length);
  return {
    operands: op.operandTypes.map((_, index) => (index === 0 ? names : [names[1]])),
    results: [names],
    summed: [],
    indivisible: [],
  };
}

const mean = (emit: Emitter, x: Value, axes: readonly number[]) =>
  emit.op('ms.reduce_mean', [x], { axes: integersAttribute(axes), keep_dims: boolAttribute(true) });

const range = (begin: number, end: number) => Array.from({ length: end - begin }, (_, index) => begin + index);

/** (x - mean) · rsqrt(variance + epsilon) over axes. */
function standardized(emit: Emitter, x: Value, axes: readonly number[], epsilon: number): Value {
  const centred = emit.op('ms.sub', [x, mean(emit, x, axes)]);
  const variance = mean(emit, emit.op('ms.square', [centred]), axes);
  return emit.op('ms.mul', [centred, inverseDeviation(emit, variance, epsilon)]);
}

const inverseDeviation = (emit: Emitter, variance: Value, epsilon: number) =>
  emit.op('ms.rsqrt', [emit.op('ms.add', [variance, emit.scalar(epsilon, tensor(variance.type).dtype)])]);

/** A parameter of the channels as [c, 1, 1, …], so that it broadcasts along dimension 1 of x. */
function alongChannels(emit: Emitter, parameter: Value, rank: number): Value {
  const { shape, dtype } = tensor(parameter.type);
  return rank === 2
    ? parameter
    : emit.stated('ms.reshape', [parameter], tensorType([...shape, ...Array<number>(rank - 2).fill(1)], dtype));
}

const affine = (emit: Emitter, x: Value, gamma: Value, beta: Value) =>
  emit.op('ms.add', [emit.op('ms.mul', [x, gamma]), beta]);

const layerNorm: Decomposition = (emit, [x, gamma, beta], op) => {
  const axes = range(integerOf(op.attributes, 'begin_axis'), tensor(x.type).shape.length);
  return [affine(emit, standardized(emit, x, axes, floatOf(op.attributes, 'epsilon')), gamma, beta)];
};

const rmsNorm: Decomposition = (emit, [x, gamma], op) => {
  const axes = range(integerOf(op.attributes, 'begin_axis'), tensor(x.type).shape.length);
  const scale = inverseDeviation(emit, mean(emit, emit.op('ms.square', [x]), axes), floatOf(op.attributes, 'epsilon'));
  return [emit.op('ms.mul', [emit.op('ms.mul', [x, scale]), gamma])];
};

const batchNorm: Decomposition = (emit, [x, gamma, beta, mu, variance], op) => {
  const scale = emit.op('ms.mul', [gamma, inverseDeviation(emit, variance, floatOf(op.attributes, 'epsilon'))]);
  const shift = emit.op('ms.sub', [beta, emit.op('ms.mul', [mu, scale])]);
  const rank = tensor(x.type).shape.length;
  return [affine(emit, x, alongChannels(emit, scale, rank), alongChannels(emit, shift, rank))];
};

const groupNorm: Decomposition = (emit, [x, gamma, beta], op) => {
  const { shape, dtype } = tensor(x.type);
  const groups = integerOf(op.attributes, 'groups');
  const grouped = emit.stated(
    'ms.reshape',
    [x],
    tensorType([shape[0], groups, Number(shape[1]) / groups, ...shape.slice(2)], dtype),
  );
  const normal = standardized(emit, grouped, range(2, shape.length + 1), floatOf(op.attributes, 'epsilon'));
  const whole = emit.stated('ms.reshape', [normal], x.type);
  return [affine(emit, whole, alongChannels(emit, gamma, shape.length), alongChannels(emit, beta, shape.length))];
};

const result = [one('result', floatTensor)];
const normOperands = [one('x', floatTensor), one('gamma', floatTensor), one('beta', floatTensor)];

export const normOps = defineFamily('norm', {
  'ms.layer_norm': {
    summary: '(x - mean) / √(variance + epsilon) · gamma + beta over the dimensions from begin_axis on.',
    operands: normOperands,
    results: result,
    attributes: [beginSlot, epsilonSlot],
    constraints: constraints(
      ['begin_axis is a dimension of x', beginProblem],
      ['all have one dtype', dtypeProblem(['x', 'gamma', 'beta'])],
      ['gamma and beta have the normalized shape', parameterProblem(['gamma', 'beta'], normalizedShape)],
    ),
    infer: sameAsX,
    axes: trailingAxes,
    decompose: layerNorm,
  },
  'ms.rms_norm': {
    summary: 'x / √(mean(x²) + epsilon) · gamma over the dimensions from begin_axis on.',
    operands: normOperands.slice(0, 2),
    results: result,
    attributes: [beginSlot, epsilonSlot],
    constraints: constraints(
      ['begin_axis is a dimension of x', beginProblem],
      ['all have one dtype', dtypeProblem(['x', 'gamma'])],
      ['gamma has the normalized shape', parameterProblem(['gamma'], normalizedShape)],
    ),
    infer: sameAsX,
    axes: trailingAxes,
    decompose: rmsNorm,
  },
  'ms.batch_norm': {
    summary: '(x - mean) / √(variance + epsilon) · gamma + beta along dimension 1, with given statistics (inference).',
    operands: [...normOperands, one('mean', floatTensor), one('variance', floatTensor)],
    results: result,
    attributes: [epsilonSlot],
    constraints: constraints(
      ['x has rank 2 or more', channelProblem],
      ['all have one dtype', dtypeProblem(['x', 'gamma', 'beta', 'mean', 'variance'])],
      ['parameters have the channels of x', parameterProblem(['gamma', 'beta', 'mean', 'variance'], channelShape)],
    ),
    infer: sameAsX,
    axes: channelAxes,
    decompose: batchNorm,
  },
  'ms.group_norm': {
    summary: 'Each group of channels of each sample normalized by its own statistics, then · gamma + beta by channel.',
    operands: normOperands,
    results: result,
    attributes: [integerSlot('groups', 'how many groups the channels form'), epsilonSlot],
    constraints: constraints(
      ['x has rank 2 or more', channelProblem],
      ['all have one dtype', dtypeProblem(['x', 'gamma', 'beta'])],
      ['gamma and beta have the channels of x', parameterProblem(['gamma', 'beta'], channelShape)],
      [
        'groups divide the channels',
        ([x], attributes) => {
          const [channels, groups] = [tensor(x).shape[1], integerOf(attributes, 'groups')];
          return typeof channels === 'number' && groups > 0 && channels % groups === 0
            ? null
            : `channels of x are ${channels}, groups are ${groups}`;
        },
      ],
    ),
    infer: sameAsX,
    axes: (op) => {
      const names = indexNames(tensor(op.operandTypes[0]).shape.length);
      return { operands: [names, [names[1]], [names[1]]], results: [names], summed: [], indivisible: names.slice(1) };
    },
    decompose: groupNorm,
  },
});
