/** The fixed spellings of Python: reserved words and signs, each with its token type and meaning. */
import type { TokenType } from 'chevrotain';
import { binaryOperators, unaryOperators, type OperatorRow } from './operators.ts';
import { keywordTypes, T } from './token-types.ts';

/** One spelling. */
export interface Lexeme {
  readonly image: string;
  readonly type: TokenType;
  readonly operator: OperatorRow | null;
}

function lexeme(image: string, type: TokenType, operator: OperatorRow | null = null): Lexeme {
  return { image, type, operator };
}

function reservedWord(image: string, type: TokenType): Lexeme {
  if (image === 'in') return lexeme(image, type, binaryOperators.in);
  if (image === 'not') return lexeme(image, type, unaryOperators.not);
  if (image === 'and' || image === 'or' || image === 'is') {
    return lexeme(image, T.BinaryOperator, binaryOperators[image]);
  }
  return lexeme(image, type);
}

/** Reserved words by spelling. */
export const words: ReadonlyMap<string, Lexeme> = new Map(
  [
    ...[...keywordTypes].map(([image, type]) => reservedWord(image, type)),
    ...['True', 'False', 'None'].map((image) => lexeme(image, T.Singleton)),
  ].map((word) => [word.image, word]),
);

/** The two operators that are written as two words. */
export const isNot = lexeme('is not', T.BinaryOperator, binaryOperators['is not']);
export const notIn = lexeme('not in', T.BinaryOperator, binaryOperators['not in']);

const ownTypes = [
  lexeme('(', T.LeftParenthesis),
  lexeme(')', T.RightParenthesis),
  lexeme('[', T.LeftBracket),
  lexeme(']', T.RightBracket),
  lexeme('{', T.LeftBrace),
  lexeme('}', T.RightBrace),
  lexeme(',', T.Comma),
  lexeme(':', T.Colon),
  lexeme(';', T.Semicolon),
  lexeme('.', T.Dot),
  lexeme('...', T.Ellipsis),
  lexeme('!', T.Exclamation),
  lexeme('=', T.Equal),
  lexeme(':=', T.ColonEqual),
  lexeme('->', T.Arrow),
  lexeme('~', T.Tilde, unaryOperators['~']),
  lexeme('+', T.Plus, binaryOperators['+']),
  lexeme('-', T.Minus, binaryOperators['-']),
  lexeme('*', T.Star, binaryOperators['*']),
  lexeme('**', T.DoubleStar, binaryOperators['**']),
  lexeme('/', T.Slash, binaryOperators['/']),
  lexeme('@', T.At, binaryOperators['@']),
  lexeme('|', T.VerticalBar, binaryOperators['|']),
];

const plainOperators = ['==', '!=', '<', '<=', '>', '>=', '^', '&', '<<', '>>', '//', '%'] as const;
const augmentable = ['+', '-', '*', '/', '//', '%', '@', '&', '|', '^', '>>', '<<', '**'] as const;

const signs: readonly Lexeme[] = [
  ...ownTypes,
  ...plainOperators.map((image) => lexeme(image, T.BinaryOperator, binaryOperators[image])),
  ...augmentable.map((image) => lexeme(`${image}=`, T.AugmentedAssign, binaryOperators[image])),
];

/** For each ASCII character the signs that start with it, longest first. */
export const signsByFirstCharacter: readonly (readonly Lexeme[])[] = Array.from({ length: 128 }, (_, code) =>
  signs
    .filter((sign) => sign.image.charCodeAt(0) === code)
    .toSorted((left, right) => right.image.length - left.image.length),
);

/** The closing bracket of each opening bracket. */
export const closingBracket: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/** Reserved words that can only begin a statement or clause: on a new line they prove that no bracket is open. */
export const statementWords: ReadonlySet<string> = new Set(
  'assert break class continue def del elif except finally global import nonlocal pass raise return try while with'.split(
    ' ',
  ),
);
