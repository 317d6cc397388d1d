/** Elementary functions and conversions against their definitions. */
import { describe, expect, it } from 'vitest';
import { f16FromNumber, f16ToNumber, f32FromBits, f32ToBits } from '../../runtime/numerics/index.ts';
import { elements, globalMemory, run } from './harness.ts';
import { A, D, vectorRun } from './vector-harness.ts';

const COUNT = 128;

const ulp = (value: number): number => {
  const bits = f32ToBits(Math.abs(value));
  return f32FromBits(bits + 1) - f32FromBits(bits);
};

describe('elementary functions', () => {
  const points = Array.from({ length: COUNT }, (_, at) => Math.fround(-87 + at * 1.37 + (at % 7) * 0.0131));
  it('vexp_f32 is within 2 ulp, overflows to inf and underflows to 0', () => {
    vectorRun('f32', points, points, 'vexp_f32 0x8000, 0, 2, 1, 1, 8, 8').forEach((value, at) => {
      const exact = Math.exp(points[at]!);
      if (exact < 3.4e38) expect(Math.abs(value - exact) / ulp(exact)).toBeLessThan(2);
      else expect(value).toBe(Infinity);
    });
    const special = [-Infinity, -1e9, 0, -0, 1e9, Infinity, NaN, 88.72, -103];
    const filled = [...special, ...points].slice(0, COUNT);
    expect(vectorRun('f32', filled, filled, 'vexp_f32 0x8000, 0, 2, 1, 1, 8, 8').slice(0, 7)).toEqual([
      0,
      0,
      1,
      1,
      Infinity,
      Infinity,
      NaN,
    ]);
  });
  it('vln_f32 is within 2 ulp, also for subnormals; ln(0) = -inf, ln(-1) = nan', () => {
    const positive = points.map((x) => Math.fround(Math.exp(x) || 1e-40));
    vectorRun('f32', positive, positive, 'vln_f32 0x8000, 0, 2, 1, 1, 8, 8').forEach((value, at) => {
      const exact = Math.log(positive[at]!);
      if (Number.isFinite(exact)) expect(Math.abs(value - exact)).toBeLessThanOrEqual(2 * ulp(exact) + 1e-9);
    });
    const special = [0, -0, -1, Infinity, 1, Math.fround(1e-42), NaN];
    const filled = [...special, ...positive].slice(0, COUNT);
    const found = vectorRun('f32', filled, filled, 'vln_f32 0x8000, 0, 2, 1, 1, 8, 8');
    expect(found.slice(0, 5)).toEqual([-Infinity, -Infinity, NaN, Infinity, 0]);
    expect(found[5]).toBeCloseTo(Math.log(Math.fround(1e-42)), 4);
    expect(found[6]).toBeNaN();
  });
});

describe('conversions', () => {
  const sample = Array.from(
    { length: 64 },
    (_, at) =>
      [
        65504,
        65519.99,
        65520,
        1e9,
        -1e9,
        6e-8,
        2.9e-8,
        -3.1e-8,
        6.1e-5,
        0.1,
        -0.3,
        1 + 2 ** -11,
        1 + 3 * 2 ** -11,
        -(1 + 2 ** -11),
        0,
        -0,
        Infinity,
        -Infinity,
        2047.5,
        4095,
      ][at] ?? (at - 30) * 1.00037,
  );
  const neighbours = (x: number): readonly [number, number] => {
    // The greatest f16 not above and the least not below, by search over all values.
    let [low, high] = [-Infinity, Infinity];
    for (let bits = 0; bits < 65536; bits++) {
      const value = f16ToNumber(bits);
      if (value <= x && value > low) low = value;
      if (value >= x && value < high) high = value;
    }
    return [low, high];
  };
  it.each(['r', 'a', 'f', 'c', 'z', 'o'] as const)('vconv_f322f16%s', (mode) => {
    const gm = globalMemory();
    sample.forEach((value, at) => gm.storeF32(A + at * 4, value));
    run(
      'vector',
      `copy_gm_to_ubuf 0, X0, 0, 1, 8, 0, 0\nvconv_f322f16${mode} 0x8000, 0, 1, 1, 1, 4, 8\ncopy_ubuf_to_gm X1, 0x8000, 0, 1, 4, 0, 0\nend`,
      gm,
      [A, D],
    );
    sample.forEach((raw, at) => {
      const x = Math.fround(raw);
      const found = gm.loadF16(D + at * 2);
      if (!Number.isFinite(x)) return expect(found).toBe(x);
      const [low, high] = neighbours(x);
      if (low === high) return expect(found === x, `${x}`).toBe(true);
      const nearest = f16ToNumber(f16FromNumber(x));
      const odd = f16FromNumber(low) & 1 ? low : high;
      const toZero = x < 0 ? high : low;
      const toOdd = Number.isFinite(low) && Number.isFinite(high) ? odd : toZero;
      const away = x - low === high - x ? (x < 0 ? low : high) : nearest;
      const wanted = { r: nearest, a: away, f: low, c: high, z: toZero, o: toOdd }[mode];
      expect(found, `${mode} of ${x}`).toBe(wanted + 0 === 0 ? found : wanted);
    });
  });

  it('float to integer modes saturate and integer to float rounds', () => {
    const values = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 1e10, -1e10, 0.49999997, 3.7, -3.7, NaN];
    const input = Array.from({ length: 128 }, (_, at) => values[at] ?? 0);
    const convert = (name: string): number[] =>
      vectorRun('f32', input, input, `${name} 0x8000, 0, 2, 1, 1, 8, 8`, 's32').slice(0, values.length);
    expect(convert('vconv_f322s32r')).toEqual([0, 2, 2, 0, -2, -2, 2147483647, -2147483648, 0, 4, -4, 0]);
    expect(convert('vconv_f322s32a')).toEqual([1, 2, 3, -1, -2, -3, 2147483647, -2147483648, 0, 4, -4, 0]);
    expect(convert('vconv_f322s32f')).toEqual([0, 1, 2, -1, -2, -3, 2147483647, -2147483648, 0, 3, -4, 0]);
    expect(convert('vconv_f322s32c')).toEqual([1, 2, 3, 0, -1, -2, 2147483647, -2147483648, 1, 4, -3, 0]);
    expect(convert('vconv_f322s32z')).toEqual([0, 1, 2, 0, -1, -2, 2147483647, -2147483648, 0, 3, -3, 0]);
    const big = Array.from(
      { length: 128 },
      (_, at) => [16777217, 16777219, -16777217, 2147483647, -2147483648][at] ?? at,
    );
    const back = (mode: string): number[] =>
      vectorRun('s32', big, big, `vconv_s322f32${mode} 0x8000, 0, 2, 1, 1, 8, 8`, 'f32').slice(0, 5);
    expect(back('')).toEqual([16777216, 16777220, -16777216, 2147483648, -2147483648]);
    expect(back('a')).toEqual([16777218, 16777220, -16777218, 2147483648, -2147483648]);
    expect(back('f')).toEqual([16777216, 16777218, -16777218, 2147483520, -2147483648]);
    expect(back('c')).toEqual([16777218, 16777220, -16777216, 2147483648, -2147483648]);
    expect(back('z')).toEqual([16777216, 16777218, -16777216, 2147483520, -2147483648]);
  });

  it('s64 in and out', () => {
    const gm = globalMemory();
    const values = [2n ** 62n + 1n, -(2n ** 53n) - 1n, 7n, -1n];
    for (let at = 0; at < 32; at++) gm.storeS64(A + at * 8, values[at] ?? 0n);
    run(
      'vector',
      `copy_gm_to_ubuf 0, X0, 0, 1, 8, 0, 0
      vconv_s642f32r 0x8000, 0, 1, 1, 1, 4, 8
      vconv_s642s32 0x9000, 0, 1, 1, 1, 4, 8
      vconv_f322s64z 0xa000, 0x8000, 1, 1, 1, 8, 4
      copy_ubuf_to_gm X1, 0x8000, 0, 1, 4, 0, 0
      add X2, X1, 128
      copy_ubuf_to_gm X2, 0x9000, 0, 1, 4, 0, 0
      add X2, X1, 256
      copy_ubuf_to_gm X2, 0xa000, 0, 1, 8, 0, 0
      end`,
      gm,
      [A, D],
    );
    expect(elements(gm, 'loadF32', D, 4, 4)).toEqual([2 ** 62, -(2 ** 53), 7, -1]);
    expect(elements(gm, 'loadS32', D + 128, 4, 4)).toEqual([2147483647, -2147483648, 7, -1]);
    expect([0, 1, 2, 3].map((at) => gm.loadS64(D + 256 + at * 8))).toEqual([2n ** 62n, -(2n ** 53n), 7n, -1n]);
  });
});
