/** Looks for floats that are no numbers in the bytes that a launch wrote. */

import type { TensorDtype } from '../program/index.ts';

/** What a run may refuse to see in a result. */
export type ValueKind = 'nan' | 'infinity';

/** Exponent mask, and mask of the bits that tell NaN from infinity. */
interface FloatBits {
  readonly words: (bytes: Uint8Array) => Uint16Array | Uint32Array;
  readonly exponent: number;
  readonly fraction: number;
}

const halves = (bytes: Uint8Array): Uint16Array =>
  new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
const words = (bytes: Uint8Array): Uint32Array =>
  new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);

const floats: Readonly<Partial<Record<TensorDtype, FloatBits>>> = {
  f32: { words, exponent: 0x7f800000, fraction: 0x007fffff },
  f16: { words: halves, exponent: 0x7c00, fraction: 0x03ff },
  bf16: { words: halves, exponent: 0x7f80, fraction: 0x007f },
};

/** The first element that is one of the kinds; dtypes without such values have none. */
export function findValue(
  bytes: Uint8Array,
  dtype: TensorDtype,
  kinds: readonly ValueKind[],
): { readonly value: ValueKind; readonly element: number } | undefined {
  const bits = floats[dtype];
  if (bits === undefined) return undefined;
  const column = bits.words(bytes);
  const { exponent, fraction } = bits;
  for (let element = 0; element < column.length; element++) {
    const word = column[element] ?? 0;
    if ((word & exponent) !== exponent) continue;
    const value = (word & fraction) === 0 ? 'infinity' : 'nan';
    if (kinds.includes(value)) return { value, element };
  }
  return undefined;
}
