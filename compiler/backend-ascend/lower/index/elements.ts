/**
 * Gathering of single elements or very short rows: the part of x that indices reach is loaded into UB and one gather
 * takes all elements of a tile. Indices outside are clamped for the gather and their elements set to 0 afterwards.
 */
import type { DType, Value } from '../../../ir/index.ts';
import { dtypeBytes } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { convertInto } from '../convert.ts';
import { eachTile, pieceCount } from '../shape/pieces.ts';
import { countLanes, repeatBytes, withScalar, withTwo } from '../vector.ts';

/** Sizes in words: elements, or halves of 8-byte elements. */
export interface ElementLookup {
  readonly wordBytes: 1 | 2 | 4;
  readonly slabs: number;
  readonly extent: number;
  /** Words that one step of an index moves. */
  readonly unit: number;
  /** Words of the result in one slab. */
  readonly words: number;
  /** Words of the result that share one index. */
  readonly share: number;
  readonly indexType: DType;
  /** Indices of one slab; 0 when all slabs share them. */
  readonly slabIndices: number;
}

const MOST_WORDS = 4096;
const MOST_SLAB_BYTES = 64 * 1024;

/** True when the kernel's buffers fit. */
export function fitsElements({ wordBytes, extent, unit }: ElementLookup): boolean {
  return extent * unit * Math.max(2, wordBytes) <= MOST_SLAB_BYTES && unit <= MOST_WORDS;
}

export function tileWords({ unit, words }: ElementLookup): number {
  return Math.min(words, Math.floor(MOST_WORDS / unit) * unit);
}

const axesOf = (lookup: ElementLookup) => [
  { extent: lookup.slabs, tile: 1 },
  { extent: lookup.words, tile: tileWords(lookup) },
];

export function elementLookupPieces(lookup: ElementLookup): number {
  return pieceCount(axesOf(lookup));
}

/** For each word of a tile: the byte offset of its index, then the bytes that it lies inside its unit. */
export function elementTables(lookup: ElementLookup): Uint8Array {
  const count = tableWords(lookup);
  const table = new Int32Array(2 * count);
  for (let word = 0; word < tileWords(lookup); word++) {
    table[word] = Math.floor(word / lookup.share) * 4;
    table[count + word] = (word % lookup.unit) * Math.max(2, lookup.wordBytes);
  }
  return new Uint8Array(table.buffer);
}

/** Words of one table, whole repeats. */
const tableWords = (lookup: ElementLookup): number => repeatBytes(tileWords(lookup) * 4) / 4;

/** Arguments: source, indices, target, tables. */
export function writeElementLookup(k: KernelBuilder, lookup: ElementLookup): void {
  const [source, indices, target, stored] = [
    k.buffer('source'),
    k.buffer('indices'),
    k.buffer('target'),
    k.buffer('tables'),
  ];
  const tableBytes = tableWords(lookup) * 4;
  const tables = k.alloc('ub', 2 * tableBytes);
  k.emit('copy_gm_to_ubuf_align_b32', tables, stored, 0, 1, 2 * tableBytes, 0, 0, 0, 0);
  const shared = lookup.slabs === 1 ? loadSlab(k, lookup, source, 0) : null;
  const capacity = tableWords(lookup);
  eachTile(k, axesOf(lookup), ([slab, words]) => {
    const values = shared ?? loadSlab(k, lookup, source, slab.start);
    const first = k.add(k.mul(slab.start, lookup.slabIndices), k.div(words.start, lookup.share));
    const index = loadIndices(k, lookup, indices, first, words.size, tables);
    const [clamped, offsets] = [k.alloc('ub', capacity * 4), k.alloc('ub', capacity * 4)];
    countLanes(k, words.size);
    withScalar(k, 'vmaxs_s32', clamped, index, 0);
    withScalar(k, 'vmins_s32', clamped, clamped, lookup.extent - 1);
    const inside = k.alloc('ub', repeatBytes(capacity / 8));
    k.emit('vcmpv_eq_s32', inside, index, clamped, 1, 1, 1, 8, 8);
    withScalar(k, 'vmuls_s32', offsets, clamped, lookup.unit * Math.max(2, lookup.wordBytes));
    withTwo(k, 'vadd_s32', offsets, offsets, k.at(tables, tableBytes));
    const result = takeElements(k, lookup, { values, offsets, inside }, words.size);
    const at = k.mul(k.add(k.mul(slab.start, lookup.words), words.start), lookup.wordBytes);
    k.emit('copy_ubuf_to_gm_align_b8', k.at(target, at), result, 0, 1, k.mul(words.size, lookup.wordBytes), 0, 0, 0, 0);
  });
}

/** The words of one slab in UB; bytes as 16-bit values. */
function loadSlab(k: KernelBuilder, { wordBytes, extent, unit }: ElementLookup, source: Value, slab: Scalar): Value {
  const bytes = extent * unit * wordBytes;
  const values = k.alloc('ub', repeatBytes(bytes), wordBytes === 1 ? 1 : 2);
  k.emit('copy_gm_to_ubuf_align_b8', values, k.at(source, k.mul(slab, bytes)), 0, 1, bytes, 0, 0, 0, 0);
  if (wordBytes !== 1) return values;
  const wide = k.alloc('ub', repeatBytes(bytes * 2));
  convertInto(k, wide, values, 'vconv_u82f16', bytes);
  return wide;
}

/** One i32 index for each word of the tile. */
function loadIndices(
  k: KernelBuilder,
  lookup: ElementLookup,
  indices: Value,
  first: Scalar,
  words: Scalar,
  positions: Value,
): Value {
  const bytes = dtypeBytes(lookup.indexType);
  const count = k.div(words, lookup.share);
  const capacity = tableWords(lookup);
  const raw = k.alloc('ub', repeatBytes((capacity / lookup.share + 8) * bytes), 2);
  k.emit('copy_gm_to_ubuf_align_b32', raw, k.at(indices, k.mul(first, bytes)), 0, 1, k.mul(count, bytes), 0, 0, 0, 0);
  let index = raw;
  if (bytes === 8) {
    index = k.alloc('ub', repeatBytes(capacity * 4));
    convertInto(k, index, raw, 'vconv_s642s32', count);
  }
  if (lookup.share === 1) return index;
  const spread = k.alloc('ub', capacity * 4);
  countLanes(k, words);
  k.emit('vgather_b32', spread, positions, index, 8, 1);
  return spread;
}

interface Taken {
  readonly values: Value;
  readonly offsets: Value;
  readonly inside: Value;
}

/** The words at the offsets, 0 where the index lies outside. */
function takeElements(
  k: KernelBuilder,
  lookup: ElementLookup,
  { values, offsets, inside }: Taken,
  words: Scalar,
): Value {
  const width = lookup.wordBytes === 4 ? 'b32' : 'b16';
  const capacity = tableWords(lookup);
  const gathered = k.alloc('ub', capacity * 4);
  const result = k.alloc('ub', capacity * 4, 2);
  countLanes(k, words);
  k.emit(`vgather_${width}`, gathered, offsets, values, 8, 1);
  if (lookup.wordBytes !== 1) {
    k.emit(`vsel_ts_${width}`, result, gathered, 0, inside, 1, 1, 1, 8, 8);
    return result;
  }
  k.emit('vsel_ts_b16', gathered, gathered, 0, inside, 1, 1, 1, 8, 8);
  convertInto(k, result, gathered, 'vconv_f162u8r', words);
  return result;
}
