/** Diagnostics that point at operations. */
import type { Location } from '../core/location.ts';
import { userPosition } from '../core/location.ts';
import type { Operation } from '../core/operation.ts';
import type { DiagnosticDefinition, SourceFile, Span } from '../support/index.ts';
import { lineStarts } from '../support/index.ts';

/** Records a diagnostic about an operation. */
export type Report = <P extends readonly unknown[]>(
  definition: DiagnosticDefinition<P>,
  op: Operation,
  parameters: P,
) => void;

/** Texts of the files that locations name, for spans. */
export type Sources = ReadonlyMap<string, SourceFile>;

/** The place in the user's text that a location means: from its column to the end of the word there. */
export function spanOfLocation(location: Location, sources: Sources): Span | null {
  const position = userPosition(location);
  const file = position && sources.get(position.file);
  if (!file || !position) return null;
  const lineStart = lineStarts(file)[position.line - 1];
  if (lineStart === undefined) return null;
  const start = Math.min(lineStart + position.column - 1, file.text.length);
  const word = /^(?:%?[\w$.#:%]+|"[^"\n]*"|.)/.exec(file.text.slice(start, start + 80));
  return { file, start, end: start + (word?.[0].length ?? 0) };
}
