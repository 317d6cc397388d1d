/** Reductions over the columns of a tile: pieces of 64 lanes are combined first, then the lanes of each row. */
import type { Block, Operation, Value } from '../../../ir/index.ts';
import { LANES } from './tile.ts';
import type { Tile, TileValue } from './tile.ts';
import { spreadPacked } from './transfer.ts';
import { add, choose, comparison, divide } from './vocabulary.ts';

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

/** One value for each row: a column, or a scalar when there is one row for all. `source` is null when it has no elements. */
export function reduceRows(tile: Tile, op: Operation, source: TileValue | null, propagatesNaN: boolean): TileValue {
  const reduction = REDUCTIONS[op.name];
  const isMean = op.name === 'ms.reduce_mean';
  if (source === null) return tile.constant(isMean ? NaN : reduction.identity, 'f32');
  const result = reduced(tile, reduction, source);
  if (isMean) return divide(tile, result, tile.constant(tile.extent.columnCapacity, 'f32'));
  return reduction !== SUM && propagatesNaN ? add(tile, result, reduced(tile, SUM, poison(tile, source))) : result;
}

/** NaN where the value is NaN, else 0. The instructions that find extremes pass over NaN. */
function poison(tile: Tile, value: TileValue): TileValue {
  return choose(tile, comparison(tile, 'eq', value, value), tile.constant(0, 'f32'), value);
}

/**
 * Whether NaN must get from an extreme's operand into its result here. Not where the result is only taken off the same
 * operand and everything that leaves the group depends on a sum of rows of that difference, as in softmax: there NaN
 * reaches the whole row through the sum.
 */
export function propagatesNaN(op: Operation, body: Block): boolean {
  if (op.name !== 'ms.reduce_max' && op.name !== 'ms.reduce_min') return false;
  const users = body.operations.filter((user) => user.operands.includes(op.results[0]));
  const isShift = users.every((user) => user.name === 'ms.sub' && user.operands[0] === op.operands[0]);
  if (!isShift) return true;
  const shifted = dependents(body, op.results);
  const sums = body.operations.filter((other) => other.name === 'ms.reduce_sum' && shifted.has(other.operands[0]));
  const summed = dependents(
    body,
    sums.flatMap((sum) => sum.results),
  );
  const leaving = body.operations.at(-1)?.operands ?? [];
  return leaving.some((value) => shifted.has(value) && !summed.has(value));
}

/** These values and all that are computed from them. */
function dependents(body: Block, values: readonly Value[]): ReadonlySet<Value> {
  const found = new Set(values);
  for (const op of body.operations)
    if (op.operands.some((operand) => found.has(operand))) for (const result of op.results) found.add(result);
  return found;
}

function reduced(tile: Tile, reduction: Reduction, source: TileValue): TileValue {
  const whole = tile.spread(source, source.kind === 'full' || source.kind === 'column' ? 'full' : 'row');
  const packed = packedRows(tile, reduction, whole);
  return spreadPacked(tile, packed, whole.kind === 'full' ? 'column' : 'scalar', 'f32');
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
