/** Attributes: constant data on operations. Immutable; spelled as MLIR's builtin attributes. */
import type { DType, TensorType, Type } from './type.ts';
import { scalarType } from './type.ts';

/** Element storage of a dense constant; f16/bf16 hold bit patterns (Uint16Array), i1 holds 0/1 bytes. */
export type ElementArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

export type Attribute =
  | { readonly kind: 'unit' }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** `7 : i64`; values beyond 2^53 are bigint. */
  | { readonly kind: 'integer'; readonly value: number | bigint; readonly type: Type }
  | { readonly kind: 'float'; readonly value: number; readonly type: Type }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly elements: readonly Attribute[] }
  /** `array<i64: 1, 2>`: shapes, permutations, paddings. */
  | { readonly kind: 'integers'; readonly values: readonly number[] }
  | { readonly kind: 'dictionary'; readonly entries: AttributeMap }
  | { readonly kind: 'type'; readonly type: Type }
  | { readonly kind: 'symbol'; readonly name: string }
  /** `dense<...> : tensor<...>`; one element means a splat. */
  | { readonly kind: 'dense'; readonly type: TensorType; readonly data: ElementArray }
  /** A dialect attribute carried as text: `#ms.init<...>`. */
  | { readonly kind: 'opaque'; readonly text: string };

/** Attribute names in order of insertion; printed sorted. */
export type AttributeMap = ReadonlyMap<string, Attribute>;

export const NO_ATTRIBUTES: AttributeMap = new Map();
export const unitAttribute: Attribute = { kind: 'unit' };

export const boolAttribute = (value: boolean): Attribute => ({ kind: 'bool', value });
export const stringAttribute = (value: string): Attribute => ({ kind: 'string', value });
export const integersAttribute = (values: readonly number[]): Attribute => ({ kind: 'integers', values });
export const arrayAttribute = (elements: readonly Attribute[]): Attribute => ({ kind: 'array', elements });
export const symbolAttribute = (name: string): Attribute => ({ kind: 'symbol', name });
export const typeAttribute = (type: Type): Attribute => ({ kind: 'type', type });
export const integerAttribute = (value: number | bigint, dtype: DType | 'index' = 'i64'): Attribute => ({
  kind: 'integer',
  value,
  type: scalarType(dtype),
});
export const floatAttribute = (value: number, dtype: DType = 'f32'): Attribute => ({
  kind: 'float',
  value,
  type: scalarType(dtype),
});
export const denseAttribute = (type: TensorType, data: ElementArray): Attribute => ({ kind: 'dense', type, data });

const ARRAY_OF: Readonly<Record<DType, new (length: number) => ElementArray>> = {
  f16: Uint16Array,
  bf16: Uint16Array,
  f32: Float32Array,
  f64: Float64Array,
  i1: Uint8Array,
  i8: Int8Array,
  ui8: Uint8Array,
  i16: Int16Array,
  ui16: Uint16Array,
  i32: Int32Array,
  ui32: Uint32Array,
  i64: BigInt64Array,
  ui64: BigUint64Array,
};

/** A zeroed element array for a dtype (f16 and bf16 as bit patterns). */
export function elementArray(dtype: DType, length: number): ElementArray {
  return new ARRAY_OF[dtype](length);
}
