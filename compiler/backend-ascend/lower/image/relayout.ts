/**
 * Kernels that change the storage layout of a tensor (`npu.relayout`): NCHW to and from NC1HWC0, and filters to
 * FRACTAL_Z. Each gathers inside UB with an offset table that is computed once per core.
 */
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { limit } from '../cube/matmul.ts';
import { countLanes, fill, offsetTable, repeatBytes, withScalar } from '../vector.ts';

/** Sizes of one element. */
export interface ElementSize {
  readonly bytes: 2 | 4;
  /** Elements of a 32-byte block. */
  readonly c0: number;
}

export const widthOf = ({ bytes }: ElementSize): 'b16' | 'b32' => (bytes === 4 ? 'b32' : 'b16');

export interface FeatureMapShape {
  readonly images: number;
  readonly channels: number;
  readonly positions: number;
}

/** Positions of one tile: the gathered and the plain tile are double-buffered and a table holds an offset per element. */
export function relayoutTile(shape: FeatureMapShape, element: ElementSize): number {
  const most = Math.floor(8192 / element.c0 / (4 / element.bytes));
  return Math.min(most, Math.ceil(shape.positions / 16) * 16);
}

export function relayoutPieces(shape: FeatureMapShape, element: ElementSize): number {
  return (
    shape.images * Math.ceil(shape.channels / element.c0) * Math.ceil(shape.positions / relayoutTile(shape, element))
  );
}

interface Piece {
  readonly image: Scalar;
  readonly group: Scalar;
  readonly start: Scalar;
  readonly positions: Scalar;
  readonly channels: Scalar;
}

function eachPiece(k: KernelBuilder, shape: FeatureMapShape, element: ElementSize, body: (piece: Piece) => void): void {
  const size = relayoutTile(shape, element);
  const tiles = Math.ceil(shape.positions / size);
  const groups = Math.ceil(shape.channels / element.c0);
  k.parallel(relayoutPieces(shape, element), (index) => {
    const start = k.mul(k.rem(index, tiles), size);
    const rest = k.div(index, tiles);
    const group = k.rem(rest, groups);
    body({
      image: k.div(rest, groups),
      group,
      start,
      positions: limit(k, shape.positions, start, size),
      channels: limit(k, shape.channels, k.mul(group, element.c0), element.c0),
    });
  });
}

const plainOffset = (
  k: KernelBuilder,
  shape: FeatureMapShape,
  { image, group, start }: Piece,
  element: ElementSize,
): Scalar => {
  const channel = k.add(k.mul(image, shape.channels), k.mul(group, element.c0));
  return k.mul(k.add(k.mul(channel, shape.positions), start), element.bytes);
};

const blockedOffset = (
  k: KernelBuilder,
  shape: FeatureMapShape,
  { image, group, start }: Piece,
  element: ElementSize,
): Scalar => {
  const block = k.add(k.mul(image, Math.ceil(shape.channels / element.c0)), group);
  return k.mul(k.add(k.mul(block, shape.positions), start), 32);
};

/** NCHW to NC1HWC0; channels past the last are zero. Arguments: source, destination. */
export function writeToBlocked(k: KernelBuilder, shape: FeatureMapShape, element: ElementSize): void {
  const [source, target] = [k.buffer('plain'), k.buffer('blocked')];
  const size = relayoutTile(shape, element);
  const tileBytes = repeatBytes(size * 32);
  // Element e of the blocked tile is (position, channel); rows of the plain tile are channels.
  const table = offsetTable(k, size * element.c0, element.c0, element.bytes, size * element.bytes);
  eachPiece(k, shape, element, (piece) => {
    const rows = k.alloc('ub', tileBytes, 2);
    const blocks = k.alloc('ub', tileBytes, 2);
    if (shape.channels % element.c0 !== 0) {
      countLanes(k, size * element.c0);
      fill(k, widthOf(element), rows, 0);
    }
    loadRows(k, rows, k.at(source, plainOffset(k, shape, piece, element)), piece, shape, size, element);
    countLanes(k, k.mul(piece.positions, element.c0));
    k.emit(`vgather_${widthOf(element)}`, blocks, table, rows, 8, 1);
    k.emit(
      'copy_ubuf_to_gm',
      k.at(target, blockedOffset(k, shape, piece, element)),
      blocks,
      0,
      1,
      piece.positions,
      0,
      0,
    );
  });
}

function loadRows(
  k: KernelBuilder,
  rows: Value,
  from: Value,
  piece: Piece,
  shape: FeatureMapShape,
  size: number,
  element: ElementSize,
): void {
  const rowBytes = k.mul(piece.positions, element.bytes);
  const sourceGap = k.mul(k.sub(shape.positions, piece.positions), element.bytes);
  const blockGap = k.sub((size * element.bytes) / 32, k.ceilDiv(rowBytes, 32));
  k.emit(
    `copy_gm_to_ubuf_align_${widthOf(element)}`,
    rows,
    from,
    0,
    piece.channels,
    rowBytes,
    0,
    0,
    sourceGap,
    blockGap,
  );
}

/** NC1HWC0 to NCHW. Arguments: source, destination. */
export function writeToPlain(k: KernelBuilder, shape: FeatureMapShape, element: ElementSize): void {
  const [source, target] = [k.buffer('blocked'), k.buffer('plain')];
  const size = relayoutTile(shape, element);
  const tileBytes = repeatBytes(size * 32);
  const table = k.alloc('ub', repeatBytes(size * 4));
  countLanes(k, size);
  k.emit('vci_s32', table, 0, 1, 1, 8);
  withScalar(k, 'vmuls_s32', table, table, 32);
  eachPiece(k, shape, element, (piece) => {
    const blocks = k.alloc('ub', tileBytes, 2);
    const rows = k.alloc('ub', tileBytes, 2);
    k.emit(
      'copy_gm_to_ubuf',
      blocks,
      k.at(source, blockedOffset(k, shape, piece, element)),
      0,
      1,
      piece.positions,
      0,
      0,
    );
    countLanes(k, piece.positions);
    for (let channel = 0; channel < element.c0; channel++) {
      const row = k.at(rows, channel * size * element.bytes);
      k.emit(`vgather_${widthOf(element)}`, row, table, k.at(blocks, channel * element.bytes), 8, 1);
    }
    const rowBytes = k.mul(piece.positions, element.bytes);
    const blockGap = k.sub((size * element.bytes) / 32, k.ceilDiv(rowBytes, 32));
    const targetGap = k.mul(k.sub(shape.positions, piece.positions), element.bytes);
    const to = k.at(target, plainOffset(k, shape, piece, element));
    k.emit(
      `copy_ubuf_to_gm_align_${widthOf(element)}`,
      to,
      rows,
      0,
      piece.channels,
      rowBytes,
      0,
      0,
      blockGap,
      targetGap,
    );
  });
}
