/** Source text and positions in it, shared by every room that reads user input. */

/** One text that a user gave us (Python, IR text, assembly). `name` is the path as the user wrote it. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets in one source file. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A position as people read it: line from 1, column from 1 in UTF-16 units. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

const lineStartsOf = new WeakMap<SourceFile, readonly number[]>();

/** Offsets at which the lines of a file begin (computed once for each file). */
export function lineStarts(file: SourceFile): readonly number[] {
  const known = lineStartsOf.get(file);
  if (known) return known;
  const starts = [0];
  for (let at = file.text.indexOf('\n'); at >= 0; at = file.text.indexOf('\n', at + 1)) starts.push(at + 1);
  lineStartsOf.set(file, starts);
  return starts;
}

/** Line and column of an offset, by binary search over the line starts. */
export function lineColumn(file: SourceFile, offset: number): LineColumn {
  const starts = lineStarts(file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low] + 1 };
}

/** The text of a line (from 1) without its line break. */
export function lineText(file: SourceFile, line: number): string {
  const starts = lineStarts(file);
  const end = line < starts.length ? starts[line] - 1 : file.text.length;
  return file.text.slice(starts[line - 1], end).replace(/\r$/, '');
}
