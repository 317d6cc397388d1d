/** Elements of arrays as numbers: reading and writing any dtype, f16 and bf16 through their bit patterns. */
import { bf16FromNumber, bf16ToNumber, f16FromNumber, f16ToNumber } from '../../../runtime/numerics/index.ts';
import type { ElementArray } from '../core/attribute.ts';
import type { DType } from '../core/type.ts';

/** Writes a number: floats round to nearest even, integers wrap. */
export function storeNumber(dtype: DType, data: ElementArray, index: number, value: number): void {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[index] = BigInt(Math.trunc(value));
  else if (dtype === 'f16') data[index] = f16FromNumber(value);
  else if (dtype === 'bf16') data[index] = bf16FromNumber(value);
  else data[index] = value;
}

/** Reads an element as a number; 64-bit integers beyond 2^53 round. */
export function loadNumber(dtype: DType, data: ElementArray, index: number): number {
  if (dtype === 'f16') return f16ToNumber(Number(data[index]));
  if (dtype === 'bf16') return bf16ToNumber(Number(data[index]));
  return Number(data[index]);
}
