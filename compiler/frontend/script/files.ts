/** `_msc.files`: tensors in files of known formats. The formats themselves are the business of `tools`. */
import type { DType, ElementArray, Result } from '../../ir/index.ts';
import {
  native,
  nativeModule,
  PyDict,
  PyTuple,
  Raised,
  type Interpreter,
  type ModuleDefinition,
  type PyValue,
} from '../eval/index.ts';
import { exceptionType, needText, PyException, valueError } from '../eval/index.ts';
import { NdArray } from '../library/numpy/index.ts';
import { pathText, readBytes } from '../library/stdlib/system.ts';

export type ArrayFormat = 'npz' | 'npy' | 'ckpt' | 'safetensors';

/** Elements in row-major order. */
export interface FileArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: ElementArray;
}

/** Reads and writes files of arrays; errors are texts. */
export interface ArrayCodec {
  decode(
    bytes: Uint8Array,
  ): Result<{ readonly format: ArrayFormat; readonly arrays: ReadonlyMap<string, FileArray> }, string>;
  encode(format: ArrayFormat, arrays: ReadonlyMap<string, FileArray>): Result<Uint8Array, string>;
}

const FORMATS: readonly ArrayFormat[] = ['npz', 'npy', 'ckpt', 'safetensors'];

function formatOf(value: PyValue): ArrayFormat {
  const format = FORMATS.find((name) => name === value);
  if (format === undefined) throw valueError(`unknown file format ${String(value)}`);
  return format;
}

function readArrays(py: Interpreter, codec: ArrayCodec, path: string): PyTuple {
  const decoded = codec.decode(readBytes(py, path));
  if (!decoded.ok) throw valueError(`${path}: ${decoded.error}`);
  const arrays = new PyDict();
  for (const [name, { dtype, shape, data }] of decoded.value.arrays)
    arrays.map.set(name, NdArray.of(data, shape, dtype));
  return new PyTuple([decoded.value.format, arrays]);
}

function arraysOf(value: PyValue): ReadonlyMap<string, FileArray> {
  const arrays = new Map<string, FileArray>();
  if (!(value instanceof PyDict)) throw valueError('arrays to write come as a dict');
  for (const [name, array] of value.map) {
    if (typeof name !== 'string' || !(array instanceof NdArray)) throw valueError('arrays to write have names');
    arrays.set(name, { dtype: array.dtype, shape: array.shape, data: array.elements() });
  }
  return arrays;
}

function writeBytes(py: Interpreter, path: string, bytes: Uint8Array): null {
  const written = py.host.writeFile?.(path, bytes);
  if (written?.ok) return null;
  const message = written ? written.error.message : 'files cannot be written here';
  throw new Raised(new PyException(exceptionType('PermissionError'), [13, message, path]));
}

/** The element types of IDX, by their codes. */
const IDX_TYPES: Readonly<Record<number, DType>> = { 8: 'ui8', 9: 'i8', 11: 'i16', 12: 'i32', 13: 'f32', 14: 'f64' };
const IDX_BYTES: Readonly<Partial<Record<DType, number>>> = { ui8: 1, i8: 1, i16: 2, i32: 4, f32: 4, f64: 8 };

/** The array of an IDX file (yann.lecun.com/exdb/mnist): 0, 0, type, rank, extents and elements, all big-endian. */
function idxArray(path: string, bytes: Uint8Array): NdArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dtype = bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 ? IDX_TYPES[bytes[2]] : undefined;
  const rank = bytes[3];
  if (dtype === undefined || bytes.length < 4 + 4 * rank) throw valueError(`${path} is no IDX file`);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = shape.reduce((product, extent) => product * extent, 1);
  const [start, width] = [4 + 4 * rank, IDX_BYTES[dtype] ?? 1];
  if (bytes.length !== start + count * width)
    throw valueError(`${path} has ${bytes.length} bytes, its header asks for ${start + count * width}`);
  const readers: Readonly<Partial<Record<DType, (offset: number) => number>>> = {
    i16: (offset) => view.getInt16(offset),
    i32: (offset) => view.getInt32(offset),
    f32: (offset) => view.getFloat32(offset),
    f64: (offset) => view.getFloat64(offset),
    i8: (offset) => view.getInt8(offset),
  };
  if (dtype === 'ui8') return NdArray.of(bytes.slice(start), shape, dtype);
  const read = readers[dtype] ?? ((offset: number) => view.getUint8(offset));
  return NdArray.generate(shape, dtype, (index) => read(start + index * width));
}

/** The module for a session; without a codec reading and writing say that this is not possible. */
export function filesModule(codec: ArrayCodec): ModuleDefinition {
  return nativeModule('_msc.files', () => [
    native('read_arrays(path)', (py, [path]) => readArrays(py, codec, pathText(py, path))),
    native('write_arrays(path, format, arrays)', (py, [path, format, arrays]) => {
      const encoded = codec.encode(formatOf(format), arraysOf(arrays));
      if (!encoded.ok) throw valueError(`${needText(path)}: ${encoded.error}`);
      return writeBytes(py, pathText(py, path), encoded.value);
    }),
    native('read_idx(path)', (py, [path]) => idxArray(pathText(py, path), readBytes(py, pathText(py, path)))),
  ]);
}

const absentHere = { ok: false, error: 'files of tensors are read and written by scripts only' } as const;

/** Where networks are compiled. */
export const noCodec: ArrayCodec = { decode: () => absentHere, encode: () => absentHere };
