/**
 * Transposed convolution as a convolution: the input with stride − 1 zeros between its elements, padded by
 * (kernel − 1)·dilation − pad, times the filter with its taps reversed and its channels exchanged. The filter's part is
 * work on parameters. (Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016.)
 */
import type { Attribute, AttributeMap, Block, Operation, TensorType, Value } from '../../ir/index.ts';
import {
  Operation as Op,
  denseAttribute,
  elementArray,
  integerAttribute,
  integerOf,
  integersAttribute,
  integersOf,
  tensorType,
} from '../../ir/index.ts';

export function expandTransposedConvolutions(block: Block): void {
  const replaced = new Map<Value, Value>();
  block.operations = block.operations.flatMap((op) => {
    op.operands.forEach((operand, index) => op.setOperand(index, replaced.get(operand) ?? operand));
    const expanded = op.name === 'ms.conv2d_transpose' ? expand(op) : null;
    if (expanded === null) return [op];
    replaced.set(op.results[0], expanded[expanded.length - 1].results[0]);
    op.dropUses();
    return expanded;
  });
}

function tensorOf(value: Value): TensorType {
  if (value.type.kind !== 'tensor') throw new Error(`${value.type.key} is no tensor`);
  return value.type;
}

/** The ops in order, the convolution last; null where a padding wider than the kernel would cut the result. */
function expand(op: Operation): readonly Operation[] | null {
  const [x, weight, bias] = op.operands;
  const [, , height, width] = tensorOf(op.results[0]).shape.map(Number);
  const strides = integersOf(op.attributes, 'strides');
  const dilations = integersOf(op.attributes, 'dilations');
  const [top, , left] = integersOf(op.attributes, 'pads');
  const kernel = tensorOf(weight).shape.slice(2).map(Number);
  const reach = kernel.map((taps, axis) => (taps - 1) * dilations[axis]);
  const writer = new Writer(op);
  const spread = spreadInput(writer, x, strides);
  const [rows, columns] = tensorOf(spread).shape.slice(2).map(Number);
  // What is missing of the stated result lies at the end: output padding.
  const pads = [reach[0] - top, height + top - rows, reach[1] - left, width + left - columns];
  if (pads.some((amount) => amount < 0)) return null;
  const attributes = new Map<string, Attribute>([
    ['strides', integersAttribute([1, 1])],
    ['pads', integersAttribute(pads)],
    ['dilations', integersAttribute(dilations)],
    ['group', integerAttribute(integerOf(op.attributes, 'group'))],
  ]);
  const filter = exchangedFilter(writer, weight, integerOf(op.attributes, 'group'));
  writer.write('ms.conv2d', [spread, filter, ...(bias ? [bias] : [])], tensorOf(op.results[0]), attributes);
  return writer.operations;
}

class Writer {
  readonly operations: Operation[] = [];
  private readonly origin: Operation;

  constructor(origin: Operation) {
    this.origin = origin;
  }

  write(name: string, operands: readonly Value[], type: TensorType, attributes: AttributeMap = new Map()): Value {
    const op = new Op(name, operands, [type], attributes, [], this.origin.location);
    this.operations.push(op);
    return op.results[0];
  }
}

/** Zeros between the elements of each plane. */
function spreadInput(writer: Writer, x: Value, strides: readonly number[]): Value {
  if (strides.every((stride) => stride === 1)) return x;
  const { shape, dtype } = tensorOf(x);
  const [images, channels, height, width] = shape.map(Number);
  const spread = [(height - 1) * strides[0] + 1, (width - 1) * strides[1] + 1];
  const type = tensorType([images, channels, ...spread], dtype);
  const zeros = writer.write(
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
  return writer.write('ms.slice_update', [zeros, x], type, attributes);
}

/** [I, O/g, kh, kw] to [O, I/g, kh, kw] with reversed taps. */
function exchangedFilter(writer: Writer, weight: Value, group: number): Value {
  const { shape, dtype } = tensorOf(weight);
  const [inputs, groupOutputs, kernelHeight, kernelWidth] = shape.map(Number);
  const kernel = [kernelHeight, kernelWidth];
  const groupInputs = inputs / group;
  const grouped = writer.write(
    'ms.reshape',
    [weight],
    tensorType([group, groupInputs, groupOutputs, ...kernel], dtype),
  );
  const exchanged = writer.write(
    'ms.transpose',
    [grouped],
    tensorType([group, groupOutputs, groupInputs, ...kernel], dtype),
    new Map([['permutation', integersAttribute([0, 2, 1, 3, 4])]]),
  );
  const reversed = writer.write(
    'ms.reverse',
    [exchanged],
    tensorOf(exchanged),
    new Map([['axes', integersAttribute([3, 4])]]),
  );
  return writer.write('ms.reshape', [reversed], tensorType([group * groupOutputs, groupInputs, ...kernel], dtype));
}
