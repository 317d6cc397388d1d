/**
 * The gradient of a convolution's filter on the cube: dW[o, (c1, kh, kw, c0)] = Σ dY[o, p] · im2col(X)[p, (c1, kh, kw, c0)]
 * over the output positions p of all images. Both maps are NC1HWC0: the band of X under some positions becomes im2col
 * fractals on its way to L0B, dY is transposed on its way to L0A, and rows of the result, written row-major, are the
 * filter as NC1HWC0. Where tiles of the result are fewer than cores, images are dealt to parts that are added up later.
 */
import type { Value } from '../../../ir/index.ts';
import type { Chip } from '../../../../runtime/target/index.ts';
import { quantModes } from '../../../../runtime/isa/index.ts';
import { chooseProductTile } from '../../tile/cost.ts';
import type { ProductTile } from '../../tile/cost.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import type { CubeType } from '../cube/data-type.ts';
import { FRACTAL, FRACTAL_BYTES, alignTo } from '../cube/data-type.ts';
import { isFirst, limit, transposeSlice } from '../cube/matmul.ts';
import { bandOf, bandRows, loadBand } from './band.ts';
import type { ConvolutionShape } from './convolution.ts';

export interface WeightGradientTile extends ProductTile {
  /** Output positions in L1 at once, and in L0. */
  readonly chunk: number;
  readonly slice: number;
  /** Groups of C0 input channels that the columns of a tile can touch, and input rows of a band. */
  readonly groups: number;
  readonly rows: number;
  /** Buffers in L1. */
  readonly copies: number;
  /** Parts into which the images are dealt. */
  readonly parts: number;
}

/** Columns of one group's result, with the channels up to whole blocks. */
export function gradientColumns({ inputs, group, kernel }: ConvolutionShape, { c0 }: CubeType): number {
  return alignTo(inputs / group, c0) * kernel[0] * kernel[1];
}

/** The tile that costs the chip least; null when the rows under 16 positions do not fit into L1. */
export function weightGradientTile(
  shape: ConvolutionShape,
  type: CubeType,
  chip: Chip,
  l1Bytes: number,
): WeightGradientTile | null {
  const product = {
    m: shape.outputs / shape.group,
    n: gradientColumns(shape, type),
    k: shape.outHeight * shape.outWidth,
    count: shape.images * shape.group,
    elementBytes: type.bytes,
    cubeType: type.cube,
  };
  for (const copies of [2, 1]) {
    const inL1 = (tile: ProductTile): number | null => chunkInL1(shape, type, tile, l1Bytes / copies);
    const tile = chooseProductTile(product, chip, (candidate) => inL1(candidate) !== null);
    const chunk = tile && inL1(tile);
    if (tile === null || chunk === null) continue;
    const tiles = shape.group * Math.ceil(product.m / tile.m) * Math.ceil(product.n / tile.n);
    const share = Math.ceil(shape.images / Math.max(1, Math.floor(chip.cubeCores / tiles)));
    return {
      ...tile,
      chunk,
      slice: 256 / type.bytes,
      groups: touchedGroups(shape, type, tile),
      rows: bandRows(shape, chunk),
      copies,
      // No part is without images.
      parts: Math.ceil(shape.images / share),
    };
  }
  return null;
}

/** Channel groups under `n` columns that start anywhere on a block. */
function touchedGroups(shape: ConvolutionShape, type: CubeType, { n }: ProductTile): number {
  const perGroup = shape.kernel[0] * shape.kernel[1] * type.c0;
  return Math.min(gradientColumns(shape, type) / perGroup, Math.ceil((n - type.c0) / perGroup) + 1);
}

/** The most positions whose band and gradients lie in L1 together. */
function chunkInL1(shape: ConvolutionShape, type: CubeType, tile: ProductTile, l1Bytes: number): number | null {
  const groups = touchedGroups(shape, type, tile);
  const bytes = (chunk: number): number =>
    chunk * tile.m * type.bytes + groups * bandRows(shape, chunk) * shape.width * 32 + FRACTAL_BYTES;
  for (let chunk = alignTo(shape.outHeight * shape.outWidth, FRACTAL); ; chunk = alignTo(chunk / 2, FRACTAL)) {
    if (bytes(chunk) <= l1Bytes) return chunk;
    if (chunk === FRACTAL) return null;
  }
}

export function weightGradientPieces(shape: ConvolutionShape, tile: WeightGradientTile, type: CubeType): number {
  const outputs = shape.outputs / shape.group;
  return tile.parts * shape.group * Math.ceil(outputs / tile.m) * Math.ceil(gradientColumns(shape, type) / tile.n);
}

/** One tile of the result. */
interface Place {
  readonly group: Scalar;
  readonly row: Scalar;
  readonly rows: Scalar;
  readonly column: Scalar;
  readonly columns: Scalar;
}

/** Arguments: feature map, gradient of the convolution's result, filter gradient as [parts, o, c1·kh·kw·c0]. */
export function writeWeightGradient(
  kernel: KernelBuilder,
  shape: ConvolutionShape,
  tile: WeightGradientTile,
  type: CubeType,
): void {
  const k = kernel;
  const [map, gradient, result] = [k.buffer('map'), k.buffer('gradient'), k.buffer('result')];
  const [outputs, columns] = [shape.outputs / shape.group, gradientColumns(shape, type)];
  const [rowTiles, columnTiles] = [Math.ceil(outputs / tile.m), Math.ceil(columns / tile.n)];
  const share = Math.ceil(shape.images / tile.parts);
  const positions = shape.outHeight * shape.outWidth;
  k.parallel(weightGradientPieces(shape, tile, type), (piece) => {
    const column = k.mul(k.rem(piece, columnTiles), tile.n);
    const outer = k.div(piece, columnTiles);
    const row = k.mul(k.rem(outer, rowTiles), tile.m);
    const rest = k.div(outer, rowTiles);
    const [group, part] = [k.rem(rest, shape.group), k.div(rest, shape.group)];
    const place: Place = {
      group,
      row,
      rows: limit(k, outputs, row, tile.m),
      column,
      columns: limit(k, columns, column, tile.n),
    };
    const firstImage = k.mul(part, share);
    const images = shape.images % share === 0 ? share : k.max(0, k.min(k.sub(shape.images, firstImage), share));
    const accumulator = k.alloc('l0c', alignTo(tile.m, FRACTAL) * tile.n * 4, 2);
    const table = k.alloc('bt', 64);
    k.loop(0, images, 1, (image) => {
      k.loop(0, positions, tile.chunk, (start) => {
        const before = k.add(k.mul(image, positions), start);
        const chunk: Chunk = { image: k.add(firstImage, image), start, count: limit(k, positions, start, tile.chunk) };
        accumulateChunk(k, shape, tile, type, { map, gradient, accumulator, table }, place, chunk, before);
      });
    });
    const resultBytes = tile.parts > 1 ? 4 : type.bytes;
    const line = k.add(k.add(k.mul(part, shape.outputs), k.mul(group, outputs)), row);
    k.emit(
      'copy_matrix_cc_to_gm_f32',
      k.at(result, k.mul(k.add(k.mul(line, columns), column), resultBytes)),
      accumulator,
      0,
      place.columns,
      place.rows,
      columns,
      k.align(place.rows, FRACTAL),
      0,
      tile.parts > 1 ? quantModes.none : type.quantPre,
      0,
      0,
      1,
    );
  });
}

/** Consecutive output positions of one image. */
interface Chunk {
  readonly image: Scalar;
  readonly start: Scalar;
  readonly count: Scalar;
}

interface Buffers {
  readonly map: Value;
  readonly gradient: Value;
  readonly accumulator: Value;
  /** The bias table, which is not read. */
  readonly table: Value;
}

/** Multiplies a chunk; `before` positions of the piece come before it. */
function accumulateChunk(
  k: KernelBuilder,
  shape: ConvolutionShape,
  tile: WeightGradientTile,
  type: CubeType,
  buffers: Buffers,
  place: Place,
  chunk: Chunk,
  before: Scalar,
): void {
  const perGroup = shape.kernel[0] * shape.kernel[1] * type.c0;
  const inputGroups = Math.ceil(shape.inputs / shape.group / type.c0);
  const firstGroup = k.div(place.column, perGroup);
  const lastGroup = k.div(k.sub(k.add(place.column, place.columns), 1), perGroup);
  const groups = k.add(k.sub(lastGroup, firstGroup), 1);
  const band = bandOf(k, shape, chunk.start, chunk.count);
  const panel = k.alloc('l1', tile.groups * tile.rows * shape.width * 32, tile.copies);
  const plane = k.add(k.mul(k.add(k.mul(chunk.image, shape.group), place.group), inputGroups), firstGroup);
  loadBand(k, panel, buffers.map, shape, band, plane, groups);
  const rows = loadGradient(k, buffers.gradient, shape, tile, type, place, chunk);
  k.loop(0, chunk.count, tile.slice, (start) => {
    const count =
      typeof chunk.count === 'number'
        ? limit(k, chunk.count, start, tile.slice)
        : k.min(k.sub(chunk.count, start), tile.slice);
    const l0a = k.alloc('l0a', alignTo(tile.m, FRACTAL) * tile.slice * type.bytes, 2);
    const l0b = k.alloc('l0b', tile.n * tile.slice * type.bytes, 2);
    transposeSlice(k, { tile: alignTo(tile.m, FRACTAL), used: place.rows, load: 'ca' }, rows, start, count, type, l0a);
    const column = k.sub(place.column, k.mul(firstGroup, perGroup));
    const [strideHeight, strideWidth] = shape.strides;
    const [dilationHeight, dilationWidth] = shape.dilations;
    const [kernelHeight, kernelWidth] = shape.kernel;
    k.emit(
      `img2colv2_cbuf_to_cb_${type.width}`,
      l0b,
      panel,
      place.columns,
      count,
      column,
      k.add(band.start, start),
      strideWidth,
      strideHeight,
      kernelWidth,
      kernelHeight,
      dilationWidth,
      dilationHeight,
      0,
      0,
      0,
      k.mul(groups, type.c0),
    );
    const first = isFirst(k, k.add(before, start));
    k.emit(type.mad, buffers.accumulator, l0a, l0b, place.rows, count, place.columns, 0, 0, 0, first, buffers.table);
  });
}

/** Gradients of a chunk in panels of 16 positions, in which blocks of channels follow each other. */
function loadGradient(
  k: KernelBuilder,
  gradient: Value,
  shape: ConvolutionShape,
  tile: WeightGradientTile,
  type: CubeType,
  place: Place,
  { image, start, count }: Chunk,
): Value {
  const blocks = alignTo(tile.m, FRACTAL) / type.c0;
  const panel = k.alloc('l1', tile.chunk * alignTo(tile.m, FRACTAL) * type.bytes, tile.copies);
  const positions = shape.outHeight * shape.outWidth;
  const groupBlocks = Math.ceil(shape.outputs / shape.group / type.c0);
  const first = k.add(k.mul(k.add(k.mul(image, shape.group), place.group), groupBlocks), k.div(place.row, type.c0));
  const panels = k.div(count, FRACTAL);
  const whole = k.mul(panels, FRACTAL);
  const rest = k.sub(count, whole);
  k.loop(0, k.ceilDiv(place.rows, type.c0), 1, (block) => {
    const source = k.at(gradient, k.mul(k.add(k.mul(k.add(first, block), positions), start), 32));
    const target = k.at(panel, k.mul(block, FRACTAL_BYTES));
    k.when('sgt', panels, 0, () =>
      k.emit('copy_gm_to_cbuf', target, source, 0, panels, FRACTAL, 0, (blocks - 1) * FRACTAL),
    );
    if (rest === 0) return;
    k.when('sgt', rest, 0, () => {
      const to = k.at(target, k.mul(panels, blocks * FRACTAL_BYTES));
      k.emit('copy_gm_to_cbuf', to, k.at(source, k.mul(whole, 32)), 0, 1, rest, 0, 0);
    });
  });
  return panel;
}
