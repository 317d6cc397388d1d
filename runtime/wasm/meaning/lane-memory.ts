/** Four lanes between memory and a v128 of 32-bit values, for every element type at rest. */

import { bytesOf, type ElementType } from '../../isa/index.ts';
import { i32, lane, load, op, seq, shuffleBytes, store, type Code } from '../encode/code.ts';
import { get, set, type FunctionBuilder, type Local } from '../encode/module.ts';
import { narrowBf16Lanes, narrowF16Lanes, widenF16Lanes } from './half.ts';

/** Element types that have a four-lane form. */
export const isNarrow = (element: ElementType): boolean => element !== 's64';

/** Loads four consecutive elements at an address in linear memory, as values. */
export function loadLanes(builder: FunctionBuilder, element: ElementType, address: Code, offset: number): Code {
  switch (element) {
    case 'f16':
      return widenF16Lanes(load('v128.load16x4_s', address, offset), builder.local('v128'));
    case 'bf16':
      return op('i32x4.shl', load('v128.load16x4_u', address, offset), i32(16));
    case 'u16':
      return load('v128.load16x4_u', address, offset);
    case 'u8':
      return op('i32x4.extend_low_i16x8_u', op('i16x8.extend_low_i8x16_u', load('v128.load32_zero', address, offset)));
    default:
      return loadBits(bytesOf(element), address, offset);
  }
}

/** The bits at rest of four values, in 32-bit lanes; the rest of a lane is undefined. */
export function lanesAtRest(builder: FunctionBuilder, element: ElementType, value: Code): Code {
  const [first, second] = builder.locals('v128', 2) as [Local, Local];
  if (element === 'f16') return narrowF16Lanes(value, first, second);
  return element === 'bf16' ? narrowBf16Lanes(value, first) : value;
}

/** Loads the bits at rest of four elements of 1, 2 or 4 bytes. */
export function loadBits(bytes: number, address: Code, offset: number): Code {
  if (bytes === 4) return load('v128.load', address, offset);
  if (bytes === 2) return load('v128.load16x4_s', address, offset);
  return op('i32x4.extend_low_i16x8_s', op('i16x8.extend_low_i8x16_s', load('v128.load32_zero', address, offset)));
}

const halves = [0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13];
const quarters = [0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12];

/** Stores the low `bytes` of each 32-bit lane as consecutive elements. */
export function storeBits(builder: FunctionBuilder, bytes: number, address: Code, bits: Code, offset: number): Code {
  if (bytes === 4) return store('v128.store', address, bits, offset);
  const copy = builder.local('v128');
  const packed = seq(set(copy, bits), shuffleBytes(get(copy), get(copy), bytes === 2 ? halves : quarters));
  return bytes === 2
    ? store('i64.store', address, lane('i64x2.extract_lane', 0, packed), offset)
    : store('i32.store', address, lane('i32x4.extract_lane', 0, packed), offset);
}
