/**
 * Scattering: updates go to the rows that indices name, one after another, so that the last one stays and sums are in
 * order. Cores share the work only where updates cannot meet: slabs, columns, and pieces of a row.
 */
import type { DType, Value } from '../../../ir/index.ts';
import { dtypeBytes } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { NARROW, WIDEN, convertLanes } from '../convert.ts';
import { reductionLane } from '../reduce/join.ts';
import { eachTile, evenTile, pieceCount } from '../shape/pieces.ts';
import { countLanes, repeatBytes, withTwo } from '../vector.ts';
import type { IndexedRows } from './address.ts';
import { namedRow } from './address.ts';

export interface Scatter {
  readonly at: IndexedRows;
  readonly dtype: DType;
  /** Stem of the instruction that joins an update with what is there; null replaces it. */
  readonly join: string | null;
}

const MOST_BYTES = 16 * 1024;
/** Below this a piece of a row is not worth a core of its own. */
const LEAST_BYTES = 512;

function axesOf({ at }: Scatter, cores: number) {
  const share = Math.max(LEAST_BYTES, Math.ceil(at.rowBytes / cores / LEAST_BYTES) * LEAST_BYTES);
  return [
    { extent: at.slabs, tile: 1 },
    { extent: at.columns, tile: 1 },
    { extent: at.rowBytes, tile: evenTile(at.rowBytes, Math.min(MOST_BYTES, share), LEAST_BYTES) },
  ] as const;
}

export function scatterPieces(scatter: Scatter, cores: number): number {
  return pieceCount(axesOf(scatter, cores));
}

/** Arguments: indices, updates, target (which holds x). */
export function writeScatter(k: KernelBuilder, scatter: Scatter, cores: number): void {
  const [indices, updates, target] = [k.buffer('indices'), k.buffer('updates'), k.buffer('target')];
  const { at } = scatter;
  const axes = axesOf(scatter, cores);
  const width = axes[2].tile;
  eachTile(k, axes, ([slab, column, bytes]) => {
    k.loop(0, at.rows / at.columns, 1, (number) => {
      const update = k.alloc('ub', repeatBytes(width), 2);
      const row = k.add(k.mul(number, at.columns), column.start);
      const named = namedRow(k, at, indices, slab.start, row);
      k.when('ne', named.exists, 0, () => {
        const from = k.add(k.mul(k.add(k.mul(slab.start, at.rows), row), at.rowBytes), bytes.start);
        k.emit('copy_gm_to_ubuf_align_b8', update, k.at(updates, from), 0, 1, bytes.size, 0, 0, 0, 0);
        const to = k.at(target, k.add(named.offset, bytes.start));
        k.emit(
          'copy_ubuf_to_gm_align_b8',
          to,
          joined(k, scatter, update, to, bytes.size, width),
          0,
          1,
          bytes.size,
          0,
          0,
          0,
          0,
        );
      });
    });
  });
}

/** The update joined with what the target holds. */
function joined(
  k: KernelBuilder,
  { join, dtype }: Scatter,
  update: Value,
  target: Value,
  bytes: Scalar,
  width: number,
): Value {
  if (join === null) return update;
  const size = dtypeBytes(dtype);
  const [count, capacity] = [k.div(bytes, size), width / size];
  const held = k.alloc('ub', repeatBytes(width));
  k.emit('copy_gm_to_ubuf_align_b8', held, target, 0, 1, bytes, 0, 0, 0, 0);
  const widen = WIDEN[dtype] ?? [];
  const [left, right] = [held, update].map((value) => convertLanes(k, value, widen, count, capacity));
  const sum = k.alloc('ub', repeatBytes(capacity * 4));
  countLanes(k, count);
  withTwo(k, `${join}_${reductionLane(dtype) ?? 'f32'}`, sum, left, right);
  return convertLanes(k, sum, NARROW[dtype] ?? [], count, capacity);
}
