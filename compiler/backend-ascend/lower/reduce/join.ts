/** How a reduction joins two elements, in vector lanes and in the scalar unit. */
import type { DType } from '../../../ir/index.ts';
import type { Lane } from '../rowwise/tile.ts';

export interface Join {
  /** Stem of the vector instruction: `vadd` is vadd_f32 or vadd_s32. */
  readonly vector: string;
  /** Scalar instructions, by lane. */
  readonly scalar: Readonly<Record<Lane, string>>;
  /** Instruction that joins the lanes of a repeat of f32, if there is one. */
  readonly across: string | null;
  /** The element that changes nothing, by lane. */
  readonly identity: Readonly<Record<Lane, number>>;
  /** True when the instruction passes over NaN, which the result must not. */
  readonly losesNaN: boolean;
}

/** Sums keep NaN. */
export const SUM: Join = {
  vector: 'vadd',
  scalar: { f32: 'fadd', s32: 'add' },
  across: 'vcadd_f32',
  identity: { f32: 0, s32: 0 },
  losesNaN: false,
};
const PRODUCT: Join = {
  vector: 'vmul',
  scalar: { f32: 'fmul', s32: 'mul' },
  across: null,
  identity: { f32: 1, s32: 1 },
  losesNaN: false,
};
const GREATEST: Join = {
  vector: 'vmax',
  scalar: { f32: 'fmax', s32: 'max' },
  across: 'vcmax_f32',
  identity: { f32: -Infinity, s32: -(2 ** 31) },
  losesNaN: true,
};
const SMALLEST: Join = {
  vector: 'vmin',
  scalar: { f32: 'fmin', s32: 'min' },
  across: 'vcmin_f32',
  identity: { f32: Infinity, s32: 2 ** 31 - 1 },
  losesNaN: true,
};

export const JOINS: Readonly<Record<string, Join>> = {
  'ms.reduce_sum': SUM,
  'ms.reduce_mean': SUM,
  'ms.reduce_prod': PRODUCT,
  'ms.reduce_max': GREATEST,
  'ms.reduce_min': SMALLEST,
  'ms.reduce_any': GREATEST,
  'ms.reduce_all': SMALLEST,
};

/** The lanes a dtype is reduced in, or null: narrow integers would wrap where lanes do not. */
export function reductionLane(dtype: DType): Lane | null {
  if (dtype === 'f32' || dtype === 'f16' || dtype === 'bf16' || dtype === 'i1') return 'f32';
  return dtype === 'i32' ? 's32' : null;
}

/** The identity as a stored number: booleans have no infinity. */
export function storedIdentity(join: Join, dtype: DType, lane: Lane): number {
  const identity = join.identity[lane];
  return dtype === 'i1' ? Math.min(1, Math.max(0, identity)) : identity;
}
