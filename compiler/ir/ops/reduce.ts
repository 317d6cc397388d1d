/** Reductions, running sums and normalized exponentials along axes. */
import { boolAttribute, integersAttribute } from '../core/attribute.ts';
import type { AttributeMap } from '../core/attribute.ts';
import { absent, boolOf, integerOf, integersOf } from '../core/definition.ts';
import type { Axes, OpView, Reducer, TypePredicate } from '../core/definition.ts';
import type { Value } from '../core/operation.ts';
import type { Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import { alongAxes, indexNames } from './axes.ts';
import type { Decomposition, OpRow } from './define.ts';
import { constraints, defineFamily } from './define.ts';
import type { Shape } from './dimension.ts';
import { plainType, tensor } from './dimension.ts';
import type { Emitter } from './emitter.ts';
import {
  boolSlot,
  boolTensor,
  floatTensor,
  indexTensor,
  integerSlot,
  integersSlot,
  numberTensor,
  one,
} from './slot.ts';

export const axisSlot = integerSlot('axis', 'a dimension of x, from 0');

/** `axis` names a dimension of the first operand. */
export function axisProblem([x]: readonly Type[], attributes: AttributeMap): string | null {
  const [axis, rank] = [integerOf(attributes, 'axis'), tensor(x).shape.length];
  return axis >= 0 && axis < rank ? null : `axis is ${axis}, rank of x is ${rank}`;
}

export const axisConstraint = constraints(['axis is a dimension of x', axisProblem]);

/** `axes` names dimensions of the first operand, each once and in order. */
export function axesProblem([x]: readonly Type[], attributes: AttributeMap): string | null {
  const [axes, rank] = [integersOf(attributes, 'axes'), tensor(x).shape.length];
  const bad = axes.find((axis, index) => axis < 0 || axis >= rank || (index > 0 && axis <= axes[index - 1]));
  return bad === undefined
    ? null
    : `axes are [${axes.join(', ')}], expected increasing numbers below rank ${rank} of x`;
}

export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  if (keepDims) return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return shape.filter((_, axis) => !axes.includes(axis));
}

function reduceAxes(reducer: Reducer) {
  return (op: OpView): Axes => {
    const names = indexNames(tensor(op.operandTypes[0]).shape.length);
    const axes = integersOf(op.attributes, 'axes');
    const kept = boolOf(op.attributes, 'keep_dims')
      ? names.map((name, axis) => (axes.includes(axis) ? '_' : name))
      : names.filter((_, axis) => !axes.includes(axis));
    return { operands: [names], results: [kept], summed: axes.map((axis) => names[axis]), indivisible: [], reducer };
  };
}

function reduceRow(summary: string, accepts: TypePredicate, reducer: Reducer): OpRow {
  return {
    summary,
    operands: [one('x', accepts)],
    results: [one('result', accepts)],
    attributes: [
      integersSlot('axes', 'the dimensions to reduce, increasing'),
      boolSlot('keep_dims', 'reduced dimensions stay with extent 1'),
    ],
    constraints: constraints(['axes are dimensions of x', axesProblem]),
    infer: ([x], attributes) => [
      tensorType(
        reducedShape(tensor(x).shape, integersOf(attributes, 'axes'), boolOf(attributes, 'keep_dims')),
        tensor(x).dtype,
      ),
    ],
    axes: reduceAxes(reducer),
    decompose: absent('primitive'),
  };
}

const oneAxisWhole = (op: OpView): Axes =>
  alongAxes(op, tensor(op.operandTypes[0]).shape.length, [integerOf(op.attributes, 'axis')]);

function argRow(summary: string): OpRow {
  return {
    summary,
    operands: [one('x', numberTensor)],
    results: [one('result', indexTensor)],
    attributes: [axisSlot, boolSlot('keep_dims', 'the reduced dimension stays with extent 1')],
    constraints: axisConstraint,
    infer: ([x], attributes) => [
      tensorType(
        reducedShape(tensor(x).shape, [integerOf(attributes, 'axis')], boolOf(attributes, 'keep_dims')),
        'i32',
      ),
    ],
    axes: (op) => {
      const axis = integerOf(op.attributes, 'axis');
      const names = indexNames(tensor(op.operandTypes[0]).shape.length);
      const kept = boolOf(op.attributes, 'keep_dims')
        ? names.map((name, at) => (at === axis ? '_' : name))
        : names.filter((_, at) => at !== axis);
      return { operands: [names], results: [kept], summed: [], indivisible: [names[axis]] };
    },
    decompose: absent('primitive'),
  };
}

/** A row of the same type along one whole axis. */
function alongRow(summary: string, accepts: TypePredicate, more: Partial<OpRow>): OpRow {
  return {
    summary,
    operands: [one('x', accepts)],
    results: [one('result', accepts)],
    attributes: [axisSlot],
    constraints: axisConstraint,
    infer: ([x]) => [plainType(x)],
    axes: oneAxisWhole,
    decompose: absent('primitive'),
    ...more,
  };
}

const scanSlots = [
  axisSlot,
  boolSlot('exclusive', 'element i takes what lies before it'),
  boolSlot('reverse', 'from the end to the begin'),
];

const reduceKept = (emit: Emitter, name: string, x: Value, axis: number) =>
  emit.op(name, [x], { axes: integersAttribute([axis]), keep_dims: boolAttribute(true) });

const softmax: Decomposition = (emit, [x], op) => {
  const axis = integerOf(op.attributes, 'axis');
  const powers = emit.op('ms.exp', [emit.op('ms.sub', [x, reduceKept(emit, 'ms.reduce_max', x, axis)])]);
  return [emit.op('ms.div', [powers, reduceKept(emit, 'ms.reduce_sum', powers, axis)])];
};

const logSoftmax: Decomposition = (emit, [x], op) => {
  const axis = integerOf(op.attributes, 'axis');
  const shifted = emit.op('ms.sub', [x, reduceKept(emit, 'ms.reduce_max', x, axis)]);
  const sum = reduceKept(emit, 'ms.reduce_sum', emit.op('ms.exp', [shifted]), axis);
  return [emit.op('ms.sub', [shifted, emit.op('ms.log', [sum])])];
};

/** The sum times 1/n. */
const mean: Decomposition = (emit, [x], op) => {
  const { shape, dtype } = tensor(x.type);
  const count = integersOf(op.attributes, 'axes').reduce((product, axis) => product * Number(shape[axis]), 1);
  const sum = emit.op('ms.reduce_sum', [x], Object.fromEntries(op.attributes));
  return [emit.op('ms.mul', [sum, emit.scalar(1 / count, dtype)])];
};

/** Truth as 0 and 1: all is the least, any the greatest. */
const ofTruth =
  (name: 'ms.reduce_min' | 'ms.reduce_max'): Decomposition =>
  (emit, [x], op) => {
    const { shape } = tensor(x.type);
    const numbers = emit.stated('ms.cast', [x], tensorType(shape, 'f32'));
    return [emit.stated('ms.cast', [emit.op(name, [numbers], Object.fromEntries(op.attributes))], op.resultTypes[0])];
  };

export const reduceOps = defineFamily('reduce', {
  'ms.reduce_sum': reduceRow('Sum over axes.', numberTensor, 'sum'),
  'ms.reduce_mean': { ...reduceRow('Mean over axes.', floatTensor, 'mean'), decompose: mean },
  'ms.reduce_prod': reduceRow('Product over axes.', numberTensor, 'product'),
  'ms.reduce_max': reduceRow('Greatest element over axes; NaN if there is one.', numberTensor, 'maximum'),
  'ms.reduce_min': reduceRow('Smallest element over axes; NaN if there is one.', numberTensor, 'minimum'),
  'ms.reduce_all': { ...reduceRow('Do all hold.', boolTensor, 'and'), decompose: ofTruth('ms.reduce_min') },
  'ms.reduce_any': { ...reduceRow('Does one hold.', boolTensor, 'or'), decompose: ofTruth('ms.reduce_max') },
  'ms.argmax': argRow('Index of the first greatest element along an axis, as i32.'),
  'ms.argmin': argRow('Index of the first smallest element along an axis, as i32.'),
  'ms.cumsum': alongRow('Running sum along an axis.', numberTensor, { attributes: scanSlots }),
  'ms.cumprod': alongRow('Running product along an axis.', numberTensor, { attributes: scanSlots }),
  'ms.softmax': alongRow('exp(x) / Σ exp(x) along an axis, shifted by the maximum.', floatTensor, {
    decompose: softmax,
  }),
  'ms.log_softmax': alongRow('Logarithm of softmax along an axis.', floatTensor, { decompose: logSoftmax }),
});
