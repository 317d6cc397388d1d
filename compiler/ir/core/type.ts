/**
 * Types of values. Immutable plain data; equality is structural (`typesEqual`), and each type caches its text key.
 * Spellings are MLIR's: `tensor<1x3x?xf32, #ms.enc<...>>`, `ui8`, `index`, `(i32) -> f32`, `!npu.buffer<ub>`.
 */

/** Element types that tensors and scalars can have. `key64x2` style types are opaque types, not dtypes. */
export type DType =
  'f16' | 'bf16' | 'f32' | 'f64' | 'i1' | 'i8' | 'ui8' | 'i16' | 'i32' | 'i64' | 'ui16' | 'ui32' | 'ui64';

/** One extent: an element count, or a named symbolic dimension. */
export type Dimension = number | string;

/** A dimension that is not known and has no name, as in MLIR's plain `tensor<?xf32>`. */
export const ANONYMOUS_DIMENSION = '?';

/** Everything about a tensor beyond shape and dtype; printed as one `#ms.enc<...>` attribute. */
export interface TensorEncoding {
  /** Storage layout such as `NC1HWC0` or `NZ`; absent means row-major ND. */
  readonly layout?: string;
  /** Sharding text, see the shard pass. */
  readonly shard?: string;
}

export interface TensorType {
  readonly kind: 'tensor';
  readonly dtype: DType;
  readonly shape: readonly Dimension[];
  readonly encoding: TensorEncoding | null;
  readonly key: string;
}

export interface ScalarType {
  readonly kind: 'scalar';
  readonly dtype: DType | 'index';
  readonly key: string;
}

export interface FunctionType {
  readonly kind: 'function';
  readonly inputs: readonly Type[];
  readonly results: readonly Type[];
  readonly key: string;
}

/** A dialect type that the IR carries without understanding it: `!npu.buffer<ub>`. `text` is all of it. */
export interface OpaqueType {
  readonly kind: 'opaque';
  readonly text: string;
  readonly key: string;
}

export type Type = TensorType | ScalarType | FunctionType | OpaqueType;

export function tensorType(
  shape: readonly Dimension[],
  dtype: DType,
  encoding: TensorEncoding | null = null,
): TensorType {
  return { kind: 'tensor', dtype, shape, encoding, key: tensorKey(shape, dtype, encoding) };
}

const scalarTypes = new Map<string, ScalarType>();

export function scalarType(dtype: DType | 'index'): ScalarType {
  const known = scalarTypes.get(dtype);
  if (known) return known;
  const type: ScalarType = { kind: 'scalar', dtype, key: dtype };
  scalarTypes.set(dtype, type);
  return type;
}

export function functionType(inputs: readonly Type[], results: readonly Type[]): FunctionType {
  const list = (types: readonly Type[]) => `(${types.map((type) => type.key).join(', ')})`;
  const single = results.length === 1 && results[0].kind !== 'function';
  return { kind: 'function', inputs, results, key: `${list(inputs)} -> ${single ? results[0].key : list(results)}` };
}

export function opaqueType(text: string): OpaqueType {
  return { kind: 'opaque', text, key: text };
}

export function typesEqual(left: Type, right: Type): boolean {
  return left === right || left.key === right.key;
}

/** Bytes of one element in memory; booleans take one byte. */
export function dtypeBytes(dtype: DType): number {
  return DTYPE_BYTES[dtype];
}

const DTYPE_BYTES: Readonly<Record<DType, number>> = {
  f16: 2,
  bf16: 2,
  f32: 4,
  f64: 8,
  i1: 1,
  i8: 1,
  ui8: 1,
  i16: 2,
  ui16: 2,
  i32: 4,
  ui32: 4,
  i64: 8,
  ui64: 8,
};

export const DTYPES = Object.keys(DTYPE_BYTES) as readonly DType[];

export function isFloat(dtype: DType | 'index'): boolean {
  return dtype === 'f16' || dtype === 'bf16' || dtype === 'f32' || dtype === 'f64';
}

export function isInteger(dtype: DType | 'index'): boolean {
  return !isFloat(dtype) && dtype !== 'i1';
}

/** The static shape, or null where a dimension is symbolic. */
export function staticShape(type: TensorType): readonly number[] | null {
  return type.shape.every((extent) => typeof extent === 'number') ? (type.shape as readonly number[]) : null;
}

export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const extent of shape) count *= extent;
  return count;
}

function tensorKey(shape: readonly Dimension[], dtype: DType, encoding: TensorEncoding | null): string {
  let text = 'tensor<';
  for (const extent of shape) text += typeof extent === 'number' ? `${extent}x` : '?x';
  const entries = encodingEntries(shape, encoding);
  return `${text}${dtype}${entries.length > 0 ? `, #ms.enc<${entries.join(', ')}>` : ''}>`;
}

function encodingEntries(shape: readonly Dimension[], encoding: TensorEncoding | null): readonly string[] {
  const entries: string[] = [];
  if (shape.some((extent) => typeof extent === 'string' && extent !== ANONYMOUS_DIMENSION)) {
    entries.push(
      `dims = [${shape.map((extent) => (typeof extent === 'string' ? JSON.stringify(extent) : extent)).join(', ')}]`,
    );
  }
  if (encoding?.layout) entries.push(`layout = ${JSON.stringify(encoding.layout)}`);
  if (encoding?.shard) entries.push(`shard = ${JSON.stringify(encoding.shard)}`);
  return entries;
}
