/** Files that the user names: reading, and writing without partial results. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { diagnose, failure, ok } from '../../compiler/ir/support/index.ts';
import type { Diagnostic, Result, SourceFile } from '../../compiler/ir/support/index.ts';
import { cliDiagnostics } from './diagnostics.ts';
import type { Io } from './io.ts';

/** The bytes of a file; `-` is standard input. */
export function readBytes(io: Io, path: string): Result<Uint8Array, Diagnostic> {
  try {
    return ok(path === '-' ? io.readInput() : readFileSync(resolve(io.folder, path)));
  } catch (error) {
    return failure(diagnose(cliDiagnostics.cannotRead, null, [path, reasonOf(error)]));
  }
}

/** A file as source text under the name that the user gave. */
export function readSource(io: Io, path: string): Result<SourceFile, Diagnostic> {
  const bytes = readBytes(io, path);
  return bytes.ok ? ok({ name: path === '-' ? '<stdin>' : path, text: new TextDecoder().decode(bytes.value) }) : bytes;
}

/** Writes a file under a temporary name and renames it, so that there is never a half-written one; `-` is standard output. */
export function writeOutput(io: Io, path: string, content: string | Uint8Array): Diagnostic | null {
  if (path === '-') {
    io.write(content);
    return null;
  }
  const target = resolve(io.folder, path);
  const temporary = join(dirname(target), `.msc-${process.pid}-${unfinished++}.tmp`);
  try {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, target);
    return null;
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary); // where no folder is there is nothing to remove, which would throw
    return diagnose(cliDiagnostics.cannotWrite, null, [path, reasonOf(error)]);
  }
}

let unfinished = 0;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

/** An error of the operating system, or a text that names its code, in words. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [code = ''] = /\bE[A-Z]{3,}\b/.exec(text) ?? [];
  return REASONS[code] ?? text;
}
