/**
 * Values in UB while a row-wise kernel works on one tile of rows × columns, and the instructions between them.
 *
 * A tile value lies in UB in one of four kinds:
 *   full    rows × pitch elements, pitch = columns rounded up to whole 32-byte blocks
 *   row     pitch elements, the same for every row
 *   column  one block for each row, its element repeated through the block
 *   scalar  one block, its element repeated
 * so that a vector instruction reads a repeated value with block or repeat stride 0. Floats are held as f32; f16 and
 * bf16 values are rounded after every op. Booleans are held as f32 0 or 1.
 */
import { bitsOfF32 } from '../../../../runtime/isa/index.ts';
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';

export type TileKind = 'full' | 'row' | 'column' | 'scalar';
/** What 32-bit lanes hold. */
export type Lane = 'f32' | 's32';

export interface TileValue {
  readonly buffer: Value;
  readonly kind: TileKind;
  readonly lane: Lane;
  /** What every lane holds, when that is known. */
  readonly number?: number;
}

/** Lanes of one repeat, and elements of one block, at 32 bits. */
export const LANES = 64;
export const BLOCK = 8;
/** Rows that one instruction can walk: the repeat count has 8 bits. */
export const MAX_ROWS = 255;

/** Extents of the tile: capacities are known, the used rows and columns may be known only when the kernel runs. */
export interface TileExtent {
  readonly rowCapacity: number;
  readonly rows: Scalar;
  readonly columnCapacity: number;
  readonly columns: Scalar;
  /** The pitch is a multiple of this, so that rows start on blocks in every stored width. */
  readonly pitchMultiple: number;
}

export class Tile {
  readonly k: KernelBuilder;
  readonly extent: TileExtent;
  /** Elements between rows of a full value. */
  readonly pitch: number;
  private readonly constants = new Map<string, TileValue>();

  constructor(k: KernelBuilder, extent: TileExtent) {
    this.k = k;
    this.extent = extent;
    this.pitch = Math.ceil(extent.columnCapacity / extent.pitchMultiple) * extent.pitchMultiple;
  }

  /** UB space for a value of a kind. Whole repeats may be written, so the size is rounded up to one. */
  allocate(kind: TileKind, lane: Lane, buffers = 1): TileValue {
    const bytes = Math.ceil((this.capacity(kind) * 4) / 256) * 256;
    return { buffer: this.k.alloc('ub', bytes, buffers), kind, lane };
  }

  capacity(kind: TileKind): number {
    const { rowCapacity } = this.extent;
    return { full: rowCapacity * this.pitch, row: this.pitch, column: rowCapacity * BLOCK, scalar: BLOCK }[kind];
  }

  /** Elements in use, those between the rows included. */
  count(kind: TileKind): Scalar {
    const { rows, columns, rowCapacity } = this.extent;
    if (kind === 'scalar') return BLOCK;
    if (kind === 'column') return this.k.mul(rows, BLOCK);
    if (kind === 'row' || rowCapacity === 1) return columns;
    return this.k.mul(rows, this.pitch);
  }

  /** A block that holds a constant; floats are rounded to f32. */
  constant(value: number, lane: Lane): TileValue {
    const key = `${lane} ${bitsOf(value, lane)}`;
    const known = this.constants.get(key);
    if (known) return known;
    const result = this.fresh(value, lane);
    this.constants.set(key, result);
    return result;
  }

  private fresh(value: number, lane: Lane): TileValue {
    const result = { ...this.allocate('scalar', lane), number: lane === 'f32' ? Math.fround(value) : value };
    this.setCount(BLOCK);
    this.k.emit('vector_dup_b32', result.buffer, bitsOf(value, lane), 1, 1, 1, 8, 8);
    return result;
  }

  /** One elementwise instruction, on halves of lanes if its own lanes have 16 bits; `extra` are the operands between the sources and the repeat count. */
  apply(
    mnemonic: string,
    sources: readonly TileValue[],
    lane: Lane,
    extra: readonly Scalar[] = [],
    tail: readonly Value[] = [],
  ): TileValue {
    const kind = joinKinds(sources.map((source) => source.kind));
    const result = this.allocate(kind, lane);
    this.write(mnemonic, result, sources, extra, tail);
    return result;
  }

  /** The same into a given value, which may be a source. */
  write(
    mnemonic: string,
    result: TileValue,
    sources: readonly TileValue[],
    extra: readonly Scalar[] = [],
    tail: readonly Value[] = [],
  ): void {
    const values = [result, ...sources];
    const flat = values.map((value) => this.flatStrides(value.kind, result.kind));
    const parts = mnemonic.endsWith('_b16') ? 2 : 1;
    if (flat.every((strides) => strides !== null)) {
      this.setCount(this.k.mul(this.count(result.kind), parts));
      const buffers = values.map((value) => value.buffer);
      this.emit(
        mnemonic,
        buffers,
        [...extra, ...tail],
        1,
        flat.map(({ block }) => block),
        flat.map(({ repeat }) => repeat),
      );
      return;
    }
    this.chunks((at, lanes) => {
      this.setMask(lanes * parts);
      const buffers = values.map((value) => this.k.at(value.buffer, variesByColumn(value.kind) ? at * 4 : 0));
      const blocks = values.map((value) => (variesByColumn(value.kind) ? 1 : 0));
      this.emit(
        mnemonic,
        buffers,
        [...extra, ...tail],
        this.extent.rows,
        blocks,
        values.map((value) => this.rowStride(value.kind)),
      );
    });
  }

  /** The value with every element written out, for instructions that need plain sources. */
  spread(value: TileValue, kind: TileKind): TileValue {
    if (value.kind === kind) return value;
    const result = this.allocate(kind, value.lane);
    this.write('vcopy_b32', result, [value]);
    return value.number === undefined ? result : { ...result, number: value.number };
  }

  join(values: readonly TileValue[]): TileKind {
    return joinKinds(values.map((value) => value.kind));
  }

  /** Packed bits of a comparison of plain values, into `bits`. */
  compare(mnemonic: string, bits: TileValue, sources: readonly TileValue[], extra: readonly Scalar[]): void {
    this.setCount(this.count(bits.kind));
    const strides = (stride: number): readonly number[] => sources.map(() => stride);
    this.k.emit(
      mnemonic,
      bits.buffer,
      ...sources.map((source) => source.buffer),
      ...extra,
      1,
      ...strides(1),
      ...strides(8),
    );
  }

  /** Where the bit is set `onTrue`, else `onFalse`. */
  choose(bits: TileValue, onTrue: TileValue, onFalse: TileValue, kind: TileKind, lane: Lane): TileValue {
    const plain = (value: TileValue): TileValue => (value.kind === 'scalar' ? value : this.spread(value, kind));
    const [left, right] = [plain(onTrue), plain(onFalse)];
    const result = this.allocate(kind, lane);
    this.write('vsel_tt_b32', result, [left, right], [], [bits.buffer]);
    return result;
  }

  /** Visits the columns in pieces of at most one repeat. */
  chunks(visit: (at: number, lanes: number) => void): void {
    for (let at = 0; at < this.pitch; at += LANES) visit(at, Math.min(LANES, this.pitch - at));
  }

  setCount(count: Scalar): void {
    this.k.emit('set_mask_count');
    this.k.emit('set_vector_mask', 0, count);
  }

  /** Normal mode with the first `lanes` lanes on, of at most 128. */
  setMask(lanes: number): void {
    this.k.emit('set_mask_norm');
    this.k.emit('set_vector_mask', this.maskWord(lanes - 64), this.maskWord(lanes));
  }

  /** 64 bits, the first `lanes` of them set. */
  private maskWord(lanes: number): Scalar {
    if (lanes >= 64) return -1;
    if (lanes <= 0) return 0;
    return lanes < 32 ? 2 ** lanes - 1 : this.k.read('movk', 2 ** (lanes - 32) - 1, -1);
  }

  /** Blocks between consecutive rows of a value. */
  rowStride(kind: TileKind): number {
    return { full: this.pitch / BLOCK, row: 0, column: 1, scalar: 0 }[kind];
  }

  /** Strides with which one counter-mode instruction over all of `kind` reads a value, or null if it cannot. */
  private flatStrides(value: TileKind, kind: TileKind): { readonly block: number; readonly repeat: number } | null {
    if (value === kind) return { block: 1, repeat: 8 };
    if (value === 'scalar') return { block: 0, repeat: 0 };
    if (kind !== 'full' || this.pitch !== BLOCK) return null;
    // One block per row: a row vector is a block that every row repeats, a column lies like a full value.
    return value === 'row' ? { block: 0, repeat: 0 } : { block: 1, repeat: 8 };
  }

  private emit(
    mnemonic: string,
    buffers: readonly Value[],
    extra: readonly Scalar[],
    repeat: Scalar,
    blocks: readonly number[],
    rows: readonly number[],
  ): void {
    this.k.emit(mnemonic, ...buffers, ...extra, repeat, ...blocks, ...rows);
  }
}

const variesByColumn = (kind: TileKind): boolean => kind === 'full' || kind === 'row';
const variesByRow = (kind: TileKind): boolean => kind === 'full' || kind === 'column';

/** The kind of a result of values of these kinds. */
export function joinKinds(kinds: readonly TileKind[]): TileKind {
  const columns = kinds.some(variesByColumn);
  const rows = kinds.some(variesByRow);
  if (rows) return columns ? 'full' : 'column';
  return columns ? 'row' : 'scalar';
}

/** The 32 bits of a constant. */
export function bitsOf(value: number, lane: Lane): number {
  return lane === 's32' ? value >>> 0 : bitsOfF32(value);
}
