/**
 * Matrix multiplication on the cube: C[m, n] = A[m, k] · B[k, n] (+ bias[n]), batched, f32 accumulation.
 *
 * A piece of work is one tile of C. Along K, chunks go from GM to L1 (ND to NZ on the way), slices of a chunk from L1 to
 * L0A and L0B, and `mad` accumulates in L0C; the fixpipe writes the tile back row-major, with ReLU and narrowing on the
 * way. L1, L0A, L0B and L0C are double-buffered, so loading, multiplying and storing overlap.
 * An operand stored the other way round is loaded in panels of 16 rows, whose 16 × 16 squares MTE1 transposes.
 */
import type { Value } from '../../../ir/index.ts';
import type { Chip } from '../../../../runtime/target/index.ts';
import { chooseProductTile } from '../../tile/cost.ts';
import type { Product } from '../../tile/cost.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import type { CubeType } from './data-type.ts';
import { FRACTAL, FRACTAL_BYTES, alignTo } from './data-type.ts';

export interface MatmulShape {
  readonly batch: readonly number[];
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Element strides of the operands along the batch axes (0: the same matrix). */
  readonly batchStrideA: readonly number[];
  readonly batchStrideB: readonly number[];
  /** True when A is stored [k, m]; when B is stored [n, k]. */
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias: boolean;
  readonly relu: boolean;
}

/** Tile extents: of C, of a chunk of K in L1, of a slice of K in L0. */
export interface MatmulTile {
  readonly m: number;
  readonly n: number;
  readonly chunk: number;
  readonly slice: number;
}

/** The tile that costs the chip least. Any fits: two buffers of every memory hold 128 × 128. */
export function matmulTile(shape: MatmulShape, type: CubeType, chip: Chip): MatmulTile {
  const count = shape.batch.reduce((product, extent) => product * extent, 1);
  const product: Product = { m: shape.m, n: shape.n, k: shape.k, count, elementBytes: type.bytes, cubeType: type.cube };
  const tile = chooseProductTile(product, chip, () => true);
  if (tile === null) throw new Error('every product has a tile');
  const slice = Math.min(256 / type.bytes, alignTo(shape.k, 16));
  return { ...tile, slice, chunk: Math.min(2 * slice, alignTo(shape.k, 16)) };
}

export function matmulPieces(shape: MatmulShape, tile: MatmulTile): number {
  return (
    shape.batch.reduce((product, extent) => product * extent, 1) *
    Math.ceil(shape.m / tile.m) *
    Math.ceil(shape.n / tile.n)
  );
}

/** One operand of the product: its rows run along m (A) or n (B). */
interface Side {
  readonly matrix: Value;
  /** Extent along m or n, and of this tile. */
  readonly extent: number;
  readonly tile: number;
  readonly start: Scalar;
  readonly used: Scalar;
  /** Stored with k as the slow axis. */
  readonly kMajor: boolean;
  readonly load: 'ca' | 'cb';
}

/** Arguments: A, B, then bias if there is one, then C. */
export function writeMatmul(kernel: KernelBuilder, shape: MatmulShape, tile: MatmulTile, type: CubeType): void {
  const k = kernel;
  const [a, b] = [k.buffer('a'), k.buffer('b')];
  const bias = shape.bias ? k.buffer('bias') : null;
  const c = k.buffer('c');
  const [mTiles, nTiles] = [Math.ceil(shape.m / tile.m), Math.ceil(shape.n / tile.n)];
  k.parallel(matmulPieces(shape, tile), (piece) => {
    const nStart = k.mul(k.rem(piece, nTiles), tile.n);
    const rest = k.div(piece, nTiles);
    const mStart = k.mul(k.rem(rest, mTiles), tile.m);
    const offsets = batchOffsets(k, k.div(rest, mTiles), shape);
    const m = limit(k, shape.m, mStart, tile.m);
    const n = limit(k, shape.n, nStart, tile.n);
    const left: Side = {
      matrix: k.at(a, k.mul(offsets.a, type.bytes)),
      extent: shape.m,
      tile: tile.m,
      start: mStart,
      used: m,
      kMajor: shape.transposeA,
      load: 'ca',
    };
    const right: Side = {
      matrix: k.at(b, k.mul(offsets.b, type.bytes)),
      extent: shape.n,
      tile: tile.n,
      start: nStart,
      used: n,
      kMajor: !shape.transposeB,
      load: 'cb',
    };
    const accumulator = k.alloc('l0c', tile.m * tile.n * 4, 2);
    const table = k.alloc('bt', tile.n * 4);
    if (bias) loadBias(k, bias, table, nStart, n, tile.n, type);
    k.loop(0, shape.k, tile.chunk, (chunkStart) => {
      const chunk = limit(k, shape.k, chunkStart, tile.chunk);
      const panelA = loadChunk(k, left, chunkStart, chunk, shape.k, tile, type);
      const panelB = loadChunk(k, right, chunkStart, chunk, shape.k, tile, type);
      k.loop(0, chunk, tile.slice, (sliceStart) => {
        const slice =
          chunk === tile.chunk && tile.chunk % tile.slice === 0
            ? tile.slice
            : k.min(k.sub(chunk, sliceStart), tile.slice);
        const l0a = loadSlice(k, left, panelA, sliceStart, slice, tile, type);
        const l0b = loadSlice(k, right, panelB, sliceStart, slice, tile, type);
        const first = isFirst(k, k.add(chunkStart, sliceStart));
        k.emit(type.mad, accumulator, l0a, l0b, m, slice, n, 0, 0, bias ? first : 0, bias ? 0 : first, table);
      });
    });
    const target = k.at(c, k.mul(k.add(k.add(offsets.c, k.mul(mStart, shape.n)), nStart), type.bytes));
    k.emit(
      'copy_matrix_cc_to_gm_f32',
      target,
      accumulator,
      0,
      n,
      m,
      shape.n,
      k.align(m, FRACTAL),
      0,
      type.quantPre,
      shape.relu ? 1 : 0,
      0,
      1,
    );
  });
}

/** 1 at the first step along K, else 0. */
export function isFirst(k: KernelBuilder, position: Scalar): Scalar {
  return typeof position === 'number' ? Number(position === 0) : k.read('cmpeq', position, 0);
}

export function limit(k: KernelBuilder, extent: number, start: Scalar, size: number): Scalar {
  return extent % size === 0 ? size : k.min(k.sub(extent, start), size);
}

/** The bias of this tile's columns, into the bias table (f32). MTE1 widens f16; a bf16 product has an f32 bias. */
export function loadBias(
  k: KernelBuilder,
  bias: Value,
  table: Value,
  start: Scalar,
  count: Scalar,
  capacity: number,
  type: CubeType,
): void {
  const widens = type.dtype === 'f16';
  const bytes = widens ? 2 : 4;
  const staged = k.alloc('l1', alignTo(capacity * bytes, 64));
  k.emit('copy_gm_to_cbuf', staged, k.at(bias, k.mul(start, bytes)), 0, 1, k.ceilDiv(k.mul(count, bytes), 32), 0, 0);
  k.emit('copy_cbuf_to_bt', table, staged, widens ? 1 : 0, 1, k.ceilDiv(k.mul(count, bytes), 64), 0, 0);
}

function batchOffsets(k: KernelBuilder, index: Scalar, shape: MatmulShape) {
  let [a, b, c]: Scalar[] = [0, 0, 0];
  let rest = index;
  let strideC = shape.m * shape.n;
  for (let axis = shape.batch.length - 1; axis >= 0; axis--) {
    const position = axis === 0 ? rest : k.rem(rest, shape.batch[axis]);
    rest = k.div(rest, shape.batch[axis]);
    a = k.add(a, k.mul(position, shape.batchStrideA[axis]));
    b = k.add(b, k.mul(position, shape.batchStrideB[axis]));
    c = k.add(c, k.mul(position, strideC));
    strideC *= shape.batch[axis];
  }
  return { a, b, c };
}

/** A chunk of K of one operand, GM to L1. Row-major along k: NZ with all rows; k-major: panels of 16 k-rows. */
function loadChunk(
  k: KernelBuilder,
  side: Side,
  start: Scalar,
  chunk: Scalar,
  depth: number,
  tile: MatmulTile,
  type: CubeType,
): Value {
  const panel = k.alloc('l1', side.tile * tile.chunk * type.bytes, 2);
  if (!side.kMajor) {
    const source = k.at(side.matrix, k.mul(k.add(k.mul(side.start, depth), start), type.bytes));
    k.emit(type.nd2nz, panel, source, 0, 1, side.used, chunk, 0, depth, side.tile, 1, 0);
    return panel;
  }
  const source = k.at(side.matrix, k.mul(k.add(k.mul(start, side.extent), side.start), type.bytes));
  const panels = k.div(chunk, FRACTAL);
  const matrixStride = FRACTAL * side.tile;
  k.emit(
    type.nd2nz,
    panel,
    source,
    0,
    panels,
    FRACTAL,
    side.used,
    FRACTAL * side.extent,
    side.extent,
    FRACTAL,
    1,
    matrixStride,
  );
  const whole = k.mul(panels, FRACTAL);
  const rest = k.sub(chunk, whole);
  if (rest === 0) return panel;
  // The last rows of K do not fill a panel.
  k.when('sgt', rest, 0, () => {
    const to = k.at(panel, k.mul(whole, side.tile * type.bytes));
    const from = k.at(source, k.mul(whole, side.extent * type.bytes));
    k.emit(type.nd2nz, to, from, 0, 1, rest, side.used, 0, side.extent, FRACTAL, 1, 0);
  });
  return panel;
}

/** A slice of K of one operand, L1 to L0A (zZ) or L0B (nZ). */
function loadSlice(
  k: KernelBuilder,
  side: Side,
  panel: Value,
  start: Scalar,
  slice: Scalar,
  tile: MatmulTile,
  type: CubeType,
): Value {
  const target = k.alloc(side.load === 'ca' ? 'l0a' : 'l0b', side.tile * tile.slice * type.bytes, 2);
  if (side.kMajor) transposeSlice(k, side, panel, start, slice, type, target);
  else if (side.load === 'ca') copyRowsToL0A(k, side, panel, start, slice, type, target);
  else copyToL0B(k, side, panel, start, slice, type, target);
  return target;
}

/** NZ to zZ: for each 16 rows of A, its fractals along k. */
function copyRowsToL0A(
  k: KernelBuilder,
  side: Side,
  panel: Value,
  start: Scalar,
  slice: Scalar,
  type: CubeType,
  target: Value,
): void {
  const rowGroups = side.tile / FRACTAL;
  const fractals = k.ceilDiv(slice, type.c0);
  const first = k.mul(k.div(start, type.c0), rowGroups);
  k.loop(0, k.ceilDiv(side.used, FRACTAL), 1, (row) => {
    const to = k.at(target, k.mul(k.mul(row, fractals), FRACTAL_BYTES));
    k.emit('load_cbuf_to_ca', to, panel, k.add(first, row), fractals, rowGroups, 0, 0, 0, 0);
  });
}

/** NZ of Bᵀ is nZ of B: whole fractals in order, group by group where the tile has more columns than are used. */
function copyToL0B(
  k: KernelBuilder,
  side: Side,
  panel: Value,
  start: Scalar,
  slice: Scalar,
  type: CubeType,
  target: Value,
): void {
  const columnGroups = side.tile / FRACTAL;
  const used = k.ceilDiv(side.used, FRACTAL);
  const fractals = k.ceilDiv(slice, type.c0);
  const first = k.mul(k.div(start, type.c0), columnGroups);
  if (used === columnGroups) {
    k.emit('load_cbuf_to_cb', target, panel, first, k.mul(fractals, columnGroups), 1, 0, 0, 0, 0);
    return;
  }
  k.loop(0, fractals, 1, (group) => {
    const to = k.at(target, k.mul(k.mul(group, used), FRACTAL_BYTES));
    k.emit('load_cbuf_to_cb', to, panel, k.add(first, k.mul(group, columnGroups)), used, 1, 0, 0, 0, 0);
  });
}

/** Panels of 16 k-rows: each 16 × 16 square is transposed into the one or two fractals it fills. */
export function transposeSlice(
  k: KernelBuilder,
  side: Pick<Side, 'tile' | 'used' | 'load'>,
  panel: Value,
  start: Scalar,
  slice: Scalar,
  type: CubeType,
  target: Value,
): void {
  const groups = side.tile / FRACTAL;
  const used = k.ceilDiv(side.used, FRACTAL);
  const perSquare = FRACTAL / type.c0;
  const depth = k.ceilDiv(slice, FRACTAL);
  const first = k.div(start, FRACTAL);
  const mnemonic = `load_cbuf_to_${side.load}_transpose_${type.width}`;
  if (side.load === 'ca') {
    // zZ: for each 16 rows of A the fractals along k follow each other.
    const kGroups = k.ceilDiv(slice, type.c0);
    k.loop(0, used, 1, (row) => {
      const to = k.at(target, k.mul(k.mul(row, kGroups), FRACTAL_BYTES));
      k.emit(mnemonic, to, panel, k.add(k.mul(first, groups), row), depth, groups, perSquare - 1, 0, 0);
    });
    return;
  }
  k.loop(0, depth, 1, (square) => {
    const to = k.at(target, k.mul(k.mul(k.mul(square, perSquare), used), FRACTAL_BYTES));
    k.emit(mnemonic, to, panel, k.mul(k.add(first, square), groups), used, 1, 0, 0, k.sub(used, 1));
  });
}
