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

interface Seen {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly startsLine: boolean;
}

/** Words before which `@name` is a definition. */
const DEFINING = new Set(['func.func', 'module', 'builtin.module', 'public', 'private', 'nested']);

/** All of them in the order of the text. */
export function wordsOf(file: SourceFile): readonly Word[] {
  const tokens = tokensOf(file);
  return tokens.flatMap((token, index): readonly Word[] => {
    switch (token.kind) {
      case Token.At:
        return [symbolWord(tokens, index)];
      case Token.String:
        return stringWord(tokens, index);
      case Token.Hash:
      case Token.Exclaim:
        return aliasWord(tokens, index);
      default:
        return [];
    }
  });
}

function tokensOf(file: SourceFile): readonly Seen[] {
  const tokens: Seen[] = [];
  for (const lexer = new Lexer(file); lexer.kind !== Token.End; lexer.next())
    tokens.push({
      kind: lexer.kind,
      text: lexer.spelling(),
      start: lexer.start,
      end: lexer.end,
      startsLine: lexer.startsLine,
    });
  return tokens;
}

function symbolWord(tokens: readonly Seen[], index: number): Word {
  const { text, start, end } = tokens[index];
  const name = text.startsWith('@"') ? unescapeString(text.slice(1)) : text.slice(1);
  const before = tokens[index - 1];
  return { kind: 'symbol', name, start, end, isDefinition: before !== undefined && DEFINING.has(before.text) };
}

/** `sym_name = "f"` defines a symbol; `"file":1:2` is a place. */
function stringWord(tokens: readonly Seen[], index: number): readonly Word[] {
  const { text, start, end } = tokens[index];
  if (tokens[index - 1]?.kind === Token.Equal && tokens[index - 2]?.text === 'sym_name')
    return [{ kind: 'symbol', name: unescapeString(text), start: start + 1, end: end - 1, isDefinition: true }];
  const [colon, line, second, column] = tokens.slice(index + 1, index + 5);
  if (colon?.kind !== Token.Colon || line?.kind !== Token.Integer) return [];
  if (second?.kind !== Token.Colon || column?.kind !== Token.Integer) return [];
  const place = { file: unescapeString(text), line: Number(line.text), column: Number(column.text) };
  return [{ kind: 'place', ...place, start, end: column.end }];
}

/** `#map` and `!t`; `#ms.enc<…>` and `!npu.buffer<…>` are of a dialect, `%0#1` is a result. */
function aliasWord(tokens: readonly Seen[], index: number): readonly Word[] {
  const { text, start, end, startsLine } = tokens[index];
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  const isResult = before?.kind === Token.Percent && before.end === start;
  const isDialect = text.includes('.') || (after?.kind === Token.Less && after.start === end);
  if (isResult || isDialect) return [];
  return [{ kind: 'alias', name: text, start, end, isDefinition: startsLine && after?.kind === Token.Equal }];
}
