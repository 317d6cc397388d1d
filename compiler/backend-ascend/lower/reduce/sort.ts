/**
 * Sorting of lines of f32: blocks of 32 by `vbitsort`, then four lists at a time by `vmrgsort4`, on (score, index) pairs
 * of 8 bytes; both put the greatest (and NaN) first and keep the order of equal scores. Ascending order is the reverse of
 * the reversed line sorted, so that equal scores keep their order there too.
 */
import type { DType, Value } from '../../../ir/index.ts';
import { dtypeBytes } from '../../../ir/index.ts';
import type { KernelBuilder } from '../../tile/kernel-builder.ts';
import { NARROW, WIDEN, convertLanes } from '../convert.ts';
import { bitsOf } from '../rowwise/tile.ts';
import { countLanes, fill, repeatBytes, withScalar } from '../vector.ts';

export interface SortLines {
  readonly dtype: DType;
  readonly lines: number;
  readonly extent: number;
  /** Elements that are kept of each line. */
  readonly keep: number;
  readonly isDescending: boolean;
}

/** Elements of one `vbitsort`, and of the longest line whose pairs fit into UB twice. */
const BLOCK = 32;
export const MOST_SORTED = 6144;
const PAIR_BYTES = 8;

/** Arguments: source, values, indices. */
export function writeSort(k: KernelBuilder, sort: SortLines): void {
  const [source, values, indices] = [k.buffer('source'), k.buffer('values'), k.buffer('indices')];
  const padded = Math.ceil(sort.extent / BLOCK) * BLOCK;
  const bytes = dtypeBytes(sort.dtype);
  const numbers = k.alloc('ub', repeatBytes(padded * 4));
  countLanes(k, padded);
  k.emit('vci_s32', numbers, 0, 1, 1, 8);
  const backwards = sort.isDescending ? null : reversal(k, sort.extent, numbers);
  k.parallel(sort.lines, (line) => {
    const scores = loadScores(k, sort, k.at(source, k.mul(line, sort.extent * bytes)), padded, backwards);
    const pairs = k.alloc('ub', repeatBytes(padded * PAIR_BYTES));
    for (let block = 0; block < padded / BLOCK; block += 255) {
      const at = (buffer: Value, size: number): Value => k.at(buffer, block * BLOCK * size);
      k.emit(
        'vbitsort_f32',
        at(pairs, PAIR_BYTES),
        at(scores, 4),
        at(numbers, 4),
        Math.min(255, padded / BLOCK - block),
      );
    }
    const sorted = mergeAll(k, pairs, padded);
    const [kept, places] = [1, 2].map((pattern) => halvesOf(k, sort, sorted, pattern, backwards));
    k.emit(
      'copy_ubuf_to_gm_align_b32',
      k.at(indices, k.mul(line, sort.keep * 4)),
      places,
      0,
      1,
      sort.keep * 4,
      0,
      0,
      0,
      0,
    );
    const stored = convertLanes(k, kept, NARROW[sort.dtype] ?? [], sort.keep, sort.keep);
    k.emit(
      `copy_ubuf_to_gm_align_b${bytes * 8}`,
      k.at(values, k.mul(line, sort.keep * bytes)),
      stored,
      0,
      1,
      sort.keep * bytes,
      0,
      0,
      0,
      0,
    );
  });
}

/** Byte offsets that read a line backwards; `numbers` become the places they lead to. */
function reversal(k: KernelBuilder, extent: number, numbers: Value): Value {
  const offsets = k.alloc('ub', repeatBytes(extent * 4));
  countLanes(k, extent);
  withScalar(k, 'vmuls_s32', numbers, numbers, -1);
  withScalar(k, 'vadds_s32', numbers, numbers, extent - 1);
  withScalar(k, 'vmuls_s32', offsets, numbers, 4);
  return offsets;
}

/** The line as scores, padded with the smallest score; -0 becomes 0, which sorts as it. */
function loadScores(k: KernelBuilder, sort: SortLines, from: Value, padded: number, backwards: Value | null): Value {
  const bytes = dtypeBytes(sort.dtype);
  const raw = k.alloc('ub', repeatBytes(padded * bytes));
  k.emit(`copy_gm_to_ubuf_align_b${bytes * 8}`, raw, from, 0, 1, sort.extent * bytes, 0, 0, 0, 0);
  const line = convertLanes(k, raw, WIDEN[sort.dtype] ?? [], sort.extent, padded);
  const scores = k.alloc('ub', repeatBytes(padded * 4));
  countLanes(k, padded);
  fill(k, 'b32', scores, bitsOf(-Infinity, 'f32'));
  countLanes(k, sort.extent);
  if (backwards) k.emit('vgather_b32', scores, backwards, line, 8, 1);
  withScalar(k, 'vadds_f32', scores, backwards ? scores : line, k.float(0));
  return scores;
}

/** The scores (pattern 1) or indices (pattern 2) of the pairs that are kept, best first. */
function halvesOf(
  k: KernelBuilder,
  { extent, keep }: SortLines,
  pairs: Value,
  pattern: number,
  backwards: Value | null,
): Value {
  const half = k.alloc('ub', repeatBytes(extent * 4));
  countLanes(k, (backwards ? extent : keep) * 2);
  k.emit('vreducev2_b32', half, pairs, pairs, 1, 1, pattern, 8, 0);
  if (!backwards) return half;
  const turned = k.alloc('ub', repeatBytes(keep * 4));
  countLanes(k, keep);
  k.emit('vgather_b32', turned, backwards, half, 8, 1);
  return turned;
}

/** Merges sorted runs, four at a time, from one buffer to another until one run is left. */
function mergeAll(k: KernelBuilder, pairs: Value, count: number): Value {
  if (count === BLOCK) return pairs;
  let [from, to] = [pairs, k.alloc('ub', repeatBytes(count * PAIR_BYTES))];
  for (let run = BLOCK; run < count; run *= 4) {
    for (let start = 0; start < count; start += 4 * run) {
      const starts = [0, 1, 2, 3].map((list) => Math.min(count, start + list * run));
      const lengths = starts.map((at) => Math.min(run, count - at));
      const lists = starts.map((at) => k.at(from, (at < count ? at : start) * PAIR_BYTES));
      k.emit('vmrgsort4_f32', k.at(to, start * PAIR_BYTES), ...lists, ...lengths, 1);
    }
    [from, to] = [to, from];
  }
  return from;
}
