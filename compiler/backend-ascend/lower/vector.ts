/** Short forms of counted vector instructions on plain (gap-free) UB buffers. */
import type { Value } from '../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../tile/kernel-builder.ts';

/** Counter mode: the next instructions work on `count` elements. */
export function countLanes(k: KernelBuilder, count: Scalar): void {
  k.emit('set_mask_count');
  k.emit('set_vector_mask', 0, count);
}

/** dst = src `op` scalar, on plain buffers under the current count. */
export function withScalar(
  k: KernelBuilder,
  mnemonic: string,
  dst: Value,
  src: Value,
  ...extra: readonly Scalar[]
): void {
  k.emit(mnemonic, dst, src, ...extra, 1, 1, 1, 8, 8);
}

/** dst = src0 `op` src1, on plain buffers under the current count. */
export function withTwo(k: KernelBuilder, mnemonic: string, dst: Value, src0: Value, src1: Value): void {
  k.emit(mnemonic, dst, src0, src1, 1, 1, 1, 1, 8, 8, 8);
}

/** Fills a buffer with element bits. */
export function fill(k: KernelBuilder, width: 'b16' | 'b32', dst: Value, bits: number): void {
  k.emit(`vector_dup_${width}`, dst, bits, 1, 1, 1, 8, 8);
}

/** Bytes rounded up to whole repeats, since a vector instruction may touch them. */
export const repeatBytes = (bytes: number): number => Math.ceil(bytes / 256) * 256;

/**
 * A table of byte offsets: element e, read as (e div minor, e mod minor), gets major·majorBytes + rest·minorBytes.
 * `minor` is a power of two. The table lies in UB and is computed where it is asked for.
 */
export function offsetTable(
  k: KernelBuilder,
  count: number,
  minor: number,
  majorBytes: number,
  minorBytes: number,
): Value {
  const [table, major, scratch] = [0, 1, 2].map(() => k.alloc('ub', repeatBytes(count * 4)));
  const shift = Math.log2(minor);
  countLanes(k, count);
  k.emit('vci_s32', table, 0, 1, 1, 8);
  withScalar(k, 'vshr_s32', major, table, shift, 0);
  withScalar(k, 'vshl_s32', scratch, major, shift);
  withTwo(k, 'vsub_s32', table, table, scratch);
  withScalar(k, 'vmuls_s32', table, table, minorBytes);
  withScalar(k, 'vmuls_s32', major, major, majorBytes);
  withTwo(k, 'vadd_s32', table, table, major);
  return table;
}
