/**
 * The token vocabulary. Chevrotain's parser reads tokens that our own tokenizer makes (indentation, nested f-strings and
 * soft keywords need state), so no token type has a pattern.
 *
 * Operators that the grammar only ever reads as "some binary operator" share one type; what they mean is their row in
 * `operators.ts`. Fewer types make smaller lookahead tables.
 */
import type { IToken, TokenType } from 'chevrotain';
import { createToken, Lexer } from './chevrotain.ts';
import type { OperatorRow } from './operators.ts';

function tokenType(name: string, label: string): TokenType {
  return createToken({ name, label, pattern: Lexer.NA });
}

const keywordNames = [
  'and as assert async await break class continue def del elif else except finally for from global if import in is',
  'lambda nonlocal not or pass raise return try while with yield',
];

/** The reserved words except True, False and None, each a token type with its own spelling as label. */
export const keywordTypes: ReadonlyMap<string, TokenType> = new Map(
  keywordNames
    .join(' ')
    .split(' ')
    .map((word) => [word, tokenType(`Keyword_${word}`, `'${word}'`)]),
);

/** The token type of a reserved word. */
export function keyword(word: string): TokenType {
  const found = keywordTypes.get(word);
  if (!found) throw new Error(`no Python keyword: ${word}`);
  return found;
}

/** Every other token type. */
export const T = {
  Name: tokenType('Name', 'a name'),
  Number: tokenType('Number', 'a number'),
  String: tokenType('String', 'a string'),
  /** True, False, None. */
  Singleton: tokenType('Singleton', 'a constant'),
  FStringStart: tokenType('FStringStart', 'an f-string'),
  FStringMiddle: tokenType('FStringMiddle', 'f-string text'),
  FStringEnd: tokenType('FStringEnd', 'the end of the f-string'),
  Newline: tokenType('Newline', 'the end of the line'),
  Indent: tokenType('Indent', 'an indented block'),
  Dedent: tokenType('Dedent', 'the end of the block'),
  /** `match` at the start of a line that ends in a colon. */
  Match: tokenType('Match', "'match'"),
  /** `case` at the start of a line in the block of `match`. */
  Case: tokenType('Case', "'case'"),
  /** `type` before a name. */
  Type: tokenType('Type', "'type'"),
  /** A piece of text that the tokenizer has reported. */
  Invalid: tokenType('Invalid', 'invalid text'),
  LeftParenthesis: tokenType('LeftParenthesis', "'('"),
  RightParenthesis: tokenType('RightParenthesis', "')'"),
  LeftBracket: tokenType('LeftBracket', "'['"),
  RightBracket: tokenType('RightBracket', "']'"),
  LeftBrace: tokenType('LeftBrace', "'{'"),
  RightBrace: tokenType('RightBrace', "'}'"),
  Comma: tokenType('Comma', "','"),
  Colon: tokenType('Colon', "':'"),
  Semicolon: tokenType('Semicolon', "';'"),
  Dot: tokenType('Dot', "'.'"),
  Ellipsis: tokenType('Ellipsis', "'...'"),
  Exclamation: tokenType('Exclamation', "'!'"),
  Equal: tokenType('Equal', "'='"),
  ColonEqual: tokenType('ColonEqual', "':='"),
  Arrow: tokenType('Arrow', "'->'"),
  /** `+=` and its like. */
  AugmentedAssign: tokenType('AugmentedAssign', 'an augmented assignment'),
  Plus: tokenType('Plus', "'+'"),
  Minus: tokenType('Minus', "'-'"),
  Tilde: tokenType('Tilde', "'~'"),
  Star: tokenType('Star', "'*'"),
  DoubleStar: tokenType('DoubleStar', "'**'"),
  Slash: tokenType('Slash', "'/'"),
  At: tokenType('At', "'@'"),
  VerticalBar: tokenType('VerticalBar', "'|'"),
  /** Every binary operator without a type of its own. */
  BinaryOperator: tokenType('BinaryOperator', 'an operator'),
} as const;

export const allTokenTypes: readonly TokenType[] = [...Object.values(T), ...keywordTypes.values()];

/** One token. All have the same shape; `end` is the offset after the last character. */
export interface PythonToken extends IToken {
  readonly tokenTypeIdx: number;
  readonly end: number;
  /** What an operator means, else null. */
  readonly operator: OperatorRow | null;
}
