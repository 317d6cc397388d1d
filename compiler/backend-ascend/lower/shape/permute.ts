/**
 * Copies whose innermost run is not contiguous in the source: a box is loaded into UB, put in order by one gather with
 * an offset table, and stored.
 *
 * The table is the same for every tile; the compiler makes it and each core loads it once. Both sides are described
 * alike: some axes form a run that is contiguous in GM, one axis is the burst of the DMA instruction, the rest are
 * loops. The source run may have holes, when they are cheaper to load than to skip.
 */
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { countLanes, repeatBytes } from '../vector.ts';
import type { AffineCopy, CopyAxis } from './affine.ts';
import { boxElements } from './affine.ts';
import { eachTile, evenTile, pieceCount, placeOffset } from './pieces.ts';
import type { Extent, TiledAxis } from './pieces.ts';
import { MOST_BURSTS } from './rows.ts';

/** UB bytes that a kernel may use. */
const MOST_BYTES = 180 * 1024;
/** Elements below which a tile is not worth a core of its own. */
const LEAST_ELEMENTS = 1024;

type Side = 'source' | 'target';
type PermutedAxis = CopyAxis & TiledAxis;

/** How one side of a tile lies in GM and in UB; axes by their number in the box. */
interface SideLayout {
  /** Axes inside a run, and elements of a whole run. */
  readonly run: readonly number[];
  readonly runElements: number;
  readonly burst: number | null;
  readonly loops: readonly number[];
  /** Elements from one index to the next in UB, for each axis. */
  readonly strides: readonly number[];
  /** Elements from run to run in UB, and of the whole tile. */
  readonly pitch: number;
  readonly elements: number;
}

export interface PermutePlan {
  readonly bytes: AffineCopy['bytes'];
  readonly axes: readonly PermutedAxis[];
  readonly source: SideLayout;
  readonly target: SideLayout;
}

/** How the box is cut: tiles grow by turns along the axes that are inner in the target and in the source. */
export function planPermute(copy: AffineCopy, cores: number): PermutePlan {
  const { axes } = copy;
  const most = Math.max(LEAST_ELEMENTS, Math.ceil(boxElements(copy) / cores));
  let tiles = axes.map((axis, at) => (axis.source < 0 ? 1 : Math.min(axis.extent, at === axes.length - 1 ? 8 : 1)));
  const fits = (trial: readonly number[]): boolean =>
    planBytes(planWith(copy, trial)) <= MOST_BYTES && trial.reduce((product, tile) => product * tile, 1) <= most;
  const byTarget = axes.map((_, at) => at).reverse();
  const bySource = byTarget
    .toSorted((a, b) => Math.abs(axes[a].source) - Math.abs(axes[b].source))
    .filter((at) => axes[at].source !== 0);
  for (let open = [byTarget, bySource]; open.length > 0;) {
    open = open.filter((order) => {
      const axis = order.find((at) => tiles[at] < axes[at].extent);
      const grown = axis === undefined ? null : tiles.with(axis, largerTile(axes[axis], tiles[axis]));
      if (grown === null || !fits(grown)) return false;
      tiles = grown;
      return true;
    });
  }
  const even = tiles.map((tile, at) => (axes[at].source < 0 ? tile : evenTile(axes[at].extent, tile)));
  return planWith(copy, fits(even) ? even : tiles);
}

/** The next tile size. A reversed axis is cut evenly, because its tiles are anchored at their ends. */
function largerTile({ extent, source }: CopyAxis, tile: number): number {
  if (source >= 0) return Math.min(extent, tile * 2);
  let size = tile + 1;
  while (extent % size !== 0) size++;
  return size;
}

function planWith({ bytes, axes }: AffineCopy, tiles: readonly number[]): PermutePlan {
  const tiled = axes.map((axis, at) => ({ ...axis, tile: tiles[at] }));
  return { bytes, axes: tiled, source: sourceLayout(tiled, bytes), target: targetLayout(tiled, bytes) };
}

function planBytes({ axes, bytes, source, target }: PermutePlan): number {
  const table = repeatBytes(target.elements * 4);
  const buffers = 2 * (repeatBytes(source.elements * bytes) + repeatBytes(target.elements * bytes));
  const widened = bytes === 1 ? repeatBytes(source.elements * 2) + repeatBytes(target.elements * 2) : 0;
  const tooMany = [source, target].some(({ burst }) => burst !== null && axes[burst].tile > MOST_BURSTS);
  return tooMany ? Infinity : table + buffers + widened;
}

function sourceLayout(axes: readonly PermutedAxis[], bytes: number): SideLayout {
  const order = axes.map((_, at) => at).filter((at) => axes[at].source !== 0 && axes[at].tile > 1);
  order.sort((a, b) => Math.abs(axes[a].source) - Math.abs(axes[b].source));
  const joins = (run: number, at: number): boolean => {
    const step = Math.abs(axes[at].source);
    return step * bytes <= 32 || step <= run * 1.5;
  };
  return sideLayout(axes, bytes, 'source', order, joins);
}

function targetLayout(axes: readonly PermutedAxis[], bytes: number): SideLayout {
  const order = axes
    .map((_, at) => at)
    .filter((at) => axes[at].tile > 1)
    .reverse();
  return sideLayout(axes, bytes, 'target', order, (run, at) => axes[at].target === run);
}

function sideLayout(
  axes: readonly PermutedAxis[],
  bytes: number,
  side: Side,
  order: readonly number[],
  joins: (run: number, at: number) => boolean,
): SideLayout {
  const strides = axes.map(() => 0);
  const run: number[] = [];
  const beyond: number[] = [];
  let runElements = 1;
  for (const at of order) {
    const step = Math.abs(axes[at][side]);
    if (beyond.length > 0 || !joins(runElements, at)) {
      beyond.push(at);
      continue;
    }
    run.push(at);
    strides[at] = step;
    runElements += (axes[at].tile - 1) * step;
  }
  const pitch = Math.ceil((runElements * bytes) / 32) * (32 / bytes);
  let elements = pitch;
  for (const at of beyond) {
    strides[at] = elements;
    elements *= axes[at].tile;
  }
  const [burst = null, ...loops] = beyond;
  return { run, runElements, burst, loops, strides, pitch, elements };
}

export function permutePieces({ axes }: PermutePlan): number {
  return pieceCount(axes);
}

/** For each element of the target tile, the byte offset of its source in UB. */
export function permuteTable({ axes, bytes, source, target }: PermutePlan): Uint8Array {
  const table = new Int32Array(target.elements);
  const width = Math.max(2, bytes);
  const visit = (axis: number, from: number, to: number): void => {
    if (axis === axes.length) {
      table[to] = from * width;
      return;
    }
    const { tile } = axes[axis];
    for (let index = 0; index < tile; index++) {
      const memory = axes[axis].source < 0 ? tile - 1 - index : index;
      visit(axis + 1, from + memory * source.strides[axis], to + index * target.strides[axis]);
    }
  };
  visit(0, 0, 0);
  return new Uint8Array(table.buffer);
}

/** Arguments: source, target, table, and the byte offsets of element 0 in source and target. */
export function writePermute(k: KernelBuilder, plan: PermutePlan): void {
  const [source, target, stored] = [k.buffer('source'), k.buffer('target'), k.buffer('table')];
  const [sourceOffset, targetOffset] = [k.scalar('source_offset'), k.scalar('target_offset')];
  const { axes, bytes } = plan;
  const table = k.alloc('ub', repeatBytes(plan.target.elements * 4));
  k.emit('copy_gm_to_ubuf_align_b32', table, stored, 0, 1, plan.target.elements * 4, 0, 0, 0, 0);
  eachTile(k, axes, (place) => {
    const rows = k.alloc('ub', repeatBytes(plan.source.elements * bytes), 2);
    const ordered = k.alloc('ub', repeatBytes(plan.target.elements * bytes), 2);
    const lowest = placeOffset(
      k,
      sourceOffset,
      place.map((at, axis) => lowestStart(k, at, axes[axis])),
      axes.map((axis) => axis.source),
      bytes,
    );
    move(k, plan, 'source', place, lowest, (gm, ub, count, run, gap, blockGap) =>
      k.emit(
        `copy_gm_to_ubuf_align_b${bytes * 8}`,
        k.at(rows, ub),
        k.at(source, gm),
        0,
        count,
        run,
        0,
        0,
        gap,
        blockGap,
      ),
    );
    gatherTile(k, plan, ordered, table, rows, usedElements(k, plan, place));
    const first = placeOffset(
      k,
      targetOffset,
      place,
      axes.map((axis) => axis.target),
      bytes,
    );
    move(k, plan, 'target', place, first, (gm, ub, count, run, gap, blockGap) =>
      k.emit(
        `copy_ubuf_to_gm_align_b${bytes * 8}`,
        k.at(target, gm),
        k.at(ordered, ub),
        0,
        count,
        run,
        0,
        0,
        blockGap,
        gap,
      ),
    );
  });
}

/** The index whose element has the lowest address; reversed axes have whole tiles only. */
function lowestStart(k: KernelBuilder, at: Extent, axis: PermutedAxis): Extent {
  return axis.source < 0 ? { ...at, start: k.add(at.start, axis.tile - 1) } : at;
}

/** Elements of the target tile up to the last one in use. */
function usedElements(k: KernelBuilder, { axes, target }: PermutePlan, place: readonly Extent[]): Scalar {
  const slowest = target.strides.indexOf(Math.max(...target.strides));
  if (axes[slowest].tile === 1) return target.elements;
  return slowest === target.burst || target.loops.includes(slowest)
    ? k.mul(place[slowest].size, target.strides[slowest])
    : target.elements;
}

type Transfer = (
  gmBytes: Scalar,
  ubBytes: Scalar,
  count: Scalar,
  runBytes: Scalar,
  gmGap: Scalar,
  blockGap: Scalar,
) => void;

/** The DMA instructions of one side of a tile. */
function move(
  k: KernelBuilder,
  plan: PermutePlan,
  side: Side,
  place: readonly Extent[],
  origin: Scalar,
  transfer: Transfer,
): void {
  const { axes, bytes } = plan;
  const layout = plan[side];
  const run = layout.run.reduce<Scalar>(
    (sum, at) => k.add(sum, k.mul(k.sub(place[at].size, 1), layout.strides[at])),
    1,
  );
  const runBytes = k.mul(run, bytes);
  const blockGap = k.sub((layout.pitch * bytes) / 32, k.ceilDiv(runBytes, 32));
  const count = layout.burst === null ? 1 : place[layout.burst].size;
  const gap = layout.burst === null ? 0 : k.sub(Math.abs(axes[layout.burst][side]) * bytes, runBytes);
  const visit = (depth: number, gm: Scalar, ub: Scalar): void => {
    if (depth === layout.loops.length)
      return transfer(gm, ub, count, runBytes, gap, layout.burst === null ? 0 : blockGap);
    const at = layout.loops[depth];
    k.loop(0, place[at].size, 1, (index) => {
      const step = Math.abs(axes[at][side]) * bytes;
      visit(depth + 1, k.add(gm, k.mul(index, step)), k.add(ub, k.mul(index, layout.strides[at] * bytes)));
    });
  };
  visit(0, origin, 0);
}

function gatherTile(
  k: KernelBuilder,
  { bytes, source, target }: PermutePlan,
  ordered: Value,
  table: Value,
  rows: Value,
  count: Scalar,
): void {
  if (bytes !== 1) {
    countLanes(k, count);
    return k.emit(`vgather_b${bytes * 8}`, ordered, table, rows, 8, 1);
  }
  // There is no gather of bytes: as f16 every byte value is exact.
  const wide = k.alloc('ub', repeatBytes(source.elements * 2));
  const gathered = k.alloc('ub', repeatBytes(target.elements * 2));
  countLanes(k, source.elements);
  k.emit('vconv_u82f16', wide, rows, 1, 1, 1, 8, 4);
  countLanes(k, count);
  k.emit('vgather_b16', gathered, table, wide, 8, 1);
  k.emit('vconv_f162u8r', ordered, gathered, 1, 1, 1, 4, 8);
}
