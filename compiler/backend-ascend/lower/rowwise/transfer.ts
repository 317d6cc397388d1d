/** Tiles to and from GM, with the conversion between stored dtypes and the 32-bit lanes they are computed in. */
import type { DType, Value } from '../../../ir/index.ts';
import { dtypeBytes, isAbsent } from '../../../ir/index.ts';
import type { Scalar } from '../../tile/kernel-builder.ts';
import { NARROW, WIDEN, repeatBlocks } from '../convert.ts';
import type { AccessPattern } from './domain.ts';
import { BLOCK } from './tile.ts';
import { laneKindOf, laneOf } from './lanes.ts';
import type { Tile, TileKind, TileValue } from './tile.ts';
import { shiftedLeft, shiftedRight } from './vocabulary.ts';

/** Reads the tile of a tensor that starts `offset` elements into `buffer`. */
export function loadTile(tile: Tile, buffer: Value, offset: Scalar, pattern: AccessPattern, dtype: DType): TileValue {
  const lane = laneOf(dtype);
  if (lane === null) throw new Error(`row-wise kernels do not load ${dtype}`);
  const kind = patternKind(pattern);
  if (kind === 'column' || kind === 'scalar') return loadRepeated(tile, buffer, offset, kind, dtype);
  const raw = loadRows(tile, buffer, offset, pattern, dtype, kind);
  return widen(tile, { buffer: raw, kind, lane }, dtype);
}

function patternKind(pattern: AccessPattern): TileKind {
  if (pattern.row !== 0) return pattern.column !== 0 ? 'full' : 'column';
  return pattern.column !== 0 ? 'row' : 'scalar';
}

function loadRows(
  tile: Tile,
  buffer: Value,
  offset: Scalar,
  pattern: AccessPattern,
  dtype: DType,
  kind: TileKind,
): Value {
  const { k, extent } = tile;
  const bytes = dtypeBytes(dtype);
  const { pitch } = tile;
  const rows = kind === 'full' ? extent.rowCapacity : 1;
  const target = k.alloc('ub', Math.ceil((rows * pitch * bytes) / 256) * 256, 2);
  const source = k.at(buffer, k.mul(offset, bytes));
  const row = rowTransfer(tile, kind, pattern, bytes, pitch);
  k.emit(
    `copy_gm_to_ubuf_align_b${bytes * 8}`,
    target,
    source,
    0,
    row.count,
    row.bytes,
    0,
    0,
    row.globalGap,
    row.blockGap,
  );
  return target;
}

/** Rows of a transfer: whole tiles that are contiguous on both sides move as one row. */
function rowTransfer(tile: Tile, kind: TileKind, pattern: AccessPattern, bytes: number, pitch: number) {
  const { k, extent } = tile;
  const rowBytes = k.mul(extent.columns, bytes);
  if (kind !== 'full' || extent.rowCapacity === 1)
    return { count: 1, bytes: rowBytes, globalGap: 0, blockGap: 0 } as const;
  const contiguous = extent.columns === pitch && pattern.row === pitch;
  if (contiguous) return { count: 1, bytes: k.mul(extent.rows, pitch * bytes), globalGap: 0, blockGap: 0 } as const;
  const usedBlocks = k.ceilDiv(rowBytes, 32);
  return {
    count: extent.rows,
    bytes: rowBytes,
    globalGap: k.sub(pattern.row * bytes, rowBytes),
    blockGap: k.sub((pitch * bytes) / 32, usedBlocks),
  } as const;
}

/** One element for each row (or one in all), repeated through a block. */
function loadRepeated(tile: Tile, buffer: Value, offset: Scalar, kind: 'column' | 'scalar', dtype: DType): TileValue {
  const { k, extent } = tile;
  const bytes = dtypeBytes(dtype);
  const capacity = kind === 'column' ? extent.rowCapacity : 1;
  const count = kind === 'column' ? extent.rows : 1;
  const lane = laneOf(dtype) ?? 'f32';
  const raw = k.alloc('ub', Math.ceil((capacity * 4) / 256) * 256, 2);
  k.emit(
    `copy_gm_to_ubuf_align_b${bytes * 8}`,
    raw,
    k.at(buffer, k.mul(offset, bytes)),
    0,
    1,
    k.mul(count, bytes),
    0,
    0,
    0,
    0,
  );
  const packed = convert(tile, raw, Math.ceil(capacity / 8) * 8, count, WIDEN[dtype] ?? []);
  return spreadPacked(tile, packed, kind, lane);
}

/** Packed elements to one block each. */
export function spreadPacked(tile: Tile, packed: Value, kind: 'column' | 'scalar', lane: TileValue['lane']): TileValue {
  const { k, extent } = tile;
  const capacity = Math.ceil((kind === 'column' ? extent.rowCapacity : 1) / 8) * 8;
  const result: TileValue = { buffer: k.alloc('ub', capacity * 32), kind, lane };
  const repeats = kind === 'column' ? k.ceilDiv(extent.rows, 8) : 1;
  k.emit('set_mask_norm');
  k.emit('set_vector_mask', -1, -1);
  k.emit('vbrcb_b32', result.buffer, packed, 1, 8, repeats);
  return result;
}

function convert(tile: Tile, source: Value, capacity: number, count: Scalar, mnemonics: readonly string[]): Value {
  let value = source;
  for (const mnemonic of mnemonics) {
    const target = tile.k.alloc('ub', Math.ceil((capacity * 4) / 256) * 256);
    tile.setCount(count);
    tile.k.emit(mnemonic, target, value, 1, 1, 1, repeatBlocks(mnemonic, 'to'), repeatBlocks(mnemonic, 'from'));
    value = target;
  }
  return value;
}

function widen(tile: Tile, value: TileValue, dtype: DType): TileValue {
  return {
    ...value,
    buffer: convert(tile, value.buffer, tile.capacity(value.kind), tile.count(value.kind), WIDEN[dtype] ?? []),
  };
}

/** Writes a tile to GM. */
export function storeTile(
  tile: Tile,
  value: TileValue,
  buffer: Value,
  offset: Scalar,
  pattern: AccessPattern,
  dtype: DType,
): void {
  const { k } = tile;
  const bytes = dtypeBytes(dtype);
  const kind = patternKind(pattern);
  const target = k.at(buffer, k.mul(offset, bytes));
  if (kind === 'column' || kind === 'scalar') return storeRepeated(tile, tile.spread(value, kind), target, dtype);
  const whole = tile.spread(value, kind);
  const buffered = stored(tile, whole.buffer, tile.capacity(kind), tile.count(kind), NARROW[dtype] ?? []);
  const row = rowTransfer(tile, kind, pattern, bytes, tile.pitch);
  k.emit(
    `copy_ubuf_to_gm_align_b${bytes * 8}`,
    target,
    buffered,
    0,
    row.count,
    row.bytes,
    0,
    0,
    row.blockGap,
    row.globalGap,
  );
}

/** One element of each block. */
function storeRepeated(tile: Tile, value: TileValue, target: Value, dtype: DType): void {
  const { k, extent } = tile;
  const bytes = dtypeBytes(dtype);
  const count = value.kind === 'column' ? extent.rows : 1;
  if (value.lane === 's32' && bytes === 4) {
    // Rows of one element, one for each block: the float instruction below would change integers that look like NaN.
    const rows = stored(tile, value.buffer, tile.capacity(value.kind), tile.count(value.kind), []);
    k.emit('copy_ubuf_to_gm_align_b32', target, rows, 0, count, 4, 0, 0, 0, 0);
    return;
  }
  const conversions = NARROW[dtype] ?? [];
  const { buffer } = value.lane === 's32' ? tile.apply('vconv_s322f32', [value], 'f32') : value;
  const capacity = Math.ceil(tile.capacity(value.kind) / BLOCK / BLOCK) * BLOCK;
  const row = stored(
    tile,
    packed(tile, buffer, value.kind),
    capacity,
    count,
    value.lane === 's32' ? narrowFloats(dtype) : conversions,
  );
  k.emit(`copy_ubuf_to_gm_align_b${bytes * 8}`, target, row, 0, 1, k.mul(count, bytes), 0, 0, 0, 0);
}

/** Conversions of whole numbers in f32 lanes to a narrow integer. */
function narrowFloats(dtype: DType): readonly string[] {
  return dtype === 'i16'
    ? ['vconv_f322s16r']
    : (NARROW[dtype] ?? []).filter((mnemonic) => !mnemonic.startsWith('vconv_s32'));
}

/** One element of each block of floats: the greatest of equal elements is that element. */
function packed(tile: Tile, buffer: Value, kind: TileKind): Value {
  const { k, extent } = tile;
  const repeats = kind === 'column' ? k.ceilDiv(extent.rows, 8) : 1;
  const target = k.alloc('ub', Math.ceil(tile.capacity(kind) / 64) * 256);
  tile.setMask(64);
  k.emit('vcgmax_f32', target, buffer, repeats, 1, 1, 8);
  return target;
}

/** The tile as stored, in a double buffer so that the next tile need not wait for the store. */
function stored(tile: Tile, source: Value, capacity: number, count: Scalar, mnemonics: readonly string[]): Value {
  const { k } = tile;
  const target = k.alloc('ub', Math.ceil((capacity * 4) / 256) * 256, 2);
  const narrow = convert(tile, source, capacity, count, mnemonics.slice(0, -1));
  const last = mnemonics.at(-1) ?? 'vcopy_b32';
  const [to, from] = mnemonics.length > 0 ? [repeatBlocks(last, 'to'), repeatBlocks(last, 'from')] : [8, 8];
  tile.setCount(count);
  k.emit(last, target, narrow, 1, 1, 1, to, from);
  return target;
}

/** A result as its dtype holds it: lanes are wider than 16-bit floats and narrow integers. */
export function fitTo(tile: Tile, value: TileValue, dtype: DType): TileValue {
  const kind = laneKindOf(dtype);
  if (isAbsent(kind)) throw new Error(`a result of ${dtype} in a row-wise kernel`);
  if (kind.narrow !== null) {
    const unused = 32 - kind.narrow.bits;
    return shiftedRight(tile, shiftedLeft(tile, value, unused), unused, kind.narrow.signed ? 's32' : 'u32');
  }
  if (kind.arithmetic !== 'float' || dtype === 'f32') return value;
  const conversions = [...(NARROW[dtype] ?? []), ...(WIDEN[dtype] ?? [])];
  return {
    kind: value.kind,
    lane: value.lane,
    buffer: convert(tile, value.buffer, tile.capacity(value.kind), tile.count(value.kind), conversions),
  };
}
