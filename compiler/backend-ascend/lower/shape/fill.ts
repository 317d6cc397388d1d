/** Memory filled with one element: a tile is made in UB once and stored again and again. */
import type { DType } from '../../../ir/index.ts';
import { dtypeBytes, elementArray } from '../../../ir/index.ts';
import { storeNumber } from '../../../ir/ops/index.ts';
import type { KernelBuilder } from '../../tile/kernel-builder.ts';
import type { Value } from '../../../ir/index.ts';
import type { Lowering } from '../lowering.ts';
import { eachTile, evenTile, pieceCount } from './pieces.ts';

const TILE_BYTES = 32 * 1024;
const REPEAT_BYTES = 256;

/** Fills the first `bytes` bytes of a buffer with an element. */
export function launchFill(lowering: Lowering, target: Value, bytes: number, element: Uint8Array): void {
  if (bytes === 0) return;
  const cores = lowering.chip.vectorCores;
  const axis = {
    extent: bytes,
    tile: evenTile(bytes, Math.min(TILE_BYTES, Math.max(2048, Math.ceil(bytes / cores))), 512),
  };
  lowering.launch(
    {
      key: `fill ${bytes} ${element.join(' ')}`,
      name: 'fill',
      core: 'vector',
      blocks: Math.min(cores, pieceCount([axis])),
      write: (k) => {
        const buffer = k.buffer('target');
        const tile = k.alloc('ub', Math.ceil(axis.tile / REPEAT_BYTES) * REPEAT_BYTES);
        writePattern(k, tile, Math.ceil(axis.tile / REPEAT_BYTES), element);
        eachTile(k, [axis], ([{ start, size }]) =>
          k.emit('copy_ubuf_to_gm_align_b8', k.at(buffer, start), tile, 0, 1, size, 0, 0, 0, 0),
        );
      },
    },
    [target],
  );
}

/** The bytes of a number as an element. */
export function elementBytes(dtype: DType, value: number): Uint8Array {
  const data = elementArray(dtype, 1);
  storeNumber(dtype, data, 0, value);
  return new Uint8Array(data.buffer, 0, dtypeBytes(dtype));
}

/** Writes whole repeats of 256 bytes. Elements of 8 bytes are two interleaved patterns of 4. */
function writePattern(k: KernelBuilder, tile: Value, repeats: number, element: Uint8Array): void {
  const words = Array.from({ length: Math.max(4, element.length) }, (_, at) => element[at % element.length]);
  const word = (at: number): number => new DataView(Uint8Array.from(words.slice(at, at + 4)).buffer).getUint32(0, true);
  k.emit('set_mask_norm');
  if (element.length < 8 || word(0) === word(4)) {
    k.emit('set_vector_mask', 0, -1);
    return k.emit('vector_dup_b32', tile, word(0), repeats, 1, 1, 8, 8);
  }
  [word(0), word(4)].forEach((bits, half) => {
    const lanes = half === 0 ? 0x55555555 : 0xaaaaaaaa | 0;
    k.emit('set_vector_mask', 0, k.read('movk', lanes, lanes));
    k.emit('vector_dup_b32', tile, bits, repeats, 1, 1, 8, 8);
  });
}
