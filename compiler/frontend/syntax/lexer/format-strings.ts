/**
 * The inside of f-strings (PEP 701). An f-string is tokenized as FStringStart, then text (FStringMiddle) and replacement
 * fields, then FStringEnd. A field is ordinary Python between braces, so the tokenizer's main loop reads it; the bracket
 * stack knows that the brace is a field's and hands back here at its colon (a format, which is text again) and its end.
 */
import type { TokenType } from 'chevrotain';
import type { DiagnosticDefinition } from '../../../ir/index.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { Char } from './characters.ts';
import { lineEndLength } from './indentation.ts';
import { quoteLength } from './strings.ts';
import { T } from './token-types.ts';

/** A bracket that is not closed yet. */
export interface OpenBracket {
  readonly image: string;
  readonly offset: number;
  /** Whether it is the brace of a replacement field. */
  readonly isField: boolean;
  /** For a field: whether its format is being read. */
  inFormat: boolean;
}

/** What the inside of f-strings needs of the tokenizer. */
export interface TokenSink {
  readonly text: string;
  /** Offset of the next character. */
  at: number;
  readonly brackets: OpenBracket[];
  emit(type: TokenType, start: number, end: number, image: string): void;
  /** Reports wrong text and puts an `Invalid` token in its place. */
  invalid(definition: DiagnosticDefinition<[string]>, start: number, end: number, parameters: [string]): void;
  /** Opens a bracket; false when there are too many. */
  open(image: string, isField: boolean): boolean;
  /** Stops reading the file. */
  giveUp(what: string, limit: number): void;
}

/** An f-string that is not closed yet. */
interface OpenString {
  readonly start: number;
  readonly quote: string;
  readonly raw: boolean;
  /** How many fields are open, one in the other's format. */
  fields: number;
}

/** CPython's limits for f-strings in f-strings and for fields in formats. */
const MOST_STRINGS = 149;
const MOST_FIELDS = 3;

/** The image of a text that ends in a doubled brace; it stands for one. */
export const DOUBLED_BRACE = '{{';

export class FormatStrings {
  private readonly tokenizer: TokenSink;
  private readonly open: OpenString[] = [];

  constructor(tokenizer: TokenSink) {
    this.tokenizer = tokenizer;
  }

  /** Forgets every open f-string, after an error. */
  forget(): void {
    this.open.length = 0;
  }

  /** Starts an f-string: its prefix is at `start`, its quotes are here. */
  begin(start: number, prefix: string): void {
    const { tokenizer } = this;
    if (this.open.length >= MOST_STRINGS) {
      tokenizer.giveUp('too many nested f-strings', MOST_STRINGS);
      this.forget();
      return;
    }
    const bodyStart = tokenizer.at + quoteLength(tokenizer.text, tokenizer.at);
    const quote = tokenizer.text.slice(tokenizer.at, bodyStart);
    this.open.push({ start, quote, raw: /r/i.test(prefix), fields: 0 });
    tokenizer.emit(T.FStringStart, start, bodyStart, prefix);
    tokenizer.at = bodyStart;
    this.scanText();
  }

  /** The colon of a field: its format follows. */
  beginFormat(): void {
    const { tokenizer } = this;
    const field = tokenizer.brackets.at(-1);
    if (field) field.inFormat = true;
    tokenizer.emit(T.Colon, tokenizer.at, tokenizer.at + 1, ':');
    tokenizer.at++;
    this.scanText();
  }

  /** The closing brace of a field has been read. */
  continueAfterField(): void {
    const current = this.open.at(-1);
    if (current) current.fields--;
    this.scanText();
  }

  /** Scans text up to a field, the end of a format, or the end of the string. */
  private scanText(): void {
    const current = this.open.at(-1);
    if (current === undefined) return;
    const { tokenizer } = this;
    const { text } = tokenizer;
    const inFormat = tokenizer.brackets.at(-1)?.inFormat ?? false;
    const quoteCode = current.quote.charCodeAt(0);
    let start = tokenizer.at;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === Char.backslash) at = this.skipEscape(at, current.raw);
      else if (code === Char.leftBrace || code === Char.rightBrace) {
        if (text.charCodeAt(at + 1) !== code || inFormat) {
          this.emitText(start, at, inFormat && (code === Char.rightBrace || text.charCodeAt(at + 1) === code));
          if (code === Char.leftBrace) this.openField(current);
          else if (!inFormat) this.fail(current, at, at + 1, "single '}' is not allowed");
          return;
        }
        tokenizer.emit(T.FStringMiddle, start, at + 2, DOUBLED_BRACE);
        at += 2;
        start = at;
      } else if (code === quoteCode && text.startsWith(current.quote, at)) {
        this.emitText(start, at);
        this.end(current, inFormat);
        return;
      } else if (at >= text.length || (current.quote.length === 1 && lineEndLength(text, at) > 0)) {
        this.emitText(start, Math.min(at, text.length));
        if (!inFormat || at >= text.length) this.unterminated(current);
        return;
      } else at++;
    }
  }

  /** Skips a backslash and what it escapes, but never a brace (except those of a named character). */
  private skipEscape(at: number, raw: boolean): number {
    const { text } = this.tokenizer;
    const next = text.charCodeAt(at + 1);
    if (next === Char.leftBrace || next === Char.rightBrace) return at + 1;
    if (!raw && text.startsWith('N{', at + 1)) {
      const close = text.indexOf('}', at);
      return close < 0 ? at + 2 : close + 1;
    }
    return at + 1 + (lineEndLength(text, at + 1) || 1);
  }

  /** Empty text is a token only where CPython 3.12 makes one (it shows in its tree): at the end of a format, and before {{. */
  private emitText(start: number, end: number, evenEmpty = false): void {
    const { tokenizer } = this;
    if (end > start || evenEmpty) tokenizer.emit(T.FStringMiddle, start, end, '');
    tokenizer.at = end;
  }

  private openField(current: OpenString): void {
    const { tokenizer } = this;
    if (current.fields >= MOST_FIELDS) {
      tokenizer.giveUp('f-string: expressions nested too deeply', MOST_FIELDS);
      this.forget();
      return;
    }
    if (!tokenizer.open('{', true)) {
      this.forget();
      return;
    }
    current.fields++;
    tokenizer.emit(T.LeftBrace, tokenizer.at, tokenizer.at + 1, '{');
    tokenizer.at++;
  }

  private end(current: OpenString, inFormat: boolean): void {
    const { tokenizer } = this;
    if (inFormat) {
      this.fail(current, tokenizer.at, tokenizer.at + 1, "expected '}' before the end of the string");
      return;
    }
    const end = tokenizer.at + current.quote.length;
    tokenizer.emit(T.FStringEnd, tokenizer.at, end, current.quote);
    tokenizer.at = end;
    this.open.pop();
  }

  private unterminated(current: OpenString): void {
    const { tokenizer } = this;
    const what = current.quote.length === 3 ? 'triple-quoted f-string' : 'f-string';
    const end = tokenizer.at;
    this.abandon();
    tokenizer.invalid(syntaxDiagnostics.unterminatedString, current.start, end, [what]);
  }

  private fail(current: OpenString, start: number, end: number, problem: string): void {
    const { tokenizer } = this;
    this.abandon();
    tokenizer.invalid(syntaxDiagnostics.formatString, start, end, [problem]);
    const quote = tokenizer.text.indexOf(current.quote, end);
    if (quote >= 0) tokenizer.at = quote + current.quote.length;
  }

  /** Leaves every open f-string with the brackets that were opened in it. */
  private abandon(): void {
    const { brackets } = this.tokenizer;
    const outermost = this.open[0]?.start ?? 0;
    while ((brackets.at(-1)?.offset ?? -1) >= outermost) brackets.pop();
    this.forget();
  }
}
