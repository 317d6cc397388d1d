/** String literals, their concatenation, and f-strings. */
import type { Constant, ConstantOf, Expr, FormattedValue, JoinedStr } from '../ast.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { decodeBytes, decodeString, NAMED, type Decoded } from '../lexer/escapes.ts';
import { DOUBLED_BRACE } from '../lexer/format-strings.ts';
import { stringParts } from '../lexer/strings.ts';
import { T } from '../lexer/token-types.ts';
import type { Rule } from './base.ts';
import { DisplayGrammar } from './displays.ts';

/** One literal of a concatenation: a constant, or the pieces of an f-string. */
type Literal = Constant | readonly Expr[];

function text(start: number, end: number, value: string, unicodePrefix = false): ConstantOf<'str'> {
  return { kind: 'Constant', start, end, type: 'str', value, unicodePrefix };
}

function isText(node: Expr): node is ConstantOf<'str'> {
  return node.kind === 'Constant' && node.type === 'str';
}

/** Joins neighbouring texts (the first one's prefix counts) and drops empty ones. */
function joinTexts(pieces: readonly Expr[]): Expr[] {
  const joined: Expr[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last !== undefined && isText(last) && isText(piece)) {
      joined[joined.length - 1] = text(last.start, piece.end, last.value + piece.value, last.unicodePrefix);
    } else joined.push(piece);
  }
  return joined.filter((piece) => !isText(piece) || piece.value !== '');
}

function isEmptyText(pieces: readonly Expr[]): boolean {
  return pieces.length === 1 && isText(pieces[0]) && pieces[0].value === '';
}

export abstract class StringGrammar extends DisplayGrammar {
  /** Of the f-string that is being read: whether it is raw, and its pieces so far. */
  private raw = false;
  private pieces: Expr[] = [];

  private readonly literalAlternatives = [
    { ALT: (): Literal => this.plainString() },
    { ALT: (): Literal => this.SUBRULE(this.formatString) },
  ];

  /** One literal, or several that stand side by side and are one value. */
  protected override readonly strings: Rule<Expr> = this.RULE('strings', (): Expr => {
    const start = this.here;
    const literals: Literal[] = [];
    this.AT_LEAST_ONE(() => {
      literals.push(this.OR(this.literalAlternatives));
    });
    return this.concatenate(start, literals);
  });

  private concatenate(start: number, literals: readonly Literal[]): Expr {
    const end = this.readEnd;
    const [first] = literals;
    if (literals.length === 1 && 'kind' in first) return first;
    const isBytes = (literal: Literal): boolean => 'kind' in literal && literal.type === 'bytes';
    if (literals.some(isBytes)) {
      if (!literals.every(isBytes)) this.reject(syntaxDiagnostics.mixedLiterals, { start, end }, []);
      const parts = literals.map((literal) =>
        'kind' in literal && literal.type === 'bytes' ? [...literal.value] : [],
      );
      return {
        kind: 'Constant',
        start,
        end,
        type: 'bytes',
        value: Uint8Array.from(parts.flat()),
        unicodePrefix: false,
      };
    }
    const pieces = literals.flatMap((literal): readonly Expr[] => ('kind' in literal ? [literal] : literal));
    if (literals.some((literal) => !('kind' in literal))) {
      return { kind: 'JoinedStr', start, end, values: joinTexts(pieces) };
    }
    const value = pieces.map((piece) => (isText(piece) ? piece.value : '')).join('');
    return text(start, end, value, 'kind' in first && first.unicodePrefix);
  }

  private plainString(): Constant {
    const start = this.CONSUME(T.String).startOffset;
    const end = this.readEnd;
    if (this.RECORDING_PHASE) return text(0, 0, '');
    const parts = stringParts(this.file.text, start, end);
    const body = { text: this.file.text, start: parts.start, end: parts.end, raw: parts.raw };
    if (parts.bytes) {
      const value = this.decoded(decodeBytes(body), end, new Uint8Array());
      return { kind: 'Constant', start, end, type: 'bytes', value, unicodePrefix: false };
    }
    return text(start, end, this.decoded(decodeString(body), end, ''), parts.unicode);
  }

  private decoded<Value>(decoded: Decoded<Value>, end: number, otherwise: Value): Value {
    if (decoded.ok) return decoded.value;
    const range = { start: decoded.at, end };
    if (decoded.reason === NAMED) this.reject(syntaxDiagnostics.namedCharacter, range, []);
    else this.reject(syntaxDiagnostics.invalidEscape, range, [decoded.reason]);
    return otherwise;
  }

  // ---- f-strings

  private readonly pieceAlternatives = [
    { ALT: (): void => this.formatText() },
    { ALT: (): void => this.SUBRULE(this.field) },
  ];

  private readonly formatString: Rule<readonly Expr[]> = this.RULE('formatString', (): readonly Expr[] => {
    const { raw: outerRaw, pieces: outerPieces } = this;
    const pieces: Expr[] = [];
    this.pieces = pieces;
    this.raw = /r/i.test(this.CONSUME(T.FStringStart).image);
    this.MANY(() => this.OR(this.pieceAlternatives));
    this.CONSUME(T.FStringEnd);
    this.raw = outerRaw;
    this.pieces = outerPieces;
    return pieces;
  });

  private formatText(): void {
    const { startOffset: start, image } = this.CONSUME(T.FStringMiddle);
    const end = this.readEnd;
    if (this.RECORDING_PHASE) return;
    const body = { text: this.file.text, start, end: image === DOUBLED_BRACE ? end - 1 : end, raw: this.raw };
    const value = this.decoded(decodeString(body), end, '');
    this.pieces.push(text(start, end, value));
  }

  /** A replacement field; with `=` it is preceded by its own source text. */
  private readonly field: Rule<void> = this.RULE('field', (): void => {
    const start = this.here;
    this.CONSUME(T.LeftBrace);
    const value = this.SUBRULE(this.assignedValue);
    const isDebug = this.isNext(T.Equal);
    this.OPTION(() => {
      this.CONSUME(T.Equal);
    });
    const debugEnd = this.here;
    const conversion = this.OPTION2(() => this.SUBRULE(this.conversion)) ?? -1;
    const format_spec = this.OPTION3(() => this.SUBRULE(this.format)) ?? null;
    this.CONSUME(T.RightBrace);
    const formatted: FormattedValue = {
      kind: 'FormattedValue',
      start,
      end: this.readEnd,
      value,
      conversion: isDebug && conversion === -1 && format_spec === null ? 'r'.charCodeAt(0) : conversion,
      format_spec,
    };
    if (isDebug) this.pieces.push(this.debugText(start + 1, debugEnd));
    this.pieces.push(formatted);
  });

  private debugText(start: number, end: number): Expr {
    return text(start, end, this.file.text.slice(start, end));
  }

  private readonly conversion: Rule<number> = this.RULE('conversion', (): number => {
    const mark = this.CONSUME(T.Exclamation).startOffset;
    const { image, startOffset } = this.CONSUME(T.Name);
    const range = { start: mark, end: this.readEnd };
    if (startOffset !== mark + 1) {
      this.reject(syntaxDiagnostics.formatString, range, ['the conversion must follow the exclamation mark at once']);
    }
    if (image !== 's' && image !== 'r' && image !== 'a') {
      this.reject(syntaxDiagnostics.formatString, range, [`invalid conversion '${image}': it is s, r or a`]);
    }
    return image.charCodeAt(0);
  });

  private readonly format: Rule<JoinedStr> = this.RULE('format', (): JoinedStr => {
    const start = this.here;
    this.CONSUME(T.Colon);
    // CPython 3.12 decodes escapes in the format of a raw f-string, too.
    const { raw: outerRaw, pieces: outerPieces } = this;
    const pieces: Expr[] = [];
    this.pieces = pieces;
    this.raw = false;
    this.MANY(() => this.OR(this.pieceAlternatives));
    this.raw = outerRaw;
    this.pieces = outerPieces;
    return { kind: 'JoinedStr', start, end: this.readEnd, values: isEmptyText(pieces) ? [] : pieces };
  });
}
