/** The outside as a script sees it: like a network's file, and it may write below the current folder and see the time. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Host, ReadResult } from '../../../compiler/frontend/index.ts';
import { reasonOf } from '../files.ts';
import { fileHost, isBelow, realPath, type HostOptions } from '../host.ts';

/** Reads below the current folder are allowed too, since a script reads what it wrote. */
export function scriptHost(options: HostOptions): Host {
  const folder = realPath(options.folder);
  const target = (path: string): string | null => {
    const full = realPath(resolve(options.folder, path));
    return isBelow(folder, full) ? full : null;
  };
  const change = (path: string, act: (full: string) => void): ReadResult<null> => {
    const full = target(path);
    if (full === null) return refused(path);
    try {
      act(full);
      return { ok: true, value: null };
    } catch (error) {
      return { ok: false, error: { kind: 'unreadable', message: reasonOf(error) } };
    }
  };
  return {
    ...fileHost({ ...options, readable: [...options.readable, options.folder] }),
    writeFile: (path, data) => change(path, (full) => replaceFile(full, data)),
    makeDirectory: (path) => change(path, (full) => void mkdirSync(full, { recursive: true })),
    removeFile: (path) => change(path, (full) => rmSync(full)),
    now: () => Date.now() / 1000,
  };
}

let unfinished = 0;

/** Under a temporary name first: whoever stops the script in between leaves the file that was there. */
function replaceFile(path: string, data: Uint8Array): void {
  const temporary = join(dirname(path), `.msc-${process.pid}-${unfinished++}.tmp`);
  try {
    writeFileSync(temporary, data);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

const refused = (path: string): ReadResult<never> => ({
  ok: false,
  error: { kind: 'refused', message: `${path} is not below the current folder; a script writes only there` },
});
