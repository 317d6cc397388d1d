/** Numbers of constants: which values fit a dtype, and float texts as MLIR prints them. */
import { bf16FromNumber, bf16ToNumber, f16FromNumber, f16ToNumber } from '../../../runtime/numerics/index.ts';
import type { DType } from '../core/type.ts';
import { dtypeBytes } from '../core/type.ts';

const scratch = new DataView(new ArrayBuffer(8));

/** The nearest value that a float dtype can hold. */
export function roundToFloat(value: number, dtype: DType): number {
  if (dtype === 'f32') return Math.fround(value);
  if (dtype === 'f16') return f16ToNumber(f16FromNumber(value));
  return dtype === 'bf16' ? bf16ToNumber(bf16FromNumber(value)) : value;
}

/** The float whose bits are given, as in `0x7F800000 : f32`. */
export function floatFromBits(bits: bigint, dtype: DType): number {
  if (dtype === 'f16') return f16ToNumber(Number(bits));
  if (dtype === 'bf16') return bf16ToNumber(Number(bits));
  if (dtype === 'f32') {
    scratch.setUint32(0, Number(bits));
    return scratch.getFloat32(0);
  }
  scratch.setBigUint64(0, bits);
  return scratch.getFloat64(0);
}

const SIGNIFICANT_DIGITS: Readonly<Partial<Record<DType, number>>> = { f16: 5, bf16: 4, f32: 9 };
const SPECIAL_BITS: Readonly<Record<string, readonly [nan: string, inf: string, negative: string]>> = {
  f16: ['0x7E00', '0x7C00', '0xFC00'],
  bf16: ['0x7FC0', '0x7F80', '0xFF80'],
  f32: ['0x7FC00000', '0x7F800000', '0xFF800000'],
  f64: ['0x7FF8000000000000', '0x7FF0000000000000', '0xFFF0000000000000'],
};

/** A float as MLIR prints it: seven digits when they say it exactly, else as many as needed; not finite: its bits. */
export function floatText(value: number, dtype: DType): string {
  if (!Number.isFinite(value)) {
    return (SPECIAL_BITS[dtype] ?? SPECIAL_BITS.f64)[Number.isNaN(value) ? 0 : value > 0 ? 1 : 2];
  }
  const short = value.toExponential(6);
  if (roundToFloat(Number(short), dtype) === value) return twoDigitExponent(Object.is(value, -0) ? `-${short}` : short);
  const text = String(Number(value.toPrecision(SIGNIFICANT_DIGITS[dtype] ?? 17)));
  const exponent = text.indexOf('e');
  if (exponent < 0) return text.includes('.') ? text : `${text}.0`;
  return text.includes('.') ? text : `${text.slice(0, exponent)}.0${text.slice(exponent)}`;
}

function twoDigitExponent(text: string): string {
  return text.at(-3) === 'e' ? `${text.slice(0, -1)}0${text.slice(-1)}` : text;
}

/** An integer literal as a value of the dtype (signless types wrap: 255 : i8 is -1), or null when it does not fit. */
export function fitInteger(value: bigint, dtype: DType | 'index'): number | bigint | null {
  const bits = dtype === 'index' ? 64 : dtype === 'i1' ? 1 : dtypeBytes(dtype) * 8;
  const unsigned = dtype.startsWith('ui') || dtype === 'i1';
  if (value < (dtype.startsWith('ui') ? 0n : -(1n << BigInt(bits - 1))) || value >= 1n << BigInt(bits)) return null;
  const wrapped = unsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  const number = Number(wrapped);
  return Number.isSafeInteger(number) ? number : wrapped;
}
