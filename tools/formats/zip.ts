/** Writes zip archives: stored or deflated entries, fixed dates. Format: PKWARE APPNOTE 6.3. */
import { crc32, deflateRawSync } from 'node:zlib';
import { joinBytes, viewOf } from './bytes.ts';
import { fault } from './fault.ts';

const signature = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;
const endBytes = 22;
const maxArchiveBytes = 0xffffffff;

/** One file to be put into an archive. */
export interface ZipInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Packs files into an archive with fixed dates, so that equal contents give equal bytes. */
export function writeZip(inputs: readonly ZipInput[], method: 'store' | 'deflate'): Uint8Array {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of inputs) {
    const packed = method === 'deflate' ? deflateRawSync(bytes) : bytes;
    const nameBytes = new TextEncoder().encode(name);
    const common = commonFields(method, crc32(bytes), packed.length, bytes.length, nameBytes.length);
    local.push(signed(signature.local, common), nameBytes, packed);
    central.push(signed(signature.central, centralFields(common, offset)), nameBytes);
    offset += 30 + nameBytes.length + packed.length;
  }
  const directoryBytes = central.reduce((sum, part) => sum + part.length, 0);
  if (offset + directoryBytes > maxArchiveBytes)
    fault('too-large', `the archive takes ${offset + directoryBytes} bytes, msc writes up to 4 GiB`, null);
  const end = new Uint8Array(endBytes);
  const view = viewOf(end);
  view.setUint32(0, signature.end, true);
  view.setUint16(8, inputs.length, true);
  view.setUint16(10, inputs.length, true);
  view.setUint32(12, directoryBytes, true);
  view.setUint32(16, offset, true);
  return joinBytes([...local, ...central, end]);
}

/** The 26 bytes that a local header and a directory entry share, from 'version needed' to 'extra length'. */
function commonFields(
  method: 'store' | 'deflate',
  crc: number,
  packedBytes: number,
  bytes: number,
  nameBytes: number,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, 20, true);
  view.setUint16(2, 0x0800, true); // names are UTF-8
  view.setUint16(4, method === 'deflate' ? 8 : 0, true);
  view.setUint16(8, 0x0021, true); // 1980-01-01
  view.setUint32(10, crc, true);
  view.setUint32(14, packedBytes, true);
  view.setUint32(18, bytes, true);
  view.setUint16(22, nameBytes, true);
  return new Uint8Array(view.buffer);
}

/** What a directory entry has besides: 'made by' before; comment, disk and attributes (all 0) and the offset after. */
function centralFields(common: Uint8Array, offset: number): Uint8Array {
  const bytes = new Uint8Array(42);
  bytes[0] = 20;
  bytes.set(common, 2);
  viewOf(bytes).setUint32(38, offset, true);
  return bytes;
}

function signed(head: number, fields: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + fields.length);
  viewOf(bytes).setUint32(0, head, true);
  bytes.set(fields, 4);
  return bytes;
}
