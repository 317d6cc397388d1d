/**
 * A convolution whose windows neither overlap nor leave the map, as a matrix product: each patch becomes a row. It is
 * for patches whose filter is too large for L1 as im2col fractals, of which 3 image channels would also waste 5 in 8.
 */
import type { Attribute, AttributeMap, Operation, Value } from '../../ir/index.ts';
import { integerOf, integersAttribute, integersOf, tensorType } from '../../ir/index.ts';
import type { Pattern, Rewriter } from '../rewrite/index.ts';
import { typeOf } from '../simplify/rules/match.ts';

/** Taps of the largest patch that stays a convolution: 16 x 16. */
const MAX_TAPS = 256;

export const patchConvolution: Pattern = {
  name: 'convolution of large patches as a product',
  rewrite: (op, rewriter) => (cutsLargePatches(op) ? [expand(op, rewriter)] : null),
};

function cutsLargePatches(op: Operation): boolean {
  const [map, filter] = op.operands.map((operand) => typeOf(operand).shape.map(Number));
  const strides = integersOf(op.attributes, 'strides');
  const kernel = filter.slice(2);
  return (
    kernel[0] * kernel[1] > MAX_TAPS &&
    integerOf(op.attributes, 'group') === 1 &&
    integersOf(op.attributes, 'pads').every((amount) => amount === 0) &&
    integersOf(op.attributes, 'dilations').every((step) => step === 1) &&
    kernel.every((taps, axis) => taps === strides[axis] && map[2 + axis] % taps === 0)
  );
}

/** What replaces the convolution's result. */
function expand(op: Operation, rewriter: Rewriter): Value {
  const [x, weight, bias] = op.operands;
  const { dtype } = typeOf(x);
  const [outputs, channels, kernelHeight, kernelWidth] = typeOf(weight).shape.map(Number);
  const [images, , height, width] = typeOf(op.results[0]).shape.map(Number);
  const write = (
    name: string,
    operands: readonly Value[],
    shape: readonly number[],
    attributes: AttributeMap = new Map(),
  ): Value => rewriter.create(name, operands, [tensorType(shape, dtype)], attributes).results[0];
  const permuted = (value: Value, axes: readonly number[]): Value => {
    const { shape } = typeOf(value);
    const attributes = new Map<string, Attribute>([['permutation', integersAttribute(axes)]]);
    return write(
      'ms.transpose',
      [value],
      axes.map((axis) => Number(shape[axis])),
      attributes,
    );
  };
  const depth = channels * kernelHeight * kernelWidth;
  const cut = write('ms.reshape', [x], [images, channels, height, kernelHeight, width, kernelWidth]);
  const patches = write('ms.reshape', [permuted(cut, [0, 2, 4, 1, 3, 5])], [images * height * width, depth]);
  const filter = write('ms.reshape', [weight], [outputs, depth]);
  const product = write('ms.dense', [patches, filter, ...(bias ? [bias] : [])], [images * height * width, outputs]);
  return permuted(write('ms.reshape', [product], [images, height, width, outputs]), [0, 3, 1, 2]);
}
