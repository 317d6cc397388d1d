/** Which 32-bit lanes a dtype is computed in. Total by type. */
import type { Absent, DType } from '../../../ir/index.ts';
import { absent, isAbsent } from '../../../ir/index.ts';
import type { Lane } from './tile.ts';

/** Kinds of arithmetic; booleans are f32 lanes that hold 0 or 1. */
export type Arithmetic = 'float' | 'integer' | 'boolean';

interface LaneKind {
  readonly lane: Lane;
  readonly arithmetic: Arithmetic;
  /** Bits and sign of integers that are narrower than their lanes: results wrap to them. */
  readonly narrow: { readonly bits: number; readonly signed: boolean } | null;
}

const FLOAT: LaneKind = { lane: 'f32', arithmetic: 'float', narrow: null };
const integer = (narrow: LaneKind['narrow']): LaneKind => ({ lane: 's32', arithmetic: 'integer', narrow });
const noWideIntegers = absent('the vector unit has no 64-bit integer arithmetic');
const noUnsigned = absent('the vector unit has no unsigned arithmetic of this width');

const LANE_KINDS: Readonly<Record<DType, LaneKind | Absent>> = {
  f32: FLOAT,
  f16: FLOAT,
  bf16: FLOAT,
  f64: absent('the NPU has no 64-bit float arithmetic'),
  i1: { lane: 'f32', arithmetic: 'boolean', narrow: null },
  i8: integer({ bits: 8, signed: true }),
  ui8: integer({ bits: 8, signed: false }),
  i16: integer({ bits: 16, signed: true }),
  i32: integer(null),
  ui16: noUnsigned,
  ui32: noUnsigned,
  i64: noWideIntegers,
  ui64: noWideIntegers,
};

/** How a dtype is computed, or why it is not. */
export function laneKindOf(dtype: DType): LaneKind | Absent {
  return LANE_KINDS[dtype];
}

/** Lanes a dtype is computed in, or null where the vector unit has none. */
export function laneOf(dtype: DType): Lane | null {
  const kind = LANE_KINDS[dtype];
  return isAbsent(kind) ? null : kind.lane;
}
