/** The top of the grammar: blocks, definitions, the file, and how parsing goes on after an error. */
import type { Diagnostic, SourceFile } from '../../../ir/index.ts';
import type { Expr, Keyword, Stmt } from '../ast.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { allTokenTypes, keyword, T, type PythonToken } from '../lexer/token-types.ts';
import { SyntaxFault, type GrammarSettings, type Rule } from './base.ts';
import { CompoundStatementGrammar } from './compound-statements.ts';

/** Clauses that belong to a statement above: when that one was wrong, they are skipped with it. */
const clauseWords = ['elif', 'else', 'except', 'finally'].map(keyword);

/** What can begin a statement; every other token gets an error of its own, so that blocks always end where they end. */
const startWords =
  'return import from raise pass del assert break continue global nonlocal if while for try with def class async await ' +
  'lambda yield not';
const statementStarts = new Set([
  ...startWords.split(' ').map(keyword),
  T.Name,
  T.Number,
  T.String,
  T.Singleton,
  T.FStringStart,
  T.Match,
  T.Type,
  T.Ellipsis,
  T.At,
  T.LeftParenthesis,
  T.LeftBracket,
  T.LeftBrace,
  T.Plus,
  T.Minus,
  T.Tilde,
  T.Star,
]);

/** Makes the tree of a file from its tokens. */
export class PythonParser extends CompoundStatementGrammar {
  private diagnostics: Diagnostic[] = [];
  /** The statements of the block that is being read. */
  private body: Stmt[] = [];

  constructor(settings: GrammarSettings) {
    super(settings);
    this.performSelfAnalysis();
  }

  /** Parses the tokens of a file; errors are added to `diagnostics`. */
  parse(file: SourceFile, tokens: PythonToken[], diagnostics: Diagnostic[]): Stmt[] {
    this.input = tokens;
    this.file = file;
    this.diagnostics = diagnostics;
    this.clearOperators();
    const body = this.fileInput();
    if (this.currIdx < tokens.length - 1) throw new Error(`parsing ${file.name} stopped before its end`);
    return body;
  }

  private readonly fileInput = this.RULE('fileInput', (): Stmt[] => {
    const body: Stmt[] = [];
    this.body = body;
    this.MANY(this.recoveringStatement);
    return body;
  });

  /** `:` and an indented block, or simple statements on the same line. */
  protected override readonly block: Rule<Stmt[]> = this.RULE('block', (): Stmt[] => {
    const outer = this.body;
    const body: Stmt[] = [];
    this.CONSUME(T.Colon);
    this.body = body;
    this.OR(this.blockAlternatives);
    this.body = outer;
    return body;
  });

  private readonly blockAlternatives = [
    { ALT: (): void => this.indentedBlock() },
    { ALT: (): void => this.SUBRULE(this.simpleLine) },
  ];

  private indentedBlock(): void {
    this.CONSUME(T.Newline);
    if (!this.isNext(T.Indent)) this.rejectMissingBlock();
    this.CONSUME(T.Indent);
    this.MANY(this.recoveringStatement);
    this.CONSUME(T.Dedent);
  }

  private readonly recoveringStatement = (): void => {
    const { body, currIdx: before } = this;
    try {
      this.SUBRULE(this.statement);
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      this.body = body;
      this.recover(error, before);
    }
  };

  private readonly statementAlternatives = [
    { ALT: (): void => this.SUBRULE(this.simpleLine) },
    { ALT: (): void => this.append(this.SUBRULE(this.ifStatement)) },
    { ALT: (): void => this.append(this.SUBRULE(this.functionDefinition)) },
    { ALT: (): void => this.append(this.SUBRULE(this.classDefinition)) },
    { ALT: (): void => this.append(this.SUBRULE(this.forStatement)) },
    { ALT: (): void => this.append(this.SUBRULE(this.decorated)) },
    { ALT: (): void => this.append(this.SUBRULE(this.withStatement)) },
    { ALT: (): void => this.append(this.SUBRULE(this.tryStatement)) },
    { ALT: (): void => this.append(this.SUBRULE(this.whileStatement)) },
    { ALT: (): void => this.append(this.SUBRULE(this.asyncStatement)) },
    { ALT: (): void => this.append(this.SUBRULE(this.matchStatement)) },
    { ALT: (): void => this.SUBRULE(this.misplaced) },
  ];

  private append(statement: Stmt): void {
    this.body.push(statement);
  }

  /** One compound statement, or a line of simple ones. */
  private readonly statement = this.RULE('statement', (): void => this.OR(this.statementAlternatives));

  private readonly simpleLine = this.RULE('simpleLine', (): void => {
    this.append(this.SUBRULE(this.simpleStatement));
    this.MANY(this.laterStatement);
    this.CONSUME(T.Newline);
  });

  private readonly laterStatement = (): void => {
    this.CONSUME(T.Semicolon);
    if (this.isNext(T.Semicolon)) this.rejectNext(null);
    this.OPTION(this.optionalStatement);
  };

  private readonly optionalStatement = (): void => this.append(this.SUBRULE2(this.simpleStatement));

  private readonly misplacedAlternatives = allTokenTypes
    .filter((type) => !statementStarts.has(type) && type !== T.Dedent)
    .map((type) => ({
      ALT: (): void => {
        this.rejectNext(null);
        this.CONSUME(type);
      },
    }));

  /** A token with which no statement begins. */
  private readonly misplaced = this.RULE('misplaced', (): void => this.OR(this.misplacedAlternatives));

  // ---- definitions

  private decorators: Expr[] = [];

  private readonly decoratedAlternatives = [
    { ALT: (): Stmt => this.SUBRULE(this.functionDefinition) },
    { ALT: (): Stmt => this.SUBRULE(this.classDefinition) },
    { ALT: (): Stmt => this.SUBRULE(this.asyncFunction) },
  ];

  private readonly decorated: Rule<Stmt> = this.RULE('decorated', (): Stmt => {
    const decorators: Expr[] = [];
    this.AT_LEAST_ONE(() => {
      this.CONSUME(T.At);
      decorators.push(this.SUBRULE(this.namedExpression));
      this.CONSUME(T.Newline);
    });
    this.decorators = decorators;
    return this.OR(this.decoratedAlternatives);
  });

  private readonly asyncFunction = this.RULE('asyncFunction', (): Stmt => {
    const decorators = this.takeDecorators();
    if (this.tokVector[this.currIdx + 2]?.tokenType !== keyword('def') && !this.RECORDING_PHASE) {
      this.CONSUME2(keyword('async'));
      this.rejectNext("'def'");
    }
    this.decorators = decorators;
    return this.SUBRULE(this.asyncStatement);
  });

  private takeDecorators(): Expr[] {
    const { decorators } = this;
    this.decorators = [];
    return decorators;
  }

  protected override readonly functionDefinition: Rule<Stmt> = this.RULE('functionDefinition', (): Stmt => {
    const decorator_list = this.takeDecorators();
    const start = this.here;
    this.CONSUME(keyword('def'));
    const name = this.CONSUME(T.Name).image;
    const type_params = this.OPTION(() => this.SUBRULE(this.typeParameters)) ?? [];
    this.CONSUME(T.LeftParenthesis);
    const args = this.SUBRULE(this.parameters);
    this.CONSUME(T.RightParenthesis);
    const returns = this.OPTION2(() => {
      this.CONSUME(T.Arrow);
      return this.SUBRULE(this.expression);
    });
    const body = this.SUBRULE(this.block);
    const end = this.statementEnd;
    return { kind: 'FunctionDef', start, end, name, args, body, decorator_list, returns: returns ?? null, type_params };
  });

  private readonly classDefinition: Rule<Stmt> = this.RULE('classDefinition', (): Stmt => {
    const decorator_list = this.takeDecorators();
    const start = this.here;
    this.CONSUME(keyword('class'));
    const name = this.CONSUME(T.Name).image;
    const type_params = this.OPTION(() => this.SUBRULE(this.typeParameters)) ?? [];
    const inside = this.OPTION2(() => this.SUBRULE(this.callArguments));
    const bases: readonly Expr[] = inside?.args ?? [];
    const keywords: readonly Keyword[] = inside?.keywords ?? [];
    this.checkBases(bases);
    const body = this.SUBRULE(this.block);
    const end = this.statementEnd;
    return { kind: 'ClassDef', start, end, name, bases, keywords, body, decorator_list, type_params };
  });

  /** A generator expression as the only argument is allowed in calls, not here. */
  private checkBases(bases: readonly Expr[]): void {
    const [first] = bases;
    if (first?.kind !== 'GeneratorExp' || first.end !== this.readEnd) return;
    this.reject(syntaxDiagnostics.notAllowedHere, first, ['a generator expression cannot be the base of a class']);
  }

  // ---- errors

  private recover(fault: SyntaxFault, before: number): void {
    this.clearOperators();
    this.decorators = [];
    if (fault.diagnostic !== null) this.diagnostics.push(fault.diagnostic);
    const depth = this.openBlocks(before);
    const isAtLineStart = depth === 0 && this.currIdx > before && this.isAfterLine();
    if (!isAtLineStart || this.isNext(T.Indent)) this.skipStatement(depth);
    while (clauseWords.some((word) => this.isNext(word))) this.skipStatement(0);
  }

  /** How many blocks that began after the token `before` are still open. */
  private openBlocks(before: number): number {
    let depth = 0;
    for (let index = before + 1; index <= this.currIdx; index++) {
      const { tokenType } = this.tokVector[index];
      if (tokenType === T.Indent) depth++;
      else if (tokenType === T.Dedent) depth--;
    }
    return depth;
  }

  private isAfterLine(): boolean {
    const type = this.tokVector[this.currIdx]?.tokenType;
    return type === T.Newline || type === T.Dedent || type === T.Indent;
  }

  /** Skips the rest of the line, and the blocks that are open or indented below it. */
  private skipStatement(openBlocks: number): void {
    if (openBlocks === 0 && !this.isNext(T.Indent)) this.skipLine();
    let depth = openBlocks;
    while (this.isNext(T.Indent) || depth > 0) {
      if (this.isNext(T.Indent)) depth++;
      else if (this.isNext(T.Dedent)) depth--;
      this.currIdx++;
    }
  }

  private skipLine(): void {
    const last = this.tokVectorLength - 1;
    while (this.currIdx < last && !this.isNext(T.Newline)) this.currIdx++;
    if (this.currIdx < last) this.currIdx++;
  }
}

/** The one parser: making it takes longer than parsing a file, and it keeps nothing between files. */
let parser: PythonParser | null = null;

/** Parses tokens to statements; never throws for any tokens. */
export function parseTokens(file: SourceFile, tokens: PythonToken[], diagnostics: Diagnostic[]): Stmt[] {
  parser ??= new PythonParser({ skipValidations: true });
  return parser.parse(file, tokens, diagnostics);
}
