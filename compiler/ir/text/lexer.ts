/**
 * The lexer of MLIR text: one token at a time, on demand, with no token objects (the current token is four fields).
 * It also knows the line of the current token, so that every operation gets its location without a search.
 */
import type { SourceFile } from '../support/index.ts';
import type { TokenKind } from './token.ts';
import {
  CHARACTER_CLASS,
  DIGIT,
  HEX_DIGIT,
  hasClass,
  IDENTIFIER_PART,
  IDENTIFIER_START,
  SUFFIX_PART,
  Token,
} from './token.ts';

const SINGLE_CHARACTER: Readonly<Record<string, TokenKind>> = {
  '(': Token.LeftParen,
  ')': Token.RightParen,
  '{': Token.LeftBrace,
  '}': Token.RightBrace,
  '<': Token.Less,
  '>': Token.Greater,
  '[': Token.LeftSquare,
  ']': Token.RightSquare,
  ',': Token.Comma,
  ':': Token.Colon,
  '=': Token.Equal,
  '-': Token.Minus,
  '?': Token.Other,
  '*': Token.Other,
  '+': Token.Other,
  '|': Token.Other,
  '/': Token.Other,
};

const SINGLE = new Uint8Array(128);
for (const [character, kind] of Object.entries(SINGLE_CHARACTER)) SINGLE[character.charCodeAt(0)] = kind;

const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;

export class Lexer {
  readonly file: SourceFile;
  readonly text: string;
  kind: TokenKind = Token.End;
  /** Offsets of the current token. */
  start = 0;
  end = 0;
  /** End of the token before. */
  previousEnd = 0;
  /** Line of the current token, from 1, and the offset where that line begins. */
  line = 1;
  lineStart = 0;
  /** Whether a line break lies between the previous token and this one. */
  startsLine = true;

  constructor(file: SourceFile, offset = 0) {
    this.file = file;
    this.text = file.text;
    this.end = offset;
    this.next();
  }

  /** The characters of the current token. */
  spelling(): string {
    return this.text.slice(this.start, this.end);
  }

  /** Moves to the next token. */
  next(): void {
    this.previousEnd = this.end;
    this.skipBlank();
    const { text, start } = this;
    if (start >= text.length) {
      this.kind = Token.End;
      this.end = start;
      return;
    }
    const code = text.charCodeAt(start);
    const classes = code < 128 ? CHARACTER_CLASS[code] : 0;
    if (classes & IDENTIFIER_START) {
      this.kind = Token.Bare;
      this.end = this.scan(start + 1, IDENTIFIER_PART);
    } else if (classes & DIGIT) {
      this.number();
    } else {
      this.sigilOrPunctuation(code);
    }
  }

  /** Makes a token the current one again; `line` and `lineStart` are its own. */
  rewind(start: number, line: number, lineStart: number): void {
    this.end = start;
    this.line = line;
    this.lineStart = lineStart;
    this.next();
  }

  /** Continues lexing at an offset at or after the current token (used after text that is scanned by hand). */
  resume(offset: number): void {
    for (let at = this.text.indexOf('\n', this.start); at >= 0 && at < offset; at = this.text.indexOf('\n', at + 1)) {
      this.line++;
      this.lineStart = at + 1;
    }
    this.end = offset;
    this.next();
  }

  private skipBlank(): void {
    const { text } = this;
    let at = this.end;
    this.startsLine = at === 0;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === NEWLINE) {
        this.line++;
        this.lineStart = at + 1;
        this.startsLine = true;
      } else if (code === 47 && text.charCodeAt(at + 1) === 47) {
        const newline = text.indexOf('\n', at);
        at = (newline < 0 ? text.length : newline) - 1;
      } else if (code !== 32 && code !== 9 && code !== 13) {
        break;
      }
    }
    this.start = at;
  }

  /** First offset from `at` whose character lacks the class. */
  private scan(at: number, bits: number): number {
    const { text } = this;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code >= 128 || (CHARACTER_CLASS[code] & bits) === 0) break;
      at++;
    }
    return at;
  }

  private number(): void {
    const { text, start } = this;
    this.kind = Token.Integer;
    if (text.charCodeAt(start) === 48 && text[start + 1] === 'x' && hasClass(text.charCodeAt(start + 2), HEX_DIGIT)) {
      this.end = this.scan(start + 2, HEX_DIGIT);
      return;
    }
    let at = this.scan(start + 1, DIGIT);
    if (text[at] === '.') {
      this.kind = Token.Float;
      at = this.scan(at + 1, DIGIT);
      const exponent = /^[eE][-+]?[0-9]+/.exec(text.slice(at, at + 24));
      if (exponent) at = this.scan(at + exponent[0].length, DIGIT);
    }
    this.end = at;
  }

  private sigilOrPunctuation(code: number): void {
    switch (code) {
      case QUOTE:
        return this.string(this.start, Token.String);
      case 37: // %
        return this.suffixed(Token.Percent);
      case 64: // @
        if (this.text.charCodeAt(this.start + 1) === QUOTE) return this.string(this.start + 1, Token.At);
        return this.suffixed(Token.At);
      case 94: // ^
        return this.suffixed(Token.Caret);
      case 35: // #
        return this.suffixed(Token.Hash);
      case 33: // !
        return this.suffixed(Token.Exclaim);
      default:
        return this.punctuation(code);
    }
  }

  private punctuation(code: number): void {
    const following = this.text.charCodeAt(this.start + 1);
    this.kind = (code < 128 ? SINGLE[code] : 0) as TokenKind;
    this.end = this.start + 1;
    if (this.kind === Token.End) {
      this.kind = Token.Bad;
    } else if (code === 45 && following === 62) {
      this.kind = Token.Arrow;
      this.end++;
    } else if (code === 58 && following === 58) {
      this.kind = Token.DoubleColon;
      this.end++;
    }
  }

  /** `%x`, `^bb0`, `#map`: digits only, or an identifier that may hold `$`, `.` and `-`. */
  private suffixed(kind: TokenKind): void {
    const { text, start } = this;
    const first = text.charCodeAt(start + 1);
    if (!hasClass(first, SUFFIX_PART)) {
      this.kind = Token.Bad;
      this.end = start + 1;
      return;
    }
    this.kind = kind;
    let end = this.scan(start + 2, hasClass(first, DIGIT) ? DIGIT : SUFFIX_PART);
    // `%0->` and `#a->`: an arrow that follows is not part of the name.
    while (text.charCodeAt(end - 1) === 45 && text.charCodeAt(end) === 62) end--;
    this.end = end;
  }

  private string(quote: number, kind: TokenKind): void {
    const { text } = this;
    for (let at = quote + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.kind = kind;
        this.end = at + 1;
        return;
      }
      if (code === NEWLINE) break;
      if (code === BACKSLASH) at++;
    }
    this.kind = Token.Bad;
    this.end = quote + 1;
  }
}
