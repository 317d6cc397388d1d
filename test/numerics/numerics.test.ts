/** Number formats against definitions, and Philox against the published known answers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bf16FromNumber,
  bf16ToNumber,
  f16FromNumber,
  f16ToNumber,
  f32FromBits,
  f32ToBits,
  int64ToF32,
  philox4x32,
  philoxStream,
  roundEven,
  saturateToInt32,
  saturateToInt64,
} from '../../runtime/numerics/index.ts';

const seed = 20250102;
const anyF32 = fc.integer({ min: 0, max: 0xffff_ffff }).map(f32FromBits);

/** The nearer of two neighbours, the one with an even last bit on a tie. */
function isNearest(value: number, bits: number, toNumber: (bits: number) => number): boolean {
  const found = toNumber(bits);
  const magnitude = bits & 0x7fff;
  const distance = Math.abs(value - found);
  return [magnitude - 1, magnitude + 1].every((other) => {
    if (other < 0) return true;
    const neighbour = toNumber((bits & 0x8000) | other);
    if (!Number.isFinite(neighbour)) return true;
    const otherDistance = Math.abs(value - neighbour);
    return distance < otherDistance || (distance === otherDistance && (bits & 1) === 0);
  });
}

describe('f16 and bf16', () => {
  it('every f16 value keeps its bits', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = f16ToNumber(bits);
      expect(f16FromNumber(value)).toBe(Number.isNaN(value) ? 0x7e00 : bits);
    }
  });
  it('f16 rounds to the nearest, ties to even, over to inf from 65520', () => {
    expect([65519.996, 65520, -65520, 2 ** -25, 2 ** -25 * 1.001, 2 ** -24].map(f16FromNumber)).toEqual([
      0x7bff, 0x7c00, 0xfc00, 0, 1, 1,
    ]);
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) =>
        isNearest(value, f16FromNumber(value), f16ToNumber),
      ),
      { seed, numRuns: 2000 },
    );
  });
  it('bf16 rounds to the nearest, ties to even', () => {
    fc.assert(
      fc.property(anyF32, (value) => {
        if (Number.isNaN(value)) return bf16FromNumber(value) === 0x7fc0;
        const bits = bf16FromNumber(value);
        return !Number.isFinite(value) || !Number.isFinite(bf16ToNumber(bits)) || isNearest(value, bits, bf16ToNumber);
      }),
      { seed, numRuns: 2000 },
    );
  });
});

describe('integers', () => {
  it('roundEven, saturation', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 4503599627370497].map(roundEven)).toEqual([0, 2, 2, -0, -2, 4503599627370497]);
    expect([NaN, 1e10, -1e10, -1.9].map(saturateToInt32)).toEqual([0, 2147483647, -2147483648, -1]);
    expect([NaN, 1e30, -1e30, -1.9].map(saturateToInt64)).toEqual([0n, 2n ** 63n - 1n, -(2n ** 63n), -1n]);
  });
  it('int64ToF32 rounds once', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const found = int64ToF32(value);
        const error = (candidate: number): bigint => {
          const d = BigInt(candidate) - value;
          return d < 0n ? -d : d;
        };
        const bits = f32ToBits(found);
        if (Math.abs(found) < 2 ** 24) return BigInt(found) === value; // exact

        return [bits - 1, bits + 1].every(
          (other) =>
            error(found) < error(f32FromBits(other)) ||
            (error(found) === error(f32FromBits(other)) && (bits & 1) === 0),
        );
      }),
      { seed, numRuns: 2000 },
    );
    expect(int64ToF32(2n ** 60n + 2n ** 36n + 1n)).toBe(2 ** 60 + 2 ** 37);
  });
});

describe('Philox 4x32-10', () => {
  it('known answers', () => {
    const out = new Uint32Array(4);
    const answer = (counter: [number, number, number, number], key: [number, number]): string => {
      philox4x32(counter, key, out);
      return Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ');
    };
    const ones = 0xffffffff;
    expect(answer([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(answer([ones, ones, ones, ones], [ones, ones])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    expect(answer([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });
  it('a stream continues at an offset', () => {
    expect(philoxStream(7n, 2n, 6)).toEqual(philoxStream(7n, 0n, 14).slice(8));
  });
});
