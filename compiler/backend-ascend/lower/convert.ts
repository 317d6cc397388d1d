/** Conversions between stored dtypes and the lanes they are computed in. */
import type { DType, Value } from '../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../tile/kernel-builder.ts';
import { countLanes, repeatBytes } from './vector.ts';

/** Conversions from the stored type to the lane type, by dtype; none for 32-bit types. */
export const WIDEN: Readonly<Partial<Record<DType, readonly string[]>>> = {
  f16: ['vconv_f162f32'],
  bf16: ['vconv_bf162f32'],
  i8: ['vconv_s82f16', 'vconv_f162s32r'],
  ui8: ['vconv_u82f16', 'vconv_f162s32r'],
  i1: ['vconv_u82f16', 'vconv_f162f32'],
  i16: ['vconv_s162f32', 'vconv_f322s32r'],
};
/** Conversions from the lane type back. */
export const NARROW: Readonly<Partial<Record<DType, readonly string[]>>> = {
  f16: ['vconv_f322f16r'],
  bf16: ['vconv_f322bf16r'],
  i8: ['vconv_s322f32', 'vconv_f322f16r', 'vconv_f162s8r'],
  ui8: ['vconv_s322f32', 'vconv_f322f16r', 'vconv_f162u8r'],
  i1: ['vconv_f322f16r', 'vconv_f162u8r'],
  i16: ['vconv_s322s16'],
};

const WIDTHS: Readonly<Record<string, number>> = { f32: 4, s32: 4, s64: 8, f16: 2, bf16: 2, s16: 2, s8: 1, u8: 1 };

/** Blocks that one repeat of a conversion reads or writes: its lanes are those of the wider type. */
export function repeatBlocks(mnemonic: string, side: 'from' | 'to'): number {
  const types = /^vconv_(f32|s32|s64|f16|bf16|s16|s8|u8)2(f32|s32|s64|f16|bf16|s16|s8|u8)/.exec(mnemonic);
  if (!types) throw new Error(`${mnemonic} is no conversion`);
  const [from, to] = [WIDTHS[types[1]], WIDTHS[types[2]]];
  return (8 * (side === 'from' ? from : to)) / Math.max(from, to);
}

/** Runs conversions one after another over `count` elements; each result has room for `capacity` elements of `bytes` bytes. */
export function convertLanes(
  k: KernelBuilder,
  source: Value,
  mnemonics: readonly string[],
  count: Scalar,
  capacity: number,
  bytes = 4,
): Value {
  return mnemonics.reduce((value, mnemonic) => {
    const result = k.alloc('ub', repeatBytes(capacity * bytes));
    convertInto(k, result, value, mnemonic, count);
    return result;
  }, source);
}

/** One conversion over `count` elements. */
export function convertInto(k: KernelBuilder, target: Value, source: Value, mnemonic: string, count: Scalar): void {
  countLanes(k, count);
  k.emit(mnemonic, target, source, 1, 1, 1, repeatBlocks(mnemonic, 'to'), repeatBlocks(mnemonic, 'from'));
}
