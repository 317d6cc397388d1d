/** Reductions over the columns of a tile: pieces of 64 lanes are combined first, then the lanes of each row. */
import type { Operation } from '../../../ir/index.ts';
import { LANES } from './tile.ts';
import type { Tile, TileValue } from './tile.ts';
import { spreadPacked } from './transfer.ts';

interface Reduction {
  readonly combine: string;
  readonly across: string;
  readonly identity: number;
}

const SUM: Reduction = { combine: 'vadd_f32', across: 'vcadd_f32', identity: 0 };
const MAX: Reduction = { combine: 'vmax_f32', across: 'vcmax_f32', identity: -Infinity };
const MIN: Reduction = { combine: 'vmin_f32', across: 'vcmin_f32', identity: Infinity };

const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  'ms.reduce_sum': SUM,
  'ms.reduce_mean': SUM,
  'ms.reduce_max': MAX,
  'ms.reduce_min': MIN,
  'ms.reduce_any': MAX,
  'ms.reduce_all': MIN,
};

/** True when the row-wise kernel can compute the reduction over its columns. */
export function isRowReduction(op: Operation): boolean {
  return op.name in REDUCTIONS;
}

/** One value for each row: a column, or a scalar when there is one row for all. */
export function reduceRows(tile: Tile, op: Operation, source: TileValue): TileValue {
  const reduction = REDUCTIONS[op.name];
  const whole = tile.spread(source, source.kind === 'full' || source.kind === 'column' ? 'full' : 'row');
  const kind = whole.kind === 'full' ? 'column' : 'scalar';
  const packed = packedRows(tile, reduction, whole);
  const result = spreadPacked(tile, packed, kind, 'f32');
  if (op.name !== 'ms.reduce_mean') return result;
  const scale = 1 / tile.extent.columnCapacity;
  return tile.apply('vmuls_f32', [result], 'f32', [tile.k.float(scale)]);
}

function packedRows(tile: Tile, reduction: Reduction, source: TileValue): TileValue['buffer'] {
  const { k, extent } = tile;
  const isFull = source.kind === 'full';
  const rowCapacity = isFull ? extent.rowCapacity : 1;
  const rows = isFull ? extent.rows : 1;
  const packed = k.alloc('ub', Math.ceil((rowCapacity * 4) / 256) * 256);
  const columns = extent.columnCapacity;
  const rowBlocks = isFull ? tile.rowStride('full') : 0;
  if (columns <= LANES) {
    tile.setMask(columns);
    k.emit(reduction.across, packed, source.buffer, rows, 1, 1, rowBlocks);
    return packed;
  }
  const partial = k.alloc('ub', rowCapacity * LANES * 4);
  tile.setMask(LANES);
  k.emit('vcopy_b32', partial, source.buffer, rows, 1, 1, 8, rowBlocks);
  for (let at = LANES; at < columns; at += LANES) {
    tile.setMask(Math.min(LANES, columns - at));
    k.emit(reduction.combine, partial, partial, k.at(source.buffer, at * 4), rows, 1, 1, 1, 8, 8, rowBlocks);
  }
  tile.setMask(LANES);
  k.emit(reduction.across, packed, partial, rows, 1, 1, 8);
  return packed;
}
