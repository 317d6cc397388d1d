/** IEEE binary16 and bfloat16 bit patterns, rounding to nearest even directly from f64 (no double rounding). */

const scratch = new DataView(new ArrayBuffer(8));

/** Rounds to `fraction` bits below the leading one, ties to even. The result is exact in f64. */
function roundFraction(value: number, leastExponent: number, fraction: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), leastExponent);
  const unit = 2 ** (exponent - fraction);
  const scaled = value / unit;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return (up ? floor + 1 : floor) * unit;
}

export function float16Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -25 || magnitude === 0) return sign;
  const rounded = roundFraction(magnitude, -14, 10);
  if (rounded < 2 ** -14) return sign | (rounded * 2 ** 24);
  const exponent = Math.floor(Math.log2(rounded));
  return sign | ((exponent + 15) << 10) | ((rounded / 2 ** exponent - 1) * 1024);
}

export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

export function bfloat16Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  const limit = 2 ** 128 * (1 - 2 ** -9);
  const rounded = value === 0 || !Number.isFinite(value) ? value : Math.abs(value) >= limit ? Math.sign(value) * Infinity : Math.sign(value) * roundFraction(Math.abs(value), -126, 7);
  scratch.setFloat32(0, rounded);
  return scratch.getUint16(0);
}

export function bfloat16Value(bits: number): number {
  scratch.setUint16(0, bits);
  scratch.setUint16(2, 0);
  return scratch.getFloat32(0);
}
