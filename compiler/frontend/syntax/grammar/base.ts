/**
 * What all layers of the grammar share: how rules are called, how errors leave them, and how lists are read.
 *
 * The grammar is a Chevrotain grammar (LL(1), embedded actions) in layers, each a class over the one below it, because
 * Chevrotain wants all rules on one parser. Chevrotain records the grammar by running every rule once with dummy tokens;
 * so actions must bear dummies (`RECORDING_PHASE`), and a rule's calls may not depend on data.
 *
 * Chevrotain's own error recovery and syntax tree are off. Two of its internals are replaced by leaner ones (the version
 * is pinned): without them parsing mindcv takes a third longer, and errors cost milliseconds each.
 */
import type { IToken, ParserMethod, TokenType } from 'chevrotain';
import { diagnose, type Diagnostic, type DiagnosticDefinition, type SourceFile } from '../../../ir/index.ts';
import { EmbeddedActionsParser } from '../lexer/chevrotain.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { allTokenTypes, T, type PythonToken } from '../lexer/token-types.ts';

/** How a rule gives up: thrown by `reject`, caught by the rule that reads statements. It never leaves the parser. */
export class SyntaxFault extends Error {
  /** Null when the tokenizer has already reported the text. */
  readonly diagnostic: Diagnostic | null;

  constructor(diagnostic: Diagnostic | null) {
    super(diagnostic?.message ?? 'invalid text');
    this.diagnostic = diagnostic;
  }
}

/** A grammar rule without arguments. */
export type Rule<Value> = ParserMethod<[], Value>;

/** Validating the grammar (ambiguities, left recursion) doubles the time to make a parser; a test does it. */
export interface GrammarSettings {
  readonly skipValidations: boolean;
}

/** A rule as Chevrotain makes it: `coreRule` skips the hooks of outermost rules. */
interface ChevrotainRule {
  readonly coreRule: (this: unknown) => unknown;
}

const emptyFile: SourceFile = { name: '', text: '' };

export abstract class GrammarBase extends EmbeddedActionsParser {
  protected file: SourceFile = emptyFile;
  // Fields of Chevrotain that its types do not show.
  declare protected tokVector: PythonToken[];
  declare protected currIdx: number;
  declare protected tokVectorLength: number;
  declare protected subruleIdx: number;

  constructor(settings: GrammarSettings) {
    super([...allTokenTypes], { maxLookahead: 1, recoveryEnabled: false, ...settings });
  }

  /** The next token. */
  protected get next(): PythonToken {
    return this.tokVector[this.currIdx + 1] ?? this.recordingToken;
  }

  /** Where the next token starts. */
  protected get here(): number {
    return this.next.startOffset;
  }

  /** Where the last token that was read ends. */
  protected get readEnd(): number {
    return this.tokVector[this.currIdx]?.end ?? 0;
  }

  /** What the grammar recording sees in place of a token. */
  private get recordingToken(): PythonToken {
    return endOfInput;
  }

  protected isNext(type: TokenType): boolean {
    return this.next.tokenTypeIdx === type.tokenTypeIdx;
  }

  /** Gives up the statement with a diagnostic. */
  protected reject<Parameters extends readonly unknown[]>(
    definition: DiagnosticDefinition<Parameters>,
    range: { readonly start: number; readonly end: number },
    parameters: Parameters,
    help?: string,
  ): void {
    if (this.RECORDING_PHASE) return;
    const span = { file: this.file, start: range.start, end: Math.max(range.start, range.end) };
    throw new SyntaxFault(diagnose(definition, span, parameters, help === undefined ? {} : { help }));
  }

  /** Gives up because of the next token. */
  protected rejectNext(expected: string | null): void {
    if (this.RECORDING_PHASE) return;
    const token = this.next;
    if (token.tokenTypeIdx === T.Invalid.tokenTypeIdx) throw new SyntaxFault(null);
    const range = this.rangeOf(token);
    const found = this.describe(token);
    if (token.tokenTypeIdx === T.Indent.tokenTypeIdx) {
      this.reject(syntaxDiagnostics.indentation, range, ['unexpected indent']);
    } else if (expected === null) this.reject(syntaxDiagnostics.unexpectedToken, range, [found]);
    else this.reject(syntaxDiagnostics.expectedToken, range, [expected, found]);
  }

  protected rangeOf(token: PythonToken): { readonly start: number; readonly end: number } {
    const { length } = this.file.text;
    return token === endOfInput || Number.isNaN(token.startOffset)
      ? { start: length, end: length }
      : { start: token.startOffset, end: token.end };
  }

  private describe(token: PythonToken): string {
    const { tokenType } = token;
    if (tokenType === T.Name) return `the name '${token.image}'`;
    if (token.image !== '' && token.tokenType !== T.FStringStart) return `'${token.image}'`;
    return tokenType.LABEL ?? tokenType.name;
  }

  /** Replaces Chevrotain's: no bookkeeping for recovery and syntax trees. */
  protected subruleInternal(rule: ChevrotainRule, index: number): unknown {
    this.subruleIdx = index;
    return rule.coreRule.call(this);
  }

  /** Replaces Chevrotain's: our own fault, made without computing what else could follow. */
  protected consumeInternal(type: TokenType): IToken {
    const token = this.tokVector[this.currIdx + 1];
    if (token.tokenTypeIdx !== type.tokenTypeIdx) {
      // A line could go on in many ways: that it does not end here is no useful complaint.
      this.rejectNext(type === T.Newline ? null : (type.LABEL ?? type.name));
    }
    this.currIdx++;
    return token;
  }

  /** Replaces Chevrotain's error when no alternative fits. */
  protected raiseNoAltException(): void {
    this.rejectNext(null);
  }

  /** Replaces Chevrotain's error when a repetition that needs one round has none. */
  protected raiseEarlyExitException(): void {
    this.rejectNext(null);
  }

  /** Reads the rest of a list that may end in a comma, `, second, third,`; true when there was a comma. */
  protected restOfList<Item>(items: Item[], rule: Rule<Item>): boolean {
    let hasComma = false;
    this.MANY9(() => {
      this.CONSUME9(T.Comma);
      hasComma = true;
      if (this.isNext(T.Comma)) this.rejectNext(null);
      this.OPTION9(() => {
        items.push(this.SUBRULE9(rule));
      });
    });
    return hasComma;
  }
}

/** Stands for the token after the last one while the grammar is recorded. */
const endOfInput: PythonToken = {
  image: '',
  startOffset: 0,
  end: 0,
  tokenType: T.Invalid,
  tokenTypeIdx: -1,
  operator: null,
};
