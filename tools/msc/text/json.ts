/** The machine-readable form of diagnostics: `--json`, schema 1. */
import type { Diagnostic, Span } from '../../../compiler/ir/support/index.ts';
import { lineColumn } from '../../../compiler/ir/support/index.ts';

export const JSON_SCHEMA = 1;

export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

function place(span: Span): JsonPlace {
  const from = lineColumn(span.file, span.start);
  const to = lineColumn(span.file, span.end);
  return { file: span.file.name, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** A diagnostic as plain data; lines and columns count from 1. */
export function diagnosticJson(diagnostic: Diagnostic): object {
  const { code, severity, exitClass, message, span, related, notes, help } = diagnostic;
  return {
    code,
    severity,
    class: exitClass,
    message,
    place: span === null ? null : place(span),
    related: related.map((entry) => ({ message: entry.message, place: place(entry.span) })),
    notes,
    help,
  };
}

/** A whole answer as the one line that `--json` prints. */
export const jsonText = (answer: object): string => `${JSON.stringify({ schema: JSON_SCHEMA, ...answer })}\n`;
