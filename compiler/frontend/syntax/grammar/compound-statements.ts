/** Statements with blocks. */
import type { ExceptHandler, Expr, If, MatchCase, Stmt, WithItem } from '../ast.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { keyword, T } from '../lexer/token-types.ts';
import type { Rule } from './base.ts';
import type { Elements } from './displays.ts';
import { SimpleStatementGrammar } from './simple-statements.ts';

/** `if` or `elif` with its block. */
interface Branch {
  readonly start: number;
  readonly test: Expr;
  readonly body: readonly Stmt[];
}

/** `except` or `except*`. */
interface Handler {
  readonly node: ExceptHandler;
  readonly isStar: boolean;
}

/** One element of what may be the parenthesized items of `with` or one expression in parentheses. */
interface ItemOrElement {
  readonly item: WithItem;
  /** It can only be part of an expression. */
  readonly isElement: boolean;
}

export abstract class CompoundStatementGrammar extends SimpleStatementGrammar {
  protected abstract readonly block: Rule<Stmt[]>;
  protected abstract readonly functionDefinition: Rule<Stmt>;

  /** Where the statement ends that has just been read: line ends and dedents do not count. */
  protected get statementEnd(): number {
    let index = this.currIdx;
    while (index > 0 && isLayout(this.tokVector[index].tokenTypeIdx)) index--;
    return this.tokVector[index]?.end ?? 0;
  }

  private readonly elseBlock = this.RULE('elseBlock', (): Stmt[] => {
    this.CONSUME(keyword('else'));
    return this.SUBRULE(this.block);
  });

  // ---- if, while, for

  protected readonly ifStatement = this.RULE('ifStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('if'));
    const test = this.SUBRULE(this.namedExpression);
    const branches: Branch[] = [{ start, test, body: this.SUBRULE(this.block) }];
    this.MANY(() => {
      const branchStart = this.here;
      this.CONSUME(keyword('elif'));
      const branchTest = this.SUBRULE2(this.namedExpression);
      branches.push({ start: branchStart, test: branchTest, body: this.SUBRULE2(this.block) });
    });
    const last = this.OPTION(() => this.SUBRULE(this.elseBlock)) ?? [];
    return this.nestBranches(branches, last);
  });

  /** Each `elif` is an `if` in the `else` of the one before. */
  private nestBranches(branches: readonly Branch[], last: readonly Stmt[]): Stmt {
    const end = this.statementEnd;
    const [first, ...others] = branches;
    if (branches.length > DEEPEST_ELIF) {
      this.reject(syntaxDiagnostics.tooDeep, { start: first.start, end: first.start + 2 }, [
        'too many elif',
        DEEPEST_ELIF,
      ]);
    }
    const orelse = others.reduceRight<readonly Stmt[]>((tail, { start, test, body }) => {
      const node: If = { kind: 'If', start, end, test, body, orelse: tail };
      return [node];
    }, last);
    return { kind: 'If', start: first.start, end, test: first.test, body: first.body, orelse };
  }

  protected readonly whileStatement = this.RULE('whileStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('while'));
    const test = this.SUBRULE(this.namedExpression);
    const body = this.SUBRULE(this.block);
    const orelse = this.OPTION(() => this.SUBRULE(this.elseBlock)) ?? [];
    return { kind: 'While', start, end: this.statementEnd, test, body, orelse };
  });

  protected readonly forStatement: Rule<Stmt> = this.RULE('forStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('for'));
    const target = this.SUBRULE(this.loopTarget);
    this.CONSUME(keyword('in'));
    const iter = this.SUBRULE(this.values);
    const body = this.SUBRULE(this.block);
    const orelse = this.OPTION(() => this.SUBRULE(this.elseBlock)) ?? [];
    return { kind: 'For', start, end: this.statementEnd, target, iter, body, orelse };
  });

  // ---- try

  protected readonly tryStatement = this.RULE('tryStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('try'));
    const body = this.SUBRULE(this.block);
    const handlers: Handler[] = [];
    this.MANY(() => {
      handlers.push(this.SUBRULE(this.exceptClause));
    });
    const hasElse = this.isNext(keyword('else'));
    if (handlers.length === 0 && hasElse) this.rejectNext("'except' or 'finally'");
    const orelse = this.OPTION(() => this.SUBRULE(this.elseBlock)) ?? [];
    if (handlers.length === 0 && !this.isNext(keyword('finally'))) this.rejectNext("'except' or 'finally'");
    const finalbody = this.OPTION2(() => {
      this.CONSUME(keyword('finally'));
      return this.SUBRULE2(this.block);
    });
    const nodes = handlers.map((handler) => handler.node);
    const kind = this.isStarred(handlers) ? 'TryStar' : 'Try';
    return { kind, start, end: this.statementEnd, body, handlers: nodes, orelse, finalbody: finalbody ?? [] };
  });

  private isStarred(handlers: readonly Handler[]): boolean {
    if (this.RECORDING_PHASE) return false;
    const isStar = handlers[0]?.isStar ?? false;
    const other = handlers.find((handler) => handler.isStar !== isStar);
    if (other !== undefined) {
      const range = { start: other.node.start, end: other.node.start + 'except'.length };
      this.reject(syntaxDiagnostics.notAllowedHere, range, ["one 'try' cannot have both 'except' and 'except*'"]);
    }
    return isStar;
  }

  private readonly exceptClause = this.RULE('exceptClause', (): Handler => {
    const start = this.here;
    this.CONSUME(keyword('except'));
    const isStar = this.isNext(T.Star);
    this.OPTION(() => {
      this.CONSUME(T.Star);
    });
    if (isStar && this.isNext(T.Colon)) this.rejectNext('an exception type');
    let name: string | null = null;
    const type = this.OPTION2(() => {
      const caught = this.SUBRULE(this.expression);
      this.OPTION3(() => {
        this.CONSUME(keyword('as'));
        name = this.CONSUME(T.Name).image;
      });
      return caught;
    });
    const body = this.SUBRULE(this.block);
    return { node: { kind: 'ExceptHandler', start, end: this.statementEnd, type: type ?? null, name, body }, isStar };
  });

  // ---- with

  private readonly withAlternatives = [
    { GATE: (): boolean => this.isItemList(), ALT: (): WithItem[] => this.SUBRULE(this.parenthesizedItems) },
    { ALT: (): WithItem[] => this.plainItems() },
  ];

  protected readonly withStatement: Rule<Stmt> = this.RULE('withStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('with'));
    const items = this.OR(this.withAlternatives);
    const body = this.SUBRULE(this.block);
    return { kind: 'With', start, end: this.statementEnd, items, body };
  });

  private plainItems(): WithItem[] {
    const items: WithItem[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        items.push(this.SUBRULE(this.withItem));
      },
    });
    return items;
  }

  private readonly withItem = this.RULE('withItem', (): WithItem => {
    const start = this.here;
    const context_expr = this.SUBRULE(this.expression);
    return this.itemOf(start, context_expr);
  });

  private itemOf(start: number, context_expr: Expr): WithItem {
    const target = this.OPTION(() => {
      this.CONSUME(keyword('as'));
      const node = this.SUBRULE(this.target);
      this.makeTarget(node, 'Store');
      return node;
    });
    return { kind: 'withitem', start, end: this.readEnd, context_expr, optional_vars: target ?? null };
  }

  /** Whether the parenthesis that comes next closes right before the colon of the statement. */
  private isItemList(): boolean {
    if (!this.isNext(T.LeftParenthesis)) return false;
    let depth = 0;
    let index = this.currIdx + 1;
    for (; index < this.tokVector.length; index++) {
      const { tokenType } = this.tokVector[index];
      if (isOpening(tokenType.tokenTypeIdx)) depth++;
      else if (isClosing(tokenType.tokenTypeIdx) && --depth === 0) break;
      else if (tokenType === T.Newline) return false;
    }
    return this.tokVector[index + 1]?.tokenType === T.Colon;
  }

  private readonly itemAlternatives = [
    { ALT: (): ItemOrElement => this.elementOnly(this.SUBRULE(this.starred)) },
    { ALT: (): ItemOrElement => this.elementOnly(this.SUBRULE(this.yieldExpression)) },
    { ALT: (): ItemOrElement => this.namedItem() },
  ];

  private elementOnly(node: Expr): ItemOrElement {
    const item = {
      kind: 'withitem',
      start: node.start,
      end: node.end,
      context_expr: node,
      optional_vars: null,
    } as const;
    return { item, isElement: true };
  }

  private namedItem(): ItemOrElement {
    const start = this.here;
    const node = this.SUBRULE(this.namedExpression);
    const isElement = node.kind === 'NamedExpr' && node.start === start;
    return { item: this.itemOf(start, node), isElement };
  }

  private readonly itemOrElement = this.RULE('itemOrElement', (): ItemOrElement => this.OR(this.itemAlternatives));

  /**
   * `with (a, b as c):` has items in parentheses, `with (a, *b):` one item, which is a tuple. What it is shows only
   * afterwards: it is items unless something in it can only be part of an expression.
   */
  private readonly parenthesizedItems = this.RULE('parenthesizedItems', (): WithItem[] => {
    const start = this.here;
    const entries: ItemOrElement[] = [];
    this.CONSUME(T.LeftParenthesis);
    let hasComma = false;
    const generators = this.OPTION2(() => {
      entries.push(this.SUBRULE(this.itemOrElement));
      const clauses = this.OPTION3(() => this.SUBRULE(this.comprehensionClauses)) ?? null;
      hasComma = this.restOfList(entries, this.itemOrElement);
      return clauses;
    });
    this.CONSUME(T.RightParenthesis);
    const items = entries.map((entry) => entry.item);
    const isExpression = items.length === 0 || generators !== null || entries.some((entry) => entry.isElement);
    if (!isExpression || this.RECORDING_PHASE) return items;
    const loose = entries.find(({ item, isElement }) => isElement && entries.length > 1 && isYield(item.context_expr));
    if (loose !== undefined)
      this.reject(syntaxDiagnostics.notAllowedHere, loose.item, ["put 'yield' into parentheses"]);
    return [this.expressionItem(start, items, hasComma, generators ?? null)];
  });

  private expressionItem(
    start: number,
    items: readonly WithItem[],
    hasComma: boolean,
    generators: Elements['generators'],
  ): WithItem {
    const end = this.readEnd;
    const wrong = items.find((item) => item.optional_vars !== null);
    if (wrong !== undefined) this.reject(syntaxDiagnostics.notAllowedHere, wrong, ["'as' cannot stand in a tuple"]);
    const elts = items.map((item) => item.context_expr);
    if (generators !== null) this.checkComprehension(elts[0], hasComma);
    const inside = elts.length === 0 ? { elts, hasComma: true, generators: null } : { elts, hasComma, generators };
    return { kind: 'withitem', start, end, context_expr: this.displayNode(start, end, inside), optional_vars: null };
  }

  // ---- async

  private readonly asyncAlternatives = [
    { ALT: (): Stmt => this.SUBRULE(this.functionDefinition) },
    { ALT: (): Stmt => this.SUBRULE(this.forStatement) },
    { ALT: (): Stmt => this.SUBRULE(this.withStatement) },
  ];

  protected readonly asyncStatement = this.RULE('asyncStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('async'));
    const node = this.OR(this.asyncAlternatives);
    return asAsync(node, start);
  });

  // ---- match

  protected readonly matchStatement = this.RULE('matchStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(T.Match);
    const subject = this.SUBRULE(this.matchSubject);
    this.CONSUME(T.Colon);
    this.CONSUME(T.Newline);
    if (!this.isNext(T.Indent)) this.rejectMissingBlock();
    this.CONSUME(T.Indent);
    const cases: MatchCase[] = [];
    this.AT_LEAST_ONE(() => {
      cases.push(this.SUBRULE(this.caseBlock));
    });
    this.CONSUME(T.Dedent);
    return { kind: 'Match', start, end: this.statementEnd, subject, cases };
  });

  private readonly matchSubject = this.RULE('matchSubject', (): Expr => {
    const start = this.here;
    const first = this.SUBRULE(this.element);
    const elts = [first];
    if (this.restOfList(elts, this.element)) return { kind: 'Tuple', start, end: this.readEnd, elts, ctx: 'Load' };
    if (first.kind === 'Starred') {
      this.reject(syntaxDiagnostics.notAllowedHere, first, ['a starred expression must be part of a tuple']);
    }
    return first;
  });

  private readonly caseBlock = this.RULE('caseBlock', (): MatchCase => {
    const start = this.here;
    this.CONSUME(T.Case);
    const pattern = this.SUBRULE(this.casePattern);
    const guard = this.OPTION(() => {
      this.CONSUME(keyword('if'));
      return this.SUBRULE(this.namedExpression);
    });
    const body = this.SUBRULE(this.block);
    return { kind: 'match_case', start, end: this.statementEnd, pattern, guard: guard ?? null, body };
  });

  protected rejectMissingBlock(): void {
    const range = this.rangeOf(this.next);
    this.reject(syntaxDiagnostics.indentation, range, ['expected an indented block']);
  }
}

function isYield(node: Expr): boolean {
  return node.kind === 'Yield' || node.kind === 'YieldFrom';
}

/** A longer chain would make a tree that is too deep to walk. */
const DEEPEST_ELIF = 1000;

function isLayout(index: number): boolean {
  return index === T.Newline.tokenTypeIdx || index === T.Dedent.tokenTypeIdx || index === T.Indent.tokenTypeIdx;
}

function isOpening(index: number | undefined): boolean {
  return (
    index === T.LeftParenthesis.tokenTypeIdx ||
    index === T.LeftBracket.tokenTypeIdx ||
    index === T.LeftBrace.tokenTypeIdx
  );
}

function isClosing(index: number | undefined): boolean {
  return (
    index === T.RightParenthesis.tokenTypeIdx ||
    index === T.RightBracket.tokenTypeIdx ||
    index === T.RightBrace.tokenTypeIdx
  );
}

/** The async form of a statement, which starts at `async`. */
function asAsync(node: Stmt, start: number): Stmt {
  if (node.kind === 'FunctionDef') return { ...node, kind: 'AsyncFunctionDef', start };
  if (node.kind === 'For') return { ...node, kind: 'AsyncFor', start };
  if (node.kind === 'With') return { ...node, kind: 'AsyncWith', start };
  return node;
}
