/** binary16 and bfloat16 bits to and from numbers, rounding to nearest even. Every nan becomes the quiet nan without sign. */

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** The bits of an f32 nearest to a number. */
export function f32ToBits(value: number): number {
  float[0] = value;
  return word[0] ?? 0;
}

/** The number whose f32 bits these are. */
export function f32FromBits(bits: number): number {
  word[0] = bits;
  return float[0] ?? 0;
}

/** f16 bits of the f32 nearest to a number. */
export function f16FromNumber(value: number): number {
  const bits = f32ToBits(value);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    // Normal: rebias and round at bit 13; a carry may reach the exponent, up to infinity.
    return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  if (magnitude < 0x33000000) return sign;
  // Subnormal: count the unit 2^-24.
  const shift = 126 - (magnitude >>> 23);
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const half = 1 << (shift - 1);
  const kept = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0));
}

/** The number whose f16 bits these are. */
export function f16ToNumber(bits: number): number {
  return f16Table()[bits & 0xffff] ?? 0;
}

function decodeF16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const mantissa = bits & 0x3ff;
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

const f16Column = new Float32Array(65536);
let f16Ready = false;

/** All f16 values by bits; filled on first use, the same for ever after. */
function f16Table(): Float32Array {
  if (!f16Ready) {
    for (let bits = 0; bits < 65536; bits++) f16Column[bits] = decodeF16(bits);
    f16Ready = true;
  }
  return f16Column;
}

/** bf16 bits of the f32 nearest to a number. */
export function bf16FromNumber(value: number): number {
  const bits = f32ToBits(value);
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc0;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** The number whose bf16 bits these are. */
export function bf16ToNumber(bits: number): number {
  return f32FromBits((bits << 16) >>> 0);
}

/** The f16 value nearest to the f32 nearest to a number. */
export const roundToF16 = (value: number): number => f16ToNumber(f16FromNumber(value));
/** The bf16 value nearest to the f32 nearest to a number. */
export const roundToBf16 = (value: number): number => bf16ToNumber(bf16FromNumber(value));
