/**
 * A convolution whose windows neither overlap nor leave the map, and the gradient of its filter, as matrix products: each
 * patch becomes a row. They are for patches whose filter is too large for L1 as im2col fractals, of which 3 image channels
 * would also waste 5 in 8.
 */
import type { Attribute, AttributeMap, Operation, Value } from '../../ir/index.ts';
import { boolAttribute, integerOf, integersAttribute, integersOf, tensorType } from '../../ir/index.ts';
import type { Pattern, Rewriter } from '../rewrite/index.ts';
import { typeOf } from '../simplify/rules/match.ts';

/** Taps of the largest patch that stays a convolution: 16 x 16. */
const MAX_TAPS = 256;

export const patchConvolution: Pattern = {
  name: 'convolution of large patches as a product',
  rewrite: (op, rewriter) => {
    const kernel = typeOf(op.operands[1]).shape.slice(2).map(Number);
    return cutsLargePatches(op, kernel) ? [convolved(new Writer(op, rewriter, kernel), op)] : null;
  },
};

export const patchFilterGradient: Pattern = {
  name: 'filter gradient of large patches as a product',
  rewrite: (op, rewriter) => {
    const kernel = integersOf(op.attributes, 'kernel');
    return cutsLargePatches(op, kernel) ? [filterGradient(new Writer(op, rewriter, kernel), op)] : null;
  },
};

function cutsLargePatches(op: Operation, kernel: readonly number[]): boolean {
  const map = typeOf(op.operands[0]).shape.map(Number);
  const strides = integersOf(op.attributes, 'strides');
  return (
    kernel[0] * kernel[1] > MAX_TAPS &&
    integerOf(op.attributes, 'group') === 1 &&
    integersOf(op.attributes, 'pads').every((amount) => amount === 0) &&
    integersOf(op.attributes, 'dilations').every((step) => step === 1) &&
    kernel.every((taps, axis) => taps === strides[axis] && map[2 + axis] % taps === 0)
  );
}

class Writer {
  private readonly rewriter: Rewriter;
  private readonly x: Value;
  private readonly kernel: readonly number[];

  constructor(op: Operation, rewriter: Rewriter, kernel: readonly number[]) {
    this.rewriter = rewriter;
    this.x = op.operands[0];
    this.kernel = kernel;
  }

  write(
    name: string,
    operands: readonly Value[],
    shape: readonly number[],
    attributes: AttributeMap = new Map(),
  ): Value {
    return this.rewriter.create(name, operands, [tensorType(shape, typeOf(this.x).dtype)], attributes).results[0];
  }

  permuted(value: Value, axes: readonly number[]): Value {
    const { shape } = typeOf(value);
    const attributes = new Map<string, Attribute>([['permutation', integersAttribute(axes)]]);
    const extents = axes.map((axis) => Number(shape[axis]));
    return this.write('ms.transpose', [value], extents, attributes);
  }

  /** The map as a matrix: a row for each patch, of all its channels and taps. */
  patches(): Value {
    const [images, channels, height, width] = typeOf(this.x).shape.map(Number);
    const [taps, across] = this.kernel;
    const [rows, columns] = [height / taps, width / across];
    const cut = this.write('ms.reshape', [this.x], [images, channels, rows, taps, columns, across]);
    const depth = channels * taps * across;
    return this.write('ms.reshape', [this.permuted(cut, [0, 2, 4, 1, 3, 5])], [images * rows * columns, depth]);
  }
}

/** What replaces the convolution's result. */
function convolved(writer: Writer, op: Operation): Value {
  const [, weight, bias] = op.operands;
  const [images, outputs, height, width] = typeOf(op.results[0]).shape.map(Number);
  const patches = writer.patches();
  const filter = writer.write('ms.reshape', [weight], [outputs, Number(typeOf(patches).shape[1])]);
  const operands = [patches, filter, ...(bias ? [bias] : [])];
  const product = writer.write('ms.dense', operands, [images * height * width, outputs]);
  return writer.permuted(writer.write('ms.reshape', [product], [images, height, width, outputs]), [0, 3, 1, 2]);
}

/** What replaces the gradient of the filter: the sum over all patches of cotangent times patch. */
function filterGradient(writer: Writer, op: Operation): Value {
  const dy = op.operands[1];
  const [images, outputs, height, width] = typeOf(dy).shape.map(Number);
  const rows = writer.write('ms.reshape', [writer.permuted(dy, [0, 2, 3, 1])], [images * height * width, outputs]);
  const patches = writer.patches();
  const transposed = new Map<string, Attribute>([
    ['transpose_a', boolAttribute(true)],
    ['transpose_b', boolAttribute(false)],
  ]);
  const product = writer.write('ms.matmul', [rows, patches], [outputs, Number(typeOf(patches).shape[1])], transposed);
  return writer.write('ms.reshape', [product], typeOf(op.results[0]).shape.map(Number));
}
