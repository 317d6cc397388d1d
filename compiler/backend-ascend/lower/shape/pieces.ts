/** Boxes cut into tiles that the cores take in turn. */
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';

/** One direction of a cut box. */
export interface TiledAxis {
  readonly extent: number;
  /** Elements of a tile; the last tile may have fewer. */
  readonly tile: number;
}

/** Where a tile starts along an axis, and how many elements it has. */
export interface Extent {
  readonly start: Scalar;
  readonly size: Scalar;
}

export function tilesOf({ extent, tile }: TiledAxis): number {
  return Math.ceil(extent / tile);
}

export function pieceCount(axes: readonly TiledAxis[]): number {
  return axes.reduce((count, axis) => count * tilesOf(axis), 1);
}

/** Visits every tile once, spread over the cores; the last axis runs fastest. */
export function eachTile(k: KernelBuilder, axes: readonly TiledAxis[], body: (place: readonly Extent[]) => void): void {
  k.parallel(pieceCount(axes), (piece) => body(tilePlace(k, axes, piece)));
}

function tilePlace(k: KernelBuilder, axes: readonly TiledAxis[], piece: Scalar): readonly Extent[] {
  const place = Array<Extent>(axes.length);
  let rest = piece;
  const first = axes.findIndex((axis) => tilesOf(axis) > 1);
  for (let at = axes.length - 1; at >= 0; at--) {
    const axis = axes[at];
    const count = tilesOf(axis);
    if (count === 1) {
      place[at] = { start: 0, size: axis.extent };
      continue;
    }
    const number = at === first ? rest : k.rem(rest, count);
    if (at !== first) rest = k.div(rest, count);
    const start = k.mul(number, axis.tile);
    place[at] = {
      start,
      size: axis.extent % axis.tile === 0 ? axis.tile : k.min(k.sub(axis.extent, start), axis.tile),
    };
  }
  return place;
}

/** `origin + Σ start·stride·bytes`. */
export function placeOffset(
  k: KernelBuilder,
  origin: Scalar,
  place: readonly Extent[],
  strides: readonly number[],
  bytes: number,
): Scalar {
  return place.reduce<Scalar>((offset, { start }, axis) => k.add(offset, k.mul(start, strides[axis] * bytes)), origin);
}

/** A tile size near `most` that divides `extent` evenly or leaves the last tile nearly full. */
export function evenTile(extent: number, most: number, multiple = 1): number {
  if (extent <= most) return extent;
  const even = Math.ceil(extent / Math.ceil(extent / most));
  return Math.min(Math.max(1, most), Math.ceil(even / multiple) * multiple);
}
