/** Everything in brackets of its own: parentheses, lists, sets, dicts, and their comprehensions. */
import type { Comprehension, Expr } from '../ast.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { keyword, T } from '../lexer/token-types.ts';
import { AtomGrammar } from './atoms.ts';
import type { Rule } from './base.ts';

/** The inside of a display: its elements, and what makes it more than a list of them. */
export interface Elements {
  readonly elts: Expr[];
  readonly hasComma: boolean;
  readonly generators: Comprehension[] | null;
}

/** One entry of a braced display; `key` is undefined for an element of a set, null for `**value`. */
interface BraceEntry {
  readonly key: Expr | null | undefined;
  readonly value: Expr;
}

export abstract class DisplayGrammar extends AtomGrammar {
  /** `for … in … if …`, one or more. */
  protected override readonly comprehensionClauses: Rule<Comprehension[]> = this.RULE('comprehensionClauses', () => {
    const clauses: Comprehension[] = [];
    this.AT_LEAST_ONE(() => {
      clauses.push(this.SUBRULE(this.comprehensionClause));
    });
    return clauses;
  });

  private readonly comprehensionClause = this.RULE('comprehensionClause', (): Comprehension => {
    const start = this.here;
    const isAsync = this.isNext(keyword('async'));
    this.OPTION(() => {
      this.CONSUME(keyword('async'));
    });
    this.CONSUME(keyword('for'));
    const target = this.SUBRULE(this.loopTarget);
    this.CONSUME(keyword('in'));
    const iter = this.SUBRULE(this.disjunction);
    const ifs: Expr[] = [];
    this.MANY(() => {
      this.CONSUME(keyword('if'));
      ifs.push(this.SUBRULE2(this.disjunction));
    });
    return { kind: 'comprehension', start, end: this.readEnd, target, iter, ifs, is_async: isAsync ? 1 : 0 };
  });

  private readonly parenthesizedAlternatives = [
    { ALT: (): Elements => this.single(this.SUBRULE(this.yieldExpression)) },
    { ALT: (): Elements => this.SUBRULE(this.elements) },
  ];

  private single(node: Expr): Elements {
    return { elts: [node], hasComma: false, generators: null };
  }

  /** A group, a tuple, or a generator expression. */
  protected override readonly parenthesized: Rule<Expr> = this.RULE('parenthesized', (): Expr => {
    const start = this.here;
    this.CONSUME(T.LeftParenthesis);
    const inside = this.OPTION(() => this.OR(this.parenthesizedAlternatives));
    this.CONSUME(T.RightParenthesis);
    return this.displayNode(start, this.readEnd, inside);
  });

  protected displayNode(start: number, end: number, inside: Elements | undefined): Expr {
    if (inside === undefined || this.RECORDING_PHASE) return { kind: 'Tuple', start, end, elts: [], ctx: 'Load' };
    const { elts, hasComma, generators } = inside;
    if (generators !== null) return { kind: 'GeneratorExp', start, end, elt: elts[0], generators };
    if (hasComma) return { kind: 'Tuple', start, end, elts, ctx: 'Load' };
    if (elts[0].kind === 'Starred') {
      this.reject(syntaxDiagnostics.notAllowedHere, elts[0], [
        'a starred expression cannot stand alone in parentheses',
      ]);
    }
    return elts[0];
  }

  private readonly elements: Rule<Elements> = this.RULE('elements', (): Elements => {
    const elts = [this.SUBRULE(this.element)];
    const generators = this.OPTION(() => this.SUBRULE(this.comprehensionClauses)) ?? null;
    const hasComma = this.restOfList(elts, this.element);
    if (generators !== null && !this.RECORDING_PHASE) this.checkComprehension(elts[0], hasComma);
    return { elts, hasComma, generators };
  });

  protected checkComprehension(element: Expr, hasComma: boolean): void {
    if (element.kind === 'Starred') {
      this.reject(syntaxDiagnostics.notAllowedHere, element, ['iterable unpacking cannot be used in a comprehension']);
    }
    if (hasComma) {
      this.reject(syntaxDiagnostics.notAllowedHere, element, [
        'a comprehension has one element; put a tuple into parentheses',
      ]);
    }
  }

  protected override readonly listDisplay: Rule<Expr> = this.RULE('listDisplay', (): Expr => {
    const start = this.here;
    this.CONSUME(T.LeftBracket);
    const inside = this.OPTION(() => this.SUBRULE(this.elements));
    this.CONSUME(T.RightBracket);
    const end = this.readEnd;
    if (inside === undefined) return { kind: 'List', start, end, elts: [], ctx: 'Load' };
    const { elts, generators } = inside;
    if (generators === null || this.RECORDING_PHASE) return { kind: 'List', start, end, elts, ctx: 'Load' };
    return { kind: 'ListComp', start, end, elt: elts[0], generators };
  });

  // ---- sets and dicts

  /** A set, a dict, or a comprehension of either. */
  protected override readonly braceDisplay: Rule<Expr> = this.RULE('braceDisplay', (): Expr => {
    const start = this.here;
    let entries: BraceEntry[] = [];
    let generators: Comprehension[] | null = null;
    this.CONSUME(T.LeftBrace);
    this.OPTION(() => {
      entries = [this.SUBRULE(this.braceEntry)];
      generators = this.OPTION2(() => this.SUBRULE(this.comprehensionClauses)) ?? null;
      const hasComma = this.restOfList(entries, this.braceEntry);
      if (generators !== null) this.checkBraceComprehension(entries[0], hasComma);
    });
    this.CONSUME(T.RightBrace);
    return this.braceNode(start, entries, generators);
  });

  private checkBraceComprehension(entry: BraceEntry, hasComma: boolean): void {
    if (this.RECORDING_PHASE) return;
    this.checkComprehension(entry.value, hasComma);
    if (entry.key === null) {
      const problem = 'dict unpacking cannot be used in a dict comprehension';
      this.reject(syntaxDiagnostics.notAllowedHere, entry.value, [problem]);
    }
  }

  private braceNode(start: number, entries: readonly BraceEntry[], generators: Comprehension[] | null): Expr {
    const end = this.readEnd;
    if (entries.length === 0) return { kind: 'Dict', start, end, keys: [], values: [] };
    const { key, value } = entries[0];
    if (generators !== null && key) return { kind: 'DictComp', start, end, key, value, generators };
    if (generators !== null) return { kind: 'SetComp', start, end, elt: value, generators };
    const values = entries.map((entry) => entry.value);
    if (key === undefined) this.checkAlike(entries, true);
    else this.checkAlike(entries, false);
    if (key === undefined) return { kind: 'Set', start, end, elts: values };
    return { kind: 'Dict', start, end, keys: entries.map((entry) => entry.key ?? null), values };
  }

  private checkAlike(entries: readonly BraceEntry[], isSet: boolean): void {
    const wrong = entries.find((entry) => (entry.key === undefined) !== isSet);
    if (wrong === undefined) return;
    const problem = isSet ? 'a key with a value stands in a set' : 'a key without a value stands in a dict';
    this.reject(syntaxDiagnostics.notAllowedHere, wrong.value, [problem]);
  }

  private readonly braceAlternatives = [
    { ALT: (): BraceEntry => ({ key: undefined, value: this.SUBRULE(this.starred) }) },
    { ALT: (): BraceEntry => this.dictSpread() },
    { ALT: (): BraceEntry => this.keyOrElement() },
  ];

  private readonly braceEntry: Rule<BraceEntry> = this.RULE('braceEntry', (): BraceEntry =>
    this.OR(this.braceAlternatives),
  );

  private dictSpread(): BraceEntry {
    this.CONSUME(T.DoubleStar);
    const start = this.here;
    const value = this.SUBRULE(this.disjunction);
    this.checkTight(value, start, '**');
    return { key: null, value };
  }

  private keyOrElement(): BraceEntry {
    const first = this.SUBRULE(this.namedExpression);
    const isKey = this.isNext(T.Colon);
    const value = this.OPTION(() => {
      if (first.kind === 'NamedExpr') this.rejectUnparenthesized(first);
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.expression);
    });
    return isKey && value !== undefined ? { key: first, value } : { key: undefined, value: first };
  }

  private rejectUnparenthesized(node: Expr): void {
    // In parentheses the token before the colon is not the node's last one.
    if (node.end === this.readEnd) this.rejectNext(null);
  }
}
