/** Gradients of data movement: elements go back where they came from, and meet in sums where they were repeated. */
import type { Operation, Value } from '../../../ir/index.ts';
import {
  absent,
  floatAttribute,
  integerAttribute,
  integerOf,
  integersAttribute,
  integersOf,
  stringAttribute,
  stringOf,
} from '../../../ir/index.ts';
import type { Decomposition, Emitter, shapeOps } from '../../../ir/ops/index.ts';
import { Algebra } from '../algebra.ts';
import { throughParts } from '../parts.ts';
import type { GradCell, GradRule } from '../rule.ts';
import { onlyCotangent, typeOf, unary, wanted } from '../rule.ts';

const attributesOf = (op: Operation) => Object.fromEntries(op.attributes);

/** Elements begin to end along one axis. */
const cut = (emit: Emitter, x: Value, axis: number, begin: number, end: number): Value =>
  emit.op('ms.slice', [x], {
    axes: integersAttribute([axis]),
    begins: integersAttribute([begin]),
    ends: integersAttribute([end]),
    strides: integersAttribute([1]),
  });

const permutationBack = (op: Operation): readonly number[] => {
  const permutation = integersOf(op.attributes, 'permutation');
  return permutation.map((_, axis) => permutation.indexOf(axis));
};

/** Each part takes its piece of dy; extents are numbers beside at most one, which ends the cutting. */
const concat: GradRule = (request) => {
  const { emit, op, needs } = request;
  const dy = onlyCotangent(request);
  const axis = integerOf(op.attributes, 'axis');
  const extents = op.operands.map((operand) => typeOf(operand).shape[axis]);
  const unknown = extents.find((extent) => typeof extent === 'string');
  if (unknown !== undefined) return absent(`the extent '${unknown}' that it joins is no number`);
  if (needs.every((need) => need)) {
    const sizes = integersAttribute(extents.map(Number));
    return emit.all('ms.split', [dy], { axis: integerAttribute(axis), sizes });
  }
  let begin = 0;
  return extents.map((extent, index) => {
    const from = begin;
    begin += Number(extent);
    return needs[index] ? cut(emit, dy, axis, from, begin) : null;
  });
};

const split: GradRule = ({ emit, op, cotangents }) => {
  const parts = cotangents.map((dy, index) => dy ?? emit.zeros(typeOf(op.results[index])));
  return [emit.op('ms.concat', parts, { axis: integerAttribute(integerOf(op.attributes, 'axis')) })];
};

/** Zeros around dy; with strides also between its elements. */
const slice = unary((a, dy, x, _, op) => {
  const { shape } = typeOf(x);
  const [axes, begins, ends, strides] = ['axes', 'begins', 'ends', 'strides'].map((name) =>
    integersOf(op.attributes, name),
  );
  const isPadding = strides.every((stride) => stride === 1) && axes.every((axis) => typeof shape[axis] === 'number');
  if (!isPadding) return a.emit.op('ms.slice_update', [a.zeros(x), dy], attributesOf(op));
  const padded = (amount: (index: number) => number) =>
    integersAttribute(shape.map((__, axis) => (axes.includes(axis) ? amount(axes.indexOf(axis)) : 0)));
  return a.emit.op('ms.pad', [dy], {
    low: padded((index) => begins[index]),
    high: padded((index) => Number(shape[axes[index]]) - ends[index]),
    mode: stringAttribute('constant'),
    value: floatAttribute(0),
  });
});

const sliceUpdate: GradRule = (request) => {
  const { emit, op } = request;
  const dy = onlyCotangent(request);
  const [, update] = op.operands;
  return wanted(
    request,
    () => emit.op('ms.slice_update', [dy, emit.zeros(typeOf(update))], attributesOf(op)),
    () => emit.op('ms.slice', [dy], attributesOf(op)),
  );
};

const padding: GradRule = (request) => {
  const { emit, op } = request;
  if (stringOf(op.attributes, 'mode') !== 'constant') return { through: paddingOfPieces };
  const [low, high] = ['low', 'high'].map((name) => integersOf(op.attributes, name));
  const axes = low.flatMap((_, axis) => (low[axis] + high[axis] > 0 ? [axis] : []));
  const { shape } = typeOf(op.operands[0]);
  const unknown = axes.find((axis) => typeof shape[axis] === 'string');
  if (unknown !== undefined) return absent(`the extent '${shape[unknown]}' that it pads is no number`);
  return [
    emit.op('ms.slice', [onlyCotangent(request)], {
      axes: integersAttribute(axes),
      begins: integersAttribute(axes.map((axis) => low[axis])),
      ends: integersAttribute(axes.map((axis) => low[axis] + Number(shape[axis]))),
      strides: integersAttribute(axes.map(() => 1)),
    }),
  ];
};

/** Padding that repeats x, as joined pieces of x, one axis after another. */
const paddingOfPieces: Decomposition = (emit, [x], op) => {
  const mode = stringOf(op.attributes, 'mode');
  const border = (value: Value, axis: number, amount: number, isLow: boolean): readonly Value[] => {
    if (amount === 0) return [];
    const extent = Number(typeOf(value).shape[axis]);
    if (mode === 'edge') {
      const last = isLow ? cut(emit, value, axis, 0, 1) : cut(emit, value, axis, extent - 1, extent);
      return [new Algebra(emit).broadcast(last, typeOf(last).shape.with(axis, amount))];
    }
    const skipped = mode === 'reflect' ? 1 : 0;
    const begin = isLow ? skipped : extent - skipped - amount;
    const piece = cut(emit, value, axis, begin, begin + amount);
    return [emit.op('ms.reverse', [piece], { axes: integersAttribute([axis]) })];
  };
  const [low, high] = ['low', 'high'].map((name) => integersOf(op.attributes, name));
  const padded = low.reduce((value, _, axis) => {
    if (low[axis] + high[axis] === 0) return value;
    const parts = [...border(value, axis, low[axis], true), value, ...border(value, axis, high[axis], false)];
    return emit.op('ms.concat', parts, { axis: integerAttribute(axis) });
  }, x);
  return [padded];
};

export const shapeGradients: Readonly<Record<keyof typeof shapeOps, GradCell>> = {
  'ms.reshape': unary((a, dy, x) => a.reshape(dy, typeOf(x).shape)),
  'ms.transpose': unary((a, dy, _, __, op) => a.transpose(dy, permutationBack(op))),
  'ms.broadcast_to': unary((a, dy, x) => a.unbroadcast(dy, typeOf(x).shape)),
  'ms.concat': concat,
  'ms.split': split,
  'ms.slice': slice,
  'ms.slice_update': sliceUpdate,
  'ms.pad': padding,
  'ms.tile': throughParts('ms.tile'),
  'ms.repeat': throughParts('ms.repeat'),
  'ms.reverse': unary((a, dy, _, __, op) => a.emit.op('ms.reverse', [dy], attributesOf(op))),
  'ms.roll': unary((a, dy, _, __, op) =>
    a.emit.op('ms.roll', [dy], {
      axis: integerAttribute(integerOf(op.attributes, 'axis')),
      shift: integerAttribute(-integerOf(op.attributes, 'shift')),
    }),
  ),
};
