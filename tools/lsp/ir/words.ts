/** Symbols, aliases and source locations of an IR text, found by its tokens alone, so that broken text has them too. */
import type { SourceFile, TokenKind } from '../../../compiler/ir/index.ts';
import { Lexer, Token, unescapeString } from '../../../compiler/ir/index.ts';

export interface SymbolWord {
  readonly kind: 'symbol' | 'alias';
  /** `@f` as `f`; aliases with their `#` or `!`. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly isDefinition: boolean;
}

/** `"net.py":12:9`. */
export interface PlaceWord {
  readonly kind: 'place';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export type Word = SymbolWord | PlaceWord;

/** Words before which `@name` is a definition. */
const DEFINING = new Set(['func.func', 'module', 'builtin.module', 'public', 'private', 'nested']);

/** What follows a token is looked at in the text, what precedes it is kept: no list of all tokens is made. */
export function wordsOf(file: SourceFile): readonly Word[] {
  const words: Word[] = [];
  const lexer = new Lexer(file);
  for (let before: Before = NOTHING; lexer.kind !== Token.End; lexer.next()) {
    const word = wordOf(lexer, before);
    if (word !== null) words.push(word);
    before = { kind: lexer.kind, start: lexer.start, end: lexer.end, isValueOfName: isValueOfName(lexer, before) };
  }
  return words;
}

/** The token before the current one. */
interface Before {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Whether it is the `=` of `sym_name =`. */
  readonly isValueOfName: boolean;
}

const NOTHING: Before = { kind: Token.End, start: 0, end: 0, isValueOfName: false };

const isValueOfName = ({ kind, text }: Lexer, before: Before): boolean =>
  kind === Token.Equal && text.slice(before.start, before.end) === 'sym_name';

function wordOf(lexer: Lexer, before: Before): Word | null {
  switch (lexer.kind) {
    case Token.At:
      return symbolWord(lexer, before);
    case Token.String:
      return stringWord(lexer, before);
    case Token.Hash:
    case Token.Exclaim:
      return aliasWord(lexer, before);
    default:
      return null;
  }
}

function symbolWord(lexer: Lexer, before: Before): Word {
  const { start, end, text } = lexer;
  const spelling = lexer.spelling();
  const name = spelling.startsWith('@"') ? unescapeString(spelling.slice(1)) : spelling.slice(1);
  const isDefinition = before.kind === Token.Bare && DEFINING.has(text.slice(before.start, before.end));
  return { kind: 'symbol', name, start, end, isDefinition };
}

const POSITION = /\s*:\s*(\d+)\s*:\s*(\d+)/y;

/** `sym_name = "f"` defines a symbol; `"file":1:2` is a place. */
function stringWord(lexer: Lexer, before: Before): Word | null {
  const { start, end, text } = lexer;
  if (before.isValueOfName) {
    const name = unescapeString(lexer.spelling());
    return { kind: 'symbol', name, start: start + 1, end: end - 1, isDefinition: true };
  }
  POSITION.lastIndex = end;
  const position = POSITION.exec(text);
  if (position === null) return null;
  const place = { file: unescapeString(lexer.spelling()), line: Number(position[1]), column: Number(position[2]) };
  return { kind: 'place', ...place, start, end: POSITION.lastIndex };
}

const ASSIGNED = /\s*=(?!=)/y;
const LESS = 60;

/** `#map` and `!t`; `#ms.enc<…>` and `!npu.buffer<…>` are of a dialect, `%0#1` is a result. */
function aliasWord(lexer: Lexer, before: Before): Word | null {
  const { start, end, text, startsLine } = lexer;
  const name = lexer.spelling();
  const isResult = before.kind === Token.Percent && before.end === start;
  if (isResult || name.includes('.') || text.charCodeAt(end) === LESS) return null;
  ASSIGNED.lastIndex = end;
  return { kind: 'alias', name, start, end, isDefinition: startsLine && ASSIGNED.test(text) };
}
