/**
 * Reads zip archives, as far as .npz needs them: stored and deflated entries, zip64, checksums. Format: PKWARE APPNOTE 6.3.
 * The central directory at the end decides; what an entry announces is checked before memory is taken for it.
 */
import { constants, crc32, inflateRawSync } from 'node:zlib';
import { viewOf } from './bytes.ts';
import { fault } from './fault.ts';
import type { ByteSource } from './source.ts';
import { maxTensorBytes } from './tensor.ts';

export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Offset of the local header. */
  readonly offset: number;
}

const signature = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;
const endBytes = 22;
const maxCommentBytes = 65535;
const saturated32 = 0xffffffff;

/** Deflate cannot shrink more than this; a larger announcement is a lie. */
const maxDeflateRatio = 1032;

/** Lists the entries of an archive; a fault when there is no consistent directory. */
export function readZipDirectory(source: ByteSource): readonly ZipEntry[] {
  const { directoryOffset, directoryBytes, count } = findDirectory(source);
  const bytes = source.read(directoryOffset, directoryBytes, 'the zip directory');
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { entry, length } = readCentralEntry(bytes, at, directoryOffset);
    entries.push(entry);
    at += length;
  }
  if (entries.length !== count)
    fault('corrupt', `the zip directory announces ${count} entries, found ${entries.length}`, directoryOffset);
  return entries;
}

interface DirectoryPlace {
  readonly directoryOffset: number;
  readonly directoryBytes: number;
  readonly count: number;
}

function findDirectory(source: ByteSource): DirectoryPlace {
  const tailBytes = Math.min(source.size, endBytes + maxCommentBytes);
  const tailOffset = source.size - tailBytes;
  const tail = viewOf(source.read(tailOffset, tailBytes, 'the end of the zip archive'));
  for (let at = tailBytes - endBytes; at >= 0; at--) {
    if (tail.getUint32(at, true) !== signature.end || at + endBytes + tail.getUint16(at + 20, true) !== tailBytes)
      continue;
    const place = {
      count: tail.getUint16(at + 10, true),
      directoryBytes: tail.getUint32(at + 12, true),
      directoryOffset: tail.getUint32(at + 16, true),
    };
    const isZip64 =
      place.count === 0xffff || place.directoryBytes === saturated32 || place.directoryOffset === saturated32;
    return isZip64 ? findDirectory64(source, tailOffset + at) : place;
  }
  return fault('truncated', 'expected the end record of a zip archive, found none; is the file complete?', source.size);
}

function findDirectory64(source: ByteSource, endOffset: number): DirectoryPlace {
  if (endOffset < 20) fault('corrupt', 'the zip64 locator is missing', endOffset);
  const locator = viewOf(source.read(endOffset - 20, 20, 'the zip64 locator'));
  if (locator.getUint32(0, true) !== signature.locator64)
    fault('corrupt', 'the zip64 locator is missing', endOffset - 20);
  const offset = safe(locator.getBigUint64(8, true), endOffset - 12);
  const end = viewOf(source.read(offset, 56, 'the zip64 end record'));
  if (end.getUint32(0, true) !== signature.end64) fault('corrupt', 'the zip64 end record is missing', offset);
  return {
    count: safe(end.getBigUint64(32, true), offset + 32),
    directoryBytes: safe(end.getBigUint64(40, true), offset + 40),
    directoryOffset: safe(end.getBigUint64(48, true), offset + 48),
  };
}

function readCentralEntry(
  bytes: Uint8Array,
  at: number,
  base: number,
): { readonly entry: ZipEntry; readonly length: number } {
  const place = base + at;
  if (at + 46 > bytes.length)
    fault('truncated', `a zip directory entry takes 46 bytes, found ${bytes.length - at}`, place);
  const view = viewOf(bytes);
  if (view.getUint32(at, true) !== signature.central) fault('corrupt', 'expected a zip directory entry', place);
  const nameBytes = view.getUint16(at + 28, true);
  const extraBytes = view.getUint16(at + 30, true);
  const length = 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
  if (at + length > bytes.length)
    fault('truncated', `a zip directory entry takes ${length} bytes, found ${bytes.length - at}`, place);
  const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
  if ((view.getUint16(at + 8, true) & 1) !== 0) fault('unsupported', `zip entry '${name}' is encrypted`, place);
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8)
    fault(
      'unsupported',
      `zip entry '${name}' is packed by method ${method}, expected 0 (stored) or 8 (deflated)`,
      place,
    );
  const extra = viewOf(bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes));
  const sizes = widen(
    extra,
    [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)],
    place,
  );
  const entry: ZipEntry = {
    name,
    method: method === 0 ? 'stored' : 'deflated',
    crc: view.getUint32(at + 16, true),
    bytes: sizes[0],
    packedBytes: sizes[1],
    offset: sizes[2],
  };
  checkAnnouncement(entry, place);
  return { entry, length };
}

/** Replaces saturated 32-bit fields by the 64-bit ones of the zip64 extra field, which holds only those, in order. */
function widen(extra: DataView, fields: readonly number[], place: number): readonly number[] {
  if (!fields.includes(saturated32)) return fields;
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    const end = at + 4 + extra.getUint16(at + 2, true);
    let next = at + 4;
    return fields.map((field) => {
      if (field !== saturated32) return field;
      if (next + 8 > Math.min(end, extra.byteLength))
        fault('corrupt', 'the zip64 field of an entry is too short', place);
      next += 8;
      return safe(extra.getBigUint64(next - 8, true), place);
    });
  }
  return fields;
}

function checkAnnouncement(entry: ZipEntry, place: number): void {
  const { name, method, bytes, packedBytes } = entry;
  if (method === 'stored' && bytes !== packedBytes) {
    fault('corrupt', `stored zip entry '${name}' announces ${bytes} bytes but holds ${packedBytes}`, place);
  }
  if (bytes > packedBytes * maxDeflateRatio + 64) {
    fault(
      'corrupt',
      `zip entry '${name}' announces ${bytes} bytes out of ${packedBytes}: more than deflate can do`,
      place,
    );
  }
}

/** Unpacks an entry and checks its size and checksum. */
export function readZipEntry(source: ByteSource, entry: ZipEntry): Uint8Array {
  if (entry.bytes > maxTensorBytes)
    fault(
      'too-large',
      `zip entry '${entry.name}' has ${entry.bytes} bytes, the limit is ${maxTensorBytes}`,
      entry.offset,
    );
  const packed = source.read(dataOffset(source, entry), entry.packedBytes, `zip entry '${entry.name}'`);
  const bytes = entry.method === 'stored' ? packed : inflate(packed, entry);
  if (bytes.length !== entry.bytes)
    fault(
      'corrupt',
      `zip entry '${entry.name}' unpacks to ${bytes.length} bytes, expected ${entry.bytes}`,
      entry.offset,
    );
  const crc = crc32(bytes);
  if (crc !== entry.crc)
    fault('corrupt', `zip entry '${entry.name}' has checksum ${hex(crc)}, expected ${hex(entry.crc)}`, entry.offset);
  return bytes;
}

/** The first `length` bytes of an entry (or all of it, when shorter), unpacked and unchecked. */
export function readZipPrefix(source: ByteSource, entry: ZipEntry, length: number): Uint8Array {
  const packed = source.read(
    dataOffset(source, entry),
    Math.min(entry.packedBytes, length),
    `zip entry '${entry.name}'`,
  );
  return entry.method === 'stored' ? packed : inflate(packed, entry, constants.Z_SYNC_FLUSH);
}

function dataOffset(source: ByteSource, entry: ZipEntry): number {
  const header = viewOf(source.read(entry.offset, 30, `the header of zip entry '${entry.name}'`));
  if (header.getUint32(0, true) !== signature.local)
    fault('corrupt', `expected the header of zip entry '${entry.name}'`, entry.offset);
  return entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
}

function inflate(packed: Uint8Array, entry: ZipEntry, finishFlush: number = constants.Z_FINISH): Uint8Array {
  try {
    return inflateRawSync(packed, { finishFlush, maxOutputLength: Math.max(1, entry.bytes) });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return fault(
      'corrupt',
      `zip entry '${entry.name}' does not unpack to its ${entry.bytes} bytes: ${reason}`,
      entry.offset,
    );
  }
}

function safe(value: bigint, offset: number): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) fault('corrupt', `a zip64 field is ${value}`, offset);
  return Number(value);
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
