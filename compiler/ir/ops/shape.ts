/** Data movement that keeps every element once or repeats it: reshape, transpose, join, cut, pad. */
import { integersAttribute } from '../core/attribute.ts';
import type { AttributeMap } from '../core/attribute.ts';
import { absent, integerOf, integersOf } from '../core/definition.ts';
import type { OpView } from '../core/definition.ts';
import type { Dimension, Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import { alignedIndices, alongAxes, indexNames, WHOLE } from './axes.ts';
import { constraints, defineFamily } from './define.ts';
import { countKey, scaleDimension, shapeText, sumDimensions, tensor, tensors } from './dimension.ts';
import { dtypeProblem } from './matmul.ts';
import { repeatMeaning, reverseMeaning, rollMeaning, tileMeaning } from './movement.ts';
import { axesProblem, axisConstraint, axisProblem, axisSlot } from './reduce.ts';
import { reshapeAxes } from './reshape-axes.ts';
import { sliceLength, sliceProblem, sliceSlots, updateProblem } from './slice.ts';
import { anyTensor, floatSlot, integerSlot, integersSlot, one, variadic, wordSlot } from './slot.ts';

const x = one('x', anyTensor);
const results = [one('result', anyTensor)];
const primitive = absent('primitive');

function permutationProblem([operand]: readonly Type[], attributes: AttributeMap): string | null {
  const [permutation, rank] = [integersOf(attributes, 'permutation'), tensor(operand).shape.length];
  const complete = permutation.length === rank && permutation.every((_, axis) => permutation.includes(axis));
  return complete ? null : `permutation is [${permutation.join(', ')}], rank of x is ${rank}`;
}

function concatProblem(types: readonly Type[], attributes: AttributeMap): string | null {
  const [first, ...rest] = tensors(types);
  const axis = integerOf(attributes, 'axis');
  const fits = (shape: readonly Dimension[]) =>
    shape.length === first.shape.length && shape.every((extent, at) => at === axis || extent === first.shape[at]);
  const odd = rest.findIndex((type) => !fits(type.shape));
  return odd < 0
    ? null
    : `shape of operand 0 is ${shapeText(first.shape)}, shape of operand ${odd + 1} is ${shapeText(rest[odd].shape)}, axis is ${axis}`;
}

function splitProblem([operand]: readonly Type[], attributes: AttributeMap): string | null {
  const sizes = integersOf(attributes, 'sizes');
  const extent = tensor(operand).shape[integerOf(attributes, 'axis')];
  const sum = sizes.reduce((total, size) => total + size, 0);
  return sum === extent && sizes.every((size) => size >= 0)
    ? null
    : `extent of x is ${extent}, sizes [${sizes.join(', ')}] sum to ${sum}`;
}

/** One number for each dimension of x, none below `least`. */
const perDimensionProblem =
  (names: readonly string[], least: number) =>
  ([operand]: readonly Type[], attributes: AttributeMap) => {
    const rank = tensor(operand).shape.length;
    for (const name of names) {
      const values = integersOf(attributes, name);
      if (values.length !== rank) return `${name} has ${values.length} numbers, rank of x is ${rank}`;
      const low = values.find((value) => value < least);
      if (low !== undefined) return `${name} holds ${low}, expected at least ${least}`;
    }
    return null;
  };

/** Mirrored padding must find its source inside x. */
function mirrorProblem([operand]: readonly Type[], attributes: AttributeMap): string | null {
  const mode = attributes.get('mode');
  if (mode?.kind !== 'string' || mode.value === 'constant') return null;
  for (const [axis, extent] of tensor(operand).shape.entries()) {
    const pad = Math.max(integersOf(attributes, 'low')[axis], integersOf(attributes, 'high')[axis]);
    const limit =
      mode.value === 'reflect' ? Number(extent) - 1 : mode.value === 'symmetric' ? Number(extent) : Infinity;
    if (pad > limit) return `pad of dimension ${axis} is ${pad}, its extent is ${extent} (mode ${mode.value})`;
  }
  return null;
}

/** Dimensions that satisfy `touched` stand alone, the others pass through. */
function passThrough(op: OpView, touched: (axis: number) => boolean) {
  const names = indexNames(tensor(op.operandTypes[0] ?? op.resultTypes[0]).shape.length).map((name, axis) =>
    touched(axis) ? WHOLE : name,
  );
  return {
    operands: op.operandTypes.map(() => names),
    results: op.resultTypes.map(() => names),
    summed: [],
    indivisible: [],
  };
}

const atAxis = (op: OpView) => passThrough(op, (axis) => axis === integerOf(op.attributes, 'axis'));
const withExtent = (type: Type, axis: number, extent: Dimension) =>
  tensorType(tensor(type).shape.with(axis, extent), tensor(type).dtype);
const sameType = ([operand]: readonly Type[]) => [tensorType(tensor(operand).shape, tensor(operand).dtype)];

export const shapeOps = defineFamily('shape', {
  'ms.reshape': {
    summary: 'The elements of x in row-major order as the stated shape; also squeeze, expand_dims and flatten.',
    operands: [x],
    results,
    constraints: constraints(
      [
        'x and result have one dtype',
        ([from], _, [to]) =>
          tensor(from).dtype === tensor(to).dtype
            ? null
            : `dtype of x is ${tensor(from).dtype}, dtype of result is ${tensor(to).dtype}`,
      ],
      [
        'x and result have as many elements',
        ([from], _, [to]) => {
          const [have, want] = [countKey(tensor(from).shape), countKey(tensor(to).shape)];
          return have === want
            ? null
            : `x ${shapeText(tensor(from).shape)} has ${have} elements, result ${shapeText(tensor(to).shape)} has ${want}`;
        },
      ],
    ),
    infer: absent('states its result shape'),
    axes: reshapeAxes,
    decompose: primitive,
  },
  'ms.transpose': {
    summary: 'Dimension i of the result is dimension permutation[i] of x.',
    operands: [x],
    results,
    attributes: [integersSlot('permutation', 'a dimension of x for each dimension of the result')],
    constraints: constraints(['permutation names every dimension of x once', permutationProblem]),
    infer: ([operand], attributes) => [
      tensorType(
        integersOf(attributes, 'permutation').map((axis) => tensor(operand).shape[axis]),
        tensor(operand).dtype,
      ),
    ],
    axes: (op) => {
      const names = indexNames(tensor(op.operandTypes[0]).shape.length);
      return {
        operands: [names],
        results: [integersOf(op.attributes, 'permutation').map((axis) => names[axis])],
        summed: [],
        indivisible: [],
      };
    },
    decompose: primitive,
  },
  'ms.broadcast_to': {
    summary: 'x repeated to the stated shape by NumPy broadcasting.',
    operands: [x],
    results,
    constraints: constraints([
      'x broadcasts to the result and has its dtype',
      ([from], _, [to]) => {
        const [small, large] = [tensor(from), tensor(to)];
        const fits =
          small.dtype === large.dtype &&
          small.shape.length <= large.shape.length &&
          small.shape.every(
            (extent, axis) => extent === 1 || extent === large.shape[axis + large.shape.length - small.shape.length],
          );
        return fits ? null : `x is ${small.key}, result is ${large.key}`;
      },
    ]),
    infer: absent('states its result shape'),
    axes: (op) => {
      const { shape } = tensor(op.resultTypes[0]);
      const names = indexNames(shape.length);
      return {
        operands: [alignedIndices(tensor(op.operandTypes[0]).shape, shape, names)],
        results: [names],
        summed: [],
        indivisible: [],
      };
    },
    decompose: primitive,
  },
  'ms.concat': {
    summary: 'The operands one after another along an axis.',
    operands: [variadic('parts', anyTensor)],
    results,
    attributes: [axisSlot],
    constraints: constraints(
      ['there is an operand', (types) => (types.length > 0 ? null : 'number of operands is 0, expected 1 or more')],
      ['axis is a dimension of the operands', axisProblem],
      ['operands have one dtype', (types) => dtypeProblem(types.map((_, index) => `operand ${index}`))(types)],
      ['operands agree beside the axis', concatProblem],
    ),
    infer: (types, attributes) => {
      const axis = integerOf(attributes, 'axis');
      return [withExtent(types[0], axis, sumDimensions(tensors(types).map((type) => type.shape[axis])))];
    },
    axes: atAxis,
    decompose: primitive,
  },
  'ms.split': {
    summary: 'x cut along an axis into parts of the given sizes, one result each.',
    operands: [x],
    results: [variadic('parts', anyTensor)],
    attributes: [axisSlot, integersSlot('sizes', 'extent of each part')],
    constraints: constraints(['axis is a dimension of x', axisProblem], ['sizes sum to the extent of x', splitProblem]),
    infer: ([operand], attributes) =>
      integersOf(attributes, 'sizes').map((size) => withExtent(operand, integerOf(attributes, 'axis'), size)),
    axes: atAxis,
    decompose: (emit, [operand], op) => {
      let begin = 0;
      return integersOf(op.attributes, 'sizes').map((size) => {
        const bounds = [integerOf(op.attributes, 'axis'), begin, begin + size, 1].map((value) =>
          integersAttribute([value]),
        );
        begin += size;
        return emit.op('ms.slice', [operand], {
          axes: bounds[0],
          begins: bounds[1],
          ends: bounds[2],
          strides: bounds[3],
        });
      });
    },
  },
  'ms.slice': {
    summary: 'Elements begin, begin + stride, … below end along each listed axis; other dimensions are whole.',
    operands: [x],
    results,
    attributes: sliceSlots,
    constraints: constraints(['axes are dimensions of x', axesProblem], ['bounds lie inside x', sliceProblem]),
    infer: ([operand], attributes) => {
      const shape = [...tensor(operand).shape];
      for (const [index, axis] of integersOf(attributes, 'axes').entries())
        shape[axis] = sliceLength(attributes, index);
      return [tensorType(shape, tensor(operand).dtype)];
    },
    axes: (op) => passThrough(op, (axis) => integersOf(op.attributes, 'axes').includes(axis)),
    decompose: primitive,
  },
  'ms.slice_update': {
    summary: 'x with the elements that slice would take replaced by those of update.',
    operands: [x, one('update', anyTensor)],
    results,
    attributes: sliceSlots,
    constraints: constraints(
      ['axes are dimensions of x', axesProblem],
      ['bounds lie inside x', sliceProblem],
      ['x and update have one dtype', dtypeProblem(['x', 'update'])],
      ['update has the shape of the slice', updateProblem],
    ),
    infer: sameType,
    axes: (op) => passThrough(op, (axis) => integersOf(op.attributes, 'axes').includes(axis)),
    decompose: primitive,
  },
  'ms.pad': {
    summary:
      'x with `low` elements before and `high` behind each dimension: a constant, or mirrored without (reflect) or with (symmetric) the border, or the border itself (edge).',
    operands: [x],
    results,
    attributes: [
      integersSlot('low', 'elements before, for each dimension'),
      integersSlot('high', 'elements behind, for each dimension'),
      wordSlot('mode', ['constant', 'reflect', 'symmetric', 'edge'], 'what to fill with'),
      floatSlot('value', 'the constant'),
    ],
    constraints: constraints(
      ['low and high count every dimension', perDimensionProblem(['low', 'high'], 0)],
      ['a mirror reaches no further than x', mirrorProblem],
    ),
    infer: ([operand], attributes) => {
      const [low, high] = [integersOf(attributes, 'low'), integersOf(attributes, 'high')];
      return [
        tensorType(
          tensor(operand).shape.map((extent, axis) => sumDimensions([extent, low[axis] + high[axis]])),
          tensor(operand).dtype,
        ),
      ];
    },
    axes: (op) =>
      passThrough(op, (axis) => integersOf(op.attributes, 'low')[axis] + integersOf(op.attributes, 'high')[axis] > 0),
    decompose: primitive,
  },
  'ms.tile': {
    summary: 'x repeated as a whole along each dimension.',
    operands: [x],
    results,
    attributes: [integersSlot('repeats', 'how often, for each dimension')],
    constraints: constraints(['repeats count every dimension', perDimensionProblem(['repeats'], 0)]),
    infer: ([operand], attributes) => [
      tensorType(
        integersOf(attributes, 'repeats').map((count, axis) => scaleDimension(tensor(operand).shape[axis], count)),
        tensor(operand).dtype,
      ),
    ],
    axes: (op) => passThrough(op, (axis) => integersOf(op.attributes, 'repeats')[axis] !== 1),
    decompose: tileMeaning,
  },
  'ms.repeat': {
    summary: 'Every element repeated `count` times along an axis.',
    operands: [x],
    results,
    attributes: [axisSlot, integerSlot('count', 'how often')],
    constraints: constraints(
      ['axis is a dimension of x', axisProblem],
      [
        'count is not negative',
        (_, attributes) =>
          integerOf(attributes, 'count') >= 0
            ? null
            : `count is ${integerOf(attributes, 'count')}, expected at least 0`,
      ],
    ),
    infer: ([operand], attributes) => {
      const axis = integerOf(attributes, 'axis');
      return [withExtent(operand, axis, scaleDimension(tensor(operand).shape[axis], integerOf(attributes, 'count')))];
    },
    axes: (op) => {
      const names = indexNames(tensor(op.operandTypes[0]).shape.length);
      const axis = integerOf(op.attributes, 'axis');
      return { operands: [names], results: [names.with(axis, `${names[axis]}*r`)], summed: [], indivisible: [] };
    },
    decompose: repeatMeaning,
  },
  'ms.reverse': {
    summary: 'x with the order of elements turned round along axes.',
    operands: [x],
    results,
    attributes: [integersSlot('axes', 'the dimensions to turn, increasing')],
    constraints: constraints(['axes are dimensions of x', axesProblem]),
    infer: sameType,
    axes: (op) => alongAxes(op, tensor(op.operandTypes[0]).shape.length, integersOf(op.attributes, 'axes')),
    decompose: reverseMeaning,
  },
  'ms.roll': {
    summary: 'Element i moves to i + shift along an axis; what leaves at the end enters at the begin.',
    operands: [x],
    results,
    attributes: [axisSlot, integerSlot('shift', 'how far; negative moves to the begin')],
    constraints: axisConstraint,
    infer: sameType,
    axes: (op) => alongAxes(op, tensor(op.operandTypes[0]).shape.length, [integerOf(op.attributes, 'axis')]),
    decompose: rollMeaning,
  },
});
