/** Where bytes come from: memory, or a file that is read piece by piece and so may be larger than memory. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { failure, ok, type Result } from '../../compiler/ir/support/index.ts';
import { fault, type FormatError } from './fault.ts';

export interface ByteSource {
  readonly size: number;
  /** The bytes [offset, offset + length); a fault when the source is shorter. `what` names them in the message. */
  read(offset: number, length: number, what: string): Uint8Array;
  close(): void;
}

/** A source over bytes in memory; reads are views. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(offset, length, what) {
      checkInside(bytes.length, offset, length, what);
      return bytes.subarray(offset, offset + length);
    },
    close() {},
  };
}

/** Opens a file; each read takes exactly its bytes. The caller closes it. */
export function fileSource(path: string): Result<ByteSource, FormatError> {
  try {
    const descriptor = openSync(path, 'r');
    const size = fstatSync(descriptor).size;
    return ok({
      size,
      read(offset, length, what) {
        checkInside(size, offset, length, what);
        return readFully(descriptor, offset, length, what);
      },
      close: () => closeSync(descriptor),
    });
  } catch (thrown) {
    return failure({ problem: 'io', message: `cannot open ${path}: ${reasonOf(thrown)}`, offset: null });
  }
}

function checkInside(size: number, offset: number, length: number, what: string): void {
  if (offset + length <= size) return;
  const present = Math.max(0, size - offset);
  fault('truncated', `${what} takes ${length} bytes at offset ${offset}, the file has ${present} there`, offset);
}

/** readSync moves at most 2 GiB at a time. */
function readFully(descriptor: number, offset: number, length: number, what: string): Uint8Array {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const moved = readPiece(descriptor, bytes, done, Math.min(length - done, 2 ** 30), offset + done);
    if (moved === 0) fault('truncated', `${what} ended after ${done} of ${length} bytes`, offset + done);
    done += moved;
  }
  return bytes;
}

function readPiece(descriptor: number, target: Uint8Array, at: number, length: number, position: number): number {
  try {
    return readSync(descriptor, target, at, length, position);
  } catch (thrown) {
    return fault('io', `cannot read: ${reasonOf(thrown)}`, position);
  }
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
