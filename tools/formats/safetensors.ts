/** Hugging Face's .safetensors: 8 bytes of header length, a JSON header, then the tensors without gaps. */
import type { Result } from '../../compiler/ir/support/index.ts';
import { tensorDtypeBytes, type TensorDtype } from '../../runtime/program/index.ts';
import { joinBytes } from './bytes.ts';
import { attempt, fault, within, type FormatError } from './fault.ts';
import { readAll, tensorFile, type LoadableEntry, type SkippedEntry, type TensorFile } from './file.ts';
import { memorySource, type ByteSource } from './source.ts';
import { countElements, tensorBytes, tensorFromBytes, type FileTensor } from './tensor.ts';

const typeOfDtype = {
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  f64: 'F64',
  i64: 'I64',
  i32: 'I32',
  i16: 'I16',
  i8: 'I8',
  ui8: 'U8',
  ui16: 'U16',
  ui32: 'U32',
  ui64: 'U64',
  i1: 'BOOL',
} as const satisfies Record<TensorDtype, string>;

// Object.entries forgets the key type; the keys are those of the line above.
const dtypeOfType = new Map(Object.entries(typeOfDtype).map(([dtype, type]) => [type as string, dtype as TensorDtype]));

/** The limit of the reference implementation. */
const maxHeaderBytes = 100_000_000;

/** A row of the JSON header. */
interface HeaderRow {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Lists the tensors of a .safetensors file; each is read when asked for. */
export function openSafetensors(source: ByteSource): Result<TensorFile, FormatError> {
  return attempt(() => {
    const { rows, dataOffset } = readHeader(source);
    checkCoverage(rows, source.size - dataOffset, dataOffset);
    const readable = rows.filter((row) => dtypeOfType.has(row.type));
    const skipped: SkippedEntry[] = rows
      .filter((row) => !dtypeOfType.has(row.type))
      .map((row) => ({ name: row.name, reason: `has type '${row.type}', which msc does not read` }));
    const entries = readable.map((row) => within(row.name, () => loadable(source, row, dataOffset)));
    return tensorFile('safetensors', entries, skipped, () => source.close());
  });
}

function readHeader(source: ByteSource): { readonly rows: readonly HeaderRow[]; readonly dataOffset: number } {
  const prefix = source.read(0, 8, 'the header length');
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes))
    fault('too-large', `the safetensors header takes ${length} bytes, the limit is ${maxHeaderBytes}`, 0);
  const text = new TextDecoder().decode(source.read(8, Number(length), 'the safetensors header'));
  const header = parseJson(text);
  const rows = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, row]) => within(name, () => parseRow(name, row)));
  return { rows, dataOffset: 8 + Number(length) };
}

function parseJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return fault('corrupt', `the safetensors header is not JSON: ${thrown.message}`, 8);
  }
  return fault('corrupt', `the safetensors header is ${text.slice(0, 20)}, expected a JSON object`, 8);
}

function parseRow(name: string, row: unknown): HeaderRow {
  const expected = 'expected {"dtype": text, "shape": [integers], "data_offsets": [begin, end]}';
  if (typeof row !== 'object' || row === null) return fault('corrupt', `${expected}, found ${JSON.stringify(row)}`, 8);
  const { dtype, shape, data_offsets: offsets } = row as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== 'string' || !isIntegers(shape) || !isIntegers(offsets) || offsets.length !== 2) {
    return fault('corrupt', `${expected}, found ${JSON.stringify(row).slice(0, 120)}`, 8);
  }
  return { name, type: dtype, shape, begin: offsets[0], end: offsets[1] };
}

function isIntegers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** The tensors must cover the data exactly: no overlap, no gap, no rest. */
function checkCoverage(rows: readonly HeaderRow[], dataBytes: number, dataOffset: number): void {
  let reached = 0;
  for (const row of rows.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (row.begin !== reached || row.end < row.begin) {
      fault(
        'corrupt',
        `'${row.name}' lies at [${row.begin}, ${row.end}), expected it to begin at ${reached}`,
        dataOffset + row.begin,
      );
    }
    reached = row.end;
  }
  if (reached !== dataBytes) {
    fault(
      reached > dataBytes ? 'truncated' : 'corrupt',
      `the tensors take ${reached} bytes, found ${dataBytes}`,
      dataOffset,
    );
  }
}

function loadable(source: ByteSource, row: HeaderRow, dataOffset: number): LoadableEntry {
  const { name, type, shape, begin, end } = row;
  const dtype = dtypeOfType.get(type) ?? fault('unsupported', `type '${type}'`, dataOffset + begin);
  const expected = countElements(shape, dtype, dataOffset + begin) * tensorDtypeBytes[dtype];
  if (expected !== end - begin) {
    fault(
      'corrupt',
      `${type} of shape [${shape.join(', ')}] takes ${expected} bytes, its data_offsets say ${end - begin}`,
      dataOffset + begin,
    );
  }
  return {
    name,
    dtype,
    shape,
    load: () => tensorFromBytes(dtype, shape, source.read(dataOffset + begin, expected, name)),
  };
}

/** Reads every tensor of a .safetensors file in memory, in the order of its header. */
export function readSafetensors(bytes: Uint8Array): Result<ReadonlyMap<string, FileTensor>, FormatError> {
  const file = openSafetensors(memorySource(bytes));
  return file.ok ? readAll(file.value) : file;
}

/** The bytes of a .safetensors file; wide types first and then by name, so that every tensor is aligned. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, FileTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const ordered = [...tensors].sort(
    ([nameA, a], [nameB, b]) => tensorDtypeBytes[b.dtype] - tensorDtypeBytes[a.dtype] || (nameA < nameB ? -1 : 1),
  );
  const rows: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  let begin = 0;
  for (const [name, tensor] of ordered) {
    const end = begin + tensor.data.byteLength;
    rows.push([name, { dtype: typeOfDtype[tensor.dtype], shape: tensor.shape, data_offsets: [begin, end] }]);
    begin = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(rows)));
  const header = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(json, 8);
  return joinBytes([header, ...ordered.map(([, tensor]) => tensorBytes(tensor))]);
}
