/** The geometry of windowed ops, read from their types and attributes. */
import type { Operation, TensorType } from '../../../ir/index.ts';
import { integerOf, integersOf } from '../../../ir/index.ts';
import { RELU_EPILOGUE } from '../../../passes/fuse/index.ts';
import { tensorOf } from '../tensor.ts';
import type { ConvolutionShape } from './convolution.ts';
import type { WindowGeometry } from './geometry.ts';

export type Pair = readonly [height: number, width: number];

export const extents = (type: TensorType): readonly number[] => type.shape.map(Number);

export const pairOf = (op: Operation, name: string): Pair => {
  const [height, width] = integersOf(op.attributes, name);
  return [height, width];
};

/** Windows over the first operand, one for each position of a map of type `out`. */
export function geometry(op: Operation, kernel: Pair, out: TensorType): WindowGeometry {
  const [images, , height, width] = extents(tensorOf(op.operands[0]));
  const [, , outHeight, outWidth] = extents(out);
  const [padTop, padBottom, padLeft, padRight] = integersOf(op.attributes, 'pads');
  return {
    images,
    height,
    width,
    outHeight,
    outWidth,
    kernel,
    strides: pairOf(op, 'strides'),
    dilations: pairOf(op, 'dilations'),
    padTop,
    padBottom,
    padLeft,
    padRight,
    bias: op.operands.length > 2,
    relu: op.attributes.has(RELU_EPILOGUE),
  };
}

export function convolutionShape(op: Operation): ConvolutionShape {
  const [, inputs] = extents(tensorOf(op.operands[0]));
  const [outputs, , kernelHeight, kernelWidth] = extents(tensorOf(op.operands[1]));
  const windows = geometry(op, [kernelHeight, kernelWidth], tensorOf(op.results[0]));
  return { ...windows, inputs, outputs, group: integerOf(op.attributes, 'group') };
}

/** Of the convolution whose filter gradient an op computes; its second operand is the gradient of the result. */
export function gradientShape(op: Operation): ConvolutionShape {
  const [map, gradient] = op.operands.map(tensorOf);
  const windows = geometry(op, pairOf(op, 'kernel'), gradient);
  return {
    ...windows,
    inputs: extents(map)[1],
    outputs: extents(gradient)[1],
    group: integerOf(op.attributes, 'group'),
  };
}
