/** Tensors as files hold them: an element type, a shape, and the elements in row-major order. */
import { tensorDtypeBytes, type TensorDtype } from '../../runtime/program/index.ts';
import { fault } from './fault.ts';

/** Elements in memory: f16 and bf16 are their 16-bit patterns, i1 is one byte of 0 or 1. */
export type TensorData =
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

/** A tensor read from a file or about to be written to one. */
export interface FileTensor {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** No single tensor is larger than this (4 GiB); a header that asks for more is refused before memory is taken. */
export const maxTensorBytes = 2 ** 32;

type DataConstructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => TensorData;

const dataConstructors: Readonly<Record<TensorDtype, DataConstructor>> = {
  f32: Float32Array,
  f16: Uint16Array,
  bf16: Uint16Array,
  f64: Float64Array,
  i64: BigInt64Array,
  i32: Int32Array,
  i16: Int16Array,
  i8: Int8Array,
  ui8: Uint8Array,
  ui16: Uint16Array,
  ui32: Uint32Array,
  ui64: BigUint64Array,
  i1: Uint8Array,
};

/** Number of elements of a shape; a fault when it is not a count or its bytes exceed `maxTensorBytes`. */
export function countElements(shape: readonly number[], dtype: TensorDtype, offset: number): number {
  let count = 1;
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || extent < 0)
      fault('corrupt', `a dimension is ${extent}, expected an integer from 0`, offset);
    count *= extent;
  }
  const bytes = count * tensorDtypeBytes[dtype];
  if (bytes > maxTensorBytes) {
    fault(
      'too-large',
      `a tensor of shape [${shape.join(', ')}] needs ${bytes} bytes, the limit is ${maxTensorBytes}`,
      offset,
    );
  }
  return count;
}

/** Views little-endian row-major bytes as a tensor; they are copied when they are not aligned for the type. */
export function tensorFromBytes(dtype: TensorDtype, shape: readonly number[], bytes: Uint8Array): FileTensor {
  const width = tensorDtypeBytes[dtype];
  const aligned = bytes.buffer instanceof ArrayBuffer && bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  // `new Uint8Array(view)` always has an ArrayBuffer of its own; the type of `buffer` does not say so.
  const data = new dataConstructors[dtype](aligned.buffer as ArrayBuffer, aligned.byteOffset, bytes.byteLength / width);
  return { dtype, shape, data: dtype === 'i1' ? asBits(data as Uint8Array) : data };
}

/** The row-major little-endian bytes of a tensor (a view of its data). */
export function tensorBytes(tensor: FileTensor): Uint8Array {
  return new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
}

/** Any nonzero byte of a bool tensor means true. */
function asBits(bytes: Uint8Array): Uint8Array {
  return bytes.some((byte) => byte > 1) ? bytes.map((byte) => (byte === 0 ? 0 : 1)) : bytes;
}
