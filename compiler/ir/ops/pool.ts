/** Poolings over windows of NCHW tensors. */
import { boolAttribute } from '../core/attribute.ts';
import { absent, integersOf } from '../core/definition.ts';
import type { Axes } from '../core/definition.ts';
import type { AttributeMap } from '../core/attribute.ts';
import type { Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import type { OpRow } from './define.ts';
import { constraints, defineFamily } from './define.ts';
import { tensor } from './dimension.ts';
import { boolSlot, floatTensor, integersSlot, numberTensor, one } from './slot.ts';
import {
  reachProblem,
  spatialProblem,
  windowAttributeProblem,
  windowPositions,
  windowSlots,
  windowsOf,
} from './window.ts';
import { denseMatrix } from './matrix.ts';

const poolAxes: Axes = {
  operands: [['n', 'c', 'h', 'w']],
  results: [['n', 'c', 'oh', 'ow']],
  summed: [],
  indivisible: ['h', 'w', 'oh', 'ow'],
};

const poolWindows = (x: Type, attributes: AttributeMap) => windowsOf(x, integersOf(attributes, 'kernel'), attributes);

/** Pads beyond half a kernel would make windows of padding alone. */
function padProblem(_: readonly Type[], attributes: AttributeMap): string | null {
  const [kernel, pads] = [integersOf(attributes, 'kernel'), integersOf(attributes, 'pads')];
  const at = pads.findIndex((pad, side) => pad >= kernel[side >> 1]);
  return at < 0 ? null : `pad is ${pads[at]}, kernel is ${kernel[at >> 1]}`;
}

const poolRow: OpRow = {
  summary: '',
  operands: [one('x', numberTensor)],
  results: [one('result', numberTensor)],
  constraints: constraints(
    ['x has rank 4 and known spatial extents', spatialProblem],
    ['kernel, strides, pads and dilations are complete', windowAttributeProblem],
    ['pads are smaller than the kernel', padProblem],
    ['the window fits into x', ([x], attributes) => reachProblem(poolWindows(x, attributes))],
  ),
  infer: ([x], attributes) => {
    const { shape, dtype } = tensor(x);
    return [tensorType([shape[0], shape[1], ...poolWindows(x, attributes).map(windowPositions)], dtype)];
  },
  axes: () => poolAxes,
  decompose: absent('primitive'),
};

const poolSlots = [
  integersSlot('kernel', '[height, width]'),
  ...windowSlots,
  boolSlot('ceil_mode', 'a last window may reach over the end'),
];

/** Row o averages the inputs ⌊o·n/m⌋ … ⌈(o+1)·n/m⌉-1 of n: adaptive pooling along one dimension as a matrix [m, n]. */
export function adaptiveMatrix(input: number, output: number): readonly (readonly number[])[] {
  return Array.from({ length: output }, (_, position) => {
    const begin = Math.floor((position * input) / output);
    const end = Math.ceil(((position + 1) * input) / output);
    return Array.from({ length: input }, (__, at) => (at >= begin && at < end ? 1 / (end - begin) : 0));
  });
}

export const poolOps = defineFamily('pool', {
  'ms.max_pool2d': {
    ...poolRow,
    summary: 'Greatest element of each window; padding never wins.',
    attributes: poolSlots,
  },
  'ms.avg_pool2d': {
    ...poolRow,
    summary: 'Mean of each window.',
    operands: [one('x', floatTensor)],
    attributes: [...poolSlots, boolSlot('count_include_pad', 'padding counts as zeros')],
  },
  'ms.adaptive_avg_pool2d': {
    summary: 'Means over windows that cut x evenly into `size`; window o spans ⌊o·n/m⌋ to ⌈(o+1)·n/m⌉.',
    operands: [one('x', floatTensor)],
    results: [one('result', floatTensor)],
    attributes: [integersSlot('size', '[height, width] of the result')],
    constraints: constraints(
      ['x has rank 4 and known spatial extents', spatialProblem],
      [
        'size is two positive numbers',
        (_, attributes) => {
          const size = integersOf(attributes, 'size');
          return size.length === 2 && size.every((extent) => extent > 0)
            ? null
            : `size is [${size.join(', ')}], expected two positive numbers`;
        },
      ],
    ),
    infer: ([x], attributes) => [
      tensorType([...tensor(x).shape.slice(0, 2), ...integersOf(attributes, 'size')], tensor(x).dtype),
    ],
    axes: () => poolAxes,
    decompose: (emit, [x], op) => {
      const { shape, dtype } = tensor(x.type);
      const [height, width] = integersOf(op.attributes, 'size');
      const matrix = (input: number, output: number) =>
        emit.op('ms.constant', [], { value: denseMatrix(adaptiveMatrix(input, output), dtype) });
      const plain = { transpose_a: boolAttribute(false), transpose_b: boolAttribute(false) };
      const rows = emit.op('ms.batch_matmul', [matrix(Number(shape[2]), height), x], plain);
      return [
        emit.op('ms.batch_matmul', [rows, matrix(Number(shape[3]), width)], {
          ...plain,
          transpose_b: boolAttribute(true),
        }),
      ];
    },
  },
});
