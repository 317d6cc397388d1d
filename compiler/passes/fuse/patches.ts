/**
 * Convolutions of maps with few channels, and their filter gradients, over patches: the cube works on whole blocks of C0
 * channels, of which a map of 1 or 3 channels leaves most empty at every tap. With the elements under a window as
 * channels, `npu.patches`, the blocks are full and the convolution has one tap.
 */
import type { Attribute, AttributeMap, Operation, TensorType } from '../../ir/index.ts';
import {
  dtypeBytes,
  elementCount,
  integerAttribute,
  integerOf,
  integersAttribute,
  integersOf,
  tensorType,
} from '../../ir/index.ts';
import { typeOf } from '../simplify/rules/match.ts';

export const PATCHES = 'npu.patches';

/** Elements of patches in a row of output positions: a table of them lies in on-chip memory. */
const MOST_ROW_ELEMENTS = 20_000;
/** Channels whose rows are loaded one after another. */
const MOST_CHANNELS = 4;
/** Columns of the map and rows under a window that lie in on-chip memory together. */
const MOST_WINDOW_ELEMENTS = 8_000;

/** True where patches need at most half the multiplications. */
export function usesPatches(op: Operation, map: TensorType, kernel: readonly number[]): boolean {
  const [channels, , width] = map.shape.slice(1).map(Number);
  const block = 32 / dtypeBytes(map.dtype);
  const taps = kernel[0] * kernel[1];
  const full = Math.ceil((channels * taps) / block) * block;
  const places = map.dtype === 'f32' || map.dtype === 'f16' ? Number(outputOf(op).shape[3]) : Infinity;
  return (
    integerOf(op.attributes, 'group') === 1 &&
    channels <= MOST_CHANNELS &&
    2 * full <= block * taps &&
    places * full <= MOST_ROW_ELEMENTS &&
    channels * kernel[0] * integersOf(op.attributes, 'dilations')[0] * width <= MOST_WINDOW_ELEMENTS
  );
}

/** The map with an element for each window: the result of a convolution, the gradient of it. */
const outputOf = (op: Operation): TensorType =>
  op.name === 'ms.conv2d' ? typeOf(op.results[0]) : typeOf(op.operands[1]);

/** The type of the patches of a map, and the attributes that say where they lie. */
export function patchesOf(op: Operation, map: TensorType, kernel: readonly number[]) {
  const shape = [map.shape[0], Number(map.shape[1]) * elementCount(kernel), ...outputOf(op).shape.slice(2)];
  const attributes = new Map<string, Attribute>([
    ...['strides', 'pads', 'dilations'].map(
      (name) => [name, integersAttribute(integersOf(op.attributes, name))] as const,
    ),
    ['kernel', integersAttribute(kernel)],
  ]);
  return { type: tensorType(shape, map.dtype, { layout: 'NC1HWC0' }), attributes };
}

/** The attributes of a convolution over patches. */
export const ONE_TAP: AttributeMap = new Map<string, Attribute>([
  ['strides', integersAttribute([1, 1])],
  ['pads', integersAttribute([0, 0, 0, 0])],
  ['dilations', integersAttribute([1, 1])],
  ['group', integerAttribute(1)],
]);

/** Says which patches of a map an op needs. */
export const patchesKey = (op: Operation, kernel: readonly number[]): string =>
  [kernel, ...['strides', 'pads', 'dilations'].map((name) => integersOf(op.attributes, name))].join(' ');
