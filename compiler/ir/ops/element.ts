/** Elements of arrays as numbers: reading and writing any dtype, f16 and bf16 through their bit patterns. */
import type { ElementArray } from '../core/attribute.ts';
import type { DType } from '../core/type.ts';
import { bfloat16Bits, bfloat16Value, float16Bits, float16Value } from './half.ts';

/** Writes a number: floats round to nearest even, integers wrap. */
export function storeNumber(dtype: DType, data: ElementArray, index: number, value: number): void {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[index] = BigInt(Math.trunc(value));
  else if (dtype === 'f16') data[index] = float16Bits(value);
  else if (dtype === 'bf16') data[index] = bfloat16Bits(value);
  else data[index] = value;
}

/** Reads an element as a number; 64-bit integers beyond 2^53 round. */
export function loadNumber(dtype: DType, data: ElementArray, index: number): number {
  if (dtype === 'f16') return float16Value(Number(data[index]));
  if (dtype === 'bf16') return bfloat16Value(Number(data[index]));
  return Number(data[index]);
}
