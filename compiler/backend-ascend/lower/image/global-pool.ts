/**
 * Pooling of whole NC1HWC0 maps on the vector unit: one block of results for each image and channel group.
 *
 * The blocks of a plane stream through UB; each instruction folds them, 8 at a time, into 8 blocks of partial results
 * (destination and second source stay in place from repeat to repeat), which are folded into one at the end.
 */
import { bitsOfF32 } from '../../../../runtime/isa/index.ts';
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { limit } from '../cube/matmul.ts';
import { countLanes, fill, withScalar, withTwo } from '../vector.ts';

export interface GlobalPoolShape {
  readonly kind: 'max' | 'average';
  readonly images: number;
  /** Groups of 8 channels. */
  readonly groups: number;
  readonly positions: number;
}

const C0 = 8;
const BLOCK_BYTES = 32;
/** Blocks loaded at once: a repeat count has 8 bits, and each repeat takes 8. */
const CHUNK = 255 * 8;

export const globalPoolPieces = (shape: GlobalPoolShape): number => shape.images * shape.groups;

/** Arguments: map, result. */
export function writeGlobalPool(k: KernelBuilder, shape: GlobalPoolShape): void {
  const [map, result] = [k.buffer('map'), k.buffer('result')];
  const combine = shape.kind === 'max' ? 'vmax_f32' : 'vadd_f32';
  const chunk = Math.min(CHUNK, Math.ceil(shape.positions / 8) * 8);
  k.parallel(globalPoolPieces(shape), (plane) => {
    const partial = k.alloc('ub', 8 * BLOCK_BYTES, 2);
    countLanes(k, 8 * C0);
    fill(k, 'b32', partial, bitsOfF32(shape.kind === 'max' ? -Infinity : 0));
    k.loop(0, shape.positions, chunk, (start) => {
      const count = limit(k, shape.positions, start, chunk);
      const blocks = k.alloc('ub', chunk * BLOCK_BYTES, 2);
      const from = k.mul(k.add(k.mul(plane, shape.positions), start), BLOCK_BYTES);
      k.emit('copy_gm_to_ubuf', blocks, k.at(map, from), 0, 1, count, 0, 0);
      foldInto(k, combine, partial, blocks, count);
    });
    for (let left = 4; left >= 1; left /= 2) {
      countLanes(k, left * C0);
      withTwo(k, combine, partial, partial, k.at(partial, left * BLOCK_BYTES));
    }
    if (shape.kind === 'average') withScalar(k, 'vmuls_f32', partial, partial, k.float(1 / shape.positions));
    k.emit('copy_ubuf_to_gm', k.at(result, k.mul(plane, BLOCK_BYTES)), partial, 0, 1, 1, 0, 0);
  });
}

function foldInto(k: KernelBuilder, combine: string, partial: Value, blocks: Value, count: Scalar): void {
  countLanes(k, k.mul(count, C0));
  k.emit(combine, partial, blocks, partial, 1, 1, 1, 1, 0, 8, 0);
}
