/**
 * Bands of input rows in L1: what the windows of consecutive output positions touch. Padding is not stored: MTE1 supplies
 * it when it builds im2col fractals.
 */
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import type { WindowGeometry } from './geometry.ts';

/** The widest gap between rows of one copy, in blocks of 32 bytes: larger maps are copied one channel group at a time. */
const MAX_GAP = 65535;

/** Input rows that `positions` consecutive outputs can touch. */
export function bandRows(shape: WindowGeometry, positions: number): number {
  const outRows = Math.min(shape.outHeight, Math.ceil((positions - 1) / shape.outWidth) + 1);
  return Math.min(shape.height, (outRows - 1) * shape.strides[0] + (shape.kernel[0] - 1) * shape.dilations[0] + 1);
}

/** The band of input rows under a tile of positions. */
export interface Band {
  readonly first: Scalar;
  readonly rows: Scalar;
  readonly padTop: Scalar;
  readonly padBottom: Scalar;
  /** Position of the tile's first output inside the band's outputs. */
  readonly start: Scalar;
}

/** The band under `count` output positions from `start` on. */
export function bandOf(k: KernelBuilder, shape: WindowGeometry, start: Scalar, count: Scalar): Band {
  const reach = (shape.kernel[0] - 1) * shape.dilations[0];
  const firstOut = k.div(start, shape.outWidth);
  const lastOut = k.div(k.sub(k.add(start, count), 1), shape.outWidth);
  // One padding height added everywhere keeps the numbers non-negative.
  const top = k.mul(firstOut, shape.strides[0]);
  const bottom = k.add(k.mul(lastOut, shape.strides[0]), reach);
  const first = k.sub(k.max(top, shape.padTop), shape.padTop);
  const last = k.min(k.sub(bottom, shape.padTop), shape.height - 1);
  return {
    first,
    rows: k.add(k.sub(last, first), 1),
    padTop: k.sub(k.max(top, shape.padTop), top),
    padBottom: k.sub(k.max(k.sub(bottom, shape.padTop), shape.height - 1), shape.height - 1),
    start: k.sub(start, k.mul(firstOut, shape.outWidth)),
  };
}

/** Loads a band of `groups` channel groups from plane `plane` (image and group) on, and says where it lies to MTE1. */
export function loadBand(
  k: KernelBuilder,
  panel: Value,
  map: Value,
  shape: WindowGeometry,
  band: Band,
  plane: Scalar,
  groups: Scalar,
): void {
  const row = k.add(k.mul(plane, shape.height), band.first);
  const source = k.at(map, k.mul(row, shape.width * 32));
  const length = k.mul(band.rows, shape.width);
  if (shape.height * shape.width <= MAX_GAP) {
    const gap = k.mul(k.sub(shape.height, band.rows), shape.width);
    k.emit('copy_gm_to_cbuf', panel, source, 0, groups, length, gap, 0);
  } else {
    k.loop(0, groups, 1, (index) => {
      const target = k.at(panel, k.mul(k.mul(index, length), 32));
      const from = k.at(source, k.mul(index, shape.height * shape.width * 32));
      k.emit('copy_gm_to_cbuf', target, from, 0, 1, length, 0, 0);
    });
  }
  k.emit('set_fmatrix', band.rows, shape.width, shape.padLeft, shape.padRight, band.padTop, band.padBottom);
}
