/** Python files as the editor sees them: open documents first, then the disk; each parsed once for each text. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ParsedFile } from '../../../compiler/frontend/syntax/index.ts';
import { parsePython } from '../../../compiler/frontend/syntax/index.ts';
import { importRoot } from '../../msc/host.ts';
import { preludeFolder } from './library.ts';
import type { Scope } from './scope.ts';
import { scopesOf } from './scope.ts';

/** A file with its tree and scopes. */
export interface PythonFile {
  readonly path: string;
  readonly text: string;
  readonly parsed: ParsedFile;
  readonly scope: Scope;
}

/** Larger files are not looked into. */
const LARGEST = 2_000_000;

/** Files that were parsed and are kept. */
const MOST_KEPT = 300;

export class PythonWorkspace {
  readonly #openText: (path: string) => string | null;
  readonly #roots: () => readonly string[];
  readonly #files = new Map<string, PythonFile>();

  /** `openText` gives the text of an open document; `roots` are further folders of packages. */
  constructor(openText: (path: string) => string | null, roots: () => readonly string[]) {
    this.#openText = openText;
    this.#roots = roots;
  }

  /** The file at a path; null when there is none. */
  file(path: string): PythonFile | null {
    const text = this.#openText(path) ?? readText(path);
    return text === null ? null : this.parse(path, text);
  }

  parse(path: string, text: string): PythonFile {
    const known = this.#files.get(path);
    if (known?.text === text) return known;
    const parsed = parsePython(text, path);
    const file: PythonFile = { path, text, parsed, scope: scopesOf(text, parsed.module) };
    this.#files.delete(path);
    this.#files.set(path, file);
    const [oldest] = this.#files.keys();
    if (this.#files.size > MOST_KEPT) this.#files.delete(oldest);
    return file;
  }

  /** The file of a module that `from` imports; null for modules that have no Python file. */
  module(from: string, module: string, level: number): PythonFile | null {
    const names = module === '' ? [] : module.split('.');
    for (const folder of level === 0 ? this.#searched(from) : [upwards(from, level)]) {
      const path = join(folder, ...names);
      for (const candidate of names.length === 0
        ? [join(path, '__init__.py')]
        : [`${path}.py`, join(path, '__init__.py')])
        if (this.#openText(candidate) !== null || isFile(candidate)) return this.file(candidate);
    }
    return null;
  }

  #searched(from: string): readonly string[] {
    return [importRoot(from), ...this.#roots(), preludeFolder];
  }
}

/** `from . import x` looks beside the file, each further dot one folder above. */
function upwards(from: string, level: number): string {
  let folder = dirname(from);
  for (let step = 1; step < level; step++) folder = dirname(folder);
  return folder;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function readText(path: string): string | null {
  try {
    return isFile(path) && statSync(path).size <= LARGEST ? readFileSync(path, 'utf8') : null;
  } catch {
    return null;
  }
}
