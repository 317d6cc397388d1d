/**
 * Layout changes between NCHW and NC1HWC0 where maps are small and channels fill their blocks: each group of C0 channels
 * is a run of the same bytes in both layouts, and many of them are permuted at once through one table.
 */
import type { KernelBuilder } from '../../tile/kernel-builder.ts';
import { limit } from '../cube/matmul.ts';
import { countLanes, repeatBytes } from '../vector.ts';
import { widthOf } from './relayout.ts';
import type { ElementSize, FeatureMapShape } from './relayout.ts';

/** Elements of a tile; the table has four bytes for each. */
const TILE_ELEMENTS = 4096;
/** Maps with more positions fill a tile of the general kernel. */
const MOST_POSITIONS = 128;

export function hasSmallPlanes({ channels, positions }: FeatureMapShape, { c0 }: ElementSize): boolean {
  return channels % c0 === 0 && positions <= MOST_POSITIONS;
}

const planesOf = ({ images, channels }: FeatureMapShape, { c0 }: ElementSize): number => (images * channels) / c0;

/** Planes of one tile. */
function planeTile(shape: FeatureMapShape, element: ElementSize): number {
  return Math.min(planesOf(shape, element), Math.floor(TILE_ELEMENTS / (shape.positions * element.c0)));
}

export function planePieces(shape: FeatureMapShape, element: ElementSize): number {
  return Math.ceil(planesOf(shape, element) / planeTile(shape, element));
}

/** For each element of a tile of the result, the byte at which it lies in the source. */
export function planeTable(shape: FeatureMapShape, element: ElementSize, toBlocked: boolean): Uint8Array {
  const { positions } = shape;
  const { c0, bytes } = element;
  const planeElements = positions * c0;
  const table = new Uint32Array(planeTile(shape, element) * planeElements);
  for (let at = 0; at < table.length; at++) {
    const within = at % planeElements;
    const [position, channel] = toBlocked
      ? [Math.floor(within / c0), within % c0]
      : [within % positions, Math.floor(within / positions)];
    const from = toBlocked ? channel * positions + position : position * c0 + channel;
    table[at] = (at - within + from) * bytes;
  }
  return new Uint8Array(table.buffer);
}

/** Arguments: source, target, table. */
export function writePlanes(k: KernelBuilder, shape: FeatureMapShape, element: ElementSize): void {
  const [source, target, offsets] = [k.buffer('source'), k.buffer('target'), k.buffer('table')];
  const planes = planeTile(shape, element);
  const planeElements = shape.positions * element.c0;
  const table = k.alloc('ub', repeatBytes(planes * planeElements * 4));
  k.emit('copy_gm_to_ubuf', table, offsets, 0, 1, (planes * planeElements * 4) / 32, 0, 0);
  k.parallel(planePieces(shape, element), (piece) => {
    const first = k.mul(piece, planes);
    const count = limit(k, planesOf(shape, element), first, planes);
    const [from, to] = [0, 1].map(() => k.alloc('ub', repeatBytes(planes * planeElements * element.bytes), 2));
    const start = k.mul(first, shape.positions * 32);
    k.emit('copy_gm_to_ubuf', from, k.at(source, start), 0, 1, k.mul(count, shape.positions), 0, 0);
    countLanes(k, k.mul(count, planeElements));
    k.emit(`vgather_${widthOf(element)}`, to, table, from, 8, 1);
    k.emit('copy_ubuf_to_gm', k.at(target, start), to, 0, 1, k.mul(count, shape.positions), 0, 0);
  });
}
