/** Offsets of texts as positions of the protocol, and paths as its addresses. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Position, Range } from 'vscode-languageserver';
import type { SourceFile, Span } from '../../compiler/ir/index.ts';
import { lineStarts } from '../../compiler/ir/index.ts';

const documentsOf = new WeakMap<SourceFile, TextDocument>();

/** The protocol's view of a text: its lines end in LF, CRLF or CR, where ours end in LF alone. */
function documentOf(file: SourceFile): TextDocument {
  const known = documentsOf.get(file);
  if (known !== undefined) return known;
  const document = TextDocument.create('', '', 0, file.text);
  documentsOf.set(file, document);
  return document;
}

export const rangeOf = (document: TextDocument, start: number, end: number): Range => ({
  start: document.positionAt(start),
  end: document.positionAt(end),
});

export const rangeOfSpan = ({ file, start, end }: Span): Range => rangeOf(documentOf(file), start, end);

/** The place of a line and column as locations count them: from 1, lines ending in LF. */
export function positionOfLine(file: SourceFile, line: number, column: number): Position {
  const lineStart = lineStarts(file)[line - 1] ?? file.text.length;
  return documentOf(file).positionAt(Math.min(lineStart + column - 1, file.text.length));
}

export const START: Position = { line: 0, character: 0 };
export const START_RANGE: Range = { start: START, end: START };

/** The path of a `file:` address; null for every other one and for one that names no path. */
export function pathOfUri(uri: string): string | null {
  if (!uri.startsWith('file:')) return null;
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}

export const uriOfPath = (path: string): string => pathToFileURL(path).href;
