/** The frontend's way to the outside: files below the allowed folders, nothing else. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Host, PreludeReader, ReadResult } from '../../compiler/frontend/index.ts';
import { reasonOf } from './files.ts';

export interface HostOptions {
  /** Working directory; relative paths start here. */
  readonly folder: string;
  /** The file that is compiled: what lies below its import root may be read. */
  readonly file: string;
  /** Further folders that may be read. */
  readonly readable: readonly string[];
  readonly scriptArguments: readonly string[];
  readonly writeOutput: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** The first folder above a file that is no Python package. */
export function importRoot(path: string): string {
  let folder = dirname(path);
  while (isFile(join(folder, '__init__.py')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Python code reads only below the import root and the readable folders; it never writes and sees no clock. */
export function fileHost(options: HostOptions): Host {
  const allowed = [importRoot(resolve(options.folder, options.file)), ...options.readable].map((folder) =>
    realPath(resolve(options.folder, folder)),
  );
  const find = (path: string): string | null => {
    const full = realPath(resolve(options.folder, path));
    return allowed.some((folder) => isBelow(folder, full)) ? full : null;
  };
  return {
    readFile: (path) => {
      const full = find(path);
      return full === null ? refused(path) : readFile(full);
    },
    kindOf: (path) => {
      const full = find(path);
      const status = full === null ? undefined : statSync(full, { throwIfNoEntry: false });
      return status?.isFile() ? 'file' : status?.isDirectory() ? 'directory' : 'absent';
    },
    listDirectory: (path) => {
      const full = find(path);
      return full === null ? [] : readdirSync(full).toSorted();
    },
    writeOutput: options.writeOutput,
    writeError: options.writeError,
    now: () => 0,
    environment: new Map(),
    arguments: [options.file, ...options.scriptArguments],
    workingDirectory: '.',
  };
}

/** The path with symbolic links followed as far as it exists, so that a link does not lead outside. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), path.slice(parent.length + (parent.endsWith(sep) ? 0 : 1)));
  }
}

export function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!isAbsolute(way) && way.split(sep)[0] !== '..');
}

function refused(path: string): ReadResult<never> {
  return {
    ok: false,
    error: {
      kind: 'refused',
      message: `${path} is outside of the folders that may be read; allow it with --allow-read ${dirname(path)}`,
    },
  };
}

function readFile(path: string): ReadResult<Uint8Array> {
  try {
    return { ok: true, value: readFileSync(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const kind = code === 'ENOENT' ? 'missing' : code === 'EISDIR' ? 'directory' : 'unreadable';
    return { ok: false, error: { kind, message: reasonOf(error) } };
  }
}

/** The prelude beside the compiled frontend (the build copies it) or the sources. */
export function preludeReader(): PreludeReader {
  const folder = fileURLToPath(new URL('../../compiler/frontend/prelude/', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return {
    files: files.map((path) => path.replaceAll(sep, '/')).toSorted(),
    readText: (path) => readFileSync(join(folder, path), 'utf8'),
  };
}
