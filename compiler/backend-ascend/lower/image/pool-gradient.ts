/**
 * The gradient of max pooling on the vector unit over NC1HWC0 maps: each gradient goes to the first greatest element of
 * its window.
 *
 * A piece owns a band of input rows of one channel group and computes every window that reaches into it, some of them
 * again that the band before computes too. Row by row of windows: the greatest elements first, then tap by tap the
 * elements that equal them take the gradient; a greatest element that was found becomes NaN, which nothing equals.
 */
import { bitsOfF32 } from '../../../../runtime/isa/index.ts';
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { limit } from '../cube/matmul.ts';
import { countLanes, fill, repeatBytes } from '../vector.ts';
import type { WindowGeometry } from './geometry.ts';

export interface PoolGradientShape extends WindowGeometry {
  /** Groups of 8 channels. */
  readonly groups: number;
}

/** Elements of a block: this kernel works on f32. */
const C0 = 8;
const BLOCK_BYTES = 32;

const spanOf = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1;

/** Rows of windows above a band that reach into it. */
function rowsAbove({ kernel, dilations, strides }: PoolGradientShape): number {
  return Math.ceil(Math.max(0, spanOf(kernel[0], dilations[0]) - strides[0]) / strides[0]);
}

/** Columns of the padded map: those of the last window, and all of the map. */
function paddedWidth(shape: PoolGradientShape): number {
  const windows = (shape.outWidth - 1) * shape.strides[1] + spanOf(shape.kernel[1], shape.dilations[1]);
  return Math.max(windows, shape.padLeft + shape.width);
}

/** Rows of the padded map under a band of `rows` window rows and those above, and what the last band has below. */
function paddedRows(shape: PoolGradientShape, rows: number): number {
  const windows = rowsAbove(shape) + rows;
  const below = Math.max(0, shape.padTop + shape.height - shape.outHeight * shape.strides[0]);
  const reach = (windows - 1) * shape.strides[0] + spanOf(shape.kernel[0], shape.dilations[0]);
  return Math.max(windows * shape.strides[0] + below, reach);
}

/** Window rows of a band that fit into UB, or null. */
export function poolGradientRows(shape: PoolGradientShape, cores: number, ubBytes: number): number | null {
  const lineBytes = shape.outWidth * BLOCK_BYTES;
  const bytes = (rows: number): number =>
    4 * repeatBytes(paddedRows(shape, rows) * paddedWidth(shape) * BLOCK_BYTES) +
    2 * repeatBytes((rowsAbove(shape) + rows) * lineBytes) +
    3 * repeatBytes(lineBytes) +
    2048;
  const share = Math.max(1, Math.ceil((shape.outHeight * shape.images * shape.groups) / cores));
  for (let rows = Math.min(shape.outHeight, share); rows >= 1; rows--) if (bytes(rows) <= ubBytes) return rows;
  return null;
}

export function poolGradientPieces(shape: PoolGradientShape, rows: number): number {
  return shape.images * shape.groups * Math.ceil(shape.outHeight / rows);
}

/** Rows of the padded map count from the first row of its padding; those of a tile from the window rows above the band. */
interface Band {
  readonly plane: Scalar;
  /** Window rows of the band. */
  readonly first: Scalar;
  readonly count: Scalar;
  readonly capacity: number;
}

/** Arguments: map, gradient of the pool's result, gradient of the map. */
export function writePoolGradient(k: KernelBuilder, shape: PoolGradientShape, rows: number): void {
  const [map, gradient, result] = [k.buffer('map'), k.buffer('gradient'), k.buffer('result')];
  const bands = Math.ceil(shape.outHeight / rows);
  const constants = { zero: block(k, 0), nothing: block(k, NaN) };
  k.parallel(poolGradientPieces(shape, rows), (piece) => {
    const first = k.mul(k.rem(piece, bands), rows);
    const band: Band = {
      plane: k.div(piece, bands),
      first,
      count: limit(k, shape.outHeight, first, rows),
      capacity: rows,
    };
    const tileElements = paddedRows(shape, rows) * paddedWidth(shape) * C0;
    const [input, output] = [0, 1].map(() => k.alloc('ub', repeatBytes(tileElements * 4), 2));
    countLanes(k, tileElements);
    fill(k, 'b32', input, bitsOfF32(-Infinity));
    fill(k, 'b32', output, 0);
    loadMap(k, input, map, shape, band);
    const given = loadGradients(k, gradient, shape, band);
    spreadRows(k, shape, band, { input, output, given, ...constants });
    storeRows(k, output, result, shape, band);
  });
}

function block(k: KernelBuilder, value: number): Value {
  const buffer = k.alloc('ub', 256);
  countLanes(k, C0);
  fill(k, 'b32', buffer, bitsOfF32(value));
  return buffer;
}

function loadMap(k: KernelBuilder, tile: Value, map: Value, shape: PoolGradientShape, band: Band): void {
  const width = paddedWidth(shape);
  const above = rowsAbove(shape) * shape.strides[0];
  const start = k.mul(band.first, shape.strides[0]);
  // `above` is added everywhere, so that no number is negative.
  const from = k.max(start, shape.padTop + above);
  const skipped = k.sub(from, start);
  const row = k.sub(from, shape.padTop + above);
  const rows = k.min(k.sub(shape.height, row), k.sub(paddedRows(shape, band.capacity), skipped));
  const source = k.at(map, k.mul(k.add(k.mul(band.plane, shape.height), row), shape.width * BLOCK_BYTES));
  const target = k.at(tile, k.mul(k.add(k.mul(skipped, width), shape.padLeft), BLOCK_BYTES));
  k.emit('copy_gm_to_ubuf', target, source, 0, rows, shape.width, 0, width - shape.width);
}

/** Window rows from the first above the band that exists; the tile has room for all above. */
function loadGradients(k: KernelBuilder, gradient: Value, shape: PoolGradientShape, band: Band): Value {
  const above = rowsAbove(shape);
  const tile = k.alloc('ub', repeatBytes((above + band.capacity) * shape.outWidth * BLOCK_BYTES), 2);
  const from = k.max(band.first, above);
  const row = k.add(k.mul(band.plane, shape.outHeight), k.sub(from, above));
  const target = k.at(tile, k.mul(k.sub(from, band.first), shape.outWidth * BLOCK_BYTES));
  const rows = k.sub(k.add(k.add(band.first, band.count), above), from);
  const source = k.at(gradient, k.mul(row, shape.outWidth * BLOCK_BYTES));
  k.emit('copy_gm_to_ubuf', target, source, 0, 1, k.mul(rows, shape.outWidth), 0, 0);
  return tile;
}

interface Tiles {
  readonly input: Value;
  readonly output: Value;
  readonly given: Value;
  /** Blocks of one value. */
  readonly zero: Value;
  readonly nothing: Value;
}

function spreadRows(k: KernelBuilder, shape: PoolGradientShape, band: Band, tiles: Tiles): void {
  const above = rowsAbove(shape);
  const lineBytes = shape.outWidth * BLOCK_BYTES;
  const [greatest, part, bits] = [0, 1, 2].map(() => k.alloc('ub', repeatBytes(lineBytes)));
  const first = k.sub(k.max(band.first, above), band.first);
  countLanes(k, shape.outWidth * C0);
  k.loop(first, k.add(band.count, above), 1, (row) => {
    const at = tapAddresses(k, shape, row);
    const given = k.at(tiles.given, k.mul(row, lineBytes));
    const stride = shape.strides[1];
    fill(k, 'b32', greatest, bitsOfF32(-Infinity));
    for (const offset of at)
      k.emit('vmax_f32', greatest, greatest, k.at(tiles.input, offset), 1, 1, 1, stride, 8, 8, 8 * stride);
    for (const offset of at) {
      const to = k.at(tiles.output, offset);
      k.emit('vcmpv_eq_f32', bits, k.at(tiles.input, offset), greatest, 1, stride, 1, 8 * stride, 8);
      k.emit('vsel_tt_b32', part, given, tiles.zero, bits, 1, 1, 1, 0, 8, 8, 0);
      k.emit('vsel_tt_b32', greatest, tiles.nothing, greatest, bits, 1, 1, 0, 1, 8, 0, 8);
      k.emit('vadd_f32', to, to, part, 1, stride, stride, 1, 8 * stride, 8 * stride, 8);
    }
  });
}

/** Where the taps of a row of windows begin in a tile, row by row of the window. */
function tapAddresses(k: KernelBuilder, shape: PoolGradientShape, row: Scalar): readonly Scalar[] {
  const width = paddedWidth(shape);
  const top = k.mul(row, shape.strides[0] * width * BLOCK_BYTES);
  const [height, across] = shape.kernel;
  return Array.from({ length: height * across }, (_, tap) => {
    const [y, x] = [Math.floor(tap / across) * shape.dilations[0], (tap % across) * shape.dilations[1]];
    return k.add(top, (y * width + x) * BLOCK_BYTES);
  });
}

/** The rows that the band owns: those from its first window row to the next band's, the last band's to the end. */
function storeRows(k: KernelBuilder, tile: Value, result: Value, shape: PoolGradientShape, band: Band): void {
  const width = paddedWidth(shape);
  const end = shape.padTop + shape.height;
  const start = k.mul(band.first, shape.strides[0]);
  const from = k.max(start, shape.padTop);
  const last = k.add(band.first, band.count);
  const isLast = k.div(last, shape.outHeight);
  const until = k.min(k.add(k.mul(last, shape.strides[0]), k.mul(isLast, end)), end);
  k.when('slt', from, until, () => {
    const row = k.add(k.sub(from, start), rowsAbove(shape) * shape.strides[0]);
    const source = k.at(tile, k.mul(k.add(k.mul(row, width), shape.padLeft), BLOCK_BYTES));
    const target = k.add(k.mul(band.plane, shape.height), k.sub(from, shape.padTop));
    k.emit(
      'copy_ubuf_to_gm',
      k.at(result, k.mul(target, shape.width * BLOCK_BYTES)),
      source,
      0,
      k.sub(until, from),
      shape.width,
      width - shape.width,
      0,
    );
  });
}
