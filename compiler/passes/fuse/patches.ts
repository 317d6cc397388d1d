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
export const MOST_PATCH_CHANNELS = 4;
/** Columns of the map and rows under a window that lie in on-chip memory together. */
const MOST_WINDOW_ELEMENTS = 8_000;

/** Why a convolution stays one over the map; null where patches need at most half the multiplications and fit. */
export function refusesPatches(op: Operation, map: TensorType, kernel: readonly number[]): (() => string) | null {
  const [channels, , width] = map.shape.slice(1).map(Number);
  const { whole, full } = filledChannels(map, kernel);
  const group = integerOf(op.attributes, 'group');
  if (group !== 1) return () => `it has ${group} groups`;
  if (channels > MOST_PATCH_CHANNELS) return () => `${channels} channels are more than ${MOST_PATCH_CHANNELS}`;
  if (2 * full > whole) return () => `patches of ${full} channels save less than half of ${whole} multiplications`;
  const hasTable = map.dtype === 'f32' || map.dtype === 'f16';
  if (!hasTable) return () => `patches of ${map.dtype} are not gathered`;
  const row = Number(outputOf(op).shape[3]) * full;
  if (row > MOST_ROW_ELEMENTS) return () => `a row of patches has ${row} elements, more than ${MOST_ROW_ELEMENTS}`;
  const rows = channels * kernel[0] * integersOf(op.attributes, 'dilations')[0] * width;
  return rows > MOST_WINDOW_ELEMENTS
    ? () => `rows under a window have ${rows} elements, more than ${MOST_WINDOW_ELEMENTS}`
    : null;
}

/** Multiplications for each output element and channel: over the map, whose blocks are filled up at every tap, and over patches. */
function filledChannels(map: TensorType, kernel: readonly number[]): { readonly whole: number; readonly full: number } {
  const block = 32 / dtypeBytes(map.dtype);
  const taps = kernel[0] * kernel[1];
  return { whole: block * taps, full: Math.ceil((Number(map.shape[1]) * taps) / block) * block };
}

/** What patches save. */
export function patchesGain(map: TensorType, kernel: readonly number[]): string {
  const { whole, full } = filledChannels(map, kernel);
  return `${full} instead of ${whole} multiplications for each element: blocks of channels are full`;
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
