/**
 * Running sums and products along the first axis of [extent, columns] inside `outer` slabs: a row of totals takes each
 * row in turn. Lines along the last axis are transposed before and after, so that all of them advance together.
 */
import type { DType, Value } from '../../../ir/index.ts';
import { dtypeBytes } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { NARROW, WIDEN, convertLanes } from '../convert.ts';
import type { Lane } from '../rowwise/tile.ts';
import { bitsOf } from '../rowwise/tile.ts';
import { eachTile, evenTile, pieceCount } from '../shape/pieces.ts';
import { countLanes, fill, repeatBytes, withTwo } from '../vector.ts';

export interface Scan {
  readonly vector: 'vadd' | 'vmul';
  readonly lane: Lane;
  readonly dtype: DType;
  readonly outer: number;
  readonly extent: number;
  readonly columns: number;
  readonly isExclusive: boolean;
  readonly isReverse: boolean;
}

const MOST_COLUMNS = 1024;
const TILE_BYTES = 16 * 1024;

const axesOf = ({ outer, columns }: Scan, cores: number) => [
  { extent: outer, tile: 1 },
  {
    extent: columns,
    tile: evenTile(columns, Math.min(MOST_COLUMNS, Math.max(64, Math.ceil((outer * columns) / cores))), 32),
  },
];

export function scanPieces(scan: Scan, cores: number): number {
  return pieceCount(axesOf(scan, cores));
}

/** Arguments: source, target. */
export function writeScan(k: KernelBuilder, scan: Scan, cores: number): void {
  const [source, target] = [k.buffer('source'), k.buffer('target')];
  const axes = axesOf(scan, cores);
  const bytes = dtypeBytes(scan.dtype);
  const block = 32 / bytes;
  const pitch = Math.ceil(axes[1].tile / block) * block;
  const rows = Math.max(1, Math.min(scan.extent, Math.floor(TILE_BYTES / 4 / pitch)));
  const tiles = Math.ceil(scan.extent / rows);
  eachTile(k, axes, ([outer, columns]) => {
    const total = k.alloc('ub', repeatBytes(pitch * 4));
    countLanes(k, pitch);
    fill(k, 'b32', total, bitsOf(scan.vector === 'vadd' ? 0 : 1, scan.lane));
    k.loop(0, tiles, 1, (number) => {
      const tile = k.mul(scan.isReverse ? k.sub(tiles - 1, number) : number, rows);
      const taken = scan.extent % rows === 0 ? rows : k.min(k.sub(scan.extent, tile), rows);
      const offset = k.add(k.mul(k.add(k.mul(outer.start, scan.extent), tile), scan.columns), columns.start);
      const rowBytes = k.mul(columns.size, bytes);
      const [gap, blockGap] = [
        k.sub(scan.columns * bytes, rowBytes),
        k.sub((pitch * bytes) / 32, k.ceilDiv(rowBytes, 32)),
      ];
      const raw = k.alloc('ub', repeatBytes(rows * pitch * bytes), 2);
      k.emit(
        `copy_gm_to_ubuf_align_b${bytes * 8}`,
        raw,
        k.at(source, k.mul(offset, bytes)),
        0,
        taken,
        rowBytes,
        0,
        0,
        gap,
        blockGap,
      );
      const values = convertLanes(k, raw, WIDEN[scan.dtype] ?? [], rows * pitch, rows * pitch);
      const sums = k.alloc('ub', repeatBytes(rows * pitch * 4), 2);
      scanRows(k, scan, { total, values, sums }, taken, pitch);
      const stored = convertLanes(k, sums, NARROW[scan.dtype] ?? [], rows * pitch, rows * pitch);
      k.emit(
        `copy_ubuf_to_gm_align_b${bytes * 8}`,
        k.at(target, k.mul(offset, bytes)),
        stored,
        0,
        taken,
        rowBytes,
        0,
        0,
        blockGap,
        gap,
      );
    });
  });
}

interface ScanBuffers {
  readonly total: Value;
  readonly values: Value;
  readonly sums: Value;
}

function scanRows(
  k: KernelBuilder,
  scan: Scan,
  { total, values, sums }: ScanBuffers,
  taken: Scalar,
  pitch: number,
): void {
  countLanes(k, pitch);
  k.loop(0, taken, 1, (number) => {
    const row = k.mul(scan.isReverse ? k.sub(k.sub(taken, 1), number) : number, pitch * 4);
    if (scan.isExclusive) k.emit('vcopy_b32', k.at(sums, row), total, 1, 1, 1, 8, 8);
    withTwo(k, `${scan.vector}_${scan.lane}`, total, total, k.at(values, row));
    if (!scan.isExclusive) k.emit('vcopy_b32', k.at(sums, row), total, 1, 1, 1, 8, 8);
  });
}
