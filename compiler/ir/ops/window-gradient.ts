/** Gradients of windowed ops that no other op says well: they are made by `passes/grad`. */
import { floatAttribute, integerAttribute, integersAttribute, stringAttribute } from '../core/attribute.ts';
import type { AttributeMap } from '../core/attribute.ts';
import type { Axes, OpView } from '../core/definition.ts';
import { integerOf, integersOf } from '../core/definition.ts';
import type { Value } from '../core/operation.ts';
import type { Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import type { Decomposition } from './define.ts';
import { constraints, defineFamily } from './define.ts';
import { sameShape, shapeText, tensor } from './dimension.ts';
import type { Emitter } from './emitter.ts';
import { dtypeProblem } from './matmul.ts';
import { boolSlot, floatTensor, integerSlot, integersSlot, numberTensor, one } from './slot.ts';
import type { Window } from './window.ts';
import { spatialProblem, windowAttributeProblem, windowPositions, windowSlots, windowsOf } from './window.ts';

const windowsIn = (x: Type, attributes: AttributeMap) => windowsOf(x, integersOf(attributes, 'kernel'), attributes);

function groupProblem([x, dy]: readonly Type[], attributes: AttributeMap): string | null {
  const group = integerOf(attributes, 'group');
  const [channels, outputs] = [tensor(x).shape[1], tensor(dy).shape[1]];
  const fits = [channels, outputs].every((extent) => typeof extent === 'number' && extent % group === 0);
  return group > 0 && fits ? null : `channels of x are ${channels}, of dy ${outputs}, groups are ${group}`;
}

/** dy has a batch like x and an element for each place of the window. */
function placesProblem([x, dy]: readonly Type[], attributes: AttributeMap): string | null {
  const [from, found] = [tensor(x).shape, tensor(dy).shape];
  const expected = [from[0], found[1], ...windowsIn(x, attributes).map(windowPositions)];
  return sameShape(found, expected)
    ? null
    : `shape of dy is ${shapeText(found)}, the window gives ${shapeText(expected)}`;
}

const channelProblem = ([x, dy]: readonly Type[]): string | null =>
  tensor(x).shape[1] === tensor(dy).shape[1]
    ? null
    : `channels of x are ${tensor(x).shape[1]}, channels of dy are ${tensor(dy).shape[1]}`;

const rankProblem = ([x, dy]: readonly Type[]): string | null =>
  spatialProblem([x]) ?? spatialProblem([dy])?.replace(/\bx\b/, 'dy') ?? null;

function weightGradientAxes(op: OpView): Axes {
  const grouped = integerOf(op.attributes, 'group') !== 1;
  const [c, o] = grouped ? ['_', '_'] : ['c', 'o'];
  return {
    operands: [
      ['n', c, 'h', 'w'],
      ['n', o, 'oh', 'ow'],
    ],
    results: [[o, c, 'kh', 'kw']],
    summed: ['n'],
    indivisible: ['h', 'w', 'oh', 'ow', 'kh', 'kw'],
  };
}

/** Places of a window from its first to behind its last element. */
const spanOf = (window: Window): number =>
  (windowPositions(window) - 1) * window.stride + window.dilation * (window.kernel - 1) + 1;

const sliceAttributes = (begins: readonly number[], ends: readonly number[], strides: readonly number[]) => ({
  axes: integersAttribute([2, 3]),
  begins: integersAttribute(begins),
  ends: integersAttribute(ends),
  strides: integersAttribute(strides),
});

const transposed = (emit: Emitter, x: Value, permutation: readonly number[]) =>
  emit.op('ms.transpose', [x], { permutation: integersAttribute(permutation) });

/** x [n, g·c, h, w] as [c, g·n, h, w]: for each group, channels are the batch and samples the channels. */
function samplesAsChannels(emit: Emitter, x: Value, group: number): Value {
  if (group === 1) return transposed(emit, x, [1, 0, 2, 3]);
  const { shape, dtype } = tensor(x.type);
  const [n, channels, height, width] = shape.map(Number);
  const apart = emit.stated('ms.reshape', [x], tensorType([n, group, channels / group, height, width], dtype));
  const turned = transposed(emit, apart, [2, 1, 0, 3, 4]);
  return emit.stated('ms.reshape', [turned], tensorType([channels / group, group * n, height, width], dtype));
}

/** A convolution of x by dy: strides and dilations change places, and so do samples and channels. */
const weightGradient: Decomposition = (emit, [x, dy], op) => {
  const windows = windowsIn(x.type, op.attributes);
  const group = integerOf(op.attributes, 'group');
  const kernel = windows.map((window) => window.kernel);
  const after = windows.map((window) => Math.max(0, spanOf(window) - window.input - window.padBefore));
  const product = emit.op('ms.conv2d', [samplesAsChannels(emit, x, group), transposed(emit, dy, [1, 0, 2, 3])], {
    strides: integersAttribute(windows.map((window) => window.dilation)),
    dilations: integersAttribute(windows.map((window) => window.stride)),
    pads: integersAttribute([windows[0].padBefore, after[0], windows[1].padBefore, after[1]]),
    group: integerAttribute(group),
  });
  const exact = tensor(product.type)
    .shape.slice(2)
    .every((extent, axis) => extent === kernel[axis]);
  const cut = exact ? product : emit.op('ms.slice', [product], sliceAttributes([0, 0], kernel, [1, 1]));
  return [transposed(emit, cut, [1, 0, 2, 3])];
};

/** One element of each window after another: where it is the first that equals the maximum, dy goes there. */
const maxPoolGradient: Decomposition = (emit, [x, dy], op) => {
  const windows = windowsIn(x.type, op.attributes);
  const { shape, dtype } = tensor(x.type);
  const low = [0, 0, ...windows.map((window) => window.padBefore)];
  const high = [0, 0, ...windows.map((window) => Math.max(0, spanOf(window) - window.input - window.padBefore))];
  const padded = emit.op('ms.pad', [x], {
    low: integersAttribute(low),
    high: integersAttribute(high),
    mode: stringAttribute('constant'),
    value: floatAttribute(-Infinity),
  });
  const greatest = emit.op('ms.max_pool2d', [x], Object.fromEntries(op.attributes));
  const zero = emit.scalar(0, dtype);
  const apart = windows.every((window) => window.stride > window.dilation * (window.kernel - 1));
  let sum = emit.zeros(tensor(padded.type));
  let taken: Value | null = null;
  for (const place of tapsOf(windows)) {
    const equal = emit.op('ms.equal', [emit.op('ms.slice', [padded], place), greatest]);
    const first: Value =
      taken === null ? equal : emit.op('ms.logical_and', [equal, emit.op('ms.logical_not', [taken])]);
    taken = taken === null ? equal : emit.op('ms.logical_or', [taken, equal]);
    const part = emit.op('ms.select', [first, dy, zero]);
    const joined = apart ? part : emit.op('ms.add', [emit.op('ms.slice', [sum], place), part]);
    sum = emit.op('ms.slice_update', [sum, joined], place);
  }
  const [top, left] = low.slice(2);
  const ends = [top + Number(shape[2]), left + Number(shape[3])];
  return [emit.op('ms.slice', [sum], sliceAttributes([top, left], ends, [1, 1]))];
};

/** For each element of a window, row by row, the slice that takes it from all windows. */
function tapsOf([vertical, horizontal]: readonly [Window, Window]) {
  const along = (window: Window, tap: number) => {
    const begin = tap * window.dilation;
    return { begin, end: begin + (windowPositions(window) - 1) * window.stride + 1 };
  };
  return Array.from({ length: vertical.kernel * horizontal.kernel }, (_, tap) => {
    const row = along(vertical, Math.floor(tap / horizontal.kernel));
    const column = along(horizontal, tap % horizontal.kernel);
    return sliceAttributes([row.begin, column.begin], [row.end, column.end], [vertical.stride, horizontal.stride]);
  });
}

const kernelSlot = integersSlot('kernel', '[height, width]');

export const windowGradientOps = defineFamily('window gradient', {
  'ms.conv2d_weight_gradient': {
    summary:
      'Gradient of the weight of conv2d from x [n, c, h, w] and the gradient dy [n, o, oh, ow] of its result: [o, c/group, kh, kw].',
    operands: [one('x', numberTensor), one('dy', numberTensor)],
    results: [one('result', numberTensor)],
    attributes: [...windowSlots, integerSlot('group', 'as of the convolution'), kernelSlot],
    constraints: constraints(
      ['x and dy have rank 4 and known spatial extents', rankProblem],
      ['x and dy have one dtype', dtypeProblem(['x', 'dy'])],
      ['strides, pads, dilations and kernel are complete', windowAttributeProblem],
      ['groups divide the channels', groupProblem],
      ['dy has the shape of what the convolution gives', placesProblem],
    ),
    infer: ([x, dy], attributes) => {
      const channels = Number(tensor(x).shape[1]) / integerOf(attributes, 'group');
      return [tensorType([tensor(dy).shape[1], channels, ...integersOf(attributes, 'kernel')], tensor(x).dtype)];
    },
    axes: weightGradientAxes,
    decompose: weightGradient,
  },
  'ms.max_pool2d_gradient': {
    summary:
      'Gradient of max_pool2d from x and the gradient dy of its result: each dy goes to the first greatest element of its window, row by row.',
    operands: [one('x', floatTensor), one('dy', floatTensor)],
    results: [one('result', floatTensor)],
    attributes: [kernelSlot, ...windowSlots, boolSlot('ceil_mode', 'as of the pooling')],
    constraints: constraints(
      ['x and dy have rank 4 and known spatial extents', rankProblem],
      ['x and dy have one dtype', dtypeProblem(['x', 'dy'])],
      ['kernel, strides, pads and dilations are complete', windowAttributeProblem],
      ['x and dy have the same channels', channelProblem],
      ['dy has the shape of what the pooling gives', placesProblem],
    ),
    infer: ([x]) => [tensorType(tensor(x).shape, tensor(x).dtype)],
    axes: () => ({
      operands: [
        ['n', 'c', 'h', 'w'],
        ['n', 'c', 'oh', 'ow'],
      ],
      results: [['n', 'c', 'h', 'w']],
      summed: [],
      indivisible: ['h', 'w', 'oh', 'ow'],
    }),
    decompose: maxPoolGradient,
  },
});
