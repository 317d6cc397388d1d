/** Tensors in GM. */

/** Element types that a tensor in GM can have. */
export const tensorDtypes = [
  'f32',
  'f16',
  'bf16',
  'f64',
  'i64',
  'i32',
  'i16',
  'i8',
  'ui8',
  'ui16',
  'ui32',
  'ui64',
  'i1',
] as const;
export type TensorDtype = (typeof tensorDtypes)[number];

/** Bytes of one element in GM; `i1` takes a whole byte. */
export const tensorDtypeBytes: Readonly<Record<TensorDtype, number>> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  f64: 8,
  i64: 8,
  i32: 4,
  i16: 2,
  i8: 1,
  ui8: 1,
  ui16: 2,
  ui32: 4,
  ui64: 8,
  i1: 1,
};

/** A named tensor and its place in GM. `bytes` may exceed the dense size when the layout pads. */
export interface TensorSlot {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly address: number;
  readonly bytes: number;
}
