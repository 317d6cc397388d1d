/** Constants and data movement as ONNX nodes. */
import { integerOf, integersOf, stringOf, type OpView } from '../../../../compiler/ir/index.ts';
import { loadNumber } from '../../../../compiler/ir/ops/index.ts';
import { fault } from '../../fault.ts';
import type { OnnxGraphBuilder } from '../builder.ts';
import { numbers, operandType, resultType, type OnnxFamily, type OnnxRule } from '../rule.ts';

const elements = (shape: readonly number[]): number => shape.reduce((count, extent) => count * extent, 1);

/** A splat stays one element; Expand makes the rest at run time. */
const constant: OnnxRule = (graph, _, op) => {
  const value = op.attributes.get('value');
  if (value?.kind !== 'dense') throw new Error('a constant without value passed the verifier');
  const shape = numbers(value.type.shape, 'a constant');
  const { dtype } = value.type;
  if (value.data.length === elements(shape) && value.data.length > 1)
    return [graph.constant('constant', { dtype, shape, data: value.data })];
  const scalar = graph.literal(dtype, [], [loadNumber(dtype, value.data, 0)]);
  return [shape.length === 0 ? scalar : graph.node('Expand', [scalar, graph.integers(shape)])];
};

/** Counting along one axis is a vector that Expand repeats. */
const iota: OnnxRule = (graph, _, op) => {
  const { shape, dtype } = resultType(op);
  const extents = numbers(shape, 'counting');
  const axis = integerOf(op.attributes, 'axis');
  const line = extents.map((extent, at) => (at === axis ? extent : 1));
  const count = graph.literal(
    dtype,
    line,
    Array.from({ length: extents[axis] }, (__, index) => index),
  );
  return [elements(line) === elements(extents) ? count : graph.node('Expand', [count, graph.integers(extents)])];
};

/** 0 keeps the extent of x, -1 takes what is left: so symbolic dimensions pass through where one of the two says them. */
const reshape: OnnxRule = (graph, [x], op) => {
  const from = operandType(op, 0).shape;
  const to: readonly (number | string)[] = resultType(op).shape;
  let isLeftFree = true;
  const target = to.map((extent, axis) => {
    if (typeof extent === 'number') return extent;
    if (from[axis] === extent && !to.includes(0)) return 0;
    if (!isLeftFree)
      return fault('unsupported', `two symbolic dimensions of ${JSON.stringify(to)} do not follow from x`, null);
    isLeftFree = false;
    return -1;
  });
  return [graph.node('Reshape', [x, graph.integers(target)], { allowzero: Number(to.includes(0)) })];
};

function sliceInputs(graph: OnnxGraphBuilder, op: OpView): readonly string[] {
  return ['begins', 'ends', 'axes', 'strides'].map((name) => graph.integers(integersOf(op.attributes, name)));
}

/** The row-major positions in x that a slice takes. */
function slicePositions(op: OpView): readonly number[] {
  const shape = numbers(operandType(op, 0).shape, 'writing into a slice');
  const [axes, begins, ends, strides] = ['axes', 'begins', 'ends', 'strides'].map((name) =>
    integersOf(op.attributes, name),
  );
  let positions = [0];
  for (const [axis, extent] of shape.entries()) {
    const at = axes.indexOf(axis);
    const [begin, end, stride] = at < 0 ? [0, extent, 1] : [begins[at], ends[at], strides[at]];
    const taken = Array.from(
      { length: Math.max(0, Math.ceil((end - begin) / stride)) },
      (_, index) => begin + index * stride,
    );
    positions = positions.flatMap((position) => taken.map((index) => position * extent + index));
  }
  return positions;
}

/** ONNX scatters along one axis only, so x is scattered flat. */
const sliceUpdate: OnnxRule = (graph, [x, update], op) => {
  const positions = slicePositions(op);
  const flat = graph.integers([-1]);
  const [flatX, flatUpdate] = [x, update].map((value) => graph.node('Reshape', [value, flat]));
  const written = graph.node('ScatterElements', [flatX, graph.integers(positions), flatUpdate], { axis: 0 });
  return [graph.node('Reshape', [written, graph.integers(numbers(resultType(op).shape, 'writing into a slice'))])];
};

const pad: OnnxRule = (graph, [x], op) => {
  const mode = stringOf(op.attributes, 'mode');
  if (mode === 'symmetric') fault('unsupported', 'ONNX has no padding that mirrors with the border (symmetric)', null);
  const pads = graph.integers([...integersOf(op.attributes, 'low'), ...integersOf(op.attributes, 'high')]);
  if (mode !== 'constant') return [graph.node('Pad', [x, pads], { mode })];
  const value = op.attributes.get('value');
  const fill = value?.kind === 'float' ? value.value : 0;
  return [graph.node('Pad', [x, pads, graph.literal(operandType(op, 0).dtype, [], [fill])], { mode })];
};

/** Every index of an axis `count` times. */
const repeat: OnnxRule = (graph, [x], op) => {
  const [axis, count] = ['axis', 'count'].map((name) => integerOf(op.attributes, name));
  const [extent] = numbers([operandType(op, 0).shape[axis]], 'repeating');
  const indices = Array.from({ length: extent * count }, (_, index) => Math.floor(index / count));
  return [graph.node('Gather', [x, graph.integers(indices)], { axis })];
};

const reverse: OnnxRule = (graph, [x], op) => {
  const axes = integersOf(op.attributes, 'axes');
  const all = (value: number): string => graph.integers(axes.map(() => value));
  const beforeFirst = -(2 ** 31);
  return [graph.node('Slice', [x, all(-1), all(beforeFirst), graph.integers(axes), all(-1)])];
};

/** The last `shift` elements come first. */
const roll: OnnxRule = (graph, [x], op) => {
  const axis = integerOf(op.attributes, 'axis');
  const [extent] = numbers([operandType(op, 0).shape[axis]], 'rolling');
  const shift = extent === 0 ? 0 : ((integerOf(op.attributes, 'shift') % extent) + extent) % extent;
  const part = (begin: number, end: number): string =>
    graph.node('Slice', [x, graph.integers([begin]), graph.integers([end]), graph.integers([axis])]);
  return [graph.node('Concat', [part(extent - shift, extent), part(0, extent - shift)], { axis })];
};

export const constantRules = { 'ms.constant': constant, 'ms.iota': iota } satisfies OnnxFamily;

export const shapeRules = {
  'ms.reshape': reshape,
  'ms.transpose': (graph, inputs, op) => [
    graph.node('Transpose', inputs, { perm: integersOf(op.attributes, 'permutation') }),
  ],
  'ms.broadcast_to': (graph, [x], op) => [
    graph.node('Expand', [x, graph.integers(numbers(resultType(op).shape, 'broadcasting'))]),
  ],
  'ms.concat': (graph, inputs, op) => [graph.node('Concat', inputs, { axis: integerOf(op.attributes, 'axis') })],
  'ms.split': (graph, [x], op) => {
    const sizes = integersOf(op.attributes, 'sizes');
    const names = sizes.map(() => 'Split');
    return graph.nodes('Split', [x, graph.integers(sizes)], names, { axis: integerOf(op.attributes, 'axis') });
  },
  'ms.slice': (graph, [x], op) => [graph.node('Slice', [x, ...sliceInputs(graph, op)])],
  'ms.slice_update': sliceUpdate,
  'ms.pad': pad,
  'ms.tile': (graph, [x], op) => [graph.node('Tile', [x, graph.integers(integersOf(op.attributes, 'repeats'))])],
  'ms.repeat': repeat,
  'ms.reverse': reverse,
  'ms.roll': roll,
} satisfies OnnxFamily;
