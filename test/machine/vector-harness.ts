/** Runs vector code on two vectors in UB and brings the result back. */
import type { Memory } from '../../runtime/machine/index.ts';
import { globalMemory, run } from './harness.ts';

export const A = 0x1000;
export const B = 0x3000;
export const D = 0x8000;

/** A lane type of the tests. */
export type Type = 'f32' | 'f16' | 's32' | 's16';
export const sizeOf: Readonly<Record<Type, number>> = { f32: 4, f16: 2, s32: 4, s16: 2 };
const put = (gm: Memory, type: Type, at: number, value: number): void => {
  if (type === 'f32') gm.storeF32(at, value);
  if (type === 'f16') gm.storeF16(at, value);
  if (type === 's32') gm.storeS32(at, value);
  if (type === 's16') gm.storeS16(at, value);
};
const get = (gm: Memory, type: Type, at: number): number =>
  type === 'f32' ? gm.loadF32(at) : type === 'f16' ? gm.loadF16(at) : type === 's32' ? gm.loadS32(at) : gm.loadS16(at);

/** Puts two vectors into UB at 0 and 0x4000 and 7s at 0x8000, runs the body, and brings 0x8000 back. */
export function vectorRun(
  type: Type,
  a: readonly number[],
  b: readonly number[],
  body: string,
  resultType: Type = type,
): number[] {
  const gm = globalMemory();
  a.forEach((value, at) => put(gm, type, A + at * sizeOf[type], value));
  b.forEach((value, at) => put(gm, type, B + at * sizeOf[type], value));
  for (let at = 0; at < a.length; at++) put(gm, resultType, D + at * sizeOf[resultType], 7);
  const blocks = Math.ceil((a.length * 8) / 32);
  run(
    'vector',
    `
    copy_gm_to_ubuf 0, X0, 0, 1, ${blocks}, 0, 0
    copy_gm_to_ubuf 0x4000, X1, 0, 1, ${blocks}, 0, 0
    copy_gm_to_ubuf 0x8000, X2, 0, 1, ${blocks}, 0, 0
    ${body}
    copy_ubuf_to_gm X2, 0x8000, 0, 1, ${blocks}, 0, 0
    end`,
    gm,
    [A, B, D],
  );
  return Array.from(a, (_, at) => get(gm, resultType, D + at * sizeOf[resultType]));
}
