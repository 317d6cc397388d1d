/**
 * What a tile of a matrix product costs, in cycles: the slowest of multiplying, loading from GM and loading from L1,
 * times the rounds that the pieces need on the cores. Rates are the chip's (runtime/target).
 */
import type { Chip } from '../../../runtime/target/index.ts';

export interface ProductTile {
  /** Rows and columns of the result in one piece. */
  readonly m: number;
  readonly n: number;
}

export interface Product {
  /** Extents of one matrix, and how many there are. */
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly count: number;
  readonly elementBytes: number;
  readonly cubeType: 'f16' | 'bf16' | 'f32';
}

/** Cycles that a piece of work costs beyond its data: issue, flags, latency of the first transfer. */
const PIECE_OVERHEAD = 500;
/** Plans this much dearer than the cheapest count as equal, and the largest tile of them is taken. */
const TOLERANCE = 1.05;
const EXTENTS = [128, 112, 96, 80, 64, 48, 32, 16];
/** Rows of a tile when not even one fractal's rows fit into L1 at once. */
const FEW_ROWS = [8, 4, 2, 1];

export function productCycles(product: Product, tile: ProductTile, chip: Chip): number {
  const { cubeK, dma, copy } = chip.timing;
  const { k, elementBytes } = product;
  const [m, n] = [Math.min(tile.m, product.m), Math.min(tile.n, product.n)];
  const pieces = product.count * Math.ceil(product.m / tile.m) * Math.ceil(product.n / tile.n);
  const multiply = (Math.ceil(m / 16) * Math.ceil(n / 16) * k) / cubeK[product.cubeType];
  const fromGlobal = ((m + n) * k * elementBytes) / dma['dma.gm_l1.nd2nz'].bytesPerCycle;
  const fromL1 =
    (m * k * elementBytes) / copy['copy.l1_l0a'].bytesPerCycle +
    (n * k * elementBytes) / copy['copy.l1_l0b'].bytesPerCycle;
  const store = (m * n * elementBytes) / dma['dma.l0c_gm'].bytesPerCycle;
  const rounds = Math.ceil(pieces / chip.cubeCores);
  return rounds * (Math.max(multiply, fromGlobal, fromL1, store) + PIECE_OVERHEAD);
}

/** The largest tile among the cheapest that `fits`. */
export function chooseProductTile(
  product: Product,
  chip: Chip,
  fits: (tile: ProductTile) => boolean,
): ProductTile | null {
  const upTo = (extent: number): readonly number[] => {
    const whole = Math.ceil(extent / 16) * 16;
    const smaller = EXTENTS.filter((size) => size < whole);
    return whole <= EXTENTS[0] ? [whole, ...smaller] : smaller;
  };
  const fitting = (rows: readonly number[]): readonly ProductTile[] =>
    rows.flatMap((m) => upTo(product.n).map((n) => ({ m, n }))).filter(fits);
  const whole = fitting(upTo(product.m));
  const tiles = whole.length > 0 ? whole : fitting(FEW_ROWS);
  const costs = tiles.map((tile) => productCycles(product, tile, chip));
  const best = Math.min(...costs);
  const good = tiles.filter((_, index) => costs[index] <= best * TOLERANCE);
  return good.reduce<ProductTile | null>(
    (largest, tile) => (largest === null || tile.m * tile.n > largest.m * largest.n ? tile : largest),
    null,
  );
}
