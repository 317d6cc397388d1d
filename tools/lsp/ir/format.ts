/**
 * Formatting: a part of a document that parses is printed again. What the printer does not know must not get lost, so
 * comments and empty lines are put back beside the operations that they stood at (the operations of both texts come in the same order),
 * and a part with aliases, which printing would expand, stays as it is.
 */
import type { TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { parseModule, printModule } from '../../../compiler/ir/index.ts';
import { opTable } from '../../../compiler/ir/ops/index.ts';
import { rangeOf } from '../positions.ts';
import type { IrPart, IrText } from './ir-text.ts';
import { lastAtOrBefore, type PlacedOperation, TextIndex } from './text-index.ts';

/** The edits, or none where a part cannot be printed without loss. */
export function formatIr({ parts }: IrText, document: TextDocument): TextEdit[] {
  const newline = document.getText().includes('\r\n') ? '\r\n' : '\n';
  return parts.flatMap((part, position) => {
    const formatted = formatPart(part);
    if (formatted === null) return [];
    const { text } = part.file;
    const lead = position === 0 ? '' : /^\s*?\n\s*?\n/.test(text) ? '\n\n' : '\n';
    const tail = position < parts.length - 1 && /\n[ \t\r]*\n$/.test(text) ? '\n\n' : '\n';
    const newText = (lead + formatted.trimEnd() + tail).replaceAll('\n', newline);
    if (newText === text) return [];
    return [{ range: rangeOf(document, part.base, part.base + text.length), newText }];
  });
}

function formatPart(part: IrPart): string | null {
  const { file, index, module } = part;
  if (module === null || index.operations.length === 0) return null;
  if (part.words().some((word) => word.kind === 'alias')) return null;
  const stated = index.operations.filter((placed) => placed.stated !== undefined).length;
  const isAllStated = stated === index.operations.length;
  if (stated > 0 && !isAllStated) return null;
  const again = parseModule(file, opTable).module; // operations of `module` are located in this text, not where it says
  if (again === null) return null;
  const form = isGeneric(part) ? 'generic' : 'pretty';
  const printed = printModule(again, opTable, { form, locations: isAllStated });
  return hasModule(part) ? withComments(part, printed) : withComments(part, withoutModule(printed));
}

const hasModule = ({ index }: IrPart): boolean => index.operations[0].op.name === 'builtin.module';

/** The first operation is written in quotes. */
const isGeneric = ({ file, index }: IrPart): boolean => file.text[index.operations[0].nameStart] === '"';

/** The operations of a text that had no module around them. */
function withoutModule(printed: string): string {
  const lines = printed.trimEnd().split('\n').slice(1, -1);
  return `${lines.map((line) => line.replace(/^ {2}/, '')).join('\n')}\n`;
}

interface Comment {
  readonly text: string;
  /** Offset of its `//`. */
  readonly start: number;
  /** Whether nothing but blanks stands before it on its line. */
  readonly isOwnLine: boolean;
}

const COMMENT = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|(?<=\n)[ \t\r]*\n/g;

/** Comments, and empty lines as comments without text; several of these are one, and none is kept at the start. */
function commentsOf(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  let lastEmpty = -1;
  for (const { 0: found, index } of text.matchAll(COMMENT)) {
    if (found.startsWith('"')) continue;
    const line = text.slice(text.lastIndexOf('\n', index - 1) + 1, index);
    const isEmpty = !found.startsWith('//');
    const isRepeated = isEmpty && (index === lastEmpty || text.slice(0, index).trim() === '');
    if (isEmpty) lastEmpty = index + found.length;
    if (!isRepeated) comments.push({ text: found.trim(), start: index, isOwnLine: line.trim() === '' });
  }
  return comments;
}

/** Puts the comments of the old text into the new one; null when the two do not hold the same operations. */
function withComments({ file, index }: IrPart, printed: string): string | null {
  const comments = commentsOf(file.text);
  if (comments.length === 0) return printed;
  const fresh = new TextIndex();
  parseModule({ name: file.name, text: printed }, opTable, fresh);
  fresh.finish();
  if (fresh.operations.length !== index.operations.length) return null;
  const lines = printed.split('\n');
  const lineStarts = startsOf(printed);
  const lineOf = (offset: number): number => lastAtOrBefore(lineStarts, offset);
  const before = new Map<number, string[]>();
  const after = new Map<number, string[]>();
  for (const comment of comments) {
    const [table, line] = comment.isOwnLine
      ? ([before, lineBelow(index.operations, fresh.operations, comment, lineOf, lines.length - 1)] as const)
      : ([after, lineBeside(index.operations, fresh.operations, comment, lineOf)] as const);
    table.set(line, [...(table.get(line) ?? []), comment.text]);
  }
  return lines.flatMap((line, at) => joinedLines(line, before.get(at) ?? [], after.get(at) ?? [])).join('\n');
}

const startsOf = (text: string): readonly { readonly start: number }[] => {
  const starts = [{ start: 0 }];
  for (const { index } of text.matchAll(/\n/g)) starts.push({ start: index + 1 });
  return starts;
};

function joinedLines(line: string, before: readonly string[], after: readonly string[]): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  return [
    ...before.map((text) => (text === '' ? '' : indent + text)),
    after.length === 0 ? line : `${line}  ${after.join(' ')}`,
  ];
}

/** The line of the operation that follows a comment; the last line when none follows. */
function lineBelow(
  old: readonly PlacedOperation[],
  fresh: readonly PlacedOperation[],
  { start }: Comment,
  lineOf: (offset: number) => number,
  last: number,
): number {
  const next = lastAtOrBefore(old, start) + 1;
  return next < fresh.length ? lineOf(fresh[next].start) : last;
}

/** The line of the operation that ended or began before a comment at the end of a line. */
function lineBeside(
  old: readonly PlacedOperation[],
  fresh: readonly PlacedOperation[],
  { start }: Comment,
  lineOf: (offset: number) => number,
): number {
  const at = lastAtOrBefore(old, start);
  return at < 0 ? 0 : lineOf(fresh[at].start);
}
