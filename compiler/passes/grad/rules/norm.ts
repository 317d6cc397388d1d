/**
 * Gradients of normalizations. With x̂ = (x - mean)·s and g = dy·gamma, the gradient of x is
 * s·(g - mean(g) - x̂·mean(g·x̂)); for rms_norm the middle term is not there.
 */
import type { Value } from '../../../ir/index.ts';
import { floatOf, integerOf } from '../../../ir/index.ts';
import type { normOps } from '../../../ir/ops/index.ts';
import { Algebra, range } from '../algebra.ts';
import type { GradCell, GradRule } from '../rule.ts';
import { onlyCotangent, typeOf, wanted } from '../rule.ts';

/** 1 / √(variance + epsilon). */
const inverseDeviation = (a: Algebra, variance: Value, epsilon: number): Value =>
  a.unary('ms.rsqrt', a.add(variance, epsilon));

interface Standardized {
  /** (x - mean)·s. */
  readonly normal: Value;
  readonly scale: Value;
}

function standardized(a: Algebra, x: Value, axes: readonly number[], epsilon: number): Standardized {
  const centred = a.sub(x, a.mean(x, axes, true));
  const scale = inverseDeviation(a, a.mean(a.square(centred), axes, true), epsilon);
  return { normal: a.mul(centred, scale), scale };
}

function gradientOfX(a: Algebra, g: Value, { normal, scale }: Standardized, axes: readonly number[]): Value {
  const along = a.mul(normal, a.mean(a.mul(g, normal), axes, true));
  return a.mul(a.sub(a.sub(g, a.mean(g, axes, true)), along), scale);
}

const layerNorm: GradRule = (request) => {
  const { emit, op } = request;
  const a = new Algebra(emit);
  const dy = onlyCotangent(request);
  const [x, gamma] = op.operands;
  const begin = integerOf(op.attributes, 'begin_axis');
  const [outer, axes] = [range(0, begin), range(begin, typeOf(x).shape.length)];
  const parts = standardized(a, x, axes, floatOf(op.attributes, 'epsilon'));
  return wanted(
    request,
    () => gradientOfX(a, a.mul(dy, gamma), parts, axes),
    () => a.sum(a.mul(dy, parts.normal), outer),
    () => a.sum(dy, outer),
  );
};

const rmsNorm: GradRule = (request) => {
  const { emit, op } = request;
  const a = new Algebra(emit);
  const dy = onlyCotangent(request);
  const [x, gamma] = op.operands;
  const begin = integerOf(op.attributes, 'begin_axis');
  const axes = range(begin, typeOf(x).shape.length);
  const scale = inverseDeviation(a, a.mean(a.square(x), axes, true), floatOf(op.attributes, 'epsilon'));
  const normal = a.mul(x, scale);
  const g = a.mul(dy, gamma);
  return wanted(
    request,
    () => a.mul(a.sub(g, a.mul(normal, a.mean(a.mul(g, normal), axes, true))), scale),
    () => a.sum(a.mul(dy, normal), range(0, begin)),
  );
};

/** A parameter of the channels as [c, 1, 1, …], so that it broadcasts along dimension 1 of x. */
const alongChannels = (a: Algebra, parameter: Value, rank: number): Value =>
  a.reshape(parameter, [...typeOf(parameter).shape, ...range(2, rank).map(() => 1)]);

const besideChannels = (rank: number): readonly number[] => range(0, rank).filter((axis) => axis !== 1);

const batchNorm: GradRule = (request) => {
  const { emit, op } = request;
  const a = new Algebra(emit);
  const dy = onlyCotangent(request);
  const [x, gamma, , mean, variance] = op.operands;
  const rank = typeOf(x).shape.length;
  const others = besideChannels(rank);
  const deviation = inverseDeviation(a, variance, floatOf(op.attributes, 'epsilon'));
  const scale = a.mul(gamma, deviation);
  const ofChannels = () => a.sum(dy, others);
  const ofCentred = () => a.sum(a.mul(dy, a.sub(x, alongChannels(a, mean, rank))), others);
  return wanted(
    request,
    () => a.mul(dy, alongChannels(a, scale, rank)),
    () => a.mul(ofCentred(), deviation),
    ofChannels,
    () => a.neg(a.mul(ofChannels(), scale)),
    () => a.mul(a.mul(ofCentred(), a.mul(scale, -0.5)), a.square(deviation)),
  );
};

const groupNorm: GradRule = (request) => {
  const { emit, op } = request;
  const a = new Algebra(emit);
  const dy = onlyCotangent(request);
  const [x, gamma] = op.operands;
  const { shape } = typeOf(x);
  const groups = integerOf(op.attributes, 'groups');
  const apart = [shape[0], groups, Number(shape[1]) / groups, ...shape.slice(2)];
  const axes = range(2, apart.length);
  const parts = standardized(a, a.reshape(x, apart), axes, floatOf(op.attributes, 'epsilon'));
  const others = besideChannels(shape.length);
  return wanted(
    request,
    () => {
      const g = a.mul(dy, alongChannels(a, gamma, shape.length));
      return a.reshape(gradientOfX(a, a.reshape(g, apart), parts, axes), shape);
    },
    () => a.sum(a.mul(dy, a.reshape(parts.normal, shape)), others),
    () => a.sum(dy, others),
  );
};

export const normGradients: Readonly<Record<keyof typeof normOps, GradCell>> = {
  'ms.layer_norm': layerNorm,
  'ms.rms_norm': rmsNorm,
  'ms.batch_norm': batchNorm,
  'ms.group_norm': groupNorm,
};
