/**
 * Transposed convolution as a convolution: the input with stride − 1 zeros between its elements, padded by
 * (kernel − 1)·dilation − pad, times the filter with its taps reversed and its channels exchanged. The filter's part is
 * work on parameters. (Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016.)
 */
import type { Attribute, AttributeMap, Operation, TensorType, Value } from '../../ir/index.ts';
import {
  denseAttribute,
  elementArray,
  integerAttribute,
  integerOf,
  integersAttribute,
  integersOf,
  tensorType,
} from '../../ir/index.ts';
import type { Pattern, Rewriter } from '../rewrite/index.ts';
import { typeOf } from '../simplify/rules/match.ts';

export const transposedConvolution: Pattern = {
  name: 'transposed convolution as a convolution',
  rewrite: (op, rewriter) => [expand(op, rewriter)],
};

/** The convolution's result; what a padding wider than the kernel would take away is cut off afterwards. */
function expand(op: Operation, rewriter: Rewriter): Value {
  const [x, weight, bias] = op.operands;
  const type = typeOf(op.results[0]);
  const [images, channels, height, width] = type.shape.map(Number);
  const strides = integersOf(op.attributes, 'strides');
  const dilations = integersOf(op.attributes, 'dilations');
  const [top, , left] = integersOf(op.attributes, 'pads');
  const kernel = typeOf(weight).shape.slice(2).map(Number);
  const reach = kernel.map((taps, axis) => (taps - 1) * dilations[axis]);
  const [rows, columns] = spreadExtents(x, strides);
  // What is missing of the stated result lies at the end: output padding.
  const wanted = [reach[0] - top, height + top - rows, reach[1] - left, width + left - columns];
  const cut = wanted.map((amount) => Math.max(0, -amount));
  const attributes = new Map<string, Attribute>([
    ['strides', integersAttribute([1, 1])],
    ['pads', integersAttribute(wanted.map((amount) => Math.max(0, amount)))],
    ['dilations', integersAttribute(dilations)],
    ['group', integerAttribute(integerOf(op.attributes, 'group'))],
  ]);
  const spread = spreadInput(rewriter, x, strides);
  const filter = exchangedFilter(rewriter, weight, integerOf(op.attributes, 'group'));
  const extents = [height + cut[0] + cut[1], width + cut[2] + cut[3]];
  const whole = tensorType([images, channels, ...extents], type.dtype);
  const result = write(rewriter, 'ms.conv2d', [spread, filter, ...(bias ? [bias] : [])], whole, attributes);
  if (cut.every((amount) => amount === 0)) return result;
  return write(rewriter, 'ms.slice', [result], type, sliceOf([cut[0], cut[2]], [cut[0] + height, cut[2] + width]));
}

/** The part of a map between two corners. */
const sliceOf = (begins: readonly number[], ends: readonly number[]): AttributeMap =>
  new Map<string, Attribute>([
    ['axes', integersAttribute([2, 3])],
    ['begins', integersAttribute(begins)],
    ['ends', integersAttribute(ends)],
    ['strides', integersAttribute([1, 1])],
  ]);

function write(
  rewriter: Rewriter,
  name: string,
  operands: readonly Value[],
  type: TensorType,
  attributes: AttributeMap = new Map(),
): Value {
  return rewriter.create(name, operands, [type], attributes).results[0];
}

/** Height and width of the input once zeros stand between its elements. */
const spreadExtents = (x: Value, strides: readonly number[]): readonly number[] =>
  typeOf(x)
    .shape.slice(2)
    .map((extent, axis) => (Number(extent) - 1) * strides[axis] + 1);

/** Zeros between the elements of each plane. */
function spreadInput(rewriter: Rewriter, x: Value, strides: readonly number[]): Value {
  if (strides.every((stride) => stride === 1)) return x;
  const { shape, dtype } = typeOf(x);
  const spread = spreadExtents(x, strides);
  const type = tensorType([...shape.slice(0, 2), ...spread], dtype);
  const zeros = write(
    rewriter,
    'ms.constant',
    [],
    type,
    new Map([['value', denseAttribute(type, elementArray(dtype, 1))]]),
  );
  const attributes = new Map<string, Attribute>([
    ['axes', integersAttribute([2, 3])],
    ['begins', integersAttribute([0, 0])],
    ['ends', integersAttribute(spread)],
    ['strides', integersAttribute(strides)],
  ]);
  return write(rewriter, 'ms.slice_update', [zeros, x], type, attributes);
}

/** [I, O/g, kh, kw] to [O, I/g, kh, kw] with reversed taps. */
function exchangedFilter(rewriter: Rewriter, weight: Value, group: number): Value {
  const { shape, dtype } = typeOf(weight);
  const [inputs, groupOutputs, kernelHeight, kernelWidth] = shape.map(Number);
  const kernel = [kernelHeight, kernelWidth];
  if (group === 1) {
    const permutation = new Map([['permutation', integersAttribute([1, 0, 2, 3])]]);
    const type = tensorType([groupOutputs, inputs, ...kernel], dtype);
    const exchanged = write(rewriter, 'ms.transpose', [weight], type, permutation);
    return write(rewriter, 'ms.reverse', [exchanged], type, new Map([['axes', integersAttribute([2, 3])]]));
  }
  const groupInputs = inputs / group;
  const grouped = write(
    rewriter,
    'ms.reshape',
    [weight],
    tensorType([group, groupInputs, groupOutputs, ...kernel], dtype),
  );
  const exchanged = write(
    rewriter,
    'ms.transpose',
    [grouped],
    tensorType([group, groupOutputs, groupInputs, ...kernel], dtype),
    new Map([['permutation', integersAttribute([0, 2, 1, 3, 4])]]),
  );
  const reversed = write(
    rewriter,
    'ms.reverse',
    [exchanged],
    typeOf(exchanged),
    new Map([['axes', integersAttribute([3, 4])]]),
  );
  return write(rewriter, 'ms.reshape', [reversed], tensorType([group * groupOutputs, groupInputs, ...kernel], dtype));
}
