/** Diagnostics as people read them, in rustc's shape; `json.ts` has the other form. */
import { createColors } from 'picocolors';
import type { Diagnostic, LineColumn, Severity, SourceFile, Span } from '../../../compiler/ir/support/index.ts';
import { lineColumn, lineText } from '../../../compiler/ir/support/index.ts';

/** How each part is painted. */
export interface Paint {
  readonly severity: Readonly<Record<Severity, (text: string) => string>>;
  readonly bold: (text: string) => string;
  readonly frame: (text: string) => string;
  readonly help: (text: string) => string;
}

export function paintFor(isColored: boolean): Paint {
  const colors = createColors(isColored);
  return {
    severity: { error: colors.red, warning: colors.yellow, note: colors.cyan },
    bold: colors.bold,
    frame: colors.blue,
    help: colors.green,
  };
}

/** One underlined piece of one line. */
interface Mark {
  readonly file: SourceFile;
  readonly line: number;
  /** From 1, in UTF-16 units, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly isPrimary: boolean;
}

const WIDEST_LINE = 160;

/** A diagnostic as lines of text, ending in an empty line. */
export function renderDiagnostic(diagnostic: Diagnostic, paint: Paint): string {
  const { severity, code, message, span, related, notes, help } = diagnostic;
  const head = `${paint.severity[severity](`${severity}[${code}]`)}${paint.bold(`: ${message}`)}`;
  const marks = [
    ...(span ? [markOf(span, '', true)] : []),
    ...related.map((entry) => markOf(entry.span, entry.message, false)),
  ];
  const gutter = Math.max(0, ...marks.map(({ line }) => String(line).length));
  const lines = [head, ...snippets(marks, gutter, severity, paint)];
  const margin = ' '.repeat(gutter);
  for (const note of notes)
    lines.push(`${margin} ${paint.frame('=')} ${paint.bold('note')}: ${indented(note, gutter + 9)}`);
  if (help !== null) lines.push(`${paint.help('help')}: ${help}`);
  return `${lines.join('\n')}\n\n`;
}

const indented = (text: string, width: number): string => text.replaceAll('\n', `\n${' '.repeat(width)}`);

function markOf(span: Span, message: string, isPrimary: boolean): Mark {
  const from: LineColumn = lineColumn(span.file, span.start);
  const to: LineColumn = lineColumn(span.file, Math.max(span.start, span.end));
  const lineEnd = lineText(span.file, from.line).length + 1;
  const end = to.line === from.line ? to.column : lineEnd;
  return {
    file: span.file,
    line: from.line,
    start: from.column,
    end: Math.max(end, from.column + 1),
    message,
    isPrimary,
  };
}

/** The snippet of each file, the primary one first. */
function snippets(marks: readonly Mark[], gutter: number, severity: Severity, paint: Paint): readonly string[] {
  const files = [...new Set(marks.map(({ file }) => file))];
  const margin = ' '.repeat(gutter);
  return files.flatMap((file, index) => {
    const own = marks.filter((mark) => mark.file === file);
    const [{ line, start }] = own;
    const arrow = paint.frame(`${margin}${index === 0 ? '-->' : ':::'}`);
    const rule = paint.frame(`${margin} |`);
    return [`${arrow} ${file.name}:${line}:${start}`, rule, ...markedLines(own, gutter, severity, paint)];
  });
}

function markedLines(marks: readonly Mark[], gutter: number, severity: Severity, paint: Paint): readonly string[] {
  const sorted = marks.toSorted((left, right) => left.line - right.line || left.start - right.start);
  const lines: string[] = [];
  let previous = 0;
  for (const mark of sorted) {
    const { text, offset } = window(lineText(mark.file, mark.line), mark.start);
    if (previous > 0 && mark.line > previous + 1) lines.push(paint.frame('...'));
    if (mark.line !== previous) lines.push(`${paint.frame(`${String(mark.line).padStart(gutter)} |`)} ${text}`);
    const indent = ' '.repeat(Math.max(0, mark.start - 1 - offset));
    const width = Math.max(1, Math.min(mark.end - mark.start, WIDEST_LINE));
    const line = (mark.isPrimary ? '^' : '-').repeat(width) + (mark.message === '' ? '' : ` ${mark.message}`);
    lines.push(
      `${paint.frame(`${' '.repeat(gutter)} |`)} ${indent}${mark.isPrimary ? paint.severity[severity](line) : paint.frame(line)}`,
    );
    previous = mark.line;
  }
  return lines;
}

/** What is shown of a line: all of it, or the part around a column of a very long one. Tabs and controls become spaces. */
function window(line: string, column: number): { readonly text: string; readonly offset: number } {
  const clean = line.replace(/[\u0000-\u001f\u007f]/g, ' ');
  if (clean.length <= WIDEST_LINE) return { text: clean, offset: 0 };
  const offset = Math.max(0, Math.min(column - 40, clean.length - WIDEST_LINE));
  return { text: clean.slice(offset, offset + WIDEST_LINE), offset };
}
