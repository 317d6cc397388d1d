/**
 * Copies whose innermost run is contiguous on both sides: DMA in, DMA out, nothing in between.
 *
 * A tile is a burst of rows. Axes along which the source repeats are served from the same tile: it is loaded once and
 * stored again and again, and short rows are first multiplied in UB so that each store is large.
 */
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import type { AffineCopy, CopyAxis } from './affine.ts';
import { eachTile, evenTile, pieceCount, placeOffset, tilesOf } from './pieces.ts';
import type { Extent, TiledAxis } from './pieces.ts';

/** Bytes of one tile; two of them alternate. */
const TILE_BYTES = 64 * 1024;
/** Below this a tile is not worth a core of its own. */
const LEAST_BYTES = 4 * 1024;
/** Rows that one DMA instruction can move. */
export const MOST_BURSTS = 4095;

type Role = 'outer' | 'burst' | 'repeated' | 'row';

interface RowAxis extends CopyAxis, TiledAxis {
  readonly role: Role;
}

export interface RowPlan {
  readonly bytes: AffineCopy['bytes'];
  readonly axes: readonly RowAxis[];
  /** Bytes from row to row in UB. */
  readonly pitch: number;
  /** Copies of a short row that are made in UB before storing. */
  readonly copies: number;
}

/** How the box is cut; its last axis is contiguous on both sides. */
export function planRows(copy: AffineCopy, cores: number): RowPlan {
  const { bytes, axes } = copy;
  const row = axes[axes.length - 1];
  const outer = axes.slice(0, -1);
  const burst = longest(outer.filter(({ source, target }) => source >= row.extent && target >= row.extent));
  const repeated = longest(outer.filter(({ source }) => source === 0));
  const rows = burst?.extent ?? 1;
  const total =
    outer.reduce((count, { extent, source }) => (source === 0 ? count : count * extent), row.extent) * bytes;
  const share = Math.min(TILE_BYTES, Math.max(LEAST_BYTES, Math.ceil(total / cores / 512) * 512));
  const rowTile = evenTile(row.extent, share / bytes, 512 / bytes);
  const pitch = Math.ceil((rowTile * bytes) / 32) * 32;
  const burstTile = evenTile(rows, Math.min(MOST_BURSTS, Math.max(1, Math.floor(share / pitch))));
  const tiled = axes.map((axis): RowAxis => {
    if (axis === row) return { ...axis, role: 'row', tile: rowTile };
    if (axis === burst) return { ...axis, role: 'burst', tile: burstTile };
    return axis.source === 0 ? { ...axis, role: 'repeated', tile: axis.extent } : { ...axis, role: 'outer', tile: 1 };
  });
  const split = repeated ? Math.min(repeated.extent, Math.ceil(cores / pieceCount(tiled))) : 1;
  const cut = tiled.map((axis) =>
    axis.target === repeated?.target ? { ...axis, tile: Math.ceil(axis.extent / split) } : axis,
  );
  const spread = cut.find(({ target }) => target === repeated?.target);
  const copies =
    spread && !burst && spread.target >= rowTile
      ? Math.min(spread.tile, MOST_BURSTS, Math.max(1, Math.floor(TILE_BYTES / 2 / pitch)))
      : 1;
  return { bytes, axes: cut, pitch, copies };
}

function longest(axes: readonly CopyAxis[]): CopyAxis | undefined {
  return axes.toSorted((a, b) => b.extent - a.extent)[0];
}

export function rowPieces({ axes }: RowPlan): number {
  return pieceCount(axes);
}

/** Arguments: source, target, and the byte offsets of element 0 in both. */
export function writeRows(k: KernelBuilder, plan: RowPlan): void {
  const [source, target] = [k.buffer('source'), k.buffer('target')];
  const [sourceOffset, targetOffset] = [k.scalar('source_offset'), k.scalar('target_offset')];
  const { axes, bytes, pitch } = plan;
  eachTile(k, axes, (place) => {
    const sizeOf = (role: Role): Scalar => place[axes.findIndex((axis) => axis.role === role)]?.size ?? 1;
    const burst = axes.find(({ role }) => role === 'burst');
    const tile = k.alloc('ub', pitch * Math.max(burst?.tile ?? 1, plan.copies), 2);
    const rowBytes = k.mul(sizeOf('row'), bytes);
    const shape = { count: sizeOf('burst'), rowBytes, blockGap: k.sub(pitch / 32, k.ceilDiv(rowBytes, 32)) };
    const from = k.at(
      source,
      placeOffset(
        k,
        sourceOffset,
        place,
        axes.map((axis) => axis.source),
        bytes,
      ),
    );
    load(k, plan, tile, from, shape, burst);
    const to = placeOffset(
      k,
      targetOffset,
      place,
      axes.map((axis) => axis.target),
      bytes,
    );
    storeRepeats(k, plan, { tile, target, place, shape, burst }, to);
  });
}

interface TileShape {
  readonly count: Scalar;
  readonly rowBytes: Scalar;
  readonly blockGap: Scalar;
}

interface StoredTile {
  readonly tile: Value;
  readonly target: Value;
  readonly place: readonly Extent[];
  readonly shape: TileShape;
  readonly burst: RowAxis | undefined;
}

/** True when consecutive rows touch in GM and in UB, so that a burst is one long row. */
function isSolid({ axes, bytes, pitch }: RowPlan, stride: number): boolean {
  const row = axes[axes.length - 1];
  return tilesOf(row) === 1 && row.extent * bytes === pitch && stride === row.extent;
}

function load(
  k: KernelBuilder,
  plan: RowPlan,
  tile: Value,
  from: Value,
  shape: TileShape,
  burst: RowAxis | undefined,
): void {
  const mnemonic = `copy_gm_to_ubuf_align_b${plan.bytes * 8}`;
  if (!burst) return k.emit(mnemonic, tile, from, 0, 1, shape.rowBytes, 0, 0, 0, 0);
  if (isSolid(plan, burst.source))
    return k.emit(mnemonic, tile, from, 0, 1, k.mul(shape.count, shape.rowBytes), 0, 0, 0, 0);
  k.emit(
    mnemonic,
    tile,
    from,
    0,
    shape.count,
    shape.rowBytes,
    0,
    0,
    k.sub(burst.source * plan.bytes, shape.rowBytes),
    shape.blockGap,
  );
}

function store(k: KernelBuilder, plan: RowPlan, tile: Value, to: Value, shape: TileShape, stride: number): void {
  const mnemonic = `copy_ubuf_to_gm_align_b${plan.bytes * 8}`;
  if (shape.count === 1) return k.emit(mnemonic, to, tile, 0, 1, shape.rowBytes, 0, 0, 0, 0);
  if (isSolid(plan, stride)) return k.emit(mnemonic, to, tile, 0, 1, k.mul(shape.count, shape.rowBytes), 0, 0, 0, 0);
  k.emit(
    mnemonic,
    to,
    tile,
    0,
    shape.count,
    shape.rowBytes,
    0,
    0,
    shape.blockGap,
    k.sub(stride * plan.bytes, shape.rowBytes),
  );
}

/** Stores the tile at every place along the repeated axes; `to` is the byte offset of the first. */
function storeRepeats(k: KernelBuilder, plan: RowPlan, stored: StoredTile, to: Scalar): void {
  const { axes, bytes, copies } = plan;
  const repeated = axes
    .map((axis, at) => ({ axis, size: stored.place[at].size }))
    .filter(({ axis }) => axis.role === 'repeated');
  const spread = copies > 1 ? repeated.toSorted((a, b) => b.axis.extent - a.axis.extent)[0] : undefined;
  if (spread) multiplyRow(k, plan, stored.tile);
  const rest = repeated.filter((other) => other !== spread);
  const visit = (depth: number, offset: Scalar): void => {
    if (depth < rest.length) {
      const { axis, size } = rest[depth];
      return k.loop(0, size, 1, (index) => visit(depth + 1, k.add(offset, k.mul(index, axis.target * bytes))));
    }
    if (!spread)
      return store(k, plan, stored.tile, k.at(stored.target, offset), stored.shape, stored.burst?.target ?? 0);
    k.loop(0, spread.size, copies, (start) => {
      const count =
        spread.axis.extent % spread.axis.tile === 0 && spread.axis.tile % copies === 0
          ? copies
          : k.min(k.sub(spread.size, start), copies);
      const at = k.at(stored.target, k.add(offset, k.mul(start, spread.axis.target * bytes)));
      store(k, plan, stored.tile, at, { ...stored.shape, count }, spread.axis.target);
    });
  };
  visit(0, to);
}

/** Doubles the number of rows in UB until there are `copies`. */
function multiplyRow(k: KernelBuilder, { copies, pitch }: RowPlan, tile: Value): void {
  for (let have = 1; have < copies; have *= 2) {
    const count = Math.min(have, copies - have);
    k.emit('copy_ubuf_to_ubuf', k.at(tile, have * pitch), tile, 0, 1, (count * pitch) / 32, 0, 0);
  }
}
