/**
 * Gathering of whole rows (embedding look-up): the scalar unit reads each index, DMA brings the row, and a tile of rows
 * is stored at once. Rows that no index names stay zero.
 */
import type { KernelBuilder } from '../../tile/kernel-builder.ts';
import { eachTile, evenTile, pieceCount } from '../shape/pieces.ts';
import { countLanes, fill, repeatBytes } from '../vector.ts';
import type { IndexedRows } from './address.ts';
import { namedRow } from './address.ts';

const TILE_BYTES = 32 * 1024;

function axesOf({ slabs, rows, rowBytes }: IndexedRows, cores: number) {
  const width = evenTile(rowBytes, TILE_BYTES, 512);
  const most = Math.max(1, Math.min(Math.floor(TILE_BYTES / pitchOf(width)), Math.ceil((slabs * rows) / cores)));
  return [
    { extent: slabs, tile: 1 },
    { extent: rows, tile: evenTile(rows, most) },
    { extent: rowBytes, tile: width },
  ] as const;
}

const pitchOf = (bytes: number): number => Math.ceil(bytes / 32) * 32;

export function rowLookupPieces(at: IndexedRows, cores: number): number {
  return pieceCount(axesOf(at, cores));
}

/** Arguments: source, indices, target. */
export function writeRowLookup(k: KernelBuilder, at: IndexedRows, cores: number): void {
  const [source, indices, target] = [k.buffer('source'), k.buffer('indices'), k.buffer('target')];
  const axes = axesOf(at, cores);
  const [, { tile: tileRows }, { tile: width }] = axes;
  const pitch = pitchOf(width);
  eachTile(k, axes, ([slab, rows, bytes]) => {
    const tile = k.alloc('ub', repeatBytes(tileRows * pitch), 2);
    countLanes(k, (tileRows * pitch) / 4);
    fill(k, 'b32', tile, 0);
    k.loop(0, rows.size, 1, (number) => {
      const row = namedRow(k, at, indices, slab.start, k.add(rows.start, number));
      k.when('ne', row.exists, 0, () => {
        const from = k.at(source, k.add(row.offset, bytes.start));
        k.emit('copy_gm_to_ubuf_align_b8', k.at(tile, k.mul(number, pitch)), from, 0, 1, bytes.size, 0, 0, 0, 0);
      });
    });
    const first = k.mul(k.add(k.mul(slab.start, at.rows), rows.start), at.rowBytes);
    const to = k.at(target, k.add(first, bytes.start));
    if (width === at.rowBytes && pitch === width)
      return k.emit('copy_ubuf_to_gm_align_b8', to, tile, 0, 1, k.mul(rows.size, width), 0, 0, 0, 0);
    const blockGap = k.sub(pitch / 32, k.ceilDiv(bytes.size, 32));
    k.emit(
      'copy_ubuf_to_gm_align_b8',
      to,
      tile,
      0,
      rows.size,
      bytes.size,
      0,
      0,
      blockGap,
      k.sub(at.rowBytes, bytes.size),
    );
  });
}
