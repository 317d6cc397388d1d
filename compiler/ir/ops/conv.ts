/** Convolutions, NCHW by OIHW. Cross-correlation, as every framework means it. */
import { absent, integerOf, integersOf } from '../core/definition.ts';
import type { Axes, OpView } from '../core/definition.ts';
import type { AttributeMap } from '../core/attribute.ts';
import type { Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import { constraints, defineFamily } from './define.ts';
import type { Shape } from './dimension.ts';
import { shapeText, tensor } from './dimension.ts';
import { dtypeProblem } from './matmul.ts';
import { integerSlot, integersSlot, numberTensor, one, optional } from './slot.ts';
import {
  reachProblem,
  spatialProblem,
  windowAttributeProblem,
  windowPositions,
  windowSlots,
  windowsOf,
} from './window.ts';

const operands = [one('x', numberTensor), one('weight', numberTensor), optional('bias', numberTensor)];
const groupSlot = integerSlot('group', 'channels are cut into this many independent convolutions');

const kernelOf = (weight: Type): readonly number[] => tensor(weight).shape.slice(2).map(Number);

function weightProblem([, weight]: readonly Type[]): string | null {
  const { shape } = tensor(weight);
  if (shape.length !== 4) return `rank of weight is ${shape.length}, expected 4`;
  return shape.every((extent) => typeof extent === 'number')
    ? null
    : `shape of weight is ${shapeText(shape)}, expected numbers`;
}

const outputChannels = (weight: Type): number => Number(tensor(weight).shape[0]);

function biasProblem(bias: Type | undefined, channels: number): string | null {
  if (bias === undefined) return null;
  const { shape } = tensor(bias);
  return shape.length === 1 && shape[0] === channels
    ? null
    : `shape of bias is ${shapeText(shape)}, output channels are ${channels}`;
}

function groupProblem([x, weight]: readonly Type[], attributes: AttributeMap): string | null {
  const group = integerOf(attributes, 'group');
  const [channels, [outputs, inputs]] = [tensor(x).shape[1], tensor(weight).shape];
  if (channels !== Number(inputs) * group)
    return `channels of x are ${channels}, weight takes ${inputs} in each of ${group} groups`;
  return Number(outputs) % group === 0 ? null : `output channels are ${outputs}, groups are ${group}`;
}

function transposeGroupProblem([x, weight]: readonly Type[], attributes: AttributeMap): string | null {
  const group = integerOf(attributes, 'group');
  const [channels, inputs] = [tensor(x).shape[1], tensor(weight).shape[0]];
  if (channels !== inputs) return `channels of x are ${channels}, weight takes ${inputs}`;
  return Number(inputs) % group === 0 ? null : `channels of x are ${channels}, groups are ${group}`;
}

/** Batch divides always; channels only without groups, since `group` counts them; space never (halo). */
function convolutionAxes(weightIndices: readonly string[]) {
  return (op: OpView): Axes => {
    const grouped = integerOf(op.attributes, 'group') !== 1;
    const biased = op.operandTypes.length > 2;
    return {
      operands: [['n', 'c', 'h', 'w'], grouped ? ['_', '_', 'kh', 'kw'] : weightIndices, ['o']].slice(
        0,
        op.operandTypes.length,
      ),
      results: [['n', 'o', 'oh', 'ow']],
      summed: grouped || biased ? [] : ['c'],
      indivisible: [...(grouped ? ['c', 'o'] : biased ? ['c'] : []), 'h', 'w', 'kh', 'kw', 'oh', 'ow'],
    };
  };
}

/** Extent of a transposed convolution along one spatial dimension. */
export function transposeExtent(x: Type, weight: Type, attributes: AttributeMap, axis: 0 | 1): number {
  const window = windowsOf(x, kernelOf(weight), attributes)[axis];
  const reach = window.dilation * (window.kernel - 1) + 1;
  return (
    (window.input - 1) * window.stride -
    window.padBefore -
    window.padAfter +
    reach +
    integersOf(attributes, 'output_pads')[axis]
  );
}

export const convOps = defineFamily('conv', {
  'ms.conv2d': {
    summary: 'Two-dimensional convolution of x [n, c, h, w] with weight [o, c/group, kh, kw], plus bias [o].',
    operands,
    results: [one('result', numberTensor)],
    attributes: [...windowSlots, groupSlot],
    constraints: constraints(
      ['x has rank 4 and known spatial extents', spatialProblem],
      ['weight has rank 4 and known extents', weightProblem],
      ['all have one dtype', dtypeProblem(['x', 'weight', 'bias'])],
      ['strides, pads and dilations are complete', windowAttributeProblem],
      ['channels of x are those of weight times group', groupProblem],
      ['bias is [o]', ([, weight, bias]) => biasProblem(bias, outputChannels(weight))],
      ['the window fits into x', ([x, weight], attributes) => reachProblem(windowsOf(x, kernelOf(weight), attributes))],
    ),
    infer: ([x, weight], attributes) => {
      const space: Shape = windowsOf(x, kernelOf(weight), attributes).map(windowPositions);
      return [tensorType([tensor(x).shape[0], outputChannels(weight), ...space], tensor(x).dtype)];
    },
    axes: convolutionAxes(['o', 'c', 'kh', 'kw']),
    decompose: absent('primitive'),
  },
  'ms.conv2d_transpose': {
    summary:
      'The transpose of conv2d: x [n, c, h, w] with weight [c, o/group, kh, kw] spreads over the output; plus bias [o].',
    operands,
    results: [one('result', numberTensor)],
    attributes: [
      ...windowSlots,
      groupSlot,
      integersSlot('output_pads', 'extra rows and columns at the end, [vertical, horizontal]'),
    ],
    constraints: constraints(
      ['x has rank 4 and known spatial extents', spatialProblem],
      ['weight has rank 4 and known extents', weightProblem],
      ['all have one dtype', dtypeProblem(['x', 'weight', 'bias'])],
      ['strides, pads and dilations are complete', windowAttributeProblem],
      ['channels of x are those of weight', transposeGroupProblem],
      [
        'bias is [o]',
        ([, weight, bias], attributes) =>
          biasProblem(bias, Number(tensor(weight).shape[1]) * integerOf(attributes, 'group')),
      ],
      [
        'the result is not empty',
        ([x, weight], attributes) => {
          const extents = ([0, 1] as const).map((axis) => transposeExtent(x, weight, attributes, axis));
          return extents.every((extent) => extent > 0)
            ? null
            : `the result would be ${extents.join(' by ')}, pads are ${shapeText(integersOf(attributes, 'pads'))}`;
        },
      ],
    ),
    infer: ([x, weight], attributes) => {
      const channels = Number(tensor(weight).shape[1]) * integerOf(attributes, 'group');
      const extent = (axis: 0 | 1) => transposeExtent(x, weight, attributes, axis);
      return [tensorType([tensor(x).shape[0], channels, extent(0), extent(1)], tensor(x).dtype)];
    },
    axes: convolutionAxes(['c', 'o', 'kh', 'kw']),
    decompose: absent('primitive'),
  },
});
