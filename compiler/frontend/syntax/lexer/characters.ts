/** Classes of characters, as Python's tokenizer sees them. */

export const Char = {
  tab: 9,
  lineFeed: 10,
  formFeed: 12,
  carriageReturn: 13,
  space: 32,
  exclamation: 33,
  doubleQuote: 34,
  hash: 35,
  quote: 39,
  dot: 46,
  zero: 48,
  nine: 57,
  colon: 58,
  equal: 61,
  backslash: 92,
  underscore: 95,
  leftBrace: 123,
  rightBrace: 125,
} as const;

const NAME_START = 1;
const DIGIT = 2;
const HEX_DIGIT = 4;

const classes = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  classes[code] =
    (/[A-Za-z_]/.test(character) ? NAME_START : 0) |
    (/[0-9]/.test(character) ? DIGIT : 0) |
    (/[0-9A-Fa-f]/.test(character) ? HEX_DIGIT : 0);
}

/** A letter or `_`, or any character beyond ASCII (whether it may be in a name is decided for the whole name). */
export function isNameStart(code: number): boolean {
  return code < 128 ? (classes[code] & NAME_START) !== 0 : code >= 128;
}

export function isNamePart(code: number): boolean {
  return code < 128 ? (classes[code] & (NAME_START | DIGIT)) !== 0 : code >= 128;
}

export function isDigit(code: number): boolean {
  return code >= Char.zero && code <= Char.nine;
}

export function isHexDigit(code: number): boolean {
  return code < 128 && (classes[code] & HEX_DIGIT) !== 0;
}

const identifier = /^[\p{XIDS}_]\p{XIDC}*$/u;

/** Offset in `name` of the first character that may not be there, or -1 for a valid identifier. */
export function invalidNameCharacter(name: string): number {
  if (identifier.test(name)) return -1;
  let offset = 0;
  for (const character of name) {
    if (!identifier.test(offset === 0 ? character : `a${character}`)) return offset;
    offset += character.length;
  }
  return -1;
}
