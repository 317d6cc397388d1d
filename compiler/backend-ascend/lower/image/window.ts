/**
 * Sliding windows on the vector unit over NC1HWC0 maps: max and average pooling, and depthwise convolution.
 *
 * A position's C0 channels are one 32-byte block, so a stride along the width is a block stride and a filter tap is a
 * block that every position repeats. A piece is a band of output rows of one channel group; its input rows lie in UB
 * with the padding written out.
 */
import { bitsOfF32 } from '../../../../runtime/isa/index.ts';
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { limit } from '../cube/matmul.ts';
import type { WindowGeometry } from './geometry.ts';
import { countLanes, fill, repeatBytes, withScalar } from '../vector.ts';

export interface WindowShape extends WindowGeometry {
  readonly kind: 'max' | 'average' | 'depthwise';
  /** Groups of 8 channels. */
  readonly groups: number;
  /** What average pooling divides by: the elements of the window, those inside the map, or inside the map with its padding. */
  readonly divisor: 'window' | 'map' | 'padded map';
}

/** Elements of a block: these kernels work on f32. */
const C0 = 8;
const BLOCK_BYTES = 32;

/** Columns of the padded input row in UB: enough for the last window. */
function paddedWidth(shape: WindowShape): number {
  return (shape.outWidth - 1) * shape.strides[1] + (shape.kernel[1] - 1) * shape.dilations[1] + 1;
}

function inputRows(shape: WindowShape, rows: number): number {
  return (rows - 1) * shape.strides[0] + (shape.kernel[0] - 1) * shape.dilations[0] + 1;
}

/** Output rows of a band that fit into UB, or null. */
export function windowRows(shape: WindowShape, cores: number, ubBytes: number): number | null {
  const copies = shape.divisor === 'window' ? 1 : 2;
  const bytes = (rows: number): number =>
    2 * repeatBytes(inputRows(shape, rows) * paddedWidth(shape) * BLOCK_BYTES) * copies +
    (2 + copies) * repeatBytes(rows * shape.outWidth * BLOCK_BYTES) +
    2 * repeatBytes(shape.kernel[0] * shape.kernel[1] * BLOCK_BYTES) +
    2048;
  const share = Math.max(1, Math.ceil((shape.outHeight * shape.images * shape.groups) / cores));
  for (let rows = Math.min(shape.outHeight, share); rows >= 1; rows--) if (bytes(rows) <= ubBytes) return rows;
  return null;
}

export function windowPieces(shape: WindowShape, rows: number): number {
  return shape.images * shape.groups * Math.ceil(shape.outHeight / rows);
}

/** Arguments: map, then filter and bias where there are such, then the result. */
export function writeWindow(k: KernelBuilder, shape: WindowShape, rows: number): void {
  const map = k.buffer('map');
  const filter = shape.kind === 'depthwise' ? k.buffer('filter') : null;
  const bias = shape.bias ? k.buffer('bias') : null;
  const result = k.buffer('result');
  const bands = Math.ceil(shape.outHeight / rows);
  k.parallel(windowPieces(shape, rows), (piece) => {
    const firstOut = k.mul(k.rem(piece, bands), rows);
    const plane = k.div(piece, bands);
    const group = k.rem(plane, shape.groups);
    const count = limit(k, shape.outHeight, firstOut, rows);
    const band: Band = { plane, firstOut, count, capacity: rows };
    const input = loadPadded(k, map, shape, band, shape.kind === 'max' ? -Infinity : 0);
    const sum = k.alloc('ub', repeatBytes(rows * shape.outWidth * BLOCK_BYTES), 2);
    const taps = filter ? loadBlocks(k, filter, group, shape.kernel[0] * shape.kernel[1]) : null;
    startSum(k, shape, band, sum, bias ? loadBlocks(k, bias, group, 1) : null);
    accumulate(k, shape, band, input, sum, taps);
    if (shape.kind === 'average') divide(k, shape, band, sum);
    countLanes(k, k.mul(count, shape.outWidth * C0));
    if (shape.relu) withScalar(k, 'vrelu_f32', sum, sum);
    const row = k.add(k.mul(plane, shape.outHeight), firstOut);
    k.emit(
      'copy_ubuf_to_gm',
      k.at(result, k.mul(row, shape.outWidth * BLOCK_BYTES)),
      sum,
      0,
      1,
      k.mul(count, shape.outWidth),
      0,
      0,
    );
  });
}

interface Band {
  readonly plane: Scalar;
  readonly firstOut: Scalar;
  readonly count: Scalar;
  readonly capacity: number;
}

function loadBlocks(k: KernelBuilder, table: Value, group: Scalar, blocks: number): Value {
  const target = k.alloc('ub', repeatBytes(blocks * BLOCK_BYTES), 2);
  // A filter [1, C, kh, kw] as NC1HWC0 holds the taps of a channel group one after another.
  k.emit('copy_gm_to_ubuf', target, k.at(table, k.mul(group, blocks * BLOCK_BYTES)), 0, 1, blocks, 0, 0);
  return target;
}

/** The rows under a band, with padding: first all padding, then the rows and columns that exist. */
function loadPadded(k: KernelBuilder, map: Value | null, shape: WindowShape, band: Band, padding: number): Value {
  const width = paddedWidth(shape);
  const capacity = inputRows(shape, band.capacity);
  const target = k.alloc('ub', repeatBytes(capacity * width * BLOCK_BYTES), 2);
  const top = k.mul(band.firstOut, shape.strides[0]);
  const first = k.sub(k.max(top, shape.padTop), shape.padTop);
  const skipped = k.sub(k.max(top, shape.padTop), top);
  const needed = k.sub(capacity, skipped);
  const present = k.min(k.sub(shape.height, first), needed);
  const columns = Math.min(shape.width, width - shape.padLeft);
  const lastRow = (shape.outHeight - 1) * shape.strides[0] + (shape.kernel[0] - 1) * shape.dilations[0] - shape.padTop;
  if (width > columns || shape.padTop > 0 || lastRow >= shape.height) {
    countLanes(k, capacity * width * C0);
    fill(k, 'b32', target, bitsOfF32(padding));
  }
  const to = k.at(target, k.mul(k.add(k.mul(skipped, width), shape.padLeft), BLOCK_BYTES));
  k.when('sgt', present, 0, () => {
    if (map === null) {
      ones(k, to, present, columns, width);
      return;
    }
    const from = k.mul(k.add(k.mul(band.plane, shape.height), first), shape.width * BLOCK_BYTES);
    k.emit('copy_gm_to_ubuf', to, k.at(map, from), 0, present, columns, shape.width - columns, width - columns);
  });
  return target;
}

/** Ones where the map has elements: `rows` rows of `columns` blocks. */
function ones(k: KernelBuilder, target: Value, rows: Scalar, columns: number, pitch: number): void {
  countLanes(k, columns * C0);
  k.loop(0, rows, 1, (row) => fill(k, 'b32', k.at(target, k.mul(row, pitch * BLOCK_BYTES)), bitsOfF32(1)));
}

function startSum(k: KernelBuilder, shape: WindowShape, band: Band, sum: Value, bias: Value | null): void {
  countLanes(k, k.mul(band.count, shape.outWidth * C0));
  if (bias) k.emit('vcopy_b32', sum, bias, 1, 1, 0, 8, 0);
  else fill(k, 'b32', sum, bitsOfF32(shape.kind === 'max' ? -Infinity : 0));
}

/** Adds (or takes the greater of) every tap, output row by output row. */
function accumulate(
  k: KernelBuilder,
  shape: WindowShape,
  band: Band,
  input: Value,
  sum: Value,
  taps: Value | null,
): void {
  const width = paddedWidth(shape);
  const [, strideWidth] = shape.strides;
  countLanes(k, shape.outWidth * C0);
  k.loop(0, band.count, 1, (row) => {
    const to = k.at(sum, k.mul(row, shape.outWidth * BLOCK_BYTES));
    const top = k.mul(row, shape.strides[0] * width * BLOCK_BYTES);
    for (let y = 0; y < shape.kernel[0]; y++) {
      for (let x = 0; x < shape.kernel[1]; x++) {
        const offset = (y * shape.dilations[0] * width + x * shape.dilations[1]) * BLOCK_BYTES;
        const from = k.at(input, k.add(top, offset));
        if (taps)
          k.emit(
            'vmla_f32',
            to,
            from,
            k.at(taps, (y * shape.kernel[1] + x) * BLOCK_BYTES),
            1,
            1,
            strideWidth,
            0,
            8,
            8 * strideWidth,
            0,
          );
        else
          k.emit(
            shape.kind === 'max' ? 'vmax_f32' : 'vadd_f32',
            to,
            to,
            from,
            1,
            1,
            1,
            strideWidth,
            8,
            8,
            8 * strideWidth,
          );
      }
    }
  });
}

function divide(k: KernelBuilder, shape: WindowShape, band: Band, sum: Value): void {
  const size = shape.kernel[0] * shape.kernel[1];
  if (shape.divisor === 'window') {
    countLanes(k, k.mul(band.count, shape.outWidth * C0));
    withScalar(k, 'vmuls_f32', sum, sum, k.float(1 / size));
    return;
  }
  const counts = k.alloc('ub', repeatBytes(band.capacity * shape.outWidth * BLOCK_BYTES));
  startSum(k, shape, band, counts, null);
  accumulate(k, shape, band, loadPadded(k, null, countedMap(shape), band, 0), counts, null);
  countLanes(k, k.mul(band.count, shape.outWidth * C0));
  k.emit('vdiv_f32', sum, sum, counts, 1, 1, 1, 1, 8, 8, 8);
}

/** The map whose elements count. */
function countedMap(shape: WindowShape): WindowShape {
  if (shape.divisor === 'map') return shape;
  const { padTop, padBottom, padLeft, padRight } = shape;
  return {
    ...shape,
    height: padTop + shape.height + padBottom,
    width: padLeft + shape.width + padRight,
    padTop: 0,
    padLeft: 0,
  };
}
