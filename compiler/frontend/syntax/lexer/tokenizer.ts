/**
 * The tokenizer: Python text to Chevrotain tokens. It is written by hand because Python's tokens need state that patterns
 * have not: indentation, open brackets, nested f-strings, and the words that are keywords only in some places.
 *
 * Decisions that would need lookahead in the grammar are made here, where they are simple:
 * - `match` is a keyword when it starts a logical line that ends in a colon (no other such line can);
 *   `case` when it starts a line directly in that block; `type` when a name follows.
 * - `is not` and `not in` are one token.
 * Wrong text is reported here and becomes an `Invalid` token, at which the parser gives up its statement in silence.
 */
import type { TokenType } from 'chevrotain';
import { diagnose, type Diagnostic, type DiagnosticDefinition, type SourceFile } from '../../../ir/index.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { Char, invalidNameCharacter, isDigit, isNamePart, isNameStart } from './characters.ts';
import { DEEPEST_INDENTATION, Indentation, lineEndLength, measureIndent } from './indentation.ts';
import { closingBracket, isNot, notIn, signsByFirstCharacter, statementWords, words, type Lexeme } from './lexemes.ts';
import { scanNumber } from './numbers.ts';
import type { OperatorRow } from './operators.ts';
import { FormatStrings, type OpenBracket, type TokenSink } from './format-strings.ts';
import { findStringEnd, isStringPrefix } from './strings.ts';
import { keyword, T, type PythonToken } from './token-types.ts';

/** CPython's MAXLEVEL. */
const MOST_BRACKETS = 200;

/** The tokens of a file and what is wrong with them. */
export interface Tokenized {
  readonly tokens: PythonToken[];
  readonly diagnostics: Diagnostic[];
  /** The number of tokens of the longest logical line: a bound of how deep its tree can be. */
  readonly longestLine: number;
}

class Token implements PythonToken {
  readonly tokenTypeIdx: number;
  readonly tokenType: TokenType;
  readonly startOffset: number;
  readonly end: number;
  readonly image: string;
  readonly operator: OperatorRow | null;

  constructor(type: TokenType, start: number, end: number, image: string, operator: OperatorRow | null) {
    this.tokenTypeIdx = type.tokenTypeIdx ?? 0;
    this.tokenType = type;
    this.startOffset = start;
    this.end = end;
    this.image = image;
    this.operator = operator;
  }
}

const KEYWORD_IS = words.get('is');
const KEYWORD_NOT = keyword('not');
const KEYWORD_IN = keyword('in');

/** Reads one file; used once. */
export class Tokenizer implements TokenSink {
  readonly text: string;
  at: number;
  readonly brackets: OpenBracket[] = [];
  private readonly file: SourceFile;
  private readonly tokens: PythonToken[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private readonly indentation = new Indentation();
  /** For each open block, whether it is the block of a `match`. */
  private readonly blockIsMatch: boolean[] = [false];
  private readonly formatStrings = new FormatStrings(this);
  /** Every name once, so that equal names are the same string. */
  private readonly names = new Map<string, Lexeme>(words);
  private lineStartToken = 0;
  private atLineStart = true;
  private opensMatch = false;
  private longestLine = 0;

  constructor(file: SourceFile) {
    this.file = file;
    this.text = file.text;
    this.at = file.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  run(): Tokenized {
    const { length } = this.text;
    const nul = this.text.indexOf('\0');
    if (nul >= 0) this.report(syntaxDiagnostics.encoding, nul, nul + 1, ['the file contains a null character']);
    while (this.at < length) {
      if (this.atLineStart) this.startLine();
      else this.scanToken();
    }
    this.finish();
    return { tokens: this.tokens, diagnostics: this.diagnostics, longestLine: this.longestLine };
  }

  emit(type: TokenType, start: number, end: number, image: string, operator: OperatorRow | null = null): void {
    this.tokens.push(new Token(type, start, end, image, operator));
  }

  report<Parameters extends readonly unknown[]>(
    definition: DiagnosticDefinition<Parameters>,
    start: number,
    end: number,
    parameters: Parameters,
  ): void {
    this.diagnostics.push(diagnose(definition, { file: this.file, start, end }, parameters));
  }

  /** Reports wrong text and puts an `Invalid` token in its place. */
  invalid<Parameters extends readonly unknown[]>(
    definition: DiagnosticDefinition<Parameters>,
    start: number,
    end: number,
    parameters: Parameters,
  ): void {
    this.report(definition, start, end, parameters);
    this.emit(T.Invalid, start, end, this.text.slice(start, end));
    this.at = end;
  }

  /** Opens a bracket or replacement field; false (and no more tokens) when there are too many. */
  open(image: string, isField: boolean): boolean {
    if (this.brackets.length >= MOST_BRACKETS) {
      this.giveUp('too many nested brackets', MOST_BRACKETS);
      return false;
    }
    this.brackets.push({ image, offset: this.at, isField, inFormat: false });
    return true;
  }

  /** Stops reading: what follows would nest deeper than a limit. */
  giveUp(what: string, limit: number): void {
    this.invalid(syntaxDiagnostics.tooDeep, this.at, this.at + 1, [what, limit]);
    this.brackets.length = 0;
    this.at = this.text.length;
  }

  private startLine(): void {
    const lineStart = this.at;
    const line = measureIndent(this.text, lineStart);
    this.at = line.end;
    const code = this.text.charCodeAt(line.end);
    if (code === Char.hash) this.skipComment();
    const lineEnd = lineEndLength(this.text, this.at);
    if (lineEnd > 0 || this.at >= this.text.length) {
      this.at += lineEnd;
      return;
    }
    this.atLineStart = false;
    const change = this.indentation.change(line);
    this.changeBlocks(change.blocks, lineStart);
    if (change.fault === 'too deep') this.giveUp('too many levels of indentation', DEEPEST_INDENTATION);
    else if (change.fault !== null) {
      const problem =
        change.fault === 'tabs'
          ? 'inconsistent use of tabs and spaces in indentation'
          : 'unindent does not match any outer indentation level';
      this.report(syntaxDiagnostics.indentation, lineStart, line.end, [problem]);
    }
    this.lineStartToken = this.tokens.length;
  }

  private changeBlocks(blocks: number, lineStart: number): void {
    if (blocks > 0) {
      this.blockIsMatch.push(this.opensMatch);
      this.emit(T.Indent, lineStart, this.at, '');
    }
    for (let closed = blocks; closed < 0; closed++) {
      this.blockIsMatch.pop();
      this.emit(T.Dedent, this.at, this.at, '');
    }
    this.opensMatch = false;
  }

  private scanToken(): void {
    const { text } = this;
    const code = text.charCodeAt(this.at);
    if (code === Char.space || code === Char.tab || code === Char.formFeed) this.at++;
    else if (isNameStart(code)) this.scanWord();
    else if (code === Char.lineFeed || code === Char.carriageReturn) this.endPhysicalLine();
    else if (isDigit(code) || (code === Char.dot && isDigit(text.charCodeAt(this.at + 1)))) this.scanNumberToken();
    else if (code === Char.doubleQuote || code === Char.quote) this.scanString(this.at);
    else if (code === Char.hash) this.skipComment();
    else if (code === Char.backslash) this.continueLine();
    else this.scanSign(code);
  }

  private skipComment(): void {
    const { text } = this;
    let at = this.at;
    while (at < text.length && lineEndLength(text, at) === 0) at++;
    this.at = at;
  }

  private scanWord(): void {
    const { text } = this;
    const start = this.at;
    let end = start + 1;
    let isAscii = text.charCodeAt(start) < 128;
    for (let code = text.charCodeAt(end); isNamePart(code); code = text.charCodeAt(++end)) isAscii &&= code < 128;
    const spelled = text.slice(start, end);
    const next = text.charCodeAt(end);
    if ((next === Char.quote || next === Char.doubleQuote) && isStringPrefix(spelled)) {
      this.at = end;
      this.scanString(start);
      return;
    }
    const name = isAscii ? spelled : this.checkedName(spelled);
    if (name === null) return;
    let word = this.names.get(name);
    if (word === undefined) {
      word = { image: name, type: T.Name, operator: null };
      this.names.set(name, word);
    }
    this.at = end;
    this.emitWord(word, start, end);
  }

  /** A name's normal form (NFKC, as PEP 3131 demands); null when it is no name. */
  private checkedName(spelled: string): string | null {
    const wrong = invalidNameCharacter(spelled);
    if (wrong < 0) return spelled.normalize('NFKC');
    const character = String.fromCodePoint(spelled.codePointAt(wrong) ?? 0);
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const start = this.at + wrong;
    this.invalid(syntaxDiagnostics.invalidCharacter, start, start + character.length, [character, code]);
    return null;
  }

  private emitWord(word: Lexeme, start: number, end: number): void {
    const { tokens } = this;
    const previous = tokens.length > 0 ? tokens[tokens.length - 1] : null;
    if (word.type === T.Name) {
      if (previous?.image === 'type' && previous.tokenType === T.Name) this.retype(tokens.length - 1, T.Type);
      const isCase =
        word.image === 'case' && tokens.length === this.lineStartToken && this.blockIsMatch.at(-1) === true;
      this.emit(isCase ? T.Case : T.Name, start, end, word.image);
    } else if (word.type === KEYWORD_NOT && previous !== null && previous.operator === KEYWORD_IS?.operator) {
      tokens.pop();
      this.emit(isNot.type, previous.startOffset, end, isNot.image, isNot.operator);
    } else if (word.type === KEYWORD_IN && previous?.tokenType === KEYWORD_NOT) {
      tokens.pop();
      this.emit(notIn.type, previous.startOffset, end, notIn.image, notIn.operator);
    } else this.emit(word.type, start, end, word.image, word.operator);
  }

  /** Gives a token that was read as a name the type of a soft keyword. */
  private retype(index: number, type: TokenType): void {
    const token = this.tokens[index];
    this.tokens[index] = new Token(type, token.startOffset, token.end, token.image, null);
  }

  private scanNumberToken(): void {
    const start = this.at;
    const { end, fault } = scanNumber(this.text, start);
    if (fault !== null) this.invalid(syntaxDiagnostics.invalidNumber, start, end, [fault]);
    else this.emit(T.Number, start, end, '');
    this.at = end;
  }

  /** Scans a string whose prefix starts at `start` and whose quotes are here. */
  private scanString(start: number): void {
    const prefix = this.text.slice(start, this.at);
    if (/f/i.test(prefix)) {
      this.formatStrings.begin(start, prefix);
      return;
    }
    const found = findStringEnd(this.text, this.at);
    this.at = found.end;
    if (found.terminated) this.emit(T.String, start, found.end, '');
    else this.invalid(syntaxDiagnostics.unterminatedString, start, found.end, [found.what]);
  }

  private continueLine(): void {
    const length = lineEndLength(this.text, this.at + 1);
    const after = this.at + 1 + length;
    if (length === 0) {
      const problem = 'unexpected character after the line continuation character';
      this.invalid(syntaxDiagnostics.lineContinuation, this.at, this.at + 1, [problem]);
    } else if (after >= this.text.length) {
      this.invalid(syntaxDiagnostics.lineContinuation, this.at, after, ['the file ends after a line continuation']);
    } else this.at = after;
  }

  private scanSign(code: number): void {
    const start = this.at;
    const candidates = code < 128 ? signsByFirstCharacter[code] : [];
    const sign =
      candidates.length === 1 ? candidates[0] : candidates.find((one) => this.text.startsWith(one.image, start));
    if (sign === undefined) {
      const name = code.toString(16).toUpperCase().padStart(4, '0');
      this.invalid(syntaxDiagnostics.invalidCharacter, start, start + 1, [this.text.charAt(start), name]);
      return;
    }
    const { type } = sign;
    if (code === Char.colon && this.brackets.at(-1)?.isField) this.formatStrings.beginFormat();
    else if (type === T.LeftParenthesis || type === T.LeftBracket || type === T.LeftBrace) {
      if (!this.open(sign.image, false)) return;
      this.emitSign(sign);
    } else if (type === T.RightParenthesis || type === T.RightBracket || type === T.RightBrace) this.close(sign);
    else this.emitSign(sign);
  }

  private emitSign(sign: Lexeme): void {
    const start = this.at;
    this.at = start + sign.image.length;
    this.emit(sign.type, start, this.at, sign.image, sign.operator);
  }

  private close(sign: Lexeme): void {
    const opened = this.brackets.at(-1);
    if (opened === undefined || closingBracket.get(opened.image) !== sign.image) {
      const opening = opened?.image ?? null;
      this.invalid(syntaxDiagnostics.bracketMismatch, this.at, this.at + 1, [sign.image, opening]);
      return;
    }
    this.brackets.pop();
    this.emitSign(sign);
    if (opened.isField) this.formatStrings.continueAfterField();
  }

  private endPhysicalLine(): void {
    const start = this.at;
    this.at += lineEndLength(this.text, start);
    if (this.brackets.length > 0 && !this.isStatementNext()) return;
    if (this.brackets.length > 0) this.reportNeverClosed();
    this.endLogicalLine(start, this.at);
  }

  private isStatementNext(): boolean {
    const line = measureIndent(this.text, this.at);
    let end = line.end;
    while (isNamePart(this.text.charCodeAt(end))) end++;
    return end > line.end && end - line.end < 9 && statementWords.has(this.text.slice(line.end, end));
  }

  private reportNeverClosed(): void {
    const opened = this.brackets.at(-1);
    if (opened) this.invalidAtBracket(opened);
    this.brackets.length = 0;
    this.formatStrings.forget();
  }

  private invalidAtBracket(opened: OpenBracket): void {
    this.report(syntaxDiagnostics.neverClosed, opened.offset, opened.offset + 1, [opened.image]);
    this.emit(T.Invalid, this.at, this.at, '');
  }

  private endLogicalLine(start: number, end: number): void {
    const { tokens, lineStartToken } = this;
    const count = tokens.length - lineStartToken;
    if (count > this.longestLine) this.longestLine = count;
    if (count > 2 && tokens[tokens.length - 1].tokenType === T.Colon && tokens[lineStartToken].image === 'match') {
      this.retype(lineStartToken, T.Match);
      this.opensMatch = true;
    }
    this.emit(T.Newline, start, end, '');
    this.atLineStart = true;
  }

  private finish(): void {
    const end = this.text.length;
    this.at = end;
    if (this.brackets.length > 0) this.reportNeverClosed();
    if (!this.atLineStart) this.endLogicalLine(end, end);
    this.changeBlocks(-this.indentation.depth, end);
  }
}

/** Tokenizes a file; never throws. */
export function tokenize(file: SourceFile): Tokenized {
  return new Tokenizer(file).run();
}
