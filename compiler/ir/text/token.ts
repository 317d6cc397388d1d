/** Token kinds of MLIR text. Plain integers so that the parser's tests are integer compares. */
export const Token = {
  End: 0,
  /** A character or construct that no token begins with; the lexer has reported it. */
  Bad: 1,
  /** `module`, `arith.addi`, `i32`. */
  Bare: 2,
  /** `%x`, `%0`. */
  Percent: 3,
  /** `^bb0`. */
  Caret: 4,
  /** `@f`, `@"f g"`. */
  At: 5,
  /** `#map`, `#ms.enc` (what follows in `<...>` is not part of it). */
  Hash: 6,
  /** `!npu.buffer`. */
  Exclaim: 7,
  Integer: 8,
  Float: 9,
  String: 10,
  LeftParen: 11,
  RightParen: 12,
  LeftBrace: 13,
  RightBrace: 14,
  Less: 15,
  Greater: 16,
  LeftSquare: 17,
  RightSquare: 18,
  Comma: 19,
  Colon: 20,
  DoubleColon: 21,
  Equal: 22,
  Minus: 23,
  Arrow: 24,
  /** `?`, `*`, `+`, `|`, `/`: only inside text that is carried unread. */
  Other: 25,
} as const;

export type TokenKind = (typeof Token)[keyof typeof Token];

/** How a diagnostic names what it expected. */
export const TOKEN_TEXT: Readonly<Record<TokenKind, string>> = {
  0: 'end of the text',
  1: 'unknown character',
  2: 'a name',
  3: "a value such as '%0'",
  4: "a block label such as '^bb0'",
  5: "a symbol such as '@main'",
  6: "an attribute alias or dialect attribute such as '#map'",
  7: "a type alias or dialect type such as '!npu.buffer'",
  8: 'an integer',
  9: 'a float',
  10: 'a string',
  11: "'('",
  12: "')'",
  13: "'{'",
  14: "'}'",
  15: "'<'",
  16: "'>'",
  17: "'['",
  18: "']'",
  19: "','",
  20: "':'",
  21: "'::'",
  22: "'='",
  23: "'-'",
  24: "'->'",
  25: 'punctuation',
};

/** Character classes, indexed by UTF-16 code below 128. */
export const IDENTIFIER_START = 1;
export const IDENTIFIER_PART = 2;
export const SUFFIX_PART = 4;
export const DIGIT = 8;
export const HEX_DIGIT = 16;

/** Class bits of ASCII; everything above 127 has none. */
export const CHARACTER_CLASS: Uint8Array = classifyCharacters();

function classifyCharacters(): Uint8Array {
  const classes = new Uint8Array(128);
  const add = (characters: string, bits: number) => {
    for (const character of characters) classes[character.charCodeAt(0)] |= bits;
  };
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  add(letters + letters.toUpperCase() + '_', IDENTIFIER_START | IDENTIFIER_PART | SUFFIX_PART);
  add('0123456789', IDENTIFIER_PART | SUFFIX_PART | DIGIT | HEX_DIGIT);
  add('$.', IDENTIFIER_PART | SUFFIX_PART);
  add('-', SUFFIX_PART);
  add('abcdefABCDEF', HEX_DIGIT);
  return classes;
}

export function hasClass(code: number, bits: number): boolean {
  return code < 128 && (CHARACTER_CLASS[code] & bits) !== 0;
}
