/** From positions to spans: rooms behind the frontend know only `file:line:column`; the texts are found here. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic, SourceFile, Span } from '../../../compiler/ir/support/index.ts';
import { lineStarts } from '../../../compiler/ir/support/index.ts';

/** Texts by the name that locations use. */
export type Sources = (name: string) => SourceFile | null;

/** Looks among texts that were read already, then below a folder; each file is read once. */
export function fileSources(folder: string, known: ReadonlyMap<string, SourceFile> = new Map()): Sources {
  const read = new Map<string, SourceFile | null>();
  return (name) => {
    const found = known.get(name) ?? read.get(name);
    if (found !== undefined) return found;
    const file = readText(resolve(folder, name), name);
    read.set(name, file);
    return file;
  };
}

function readText(path: string, name: string): SourceFile | null {
  try {
    return { name, text: readFileSync(path, 'utf8') };
  } catch {
    return null;
  }
}

/** Notes `at net.py:12:9` and `at loc(… "net.py":12:9 …)`; of several positions the outermost caller is last. */
const NOTE = /^at (.+)$/s;
const POSITION = /(?:"([^"]+)"|([^\s"()]+)):(\d+):(\d+)/g;

/** The diagnostic with the span that its note tells, when it has none of its own. */
export function located(diagnostic: Diagnostic, sources: Sources): Diagnostic {
  // With a span of its own the note would say the same again.
  if (diagnostic.span !== null) return { ...diagnostic, notes: diagnostic.notes.filter((note) => !isPlace(note)) };
  for (const [index, note] of diagnostic.notes.entries()) {
    const span = spanOfNote(note, sources);
    if (span !== null) return { ...diagnostic, span, notes: diagnostic.notes.filter((_, at) => at !== index) };
  }
  return diagnostic;
}

const isPlace = (note: string): boolean => NOTE.test(note) && note.search(POSITION) >= 0;

function spanOfNote(note: string, sources: Sources): Span | null {
  const [, text] = NOTE.exec(note) ?? [];
  const position = text === undefined ? undefined : [...text.matchAll(POSITION)].at(-1);
  if (position === undefined) return null;
  const file = sources(position[1] ?? position[2]);
  return file === null ? null : wordAt(file, Number(position[3]), Number(position[4]));
}

/** The word that begins at a line and column, with the dots of a Python name. */
export function wordAt(file: SourceFile, line: number, column: number): Span | null {
  const lineStart = lineStarts(file)[line - 1];
  if (lineStart === undefined) return null;
  const start = Math.min(lineStart + column - 1, file.text.length);
  const word = /^(?:[\w.%$#]+|.)/.exec(file.text.slice(start, start + 80));
  return { file, start, end: start + (word?.[0].length ?? 0) };
}
