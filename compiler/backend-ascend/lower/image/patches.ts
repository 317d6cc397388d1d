/**
 * Patches of maps with few channels (`npu.patches`): the elements under each window become channels of a blocked map, so
 * that a convolution of 1 or 3 channels is one of 1 × 1 taps whose blocks are full. Channel (c, kh, kw) of the result at an
 * output position is the element of the map under that tap, 0 in the padding.
 *
 * A piece is a band of output rows of one image. Its input rows lie in UB with their padding written out, and one gather
 * for each row and block of channels picks the elements through a table that all rows share.
 */
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { limit } from '../cube/matmul.ts';
import { countLanes, fill, repeatBytes } from '../vector.ts';
import type { WindowGeometry } from './geometry.ts';
import { widthOf } from './relayout.ts';
import type { ElementSize } from './relayout.ts';

export interface PatchShape extends WindowGeometry {
  readonly channels: number;
}

/** Blocks of channels of the result. */
const blocksOf = ({ channels, kernel }: PatchShape, { c0 }: ElementSize): number =>
  Math.ceil((channels * kernel[0] * kernel[1]) / c0);

/** Columns left of the map in UB, where rows begin on blocks of 32 bytes, and from row to row. */
function columnsOf(shape: PatchShape, { c0 }: ElementSize): { readonly left: number; readonly pitch: number } {
  const left = Math.ceil(shape.padLeft / c0) * c0;
  const reach = (shape.outWidth - 1) * shape.strides[1] + (shape.kernel[1] - 1) * shape.dilations[1] + 1;
  const width = Math.max(left - shape.padLeft + reach, left + shape.width);
  return { left, pitch: Math.ceil(width / c0) * c0 };
}

const inputRows = ({ strides, kernel, dilations }: PatchShape, rows: number): number =>
  (rows - 1) * strides[0] + (kernel[0] - 1) * dilations[0] + 1;

/** Output rows of a band that fit into UB, or null. */
export function patchRows(shape: PatchShape, element: ElementSize, cores: number, ubBytes: number): number | null {
  const { pitch } = columnsOf(shape, element);
  const table = repeatBytes(blocksOf(shape, element) * shape.outWidth * element.c0 * 4);
  const bytes = (rows: number): number =>
    table +
    2 * repeatBytes(shape.channels * inputRows(shape, rows) * pitch * element.bytes) +
    2 * repeatBytes(rows * shape.outWidth * 32) +
    1024;
  const share = Math.max(1, Math.ceil((shape.outHeight * shape.images) / cores));
  for (let rows = Math.min(shape.outHeight, share); rows >= 1; rows--) if (bytes(rows) <= ubBytes) return rows;
  return null;
}

export function patchPieces(shape: PatchShape, rows: number): number {
  return shape.images * Math.ceil(shape.outHeight / rows);
}

/**
 * For each element (block, column, channel of the block) of a row of the result, the byte at which it lies from the first
 * input row on. Channels past the last repeat the first tap, so that they are finite where its window is.
 */
export function patchTable(shape: PatchShape, element: ElementSize, rows: number): Uint8Array {
  const { c0, bytes } = element;
  const { left, pitch } = columnsOf(shape, element);
  const [height, width] = shape.kernel;
  const planeElements = inputRows(shape, rows) * pitch;
  const table = new Uint32Array(blocksOf(shape, element) * shape.outWidth * c0);
  for (let at = 0; at < table.length; at++) {
    const column = Math.floor(at / c0) % shape.outWidth;
    const wanted = Math.floor(at / (c0 * shape.outWidth)) * c0 + (at % c0);
    const channel = wanted < shape.channels * height * width ? wanted : 0;
    const [plane, tap] = [Math.floor(channel / (height * width)), channel % (height * width)];
    const row = Math.floor(tap / width) * shape.dilations[0];
    const x = left - shape.padLeft + column * shape.strides[1] + (tap % width) * shape.dilations[1];
    table[at] = (plane * planeElements + row * pitch + x) * bytes;
  }
  return new Uint8Array(table.buffer);
}

/** Arguments: map (NCHW), result (NC1HWC0), table. */
export function writePatches(k: KernelBuilder, shape: PatchShape, element: ElementSize, rows: number): void {
  const [map, result, offsets] = [k.buffer('map'), k.buffer('result'), k.buffer('table')];
  const rowElements = shape.outWidth * element.c0;
  const blocks = blocksOf(shape, element);
  const table = k.alloc('ub', repeatBytes(blocks * rowElements * 4));
  k.emit('copy_gm_to_ubuf', table, offsets, 0, 1, (blocks * rowElements * 4) / 32, 0, 0);
  const bands = Math.ceil(shape.outHeight / rows);
  k.parallel(patchPieces(shape, rows), (piece) => {
    const first = k.mul(k.rem(piece, bands), rows);
    const image = k.div(piece, bands);
    const count = limit(k, shape.outHeight, first, rows);
    const { pitch } = columnsOf(shape, element);
    const tile = loadRows(k, map, shape, element, rows, image, first);
    k.loop(0, blocks, 1, (block) => {
      const row = k.alloc('ub', repeatBytes(rows * rowElements * element.bytes), 2);
      const picks = k.at(table, k.mul(block, rowElements * 4));
      countLanes(k, rowElements);
      k.loop(0, count, 1, (index) => {
        const from = k.at(tile, k.mul(index, shape.strides[0] * pitch * element.bytes));
        k.emit(`vgather_${widthOf(element)}`, k.at(row, k.mul(index, shape.outWidth * 32)), picks, from, 8, 1);
      });
      const plane = k.add(k.mul(image, blocks), block);
      const line = k.add(k.mul(plane, shape.outHeight), first);
      const target = k.at(result, k.mul(line, shape.outWidth * 32));
      k.emit('copy_ubuf_to_gm', target, row, 0, 1, k.mul(count, shape.outWidth), 0, 0);
    });
  });
}

/** The input rows under a band, plane by plane, with zeros around them. */
function loadRows(
  k: KernelBuilder,
  map: Value,
  shape: PatchShape,
  element: ElementSize,
  rows: number,
  image: Scalar,
  firstOut: Scalar,
): Value {
  const { bytes } = element;
  const { left, pitch } = columnsOf(shape, element);
  const capacity = inputRows(shape, rows);
  const tile = k.alloc('ub', repeatBytes(shape.channels * capacity * pitch * bytes), 2);
  countLanes(k, shape.channels * capacity * pitch);
  fill(k, widthOf(element), tile, 0);
  const top = k.mul(firstOut, shape.strides[0]);
  const first = k.sub(k.max(top, shape.padTop), shape.padTop);
  const skipped = k.sub(k.max(top, shape.padTop), top);
  const present = k.min(k.sub(shape.height, first), k.sub(capacity, skipped));
  const rowBytes = shape.width * bytes;
  const blockGap = (pitch * bytes) / 32 - Math.ceil(rowBytes / 32);
  k.when('sgt', present, 0, () => {
    for (let channel = 0; channel < shape.channels; channel++) {
      const plane = k.add(k.mul(image, shape.channels), channel);
      const from = k.at(map, k.mul(k.add(k.mul(plane, shape.height), first), rowBytes));
      const to = k.at(tile, k.mul(k.add(k.mul(k.add(skipped, channel * capacity), pitch), left), bytes));
      k.emit(`copy_gm_to_ubuf_align_${widthOf(element)}`, to, from, 0, present, rowBytes, 0, 0, 0, blockGap);
    }
  });
  return tile;
}
