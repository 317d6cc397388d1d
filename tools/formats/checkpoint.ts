/**
 * MindSpore's .ckpt: a protobuf message `Checkpoint { repeated Value value = 1 }` with
 * `Value { string tag = 1; TensorProto tensor = 2; MapTensorProto maptensor = 3 }` and
 * `TensorProto { repeated int64 dims = 1; string tensor_type = 2; bytes tensor_content = 3 }`.
 *
 * The writer of MindSpore 2.7 cuts a tensor over 512 MiB into consecutive values with one tag and the full dims; a
 * scalar has no dims (in older files dims [0]); an empty tensor is left out; with crc_check it appends 'crc_num' and the CRC-32 of all before in 10 big-endian bytes.
 */
import { crc32 } from 'node:zlib';
import type { Result } from '../../compiler/ir/support/index.ts';
import { tensorDtypeBytes, type TensorDtype } from '../../runtime/program/index.ts';
import { joinBytes } from './bytes.ts';
import { attempt, fault, within, type FormatError } from './fault.ts';
import { readAll, tensorFile, type LoadableEntry, type SkippedEntry, type TensorFile } from './file.ts';
import { memorySource, type ByteSource } from './source.ts';
import { countElements, tensorBytes, tensorFromBytes, type FileTensor } from './tensor.ts';
import { WireReader, WireWriter, wireType, type WireField } from './wire.ts';

const typeOfDtype = {
  f32: 'Float32',
  f16: 'Float16',
  bf16: 'BFloat16',
  f64: 'Float64',
  i64: 'Int64',
  i32: 'Int32',
  i16: 'Int16',
  i8: 'Int8',
  ui8: 'UInt8',
  ui16: 'UInt16',
  ui32: 'UInt32',
  ui64: 'UInt64',
  i1: 'Bool',
} as const satisfies Record<TensorDtype, string>;

// Object.entries forgets the key type; the keys are those of the line above.
const dtypeOfType = new Map(Object.entries(typeOfDtype).map(([dtype, type]) => [type as string, dtype as TensorDtype]));

const trailerMark = new TextEncoder().encode('crc_num');
const trailerBytes = trailerMark.length + 10;
const chunkBytes = 512 * 1024 * 1024;
const checksumStepBytes = 16 * 1024 * 1024;

/** One value of the file: a whole tensor or a chunk of one. */
interface RawValue {
  readonly name: string;
  readonly offset: number;
  /** Null for a map tensor. */
  readonly tensor: { readonly dims: readonly number[]; readonly type: string; readonly content: WireField } | null;
}

/** Lists the parameters of a checkpoint; each is read from its chunks when asked for. */
export function openCheckpoint(source: ByteSource): Result<TensorFile, FormatError> {
  return attempt(() => {
    const end = checkTrailer(source);
    if (end === 0) fault('truncated', 'the checkpoint is empty', 0);
    const reader = new WireReader(source);
    const entries = new Map<string, LoadableEntry>();
    const skipped: SkippedEntry[] = [];
    for (const group of groupChunks(readValues(reader, end))) {
      const first = group[0];
      if (entries.has(first.name)) fault('corrupt', `two parameters are named '${first.name}'`, first.offset);
      const reason = unreadable(first);
      if (reason === null)
        entries.set(
          first.name,
          within(first.name, () => loadable(source, group)),
        );
      else skipped.push({ name: first.name, reason });
    }
    return tensorFile('ckpt', [...entries.values()], skipped, () => source.close());
  });
}

/** The end of the protobuf part; checks the checksum when there is one. */
function checkTrailer(source: ByteSource): number {
  if (source.size < trailerBytes) return source.size;
  const end = source.size - trailerBytes;
  const trailer = source.read(end, trailerBytes, 'the checksum');
  if (trailerMark.some((byte, index) => trailer[index] !== byte)) return source.size;
  const view = new DataView(trailer.buffer, trailer.byteOffset, trailer.byteLength);
  const expected = view.getBigUint64(trailerBytes - 8);
  let found = 0;
  for (let at = 0; at < end; at += checksumStepBytes) {
    found = crc32(source.read(at, Math.min(checksumStepBytes, end - at), 'the checkpoint'), found);
  }
  if (expected !== BigInt(found))
    fault('corrupt', `the checkpoint has CRC-32 ${found}, its trailer says ${expected}`, end);
  return end;
}

function* readValues(reader: WireReader, end: number): Generator<RawValue> {
  for (const field of reader.fields(0, end, 'the checkpoint')) {
    if (field.number !== 1 || field.type !== wireType.bytes) {
      fault(
        'corrupt',
        `field ${field.number} in the checkpoint, expected only field 1; is it a MindSpore checkpoint, and not encrypted?`,
        field.offset,
      );
    }
    yield readValue(reader, field);
  }
}

function readValue(reader: WireReader, value: WireField): RawValue {
  let name: string | null = null;
  let tensor: RawValue['tensor'] = null;
  for (const field of reader.fields(value.offset, value.offset + value.length, 'a parameter')) {
    if (field.number === 1 && field.type === wireType.bytes) name = reader.text(field, 'a parameter name');
    else if (field.number === 2 && field.type === wireType.bytes) tensor = readTensor(reader, field);
  }
  if (name === null) fault('corrupt', 'a parameter has no name', value.offset);
  return { name, tensor, offset: value.offset };
}

function readTensor(reader: WireReader, message: WireField): NonNullable<RawValue['tensor']> {
  const dims: number[] = [];
  let type: string | null = null;
  let content: WireField | null = null;
  for (const field of reader.fields(message.offset, message.offset + message.length, 'a tensor')) {
    if (field.number === 1) dims.push(...reader.integers(field, 'dims'));
    else if (field.number === 2 && field.type === wireType.bytes) type = reader.text(field, 'a tensor type', 64);
    else if (field.number === 3 && field.type === wireType.bytes) content = field;
  }
  if (type === null || content === null)
    fault('corrupt', `a tensor lacks its ${type === null ? 'type' : 'content'}`, message.offset);
  return { dims, type, content };
}

/** Consecutive values with one name are one parameter. */
function* groupChunks(values: Iterable<RawValue>): Generator<readonly RawValue[]> {
  let group: RawValue[] = [];
  for (const value of values) {
    if (group.length > 0 && group[0].name !== value.name) {
      yield group;
      group = [];
    }
    group.push(value);
  }
  if (group.length > 0) yield group;
}

function unreadable(value: RawValue): string | null {
  if (!value.tensor) return 'is a map tensor, which msc does not read';
  return dtypeOfType.has(value.tensor.type) ? null : `has type '${value.tensor.type}', which msc does not read`;
}

function loadable(source: ByteSource, group: readonly RawValue[]): LoadableEntry {
  const { name, offset, tensor } = group[0];
  const type = tensor?.type ?? '';
  const dims = tensor?.dims ?? [];
  const dtype = dtypeOfType.get(type) ?? fault('unsupported', `type '${type}'`, offset);
  const contents = group.map((value) => {
    if (value.tensor?.type !== type || value.tensor.dims.join() !== dims.join()) {
      fault('corrupt', `the chunks of '${name}' differ in type or shape`, value.offset);
    }
    return value.tensor.content;
  });
  const found = contents.reduce((sum, content) => sum + content.length, 0);
  const isScalar = dims.length === 1 && dims[0] === 0 && found === tensorDtypeBytes[dtype];
  const shape = isScalar ? [] : dims;
  const expected = countElements(shape, dtype, offset) * tensorDtypeBytes[dtype];
  if (found !== expected) {
    fault(
      found < expected ? 'truncated' : 'corrupt',
      `${type} of shape [${shape.join(', ')}] takes ${expected} bytes, found ${found}`,
      offset,
    );
  }
  const load = () =>
    tensorFromBytes(dtype, shape, joinChunks(contents.map((field) => source.read(field.offset, field.length, name))));
  return { name, dtype, shape, load };
}

function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  return chunks.length === 1 ? chunks[0] : joinBytes(chunks);
}

/** Reads every parameter of a checkpoint in memory, in the order of the file. */
export function readCheckpoint(bytes: Uint8Array): Result<ReadonlyMap<string, FileTensor>, FormatError> {
  const file = openCheckpoint(memorySource(bytes));
  return file.ok ? readAll(file.value) : file;
}

export interface CheckpointOptions {
  /** Append MindSpore's checksum trailer. */
  readonly checksum?: boolean;
  /** Largest tensor content of one value. */
  readonly chunkBytes?: number;
}

/** The bytes of a checkpoint in pieces, to be written one after the other; contents are not copied. */
export function* checkpointPieces(
  tensors: ReadonlyMap<string, FileTensor>,
  options: CheckpointOptions = {},
): Generator<Uint8Array> {
  let checksum = 0;
  for (const [name, tensor] of tensors) {
    for (const chunk of chunksOf(tensorBytes(tensor), options.chunkBytes ?? chunkBytes)) {
      for (const piece of new WireWriter().message(1, valueMessage(name, tensor, chunk)).parts) {
        if (piece.length === 0) continue; // crc32 of an empty array without memory forgets the checksum so far
        if (options.checksum) checksum = crc32(piece, checksum);
        yield piece;
      }
    }
  }
  if (!options.checksum) return;
  const trailer = new Uint8Array(trailerBytes);
  trailer.set(trailerMark);
  new DataView(trailer.buffer).setBigUint64(trailerBytes - 8, BigInt(checksum));
  yield trailer;
}

/** The bytes of a checkpoint, as MindSpore writes them. */
export function writeCheckpoint(tensors: ReadonlyMap<string, FileTensor>, options: CheckpointOptions = {}): Uint8Array {
  return joinBytes([...checkpointPieces(tensors, options)]);
}

function valueMessage(name: string, tensor: FileTensor, chunk: Uint8Array): WireWriter {
  const proto = new WireWriter();
  for (const extent of tensor.shape) proto.integer(1, extent);
  proto.text(2, typeOfDtype[tensor.dtype]).bytes(3, chunk);
  return new WireWriter().text(1, name).message(2, proto);
}

function* chunksOf(bytes: Uint8Array, limit: number): Generator<Uint8Array> {
  if (bytes.length === 0) yield bytes;
  for (let at = 0; at < bytes.length; at += limit) yield bytes.subarray(at, Math.min(bytes.length, at + limit));
}
