/**
 * Operators, conditional expressions and lambda.
 *
 * All operators are read by one flat loop with a stack of operands and one of waiting operators (Dijkstra's shunting
 * yard), not by a rule for each level: a name costs two rule calls instead of seventeen, and 200 nested parentheses, which
 * CPython allows, fit into the default stack.
 */
import type { BooleanOperator, ComparisonOperator, Expr, Lambda, NamedExpr, Operator, UnaryOperator } from '../ast.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { bottom, precedence, unaryOperators, type OperatorRow } from '../lexer/operators.ts';
import { keyword, T } from '../lexer/token-types.ts';
import { GrammarBase, type Rule } from './base.ts';
import { describeExpression, toTarget } from './targets.ts';

const binaryTokens = [
  T.BinaryOperator,
  T.Plus,
  T.Minus,
  T.Star,
  T.DoubleStar,
  T.Slash,
  T.At,
  T.VerticalBar,
  keyword('in'),
] as const;
const prefixOperatorOf = new Map([
  [T.Plus, unaryOperators['+']],
  [T.Minus, unaryOperators['-']],
  [T.Tilde, unaryOperators['~']],
  [keyword('not'), unaryOperators.not],
]);

export abstract class ExpressionGrammar extends GrammarBase {
  protected abstract readonly primary: Rule<Expr>;
  protected abstract readonly lambda: Rule<Lambda>;

  // Operands with the offsets where they start (an opening parenthesis counts, unlike in the node), and the operators that
  // wait for their right operand. Each expression works above its own `bottom`.
  private readonly operands: Expr[] = [];
  private readonly operandStarts: number[] = [];
  private readonly operators: OperatorRow[] = [];
  private readonly operatorStarts: number[] = [];

  /** Forgets half-read expressions, after an error. */
  protected clearOperators(): void {
    this.operands.length = 0;
    this.operandStarts.length = 0;
    this.operators.length = 0;
    this.operatorStarts.length = 0;
  }

  private readonly prefixAlternatives = [...prefixOperatorOf.keys()].map((type) => ({
    ALT: () => this.CONSUME(type),
  }));

  private readonly prefixOperator = this.RULE('prefixOperator', (): void => {
    const token = this.OR(this.prefixAlternatives);
    const row = prefixOperatorOf.get(token.tokenType);
    if (row === undefined) return;
    if (row === unaryOperators.not && this.waiting.precedence > precedence.not) {
      const range = { start: token.startOffset, end: token.startOffset + token.image.length };
      this.reject(syntaxDiagnostics.unexpectedToken, range, ["'not'"], 'put the operand into parentheses: (not …)');
    }
    this.operators.push(row);
    this.operatorStarts.push(token.startOffset);
  });

  private readonly binaryAlternatives = binaryTokens.map((type) => ({ ALT: () => this.CONSUME(type) }));

  private readonly binaryOperator = this.RULE('binaryOperator', (): void => {
    const end = this.readEnd;
    const row = this.next.operator ?? bottom;
    const token = this.OR(this.binaryAlternatives);
    this.applyOperators(row.closes, end);
    this.operators.push(row);
    this.operatorStarts.push(token.startOffset);
  });

  private readonly prefixStep = (): void => {
    this.SUBRULE1(this.prefixOperator);
  };
  private readonly laterPrefixStep = (): void => {
    this.SUBRULE2(this.prefixOperator);
  };
  private readonly binaryStep = (): void => {
    this.SUBRULE(this.binaryOperator);
    this.MANY3(this.laterPrefixStep);
    this.operandStarts.push(this.here);
    this.operands.push(this.SUBRULE4(this.primary));
  };

  /** Operands and operators; part of the rules `expression` and `disjunction`. */
  private operatorSequence(): Expr {
    this.operators.push(bottom);
    this.operatorStarts.push(0);
    this.MANY1(this.prefixStep);
    this.operandStarts.push(this.here);
    this.operands.push(this.SUBRULE3(this.primary));
    this.MANY2(this.binaryStep);
    if (this.waiting !== bottom) this.applyOperators(1, this.readEnd);
    this.operators.pop();
    this.operatorStarts.pop();
    this.operandStarts.pop();
    return this.popOperand();
  }

  private get waiting(): OperatorRow {
    return this.operators[this.operators.length - 1] ?? bottom;
  }

  private popOperand(): Expr {
    const operand = this.operands.pop();
    if (operand === undefined) throw new Error('an operator has no operand');
    return operand;
  }

  /** Applies the waiting operators of at least precedence `level`; their last operand ends at `end`. */
  private applyOperators(level: number, end: number): void {
    if (this.RECORDING_PHASE) return;
    for (let row = this.waiting; row.precedence >= level; row = this.waiting) {
      if (row.family === 'binary') this.applyBinary(row, end);
      else if (row.family === 'unary') this.applyUnary(row, end);
      else this.applyChain(row, end);
    }
  }

  private applyBinary(row: OperatorRow, end: number): void {
    this.operators.pop();
    this.operatorStarts.pop();
    const right = this.popOperand();
    const left = this.popOperand();
    this.operandStarts.pop();
    const start = this.operandStarts[this.operandStarts.length - 1];
    this.operands.push({ kind: 'BinOp', start, end, left, op: row.name as Operator, right });
  }

  private applyUnary(row: OperatorRow, end: number): void {
    this.operators.pop();
    const start = this.operatorStarts.pop() ?? 0;
    const operand = this.popOperand();
    this.operandStarts[this.operandStarts.length - 1] = start;
    this.operands.push({ kind: 'UnaryOp', start, end, op: row.name as UnaryOperator, operand });
  }

  /** A chain of comparisons, or of one boolean operator, is one node. */
  private applyChain(row: OperatorRow, end: number): void {
    const names: OperatorRow['name'][] = [];
    while (this.waiting.precedence === row.precedence) {
      names.unshift(this.waiting.name);
      this.operators.pop();
      this.operatorStarts.pop();
    }
    const values = this.operands.splice(-names.length - 1);
    this.operandStarts.length -= names.length;
    const start = this.operandStarts[this.operandStarts.length - 1];
    if (row.family === 'boolean') {
      this.operands.push({ kind: 'BoolOp', start, end, op: row.name as BooleanOperator, values });
    } else {
      const [left, ...comparators] = values;
      this.operands.push({ kind: 'Compare', start, end, left, ops: names as ComparisonOperator[], comparators });
    }
  }

  /** `a or b` and everything that binds tighter. */
  protected readonly disjunction = this.RULE('disjunction', (): Expr => this.operatorSequence());

  private readonly expressionAlternatives = [
    { ALT: (): Expr => this.SUBRULE(this.lambda) },
    { ALT: (): Expr => this.conditional() },
  ];

  /** Any expression but a named or starred one. */
  protected readonly expression: Rule<Expr> = this.RULE('expression', (): Expr => this.OR(this.expressionAlternatives));

  private conditional(): Expr {
    const start = this.here;
    const body = this.operatorSequence();
    return (
      this.OPTION(() => {
        this.CONSUME(keyword('if'));
        const test = this.SUBRULE(this.disjunction);
        this.CONSUME(keyword('else'));
        const orelse = this.SUBRULE(this.expression);
        return { kind: 'IfExp', start, end: this.readEnd, test, body, orelse };
      }) ?? body
    );
  }

  /** An expression or `name := expression`. */
  protected readonly namedExpression = this.RULE('namedExpression', (): Expr => {
    const start = this.here;
    const target = this.SUBRULE(this.expression);
    return (
      this.OPTION((): NamedExpr => {
        this.CONSUME(T.ColonEqual);
        this.checkNamedTarget(target, start);
        const value = this.SUBRULE2(this.expression);
        // The check above holds the target to a name; its type is not narrowed by it.
        return { kind: 'NamedExpr', start, end: this.readEnd, target: target as NamedExpr['target'], value };
      }) ?? target
    );
  });

  private checkNamedTarget(target: Expr, start: number): void {
    if (this.RECORDING_PHASE) return;
    if (target.kind !== 'Name' || target.start !== start) {
      this.reject(syntaxDiagnostics.invalidTarget, target, ['use := with', describeExpression(target)]);
    }
    toTarget(target, 'Store');
  }

  /** `*expression` where a list of values stands. */
  protected readonly starred = this.RULE('starred', (): Expr => {
    const start = this.here;
    this.CONSUME(T.Star);
    const valueStart = this.here;
    const value = this.SUBRULE(this.disjunction);
    this.checkTight(value, valueStart, '*');
    return { kind: 'Starred', start, end: this.readEnd, value, ctx: 'Load' };
  });

  /** After the stars of a list or dict only operators that bind tighter than comparisons may stand. */
  protected checkTight(value: Expr, start: number, stars: string): void {
    const isLoose =
      value.kind === 'BoolOp' || value.kind === 'Compare' || (value.kind === 'UnaryOp' && value.op === 'Not');
    if (!isLoose || value.start !== start) return;
    this.reject(syntaxDiagnostics.notAllowedHere, value, [`put what follows ${stars} into parentheses`]);
  }

  private readonly elementAlternatives = [
    { ALT: (): Expr => this.SUBRULE(this.starred) },
    { ALT: (): Expr => this.SUBRULE(this.namedExpression) },
  ];

  /** An element of a list, tuple or set in brackets. */
  protected readonly element = this.RULE('element', (): Expr => this.OR(this.elementAlternatives));

  private readonly valueAlternatives = [
    { ALT: (): Expr => this.SUBRULE(this.starred) },
    { ALT: (): Expr => this.SUBRULE(this.expression) },
  ];

  /** An element of a list without brackets. */
  private readonly value = this.RULE('value', (): Expr => this.OR(this.valueAlternatives));

  /** One value, or a tuple without parentheses. */
  protected readonly values = this.RULE('values', (): Expr => {
    const start = this.here;
    const first = this.SUBRULE(this.value);
    const elts = [first];
    if (!this.restOfList(elts, this.value)) return first;
    return { kind: 'Tuple', start, end: this.readEnd, elts, ctx: 'Load' };
  });

  private readonly yieldAlternatives = [
    { ALT: (): Expr => this.yieldFrom() },
    { ALT: (): Expr => this.SUBRULE(this.values) },
  ];

  protected readonly yieldExpression = this.RULE('yieldExpression', (): Expr => {
    const start = this.here;
    this.CONSUME(keyword('yield'));
    const isFrom = this.isNext(keyword('from'));
    const value = this.OPTION(() => this.OR(this.yieldAlternatives)) ?? null;
    const end = this.readEnd;
    return isFrom && value !== null ? { kind: 'YieldFrom', start, end, value } : { kind: 'Yield', start, end, value };
  });

  private yieldFrom(): Expr {
    this.CONSUME2(keyword('from'));
    return this.SUBRULE(this.expression);
  }

  private readonly assignedAlternatives = [
    { ALT: (): Expr => this.SUBRULE(this.yieldExpression) },
    { ALT: (): Expr => this.SUBRULE(this.values) },
  ];

  /** What stands at the right of `=`, and what an f-string's field holds. */
  protected readonly assignedValue = this.RULE('assignedValue', (): Expr => this.OR(this.assignedAlternatives));

  private readonly targetAlternatives = [
    { ALT: (): Expr => this.starredTarget() },
    { ALT: (): Expr => this.SUBRULE2(this.primary) },
  ];

  /** A target of `for`, `with` or `del`: no operators, so that `in` is not taken for one. */
  protected readonly target = this.RULE('target', (): Expr => this.OR(this.targetAlternatives));

  private starredTarget(): Expr {
    const start = this.here;
    this.CONSUME(T.Star);
    const value = this.SUBRULE(this.primary);
    return { kind: 'Starred', start, end: this.readEnd, value, ctx: 'Load' };
  }

  /** The targets of `for`: one, or a tuple without parentheses. */
  protected readonly loopTarget = this.RULE('loopTarget', (): Expr => {
    const start = this.here;
    const first = this.SUBRULE(this.target);
    const elts = [first];
    const isTuple = this.restOfList(elts, this.target);
    const target: Expr = isTuple ? { kind: 'Tuple', start, end: this.readEnd, elts, ctx: 'Load' } : first;
    this.makeTarget(target, 'Store');
    return target;
  });

  /** Makes an expression a target, or rejects it. */
  protected makeTarget(node: Expr, context: 'Store' | 'Del'): void {
    if (this.RECORDING_PHASE) return;
    const wrong = toTarget(node, context);
    if (wrong === null) return;
    const action = context === 'Del' ? 'delete' : 'assign to';
    this.reject(syntaxDiagnostics.invalidTarget, wrong.node, [action, wrong.what]);
  }
}
