/** Philox 4x32-10: J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** High 32 bits of an unsigned 32 x 32 product. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}

/** Four random words from a 128-bit counter and a 64-bit key, written to `out` at `at`. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array,
  at = 0,
): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0 >>> 0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2 >>> 0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    [c0, c1, c2, c3] = [high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0];
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/** Fills a column with the words of consecutive counters starting at a 64-bit offset, for a 64-bit seed. */
export function philoxStream(seed: bigint, offset: bigint, words: number): Uint32Array {
  const out = new Uint32Array(Math.ceil(words / 4) * 4);
  const key: readonly [number, number] = [Number(seed & 0xffffffffn), Number((seed >> 32n) & 0xffffffffn)];
  for (let block = 0; block * 4 < words; block++) {
    const position = offset + BigInt(block);
    philox4x32([Number(position & 0xffffffffn), Number((position >> 32n) & 0xffffffffn), 0, 0], key, out, block * 4);
  }
  return out.subarray(0, words);
}

/** A word as a uniform f32 in [0, 1) with 24 bits. */
export const uniformFromWord = (word: number): number => (word >>> 8) * 2 ** -24;
