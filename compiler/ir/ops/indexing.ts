/** Ops whose data flow depends on index values. Gathering outside of x gives 0, scattering outside is dropped. */
import { absent, integerOf, stringOf } from '../core/definition.ts';
import { integerAttribute } from '../core/attribute.ts';
import type { AttributeMap } from '../core/attribute.ts';
import type { Axes, OpView } from '../core/definition.ts';
import type { Dimension, Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import { indexNames, WHOLE } from './axes.ts';
import { constraints, defineFamily } from './define.ts';
import type { Shape } from './dimension.ts';
import { sameShape, shapeText, tensor } from './dimension.ts';
import { dtypeProblem } from './matmul.ts';
import { axisConstraint, axisProblem, axisSlot } from './reduce.ts';
import { anyTensor, boolTensor, integerSlot, indexTensor, one, wordSlot } from './slot.ts';

const x = one('x', anyTensor);
const indices = one('indices', indexTensor);
const results = [one('result', anyTensor)];
const primitive = absent('primitive');
const reductionSlot = wordSlot(
  'reduction',
  ['none', 'add', 'mul', 'max', 'min'],
  'how an update joins what is there; with none the last one stays',
);

/** Shape of what gather takes: the axis replaced by the dimensions of the indices. */
const gatherShape = (from: Shape, at: Shape, axis: number): Shape => [
  ...from.slice(0, axis),
  ...at,
  ...from.slice(axis + 1),
];

/** How many dimensions of x one index tuple names. */
const tupleLength = (type: Type): Dimension => tensor(type).shape.at(-1) ?? 0;

function tupleProblem([operand, at]: readonly Type[]): string | null {
  const [length, rank] = [tupleLength(at), tensor(operand).shape.length];
  if (tensor(at).shape.length === 0) return 'rank of indices is 0, expected 1 or more';
  return typeof length === 'number' && length <= rank
    ? null
    : `last dimension of indices is ${length}, rank of x is ${rank}`;
}

const tupleShape = (operand: Type, at: Type): Shape => [
  ...tensor(at).shape.slice(0, -1),
  ...tensor(operand).shape.slice(Number(tupleLength(at))),
];

function elementsProblem([operand, at]: readonly Type[], attributes: AttributeMap): string | null {
  const [from, taken] = [tensor(operand).shape, tensor(at).shape];
  const axis = integerOf(attributes, 'axis');
  if (from.length !== taken.length) return `rank of x is ${from.length}, rank of indices is ${taken.length}`;
  const bad = taken.findIndex((extent, at_) => at_ !== axis && extent !== from[at_]);
  return bad < 0 ? null : `dimension ${bad} of x is ${from[bad]}, dimension ${bad} of indices is ${taken[bad]}`;
}

/** Beside the axis every index may be divided. */
function elementsAxes(op: OpView): Axes {
  const axis = integerOf(op.attributes, 'axis');
  const names = indexNames(tensor(op.operandTypes[0]).shape.length).map((name, at) => (at === axis ? WHOLE : name));
  return { operands: op.operandTypes.map(() => names), results: [names], summed: [], indivisible: [] };
}

function gatherAxes(op: OpView): Axes {
  const axis = integerOf(op.attributes, 'axis');
  const names = indexNames(tensor(op.operandTypes[0]).shape.length).with(axis, WHOLE);
  const taken = indexNames(tensor(op.operandTypes[1]).shape.length, 'j');
  return {
    operands: [names, taken],
    results: [[...names.slice(0, axis), ...taken, ...names.slice(axis + 1)]],
    summed: [],
    indivisible: [],
  };
}

export const indexingOps = defineFamily('indexing', {
  'ms.gather': {
    summary: 'Slices of x along an axis, one for each index: embedding look-up.',
    operands: [x, indices],
    results,
    attributes: [axisSlot],
    constraints: axisConstraint,
    infer: ([operand, at], attributes) => [
      tensorType(
        gatherShape(tensor(operand).shape, tensor(at).shape, integerOf(attributes, 'axis')),
        tensor(operand).dtype,
      ),
    ],
    axes: gatherAxes,
    decompose: primitive,
  },
  'ms.gather_elements': {
    summary: 'Element [.., i, ..] is x[.., indices[.., i, ..], ..] along an axis.',
    operands: [x, indices],
    results,
    attributes: [axisSlot],
    constraints: constraints(
      ['axis is a dimension of x', axisProblem],
      ['x and indices agree beside the axis', elementsProblem],
    ),
    infer: ([operand, at]) => [tensorType(tensor(at).shape, tensor(operand).dtype)],
    axes: elementsAxes,
    decompose: primitive,
  },
  'ms.gather_nd': {
    summary: 'The last dimension of indices holds index tuples into the leading dimensions of x.',
    operands: [x, indices],
    results,
    constraints: constraints(['a tuple is no longer than the rank of x', tupleProblem]),
    infer: ([operand, at]) => [tensorType(tupleShape(operand, at), tensor(operand).dtype)],
    axes: (op) => {
      const length = Number(tupleLength(op.operandTypes[1]));
      const names = indexNames(tensor(op.operandTypes[0]).shape.length).map((name, axis) =>
        axis < length ? WHOLE : name,
      );
      const taken = indexNames(tensor(op.operandTypes[1]).shape.length - 1, 'j');
      return {
        operands: [names, [...taken, WHOLE]],
        results: [[...taken, ...names.slice(length)]],
        summed: [],
        indivisible: [],
      };
    },
    decompose: primitive,
  },
  'ms.scatter_nd': {
    summary: 'x with updates put at index tuples, in row-major order of the tuples.',
    operands: [x, indices, one('updates', anyTensor)],
    results,
    attributes: [reductionSlot],
    constraints: constraints(
      ['a tuple is no longer than the rank of x', tupleProblem],
      ['x and updates have one dtype', ([operand, , updates]) => dtypeProblem(['x', 'updates'])([operand, updates])],
      [
        'updates have the shape that gather_nd would give',
        ([operand, at, updates]) => {
          const [found, expected] = [tensor(updates).shape, tupleShape(operand, at)];
          return sameShape(found, expected)
            ? null
            : `shape of updates is ${shapeText(found)}, the tuples name ${shapeText(expected)}`;
        },
      ],
    ),
    infer: ([operand]) => [tensorType(tensor(operand).shape, tensor(operand).dtype)],
    axes: (op) => {
      const length = Number(tupleLength(op.operandTypes[1]));
      const names = indexNames(tensor(op.operandTypes[0]).shape.length).map((name, axis) =>
        axis < length ? WHOLE : name,
      );
      const tuples = tensor(op.operandTypes[1]).shape.map(() => WHOLE);
      return {
        operands: [names, tuples, [...tuples.slice(1), ...names.slice(length)]],
        results: [names],
        summed: [],
        indivisible: [],
      };
    },
    decompose: primitive,
  },
  'ms.scatter_elements': {
    summary: 'x with updates[.., i, ..] put at [.., indices[.., i, ..], ..] along an axis.',
    operands: [x, indices, one('updates', anyTensor)],
    results,
    attributes: [axisSlot, reductionSlot],
    constraints: constraints(
      ['axis is a dimension of x', axisProblem],
      ['x and indices agree beside the axis', elementsProblem],
      ['x and updates have one dtype', ([operand, , updates]) => dtypeProblem(['x', 'updates'])([operand, updates])],
      [
        'updates have the shape of indices',
        ([, at, updates]) =>
          sameShape(tensor(updates).shape, tensor(at).shape)
            ? null
            : `shape of updates is ${shapeText(tensor(updates).shape)}, shape of indices is ${shapeText(tensor(at).shape)}`,
      ],
    ),
    infer: ([operand]) => [tensorType(tensor(operand).shape, tensor(operand).dtype)],
    axes: elementsAxes,
    decompose: primitive,
  },
  'ms.one_hot': {
    summary: 'on_value where the new dimension equals the index, else off_value.',
    operands: [indices, one('on_value', anyTensor), one('off_value', anyTensor)],
    results,
    attributes: [
      integerSlot('axis', 'where the new dimension stands'),
      integerSlot('depth', 'extent of the new dimension'),
    ],
    constraints: constraints(
      [
        'axis is a dimension of the result',
        ([at], attributes) => {
          const [axis, rank] = [integerOf(attributes, 'axis'), tensor(at).shape.length + 1];
          return axis >= 0 && axis < rank ? null : `axis is ${axis}, rank of result is ${rank}`;
        },
      ],
      ['on_value and off_value have one dtype', ([, on, off]) => dtypeProblem(['on_value', 'off_value'])([on, off])],
      [
        'on_value and off_value have rank 0',
        ([, on, off]) => {
          const ranks = [on, off].map((type) => tensor(type).shape.length);
          return ranks.every((rank) => rank === 0)
            ? null
            : `ranks of on_value and off_value are ${ranks.join(' and ')}, expected 0`;
        },
      ],
    ),
    infer: ([at, on], attributes) => [
      tensorType(
        tensor(at).shape.toSpliced(integerOf(attributes, 'axis'), 0, integerOf(attributes, 'depth')),
        tensor(on).dtype,
      ),
    ],
    axes: (op) => {
      const names = indexNames(tensor(op.operandTypes[0]).shape.length);
      return {
        operands: [names, [], []],
        results: [names.toSpliced(integerOf(op.attributes, 'axis'), 0, WHOLE)],
        summed: [],
        indivisible: [],
      };
    },
    decompose: (emit, [at, on, off], op) => {
      const axis = integerOf(op.attributes, 'axis');
      const { shape, dtype } = tensor(at.type);
      const column = emit.stated('ms.reshape', [at], tensorType(shape.toSpliced(axis, 0, 1), dtype));
      const line = Array.from({ length: shape.length + 1 }, (_, index) =>
        index === axis ? integerOf(op.attributes, 'depth') : 1,
      );
      const count = emit.stated('ms.iota', [], tensorType(line, dtype), { axis: integerAttribute(axis) });
      return [emit.op('ms.select', [emit.op('ms.equal', [column, count]), on, off])];
    },
  },
  'ms.triangle': {
    summary:
      'Booleans that hold where column - row ≤ diagonal (lower) or ≥ diagonal (upper), in the last two dimensions of the stated type.',
    operands: [],
    results: [one('result', boolTensor)],
    attributes: [
      integerSlot('diagonal', 'offset of the diagonal'),
      wordSlot('part', ['lower', 'upper'], 'which side holds'),
    ],
    constraints: constraints([
      'result has rank 2 or more',
      (_, __, [result]) =>
        tensor(result).shape.length >= 2
          ? null
          : `rank of result is ${tensor(result).shape.length}, expected 2 or more`,
    ]),
    infer: absent('states its result type'),
    axes: (op) => {
      const names = indexNames(tensor(op.resultTypes[0]).shape.length);
      return { operands: [], results: [names], summed: [], indivisible: names.slice(-2) };
    },
    decompose: (emit, _, op) => {
      const { shape } = tensor(op.resultTypes[0]);
      const [row, column] = [shape.length - 2, shape.length - 1].map((axis) =>
        emit.stated('ms.iota', [], tensorType(shape, 'i32'), { axis: integerAttribute(axis) }),
      );
      const offset = emit.op('ms.sub', [column, row]);
      const name = stringOf(op.attributes, 'part') === 'lower' ? 'ms.less_equal' : 'ms.greater_equal';
      return [emit.op(name, [offset, emit.scalar(integerOf(op.attributes, 'diagonal'), 'i32')])];
    },
  },
});
