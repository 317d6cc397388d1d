/** numpy's .npy: a magic, a Python dictionary literal as header, then the elements. Format by numpy.lib.format. */
import { tensorDtypeBytes, type TensorDtype } from '../../runtime/program/index.ts';
import { fault } from './fault.ts';
import { countElements, tensorBytes, tensorFromBytes, type FileTensor } from './tensor.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const maxHeaderBytes = 65536;

/** What an .npy header says. */
export interface NpyHeader {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** Offset of the first element. */
  readonly dataOffset: number;
}

/** numpy has no bfloat16; the package ml_dtypes, which MindSpore and JAX use, stores it as a 2-byte void. */
const dtypeOfDescr: Readonly<Record<string, TensorDtype>> = {
  f2: 'f16',
  f4: 'f32',
  f8: 'f64',
  i1: 'i8',
  i2: 'i16',
  i4: 'i32',
  i8: 'i64',
  u1: 'ui8',
  u2: 'ui16',
  u4: 'ui32',
  u8: 'ui64',
  b1: 'i1',
  V2: 'bf16',
};

const descrOfDtype = new Map(Object.entries(dtypeOfDescr).map(([descr, dtype]) => [dtype, descr]));

/** Bytes that certainly hold a whole header, enough to call `decodeNpyHeader` on. */
export const npyHeaderReach = maxHeaderBytes + 12;

/** Decodes the header at the start of `bytes` (which may end inside the data); a fault when it is not one. */
export function decodeNpyHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length < 12) fault('truncated', `an npy file starts with 12 bytes at least, found ${bytes.length}`, 0);
  if (magic.some((byte, index) => bytes[index] !== byte))
    fault('corrupt', "expected '\\x93NUMPY' at the start of an npy file", 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (version < 1 || version > 3) fault('unsupported', `npy format version is ${version}, expected 1, 2 or 3`, 6);
  const textOffset = version === 1 ? 10 : 12;
  const textLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (textLength > maxHeaderBytes)
    fault('too-large', `the npy header takes ${textLength} bytes, the limit is ${maxHeaderBytes}`, 8);
  const dataOffset = textOffset + textLength;
  if (dataOffset > bytes.length)
    fault('truncated', `the npy header takes ${textLength} bytes, found ${bytes.length - textOffset}`, textOffset);
  const text = new TextDecoder('latin1').decode(bytes.subarray(textOffset, dataOffset));
  return { ...parseDictionary(text, textOffset), dataOffset };
}

function parseDictionary(text: string, offset: number): Omit<NpyHeader, 'dataOffset'> {
  if (/['"]descr['"]\s*:\s*\[/.test(text)) fault('unsupported', 'a structured array (records) is not a tensor', offset);
  const descr = /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/.exec(text)?.[1];
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined) {
    fault(
      'corrupt',
      `expected 'descr', 'fortran_order' and 'shape' in the npy header, found ${JSON.stringify(text.slice(0, 80))}`,
      offset,
    );
  }
  return { dtype: parseDescr(descr, offset), shape: parseShape(shape, offset), fortranOrder: order === 'True' };
}

function parseDescr(descr: string, offset: number): TensorDtype {
  const [, order, kind] =
    /^([<>=|]?)(\w+)$/.exec(descr) ?? fault('corrupt', `'${descr}' is no element type of numpy`, offset);
  if (order === '>' && !kind.endsWith('1')) {
    fault('unsupported', `elements are big-endian ('${descr}'); save them with .astype('<${kind}')`, offset);
  }
  if (!Object.hasOwn(dtypeOfDescr, kind))
    fault('unsupported', `element type '${descr}' is not one of ${Object.keys(dtypeOfDescr).join(', ')}`, offset);
  return dtypeOfDescr[kind];
}

function parseShape(text: string, offset: number): readonly number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  return parts.map((part) => {
    if (!/^\d+L?$/.test(part)) fault('corrupt', `expected an extent in the shape, found '${part}'`, offset);
    return Number.parseInt(part, 10);
  });
}

/** Decodes a whole .npy file; a fault when its size is not what the header says. */
export function decodeNpy(bytes: Uint8Array): FileTensor {
  const { dtype, shape, fortranOrder, dataOffset } = decodeNpyHeader(bytes);
  const expected = countElements(shape, dtype, dataOffset) * tensorDtypeBytes[dtype];
  const found = bytes.length - dataOffset;
  if (found !== expected) {
    const problem = found < expected ? 'truncated' : 'corrupt';
    fault(problem, `${dtype} of shape [${shape.join(', ')}] takes ${expected} bytes, found ${found}`, dataOffset);
  }
  const data = bytes.subarray(dataOffset);
  return tensorFromBytes(
    dtype,
    shape,
    fortranOrder && shape.length > 1 ? fromColumnMajor(data, shape, tensorDtypeBytes[dtype]) : data,
  );
}

/** Reorders elements of `width` bytes from first-index-fastest to last-index-fastest. */
function fromColumnMajor(stored: Uint8Array, shape: readonly number[], width: number): Uint8Array {
  const data = new Uint8Array(stored.length);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((bytes, extent) => bytes * extent, width));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to += width) {
    for (let byte = 0; byte < width; byte++) data[to + byte] = stored[from + byte];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return data;
}

/** The .npy bytes of a tensor, as numpy writes them (version 1.0, header padded to 64 bytes). */
export function encodeNpy(tensor: FileTensor): Uint8Array {
  const kind = descrOfDtype.get(tensor.dtype) ?? '';
  const order = kind.endsWith('1') ? '|' : '<';
  const extents = tensor.shape.length === 1 ? `${tensor.shape[0]},` : tensor.shape.join(', ');
  const dictionary = `{'descr': '${order}${kind}', 'fortran_order': False, 'shape': (${extents}), }`;
  const headerBytes = Math.ceil((magic.length + 4 + dictionary.length + 1) / 64) * 64;
  const data = tensorBytes(tensor);
  const bytes = new Uint8Array(headerBytes + data.length).fill(0x20, 0, headerBytes);
  bytes.set([...magic, 1, 0], 0);
  new DataView(bytes.buffer).setUint16(8, headerBytes - 10, true);
  bytes.set(new TextEncoder().encode(dictionary), 10);
  bytes[headerBytes - 1] = 0x0a;
  bytes.set(data, headerBytes);
  return bytes;
}
