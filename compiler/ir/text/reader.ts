/**
 * The parser's state: lexer, diagnostics, aliases, and the small steps (`accept`, `expect`) that all grammar files use.
 *
 * A syntax error is thrown as `SyntaxAbort` inside this room only; the operation list catches it, skips to the next
 * operation and goes on, so that one run reports several errors. Nothing escapes `parseModule`.
 */
import type { Attribute } from '../core/attribute.ts';
import type { Location } from '../core/location.ts';
import type { Type } from '../core/type.ts';
import type { Diagnostic, DiagnosticDefinition, SourceFile, Span } from '../support/index.ts';
import { diagnose } from '../support/index.ts';
import { irTextDiagnostics } from './diagnostics.ts';
import { Lexer } from './lexer.ts';
import type { TokenKind } from './token.ts';
import { Token, TOKEN_TEXT } from './token.ts';

const DEPTH_LIMIT = 200;
const DIAGNOSTIC_LIMIT = 50;

/** Leaves the current operation after its diagnostic was recorded. Never leaves this room. */
export class SyntaxAbort extends Error {}

/** What an alias stands for. */
export type AliasValue =
  | { readonly kind: 'attribute'; readonly attribute: Attribute; readonly text: string }
  | { readonly kind: 'location'; readonly location: Location }
  | { readonly kind: 'type'; readonly type: Type };

/** State shared by a reader and the readers of its aliases. */
export interface Document {
  readonly file: SourceFile;
  readonly diagnostics: Diagnostic[];
  /** Where each alias is defined; filled at the first use of any alias. */
  aliasOffsets: ReadonlyMap<string, number> | null;
  readonly aliases: Map<string, AliasValue | 'being read'>;
  /** Reads what follows the `=` of an alias (a field, because the grammar of values itself needs aliases). */
  readonly readAliasValue: (reader: Reader, name: string) => AliasValue;
  /** Tensor types by the text inside their angle brackets. */
  readonly tensorTypes: Map<string, Type>;
}

export function newDocument(file: SourceFile, readAliasValue: Document['readAliasValue']): Document {
  return { file, diagnostics: [], aliasOffsets: null, aliases: new Map(), readAliasValue, tensorTypes: new Map() };
}

export class Reader extends Lexer {
  readonly document: Document;
  private depth: number;

  constructor(document: Document, offset = 0, depth = 0) {
    super(document.file, offset);
    this.document = document;
    this.depth = depth;
  }

  /** Takes the current token when it is of this kind. */
  accept(kind: TokenKind): boolean {
    if (this.kind !== kind) return false;
    this.next();
    return true;
  }

  /** Takes the current token, which must be of this kind. */
  expect(kind: TokenKind, what = TOKEN_TEXT[kind]): void {
    if (this.kind !== kind) this.failExpected(what);
    this.next();
  }

  /** Takes the current token and returns its characters. */
  take(kind: TokenKind, what = TOKEN_TEXT[kind]): string {
    if (this.kind !== kind) this.failExpected(what);
    const spelling = this.spelling();
    this.next();
    return spelling;
  }

  isWord(word: string): boolean {
    return this.kind === Token.Bare && this.end - this.start === word.length && this.text.startsWith(word, this.start);
  }

  acceptWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.next();
    return true;
  }

  expectWord(word: string): void {
    if (!this.acceptWord(word)) this.failExpected(`'${word}'`);
  }

  /** A string token's value, with MLIR's escapes (`\n`, `\t`, `\"`, `\\`, two hex digits for a byte of UTF-8). */
  takeString(): string {
    return unescapeString(this.take(Token.String));
  }

  takeSymbol(): string {
    const spelling = this.take(Token.At);
    return spelling.charCodeAt(1) === 34 ? unescapeString(spelling.slice(1)) : spelling.slice(1);
  }

  /** `item (, item)*` until `close`, which is taken. */
  list(close: TokenKind, item: () => void): void {
    if (this.accept(close)) return;
    do item();
    while (this.accept(Token.Comma));
    this.expect(close, `',' or ${TOKEN_TEXT[close]}`);
  }

  /** Runs a nested construct one level deeper; too deep is an error. */
  nested<T>(parse: () => T): T {
    if (++this.depth > DEPTH_LIMIT) this.fail(irTextDiagnostics.tooDeep, [String(DEPTH_LIMIT)]);
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }

  /** A reader over the same document at an offset, one level deeper. */
  at(offset: number): Reader {
    if (this.depth >= DEPTH_LIMIT) this.fail(irTextDiagnostics.tooDeep, [String(DEPTH_LIMIT)]);
    return new Reader(this.document, offset, this.depth + 1);
  }

  span(start = this.start, end = this.end): Span {
    return { file: this.file, start, end };
  }

  /** The position of the current token as an operation's location. */
  location(): Location {
    return { kind: 'file', file: this.file.name, line: this.line, column: this.start - this.lineStart + 1 };
  }

  /** Records an error and goes on. */
  report<P extends readonly unknown[]>(definition: DiagnosticDefinition<P>, parameters: P, span = this.span()): void {
    const { diagnostics } = this.document;
    if (diagnostics.length < DIAGNOSTIC_LIMIT) diagnostics.push(diagnose(definition, span, parameters));
  }

  /** Whether so many errors were found that reading on helps nobody. */
  isFull(): boolean {
    return this.document.diagnostics.length >= DIAGNOSTIC_LIMIT;
  }

  /** Records an error and leaves the operation. */
  fail<P extends readonly unknown[]>(definition: DiagnosticDefinition<P>, parameters: P, span = this.span()): never {
    this.report(definition, parameters, span);
    throw new SyntaxAbort();
  }

  failExpected(what: string): never {
    if (this.kind === Token.Bad) {
      this.fail(irTextDiagnostics.badCharacter, [JSON.stringify(this.text.slice(this.start, this.start + 1))]);
    }
    const found = this.kind === Token.End ? TOKEN_TEXT[Token.End] : `'${shorten(this.spelling())}'`;
    this.fail(irTextDiagnostics.expected, [what, found]);
  }

  /**
   * Takes a balanced `<...>` group, which begins at the current token, as raw text (with its brackets).
   * Strings count as one character; `->` closes nothing.
   */
  takeAngleGroup(): string {
    if (this.kind !== Token.Less) this.failExpected("'<'");
    const from = this.start;
    const closers: number[] = [];
    for (;;) {
      this.trackBracket(closers);
      if (closers.length === 0) break;
      this.next();
    }
    const text = this.text.slice(from, this.end);
    this.next();
    return text;
  }

  private trackBracket(closers: number[]): void {
    const { kind } = this;
    if (kind === Token.End || kind === Token.Bad) this.failExpected("'>'");
    // `>=` and `<=` of affine sets are no brackets.
    if ((kind === Token.Less || kind === Token.Greater) && this.text.charCodeAt(this.end) === 61) return;
    if (kind === Token.Less) closers.push(Token.Greater);
    else if (kind === Token.LeftParen) closers.push(Token.RightParen);
    else if (kind === Token.LeftSquare) closers.push(Token.RightSquare);
    else if (kind === Token.LeftBrace) closers.push(Token.RightBrace);
    else if (kind === closers.at(-1)) closers.pop();
    else if (
      kind === Token.Greater ||
      kind === Token.RightParen ||
      kind === Token.RightSquare ||
      kind === Token.RightBrace
    )
      this.failExpected(TOKEN_TEXT[closers.at(-1) as TokenKind]);
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };

/** The value of a quoted string token. */
export function unescapeString(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  // Two hex digits are one byte of UTF-8; runs of them are decoded together.
  return inner.replace(
    /((?:\\[0-9a-fA-F]{2})+)|\\(.)/gs,
    (_, bytes: string | undefined, character: string | undefined) => {
      if (bytes) return decodeBytes(bytes);
      return ESCAPED[character ?? ''] ?? character ?? '';
    },
  );
}

function decodeBytes(escapes: string): string {
  const bytes = escapes
    .split('\\')
    .slice(1)
    .map((digits) => Number.parseInt(digits, 16));
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** A string as MLIR prints it: printable ASCII as is, everything else as bytes of UTF-8 in hex. */
export function escapeString(value: string): string {
  if (/^[ !#-[\]-~]*$/.test(value)) return `"${value}"`;
  let text = '"';
  for (const byte of new TextEncoder().encode(value)) {
    if (byte === 92) text += '\\\\';
    else if (byte >= 32 && byte < 127 && byte !== 34) text += String.fromCharCode(byte);
    else text += `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return `${text}"`;
}
