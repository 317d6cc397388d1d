/**
 * A convolution whose windows neither overlap nor leave the map, as a matrix product: each patch becomes a row. It is
 * for patches whose filter is too large for L1 as im2col fractals, of which 3 image channels would also waste 5 in 8.
 */
import type { Attribute, AttributeMap, Block, Operation, TensorType, Value } from '../../ir/index.ts';
import { Operation as Op, integerOf, integersAttribute, integersOf, tensorType } from '../../ir/index.ts';

/** Taps of the largest patch that stays a convolution: 16 x 16. */
const MAX_TAPS = 256;

export function expandPatchConvolutions(block: Block): void {
  const replaced = new Map<Value, Value>();
  block.operations = block.operations.flatMap((op) => {
    op.operands.forEach((operand, index) => op.setOperand(index, replaced.get(operand) ?? operand));
    if (op.name !== 'ms.conv2d' || !cutsLargePatches(op)) return [op];
    const expanded = expand(op);
    replaced.set(op.results[0], expanded[expanded.length - 1].results[0]);
    op.dropUses();
    return expanded;
  });
}

function tensorOf(value: Value): TensorType {
  if (value.type.kind !== 'tensor') throw new Error(`${value.type.key} is no tensor`);
  return value.type;
}

function cutsLargePatches(op: Operation): boolean {
  const [map, filter] = op.operands.map((operand) => tensorOf(operand).shape.map(Number));
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

/** The ops in order; the last has the convolution's result. */
function expand(op: Operation): readonly Operation[] {
  const [x, weight, bias] = op.operands;
  const { dtype } = tensorOf(x);
  const [outputs, channels, kernelHeight, kernelWidth] = tensorOf(weight).shape.map(Number);
  const [images, , height, width] = tensorOf(op.results[0]).shape.map(Number);
  const operations: Operation[] = [];
  const write = (
    name: string,
    operands: readonly Value[],
    shape: readonly number[],
    attributes: AttributeMap = new Map(),
  ): Value => {
    const created = new Op(name, operands, [tensorType(shape, dtype)], attributes, [], op.location);
    operations.push(created);
    return created.results[0];
  };
  const permuted = (value: Value, axes: readonly number[]): Value => {
    const { shape } = tensorOf(value);
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
  permuted(write('ms.reshape', [product], [images, height, width, outputs]), [0, 3, 1, 2]);
  return operations;
}
