/**
 * Indentation as CPython measures it: twice, with tabs to the next multiple of 8 and with tabs as one column. Two lines
 * whose order differs between the two measures mix tabs and spaces so that their meaning would depend on the tab width.
 */
import { Char } from './characters.ts';

const TAB_WIDTH = 8;
/** CPython's MAXINDENT, which counts the level of the file itself. */
export const DEEPEST_INDENTATION = 99;

/** How far a line is indented, and where its first character is. */
export interface LineIndent {
  readonly column: number;
  readonly tabsAsOne: number;
  readonly end: number;
}

/** Measures the white space at `start`, following backslash continuations. */
export function measureIndent(text: string, start: number): LineIndent {
  let column = 0;
  let tabsAsOne = 0;
  // White space before the first backslash decides, if there is any.
  let continued = 0;
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === Char.space) {
      column++;
      tabsAsOne++;
    } else if (code === Char.tab) {
      column = (Math.floor(column / TAB_WIDTH) + 1) * TAB_WIDTH;
      tabsAsOne++;
    } else if (code === Char.formFeed) {
      column = 0;
      tabsAsOne = 0;
    } else if (code === Char.backslash && continuesBefore(text, at + 1)) {
      if (continued === 0) continued = column;
      at += lineEndLength(text, at + 1);
    } else break;
    at++;
  }
  return continued > 0 ? { column: continued, tabsAsOne: continued, end: at } : { column, tabsAsOne, end: at };
}

/** Whether a line ends at `at` that is not the file's last one. */
function continuesBefore(text: string, at: number): boolean {
  const length = lineEndLength(text, at);
  return length > 0 && at + length < text.length;
}

/** The length of the line end at `at`: 0 when there is none. */
export function lineEndLength(text: string, at: number): 0 | 1 | 2 {
  const code = text.charCodeAt(at);
  if (code === Char.lineFeed) return 1;
  if (code !== Char.carriageReturn) return 0;
  return text.charCodeAt(at + 1) === Char.lineFeed ? 2 : 1;
}

/** What a new line does to the block structure. */
export interface IndentChange {
  /** +1 opens a block, -n closes n blocks. */
  readonly blocks: number;
  readonly fault: 'tabs' | 'no such level' | 'too deep' | null;
}

const unchanged: IndentChange = { blocks: 0, fault: null };
const tabFault: IndentChange = { blocks: 0, fault: 'tabs' };

/** The stack of open blocks' indentations. */
export class Indentation {
  private readonly columns: number[] = [0];
  private readonly tabsAsOne: number[] = [0];

  get depth(): number {
    return this.columns.length - 1;
  }

  /** Opens or closes blocks for a line with this indent. */
  change(line: LineIndent): IndentChange {
    const top = this.columns.length - 1;
    if (line.column === this.columns[top]) return line.tabsAsOne === this.tabsAsOne[top] ? unchanged : tabFault;
    if (line.column > this.columns[top]) return this.open(line, top);
    return this.close(line);
  }

  private open(line: LineIndent, top: number): IndentChange {
    if (line.tabsAsOne <= this.tabsAsOne[top]) return tabFault;
    if (top >= DEEPEST_INDENTATION) return { blocks: 0, fault: 'too deep' };
    this.columns.push(line.column);
    this.tabsAsOne.push(line.tabsAsOne);
    return { blocks: 1, fault: null };
  }

  private close(line: LineIndent): IndentChange {
    let closed = 0;
    while (line.column < this.columns[this.columns.length - 1]) {
      this.columns.pop();
      this.tabsAsOne.pop();
      closed++;
    }
    const top = this.columns.length - 1;
    if (line.column !== this.columns[top]) return { blocks: -closed, fault: 'no such level' };
    return { blocks: -closed, fault: line.tabsAsOne === this.tabsAsOne[top] ? null : 'tabs' };
  }
}
