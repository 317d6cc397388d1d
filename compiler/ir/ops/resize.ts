/** Resizing of NCHW images. Each is linear and separable, so each is two products with small constant matrices. */
import { boolAttribute } from '../core/attribute.ts';
import type { AttributeMap } from '../core/attribute.ts';
import { integersOf, stringOf } from '../core/definition.ts';
import type { Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import type { OpRow } from './define.ts';
import { constraints, defineFamily } from './define.ts';
import { tensor } from './dimension.ts';
import { denseMatrix } from './matrix.ts';
import type { ResizeKernel } from './resize-matrix.ts';
import { resizeMatrix } from './resize-matrix.ts';
import { floatTensor, integersSlot, one, wordSlot } from './slot.ts';
import { spatialProblem } from './window.ts';

function sizeProblem(_: readonly Type[], attributes: AttributeMap): string | null {
  const size = integersOf(attributes, 'size');
  return size.length === 2 && size.every((extent) => extent > 0)
    ? null
    : `size is [${size.join(', ')}], expected two positive numbers`;
}

function resizeRow(kernel: ResizeKernel, summary: string): OpRow {
  return {
    summary,
    operands: [one('x', floatTensor)],
    results: [one('result', floatTensor)],
    attributes: [
      integersSlot('size', '[height, width] of the result'),
      wordSlot(
        'coordinates',
        ['half_pixel', 'align_corners', 'asymmetric'],
        'which point of x belongs to a point of the result',
      ),
    ],
    constraints: constraints(
      ['x has rank 4 and known spatial extents', spatialProblem],
      ['size is two positive numbers', sizeProblem],
    ),
    infer: ([x], attributes) => [
      tensorType([...tensor(x).shape.slice(0, 2), ...integersOf(attributes, 'size')], tensor(x).dtype),
    ],
    axes: () => ({
      operands: [['n', 'c', 'h', 'w']],
      results: [['n', 'c', 'oh', 'ow']],
      summed: [],
      indivisible: ['h', 'w', 'oh', 'ow'],
    }),
    decompose: (emit, [x], op) => {
      const { shape, dtype } = tensor(x.type);
      const size = integersOf(op.attributes, 'size');
      const matrix = (axis: 0 | 1) => {
        const rows = resizeMatrix(kernel, stringOf(op.attributes, 'coordinates'), Number(shape[2 + axis]), size[axis]);
        return emit.op('ms.constant', [], { value: denseMatrix(rows, dtype) });
      };
      const plain = { transpose_a: boolAttribute(false), transpose_b: boolAttribute(false) };
      const rows = emit.op('ms.batch_matmul', [matrix(0), x], plain);
      return [emit.op('ms.batch_matmul', [rows, matrix(1)], { ...plain, transpose_b: boolAttribute(true) })];
    },
  };
}

export const resizeOps = defineFamily('resize', {
  'ms.resize_nearest': resizeRow(
    'nearest',
    'The element below the point (asymmetric, half_pixel) or nearest to it (align_corners).',
  ),
  'ms.resize_bilinear': resizeRow('linear', 'Linear between the two neighbours in each direction; the border repeats.'),
  'ms.resize_bicubic': resizeRow(
    'cubic',
    "Keys' cubic (a = -3/4) over four neighbours in each direction; the border repeats.",
  ),
});
