/**
 * Reduction of [outer, extent, inner] along the middle: rows of `inner` elements are joined lane by lane.
 *
 * A tile of rows is halved until one row is left, which joins the row of results so far: log₂(rows) instructions for
 * each tile. Rows that a last tile lacks hold the identity. When there are fewer columns than cores can share, the
 * extent is split and a second run of the same kernel joins the parts.
 */
import type { DType, Value } from '../../../ir/index.ts';
import { dtypeBytes } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { NARROW, WIDEN, convertLanes } from '../convert.ts';
import type { Lane } from '../rowwise/tile.ts';
import { bitsOf } from '../rowwise/tile.ts';
import { elementBytes } from '../shape/fill.ts';
import type { Extent } from '../shape/pieces.ts';
import { eachTile, evenTile, pieceCount } from '../shape/pieces.ts';
import { countLanes, fill, repeatBytes, withScalar, withTwo } from '../vector.ts';
import type { Join } from './join.ts';
import { SUM, storedIdentity } from './join.ts';

/** One step of a reduction: [outer, extent, inner] to [outer, parts, inner]. */
export interface ReduceStep {
  readonly join: Join;
  readonly lane: Lane;
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
  readonly parts: number;
  readonly from: DType;
  readonly to: DType;
  /** Multiplies the result (means). */
  readonly scale: number;
}

const MOST_COLUMNS = 1024;
/** Bytes of a tile in 32-bit lanes. */
const TILE_BYTES = 32 * 1024;

export function columnTile(inner: number): number {
  return evenTile(inner, MOST_COLUMNS, 32);
}

function rowTile(step: ReduceStep): number {
  const rows = Math.floor(TILE_BYTES / 4 / pitchOf(step));
  return Math.max(1, Math.min(rows, Math.ceil(step.extent / step.parts)));
}

/** Elements from row to row in UB. */
function pitchOf({ inner, from }: ReduceStep): number {
  const block = 32 / Math.min(4, dtypeBytes(from));
  return Math.ceil(columnTile(inner) / block) * block;
}

const axesOf = ({ outer, parts, inner }: ReduceStep) => [
  { extent: outer, tile: 1 },
  { extent: parts, tile: 1 },
  { extent: inner, tile: columnTile(inner) },
];

export function columnPieces(step: ReduceStep): number {
  return pieceCount(axesOf(step));
}

/** Arguments: source, target. */
export function writeColumns(k: KernelBuilder, step: ReduceStep): void {
  const [source, target] = [k.buffer('source'), k.buffer('target')];
  const pitch = pitchOf(step);
  const rows = rowTile(step);
  const share = Math.ceil(step.extent / step.parts / rows) * rows;
  eachTile(k, axesOf(step), (place) => {
    const [outer, part, columns] = place;
    const total = identityLine(k, step, step.join, pitch);
    const poison = losesNaN(step) ? identityLine(k, step, SUM, pitch) : null;
    const first = k.mul(part.start, share);
    const count =
      step.extent % share === 0 && step.parts * share === step.extent
        ? share
        : k.max(0, k.min(k.sub(step.extent, first), share));
    const joinFrom = (start: Scalar, taken: Scalar): void => {
      const row = k.add(k.mul(outer.start, step.extent), k.add(first, start));
      const at = k.add(k.mul(row, step.inner), columns.start);
      const tile = loadRows(k, step, k.at(source, k.mul(at, dtypeBytes(step.from))), taken, rows, columns);
      if (poison) joinRows(k, step, SUM, poison, poisonOf(k, tile, rows * pitch), rows, pitch);
      joinRows(k, step, step.join, total, tile, rows, pitch);
    };
    const whole = k.mul(k.div(count, rows), rows);
    k.loop(0, whole, rows, (start) => joinFrom(start, rows));
    k.when('slt', whole, count, () => joinFrom(whole, k.sub(count, whole)));
    const at = k.add(k.mul(k.add(k.mul(outer.start, step.parts), part.start), step.inner), columns.start);
    if (poison) withTwo(k, 'vadd_f32', total, total, poison);
    storeLine(k, step, total, pitch, columns.size, k.at(target, k.mul(at, dtypeBytes(step.to))));
  });
}

/** Rows of a tile in lanes; those past `taken` hold the identity. */
function loadRows(
  k: KernelBuilder,
  step: ReduceStep,
  from: Value,
  taken: Scalar,
  rows: number,
  columns: Extent,
): Value {
  const { from: dtype, inner } = step;
  const bytes = dtypeBytes(dtype);
  const pitch = pitchOf(step);
  const raw = k.alloc('ub', repeatBytes(rows * pitch * bytes), 2);
  if (taken !== rows) fillIdentity(k, step, raw, rows * pitch);
  const rowBytes = k.mul(columns.size, bytes);
  const gap = k.sub(inner * bytes, rowBytes);
  const blockGap = k.sub((pitch * bytes) / 32, k.ceilDiv(rowBytes, 32));
  k.emit(`copy_gm_to_ubuf_align_b${bytes * 8}`, raw, from, 0, taken, rowBytes, 0, 0, gap, blockGap);
  return convertLanes(k, raw, WIDEN[dtype] ?? [], rows * pitch, rows * pitch);
}

/** Fills `elements` stored elements with the identity. */
export function fillIdentity(
  k: KernelBuilder,
  { join, lane, from }: ReduceStep,
  target: Value,
  elements: number,
): void {
  const element = elementBytes(from, storedIdentity(join, from, lane));
  const bytes = Uint8Array.from({ length: 4 }, (_, at) => element[at % element.length]);
  countLanes(k, Math.ceil((elements * element.length) / 4));
  fill(k, 'b32', target, new DataView(bytes.buffer).getUint32(0, true));
}

/** Joins the rows of a tile into its first one, and that into the results so far; leaves the count of a line. */
function joinRows(
  k: KernelBuilder,
  { lane }: ReduceStep,
  join: Join,
  total: Value,
  tile: Value,
  rows: number,
  pitch: number,
): void {
  for (let have = rows; have > 1; have = Math.ceil(have / 2)) {
    const half = Math.floor(have / 2);
    countLanes(k, half * pitch);
    withTwo(k, `${join.vector}_${lane}`, tile, tile, k.at(tile, (have - half) * pitch * 4));
  }
  countLanes(k, pitch);
  withTwo(k, `${join.vector}_${lane}`, total, total, tile);
}

/** A line of results before anything is joined. */
export function identityLine(k: KernelBuilder, { lane }: ReduceStep, join: Join, elements: number): Value {
  const line = k.alloc('ub', repeatBytes(elements * 4));
  countLanes(k, elements);
  fill(k, 'b32', line, bitsOf(join.identity[lane], lane));
  return line;
}

/** True where NaN must be carried beside the results: of floats, by an instruction that passes over it. */
export const losesNaN = ({ join, lane, from }: ReduceStep): boolean => join.losesNaN && lane === 'f32' && from !== 'i1';

/** NaN where a lane is NaN, else 0: what added to an extreme makes it NaN. */
export function poisonOf(k: KernelBuilder, lanes: Value, count: number): Value {
  const [bits, zero, poison] = [count / 8, 32, count * 4].map((bytes) => k.alloc('ub', repeatBytes(bytes)));
  countLanes(k, 8);
  fill(k, 'b32', zero, 0);
  countLanes(k, count);
  k.emit('vcmpv_eq_f32', bits, lanes, lanes, 1, 1, 1, 8, 8);
  k.emit('vsel_tt_b32', poison, zero, lanes, bits, 1, 1, 0, 1, 8, 0, 8);
  return poison;
}

/** Scales, narrows and stores one line of results. */
export function storeLine(
  k: KernelBuilder,
  { scale, to }: ReduceStep,
  line: Value,
  capacity: number,
  count: Scalar,
  target: Value,
): void {
  if (scale !== 1) {
    countLanes(k, capacity);
    withScalar(k, 'vmuls_f32', line, line, k.float(scale));
  }
  const stored = convertLanes(k, line, NARROW[to] ?? [], capacity, capacity);
  const bytes = dtypeBytes(to);
  k.emit(`copy_ubuf_to_gm_align_b${bytes * 8}`, target, stored, 0, 1, k.mul(count, bytes), 0, 0, 0, 0);
}
