/**
 * Convolution on the cube as an implicit matrix product: rows are output positions of one image, columns are output
 * channels, and K runs over (c1, kh, kw, c0). Feature maps are NC1HWC0 and filters FRACTAL_Z, so that both operands are
 * copied from GM as they lie; MTE1 builds the im2col fractals from L1 while loading L0A. Nothing is materialized.
 *
 * A tile of positions needs the rows of the input that its windows touch; that band is loaded for a few channel groups
 * at a time. Padding is not stored: MTE1 supplies it.
 */
import type { Value } from '../../../ir/index.ts';
import type { Chip } from '../../../../runtime/target/index.ts';
import { chooseProductTile, productCycles } from '../../tile/cost.ts';
import type { Product, ProductTile } from '../../tile/cost.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import type { CubeType } from '../cube/data-type.ts';
import { FRACTAL, FRACTAL_BYTES, alignTo } from '../cube/data-type.ts';
import { isFirst, limit, loadBias } from '../cube/matmul.ts';
import { bandOf, bandRows, loadBand } from './band.ts';
import type { Band } from './band.ts';
import type { WindowGeometry } from './geometry.ts';

export interface ConvolutionShape extends WindowGeometry {
  /** Channels of the whole maps; `group` splits both alike. */
  readonly inputs: number;
  readonly outputs: number;
  readonly group: number;
}

export interface ConvolutionTile {
  /** Output positions and output channels of a tile. */
  readonly positions: number;
  readonly channels: number;
  /** Groups of C0 input channels in L1 at once, and input rows of a band. */
  readonly groups: number;
  readonly rows: number;
  /** Elements of K in L0 at once. */
  readonly slice: number;
  /** Buffers in L1: 2 lets loading overlap with multiplying. */
  readonly copies: number;
}

/**
 * The tile that costs the chip least among those whose bands and filters fit into L1: twice if that is hardly dearer,
 * so that loading overlaps with multiplying. Null when not even one channel group fits.
 */
export function convolutionTile(
  shape: ConvolutionShape,
  type: CubeType,
  chip: Chip,
  l1Bytes: number,
): ConvolutionTile | null {
  const product: Product = {
    m: shape.outHeight * shape.outWidth,
    n: shape.outputs / shape.group,
    k: alignTo(shape.inputs / shape.group, type.c0) * shape.kernel[0] * shape.kernel[1],
    count: shape.images * shape.group,
    elementBytes: type.bytes,
    cubeType: type.cube,
  };
  const options = [2, 1].flatMap((copies) => {
    const tile = chooseProductTile(
      product,
      chip,
      (candidate) => groupsInL1(shape, type, candidate, copies, l1Bytes) >= 1,
    );
    if (tile === null) return [];
    const groups = groupsInL1(shape, type, tile, copies, l1Bytes);
    return [
      {
        positions: tile.m,
        channels: tile.n,
        groups,
        rows: bandRows(shape, tile.m),
        slice: 256 / type.bytes,
        copies,
        cycles: productCycles(product, tile, chip),
      },
    ];
  });
  const [first, second] = options;
  if (first === undefined) return null;
  return second !== undefined && 2 * second.cycles < first.cycles ? second : first;
}

/** Channel groups of the input whose band and filters lie in L1 together. */
function groupsInL1(
  shape: ConvolutionShape,
  type: CubeType,
  tile: ProductTile,
  copies: number,
  l1Bytes: number,
): number {
  const taps = shape.kernel[0] * shape.kernel[1];
  const perGroup = bandRows(shape, tile.m) * shape.width * 32 + taps * tile.n * 32;
  return Math.min(Math.ceil(shape.inputs / shape.group / type.c0), Math.floor((l1Bytes - 1024) / copies / perGroup));
}

export function convolutionPieces(shape: ConvolutionShape, tile: ConvolutionTile): number {
  const outputs = shape.outputs / shape.group;
  return (
    shape.images *
    shape.group *
    Math.ceil((shape.outHeight * shape.outWidth) / tile.positions) *
    Math.ceil(outputs / tile.channels)
  );
}

/** Arguments: feature map, filter, bias if there is one, result. */
export function writeConvolution(
  kernel: KernelBuilder,
  shape: ConvolutionShape,
  tile: ConvolutionTile,
  type: CubeType,
): void {
  const k = kernel;
  const [map, filter] = [k.buffer('map'), k.buffer('filter')];
  const bias = shape.bias ? k.buffer('bias') : null;
  const result = k.buffer('result');
  const positions = shape.outHeight * shape.outWidth;
  const outputs = shape.outputs / shape.group;
  const [positionTiles, channelTiles] = [Math.ceil(positions / tile.positions), Math.ceil(outputs / tile.channels)];
  const groupInputs = Math.ceil(shape.inputs / shape.group / type.c0);
  k.parallel(convolutionPieces(shape, tile), (piece) => {
    const channel = k.mul(k.rem(piece, channelTiles), tile.channels);
    const rest = k.div(piece, channelTiles);
    const start = k.mul(k.rem(rest, positionTiles), tile.positions);
    const outer = k.div(rest, positionTiles);
    const group = k.rem(outer, shape.group);
    const image = k.div(outer, shape.group);
    const count = limit(k, positions, start, tile.positions);
    // Whole blocks of channels: the filter is zero past the last one, and so is the result.
    const channels = limit(k, alignTo(outputs, type.c0), channel, tile.channels);
    const band = bandOf(k, shape, start, count);
    const accumulator = k.alloc('l0c', alignTo(tile.positions, FRACTAL) * tile.channels * 4, 2);
    const table = k.alloc('bt', tile.channels * 4);
    const place: ConvolutionPlace = { image, group, channel, channels, count, band };
    if (bias) loadBias(k, bias, table, k.add(k.mul(group, outputs), channel), channels, tile.channels, type);
    k.loop(0, groupInputs, tile.groups, (firstGroup) => {
      const groups = limit(k, groupInputs, firstGroup, tile.groups);
      const plane = k.add(k.mul(k.add(k.mul(image, shape.group), group), groupInputs), firstGroup);
      const panel = k.alloc('l1', tile.groups * tile.rows * shape.width * 32, tile.copies);
      loadBand(k, panel, map, shape, band, plane, groups);
      const weights = loadWeights(k, filter, shape, tile, place, firstGroup, groups);
      multiply(k, shape, tile, type, place, { panel, weights, accumulator, table, firstGroup, groups });
    });
    storeTile(k, result, shape, type, place, start, accumulator, outputs);
  });
}

interface ConvolutionPlace {
  readonly image: Scalar;
  readonly group: Scalar;
  readonly channel: Scalar;
  readonly channels: Scalar;
  readonly count: Scalar;
  readonly band: Band;
}

function loadWeights(
  k: KernelBuilder,
  filter: Value,
  shape: ConvolutionShape,
  tile: ConvolutionTile,
  { group, channel, channels }: ConvolutionPlace,
  first: Scalar,
  groups: Scalar,
): Value {
  const taps = shape.kernel[0] * shape.kernel[1];
  const outputGroups = Math.ceil(shape.outputs / FRACTAL);
  const weights = k.alloc('l1', tile.groups * taps * tile.channels * 32, tile.copies);
  const column = k.div(k.add(k.mul(group, shape.outputs / shape.group), channel), FRACTAL);
  const from = k.mul(k.add(k.mul(first, taps * outputGroups), column), FRACTAL_BYTES);
  const used = k.mul(k.ceilDiv(channels, FRACTAL), FRACTAL);
  k.emit(
    'copy_gm_to_cbuf',
    weights,
    k.at(filter, from),
    0,
    k.mul(groups, taps),
    used,
    k.sub(outputGroups * FRACTAL, used),
    0,
  );
  return weights;
}

interface ConvolutionStep {
  readonly panel: Value;
  readonly weights: Value;
  readonly accumulator: Value;
  readonly table: Value;
  readonly firstGroup: Scalar;
  readonly groups: Scalar;
}

function multiply(
  k: KernelBuilder,
  shape: ConvolutionShape,
  tile: ConvolutionTile,
  type: CubeType,
  place: ConvolutionPlace,
  step: ConvolutionStep,
): void {
  const taps = shape.kernel[0] * shape.kernel[1];
  const depth = k.mul(step.groups, taps * type.c0);
  const columnGroups = k.ceilDiv(place.channels, FRACTAL);
  k.loop(0, depth, tile.slice, (start) => {
    const slice =
      typeof depth === 'number' ? limit(k, depth, start, tile.slice) : k.min(k.sub(depth, start), tile.slice);
    const l0a = k.alloc('l0a', alignTo(tile.positions, FRACTAL) * tile.slice * type.bytes, 2);
    const l0b = k.alloc('l0b', tile.channels * tile.slice * type.bytes, 2);
    const [strideHeight, strideWidth] = shape.strides;
    const [dilationHeight, dilationWidth] = shape.dilations;
    const [kernelHeight, kernelWidth] = shape.kernel;
    k.emit(
      `img2colv2_cbuf_to_ca_${type.width}`,
      l0a,
      step.panel,
      slice,
      place.count,
      start,
      place.band.start,
      strideWidth,
      strideHeight,
      kernelWidth,
      kernelHeight,
      dilationWidth,
      dilationHeight,
      0,
      0,
      0,
      k.mul(step.groups, type.c0),
    );
    const fractals = k.mul(k.div(slice, type.c0), columnGroups);
    k.emit('load_cbuf_to_cb', l0b, step.weights, k.mul(k.div(start, type.c0), columnGroups), fractals, 1, 0, 0, 0, 0);
    const first = isFirst(k, k.add(k.mul(step.firstGroup, taps * type.c0), start));
    k.emit(
      type.mad,
      step.accumulator,
      l0a,
      l0b,
      place.count,
      slice,
      place.channels,
      0,
      0,
      shape.bias ? first : 0,
      shape.bias ? 0 : first,
      step.table,
    );
  });
}

function storeTile(
  k: KernelBuilder,
  result: Value,
  shape: ConvolutionShape,
  type: CubeType,
  { image, group, channel, channels, count }: ConvolutionPlace,
  start: Scalar,
  accumulator: Value,
  outputs: number,
): void {
  const positions = shape.outHeight * shape.outWidth;
  const plane = k.add(
    k.mul(k.add(k.mul(image, shape.group), group), Math.ceil(outputs / type.c0)),
    k.div(channel, type.c0),
  );
  const target = k.at(result, k.mul(k.add(k.mul(plane, positions), start), 32));
  const split = type.bytes === 4 ? 1 : 0;
  k.emit(
    'copy_matrix_cc_to_gm_f32',
    target,
    accumulator,
    0,
    channels,
    count,
    positions,
    k.align(count, FRACTAL),
    0,
    type.quantPre,
    shape.relu ? 1 : 0,
    split,
    0,
  );
}
