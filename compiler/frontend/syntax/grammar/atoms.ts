/** Primaries: atoms with their attributes, calls and subscripts. */
import type { Constant, Expr, Keyword, Comprehension } from '../ast.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { numberValue } from '../lexer/numbers.ts';
import { keyword, T } from '../lexer/token-types.ts';
import type { Rule } from './base.ts';
import { ExpressionGrammar } from './expressions.ts';
import { describeExpression } from './targets.ts';

/** What stands between the parentheses of a call or of a class's bases. */
export interface CallArguments {
  readonly args: Expr[];
  readonly keywords: Keyword[];
}

/** What follows the first colon of a slice. */
interface SliceBounds {
  readonly upper: Expr | null;
  readonly step: Expr | null;
}

/** What the arguments so far demand of those to come. */
interface ArgumentReader extends CallArguments {
  /** The generator expression that stands without parentheses of its own. */
  generator: { readonly elt: Expr; readonly generators: readonly Comprehension[] } | null;
}

export abstract class AtomGrammar extends ExpressionGrammar {
  protected abstract readonly parenthesized: Rule<Expr>;
  protected abstract readonly listDisplay: Rule<Expr>;
  protected abstract readonly braceDisplay: Rule<Expr>;
  protected abstract readonly strings: Rule<Expr>;
  protected abstract readonly comprehensionClauses: Rule<Comprehension[]>;

  /** The primary to which a trailer is attached, and where it starts. */
  private subject: Expr | null = null;
  private subjectStart = 0;

  private readonly atomAlternatives = [
    { ALT: (): Expr => this.name() },
    { ALT: (): Expr => this.number() },
    { ALT: (): Expr => this.singleton() },
    { ALT: (): Expr => this.SUBRULE(this.strings) },
    { ALT: (): Expr => this.SUBRULE(this.parenthesized) },
    { ALT: (): Expr => this.SUBRULE(this.listDisplay) },
    { ALT: (): Expr => this.SUBRULE(this.braceDisplay) },
    { ALT: (): Expr => this.ellipsis() },
    { ALT: (): Expr => this.awaited() },
  ];

  private name(): Expr {
    const token = this.CONSUME(T.Name);
    return { kind: 'Name', start: token.startOffset, end: this.readEnd, id: token.image, ctx: 'Load' };
  }

  protected number(): Constant {
    const start = this.CONSUME(T.Number).startOffset;
    const end = this.readEnd;
    const { type, value } = numberValue(this.file.text.slice(start, end));
    // `numberValue` returns a value of the type that it names.
    return { kind: 'Constant', start, end, type, value, unicodePrefix: false } as Constant;
  }

  protected singleton(): Constant {
    const { startOffset: start, image } = this.CONSUME(T.Singleton);
    const end = this.readEnd;
    if (image === 'None') return { kind: 'Constant', start, end, type: 'None', value: null, unicodePrefix: false };
    return { kind: 'Constant', start, end, type: 'bool', value: image === 'True', unicodePrefix: false };
  }

  private ellipsis(): Expr {
    const start = this.CONSUME(T.Ellipsis).startOffset;
    return { kind: 'Constant', start, end: this.readEnd, type: 'Ellipsis', value: null, unicodePrefix: false };
  }

  private awaited(): Expr {
    const start = this.here;
    this.CONSUME(keyword('await'));
    if (this.isNext(keyword('await'))) this.rejectNext(null);
    const value = this.SUBRULE(this.primary);
    return { kind: 'Await', start, end: this.readEnd, value };
  }

  private readonly trailerAlternatives = [
    { ALT: (): Expr => this.attribute() },
    { ALT: (): Expr => this.call() },
    { ALT: (): Expr => this.subscript() },
  ];

  private readonly trailer = (): void => {
    this.subject = this.OR2(this.trailerAlternatives);
  };

  /** An atom with its trailers. */
  protected readonly primary: Rule<Expr> = this.RULE('primary', (): Expr => {
    const start = this.here;
    const atom = this.OR(this.atomAlternatives);
    this.subject = atom;
    this.subjectStart = start;
    this.MANY(this.trailer);
    return this.subject;
  });

  private get trailed(): Expr {
    return this.subject ?? noExpression;
  }

  private attribute(): Expr {
    this.CONSUME(T.Dot);
    const attr = this.CONSUME2(T.Name).image;
    return { kind: 'Attribute', start: this.subjectStart, end: this.readEnd, value: this.trailed, attr, ctx: 'Load' };
  }

  private call(): Expr {
    const { subjectStart: start, trailed: func } = this;
    const { args, keywords } = this.SUBRULE(this.callArguments);
    this.subjectStart = start;
    return { kind: 'Call', start, end: this.readEnd, func, args, keywords };
  }

  private subscript(): Expr {
    const { subjectStart: start, trailed: value } = this;
    this.CONSUME(T.LeftBracket);
    const slice = this.SUBRULE(this.slices);
    this.CONSUME(T.RightBracket);
    this.subjectStart = start;
    return { kind: 'Subscript', start, end: this.readEnd, value, slice, ctx: 'Load' };
  }

  // ---- subscripts

  private readonly slices = this.RULE('slices', (): Expr => {
    const start = this.here;
    const first = this.SUBRULE(this.sliceElement);
    const elts = [first];
    const isTuple = this.restOfList(elts, this.sliceElement);
    if (!isTuple && first.kind !== 'Starred') return first;
    return { kind: 'Tuple', start, end: this.readEnd, elts, ctx: 'Load' };
  });

  private readonly sliceAlternatives = [
    { ALT: (): Expr => this.starredArgument() },
    { ALT: (): Expr => this.indexOrSlice() },
    { ALT: (): Expr => this.slice(this.here, null, this.SUBRULE(this.sliceBounds)) },
  ];

  private readonly sliceElement = this.RULE('sliceElement', (): Expr => this.OR(this.sliceAlternatives));

  private starredArgument(): Expr {
    const start = this.here;
    this.CONSUME(T.Star);
    const value = this.SUBRULE(this.expression);
    return { kind: 'Starred', start, end: this.readEnd, value, ctx: 'Load' };
  }

  private indexOrSlice(): Expr {
    const start = this.here;
    const lower = this.SUBRULE(this.namedExpression);
    return (
      this.OPTION(() => {
        if (lower.kind === 'NamedExpr' && lower.start === start) this.rejectNext(null);
        return this.slice(start, lower, this.SUBRULE2(this.sliceBounds));
      }) ?? lower
    );
  }

  private slice(start: number, lower: Expr | null, bounds: SliceBounds): Expr {
    const { upper, step } = bounds;
    return { kind: 'Slice', start, end: this.readEnd, lower, upper, step };
  }

  /** `:upper:step` */
  private readonly sliceBounds = this.RULE('sliceBounds', (): SliceBounds => {
    this.CONSUME(T.Colon);
    const upper = this.OPTION(() => this.SUBRULE(this.expression)) ?? null;
    const step = this.OPTION2(() => {
      this.CONSUME2(T.Colon);
      return this.OPTION3(() => this.SUBRULE2(this.expression));
    });
    return { upper, step: step ?? null };
  });

  // ---- calls

  private reader: ArgumentReader = { args: [], keywords: [], generator: null };

  /** The parenthesized arguments of a call or a class. */
  protected readonly callArguments = this.RULE('callArguments', (): CallArguments => {
    const outer = this.reader;
    const reader: ArgumentReader = { args: [], keywords: [], generator: null };
    this.reader = reader;
    const start = this.here;
    this.CONSUME(T.LeftParenthesis);
    this.OPTION(this.argumentList);
    this.CONSUME(T.RightParenthesis);
    this.reader = outer;
    if (reader.generator !== null) {
      const { elt, generators } = reader.generator;
      reader.args[0] = { kind: 'GeneratorExp', start, end: this.readEnd, elt, generators };
    }
    return reader;
  });

  private readonly argumentList = (): void => {
    this.SUBRULE(this.argument);
    this.MANY(this.nextArgument);
  };

  private readonly nextArgument = (): void => {
    if (this.reader.generator !== null) this.rejectGenerator();
    this.CONSUME(T.Comma);
    if (this.isNext(T.Comma)) this.rejectNext(null);
    this.OPTION2(this.optionalArgument);
  };

  private readonly optionalArgument = (): void => {
    this.SUBRULE2(this.argument);
    if (this.reader.generator !== null) this.rejectGenerator();
  };

  private rejectGenerator(): void {
    this.reject(syntaxDiagnostics.argumentOrder, this.rangeOf(this.next), [
      'a generator expression beside other arguments must be in parentheses',
    ]);
  }

  private readonly argumentAlternatives = [
    { ALT: (): void => this.spreadArgument() },
    { ALT: (): void => this.keywordSpread() },
    { ALT: (): void => this.plainArgument() },
  ];

  private readonly argument = this.RULE('argument', (): void => this.OR(this.argumentAlternatives));

  private spreadArgument(): void {
    const { args, keywords } = this.reader;
    const argument = this.starredArgument();
    if (keywords.some((one) => one.arg === null)) {
      const problem = 'iterable argument unpacking follows keyword argument unpacking';
      this.reject(syntaxDiagnostics.argumentOrder, argument, [problem]);
    }
    args.push(argument);
  }

  private keywordSpread(): void {
    const { keywords } = this.reader;
    const start = this.here;
    this.CONSUME(T.DoubleStar);
    const value = this.SUBRULE2(this.expression);
    keywords.push({ kind: 'keyword', start, end: this.readEnd, arg: null, value });
  }

  private plainArgument(): void {
    const { reader } = this;
    const start = this.here;
    const first = this.SUBRULE(this.namedExpression);
    const isKeyword = this.isNext(T.Equal);
    this.OPTION(() => {
      this.CONSUME(T.Equal);
      const arg = this.keywordName(first, start);
      const value = this.SUBRULE3(this.expression);
      reader.keywords.push({ kind: 'keyword', start, end: this.readEnd, arg, value });
    });
    if (isKeyword) return;
    this.checkPositional(reader, first);
    reader.args.push(first);
    this.OPTION2(() => {
      reader.generator = { elt: first, generators: this.SUBRULE(this.comprehensionClauses) };
    });
  }

  private keywordName(node: Expr, start: number): string {
    if (node.kind === 'Name' && node.start === start) return node.id;
    const help = 'for a comparison write ==';
    this.reject(syntaxDiagnostics.invalidTarget, node, ['use as a keyword', describeExpression(node)], help);
    return '';
  }

  private checkPositional(reader: ArgumentReader, argument: Expr): void {
    const last = reader.keywords.at(-1);
    if (last === undefined) return;
    const what = last.arg === null ? 'keyword argument unpacking' : 'a keyword argument';
    this.reject(syntaxDiagnostics.argumentOrder, argument, [`a positional argument follows ${what}`]);
  }
}

/** What rules return while the grammar is recorded; no tree contains it. */
const noExpression: Expr = { kind: 'Name', start: 0, end: 0, id: '', ctx: 'Load' };
