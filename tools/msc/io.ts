/** What a command may touch besides files: streams, clock, environment. Tests pass their own. */
import { readFileSync, writeSync } from 'node:fs';

export interface Io {
  /** Folder against which paths are resolved. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isOutputTerminal: boolean;
  readonly isErrorTerminal: boolean;
  /** Results. */
  write(content: string | Uint8Array): void;
  /** All else. */
  log(text: string): void;
  readInput(): Uint8Array;
  /** Milliseconds of a steady clock. */
  now(): number;
}

const OUTPUT = 1;
const ERROR = 2;

/** The streams of the process, written at once and in order, also from a worker thread. */
export function processIo(): Io {
  return {
    folder: process.cwd(),
    environment: process.env,
    isOutputTerminal: process.stdout.isTTY === true,
    isErrorTerminal: process.stderr.isTTY === true,
    write: (content) => writeAll(OUTPUT, typeof content === 'string' ? Buffer.from(content) : content),
    log: (text) => writeAll(ERROR, Buffer.from(text)),
    readInput: () => readFileSync(0),
    now: () => performance.now(),
  };
}

/** Writes until everything is out: a pipe may take less, or nothing for a moment. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EPIPE') return; // the reader has seen enough
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
