/** Statements that fit on one line. */
import type { Alias, Expr, Operator, Stmt } from '../ast.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { keyword, T } from '../lexer/token-types.ts';
import type { Rule } from './base.ts';
import { PatternGrammar } from './patterns.ts';
import { describeExpression, isSingleTarget } from './targets.ts';

/** A list of imported names; `isOpen` when it ends in a comma. */
interface ImportedNames {
  readonly names: Alias[];
  readonly isOpen: boolean;
}

export abstract class SimpleStatementGrammar extends PatternGrammar {
  private readonly simpleAlternatives = [
    { ALT: (): Stmt => this.expressionStatement() },
    { ALT: (): Stmt => this.SUBRULE(this.returnStatement) },
    { ALT: (): Stmt => this.SUBRULE(this.importStatement) },
    { ALT: (): Stmt => this.SUBRULE(this.fromImport) },
    { ALT: (): Stmt => this.SUBRULE(this.raiseStatement) },
    { ALT: (): Stmt => this.wordStatement('pass', 'Pass') },
    { ALT: (): Stmt => this.SUBRULE(this.deleteStatement) },
    { ALT: (): Stmt => this.SUBRULE(this.assertStatement) },
    { ALT: (): Stmt => this.wordStatement('break', 'Break') },
    { ALT: (): Stmt => this.wordStatement('continue', 'Continue') },
    { ALT: (): Stmt => this.SUBRULE(this.globalStatement) },
    { ALT: (): Stmt => this.SUBRULE(this.nonlocalStatement) },
    { ALT: (): Stmt => this.SUBRULE(this.typeAlias) },
  ];

  protected readonly simpleStatement = this.RULE('simpleStatement', (): Stmt => this.OR(this.simpleAlternatives));

  private wordStatement(word: string, kind: 'Pass' | 'Break' | 'Continue'): Stmt {
    const start = this.here;
    this.CONSUME(keyword(word));
    return { kind, start, end: this.readEnd };
  }

  // ---- expressions and assignments

  private statementStart = 0;
  private statementSubject: Expr | null = null;

  private readonly tailAlternatives = [
    { ALT: (): Stmt => this.assignment() },
    { ALT: (): Stmt => this.annotatedAssignment() },
    { ALT: (): Stmt => this.augmentedAssignment() },
  ];

  private readonly statementTail = (): Stmt => this.OR2(this.tailAlternatives);

  private expressionStatement(): Stmt {
    const start = this.here;
    const value = this.SUBRULE(this.assignedValue);
    this.statementStart = start;
    this.statementSubject = value;
    return this.OPTION(this.statementTail) ?? { kind: 'Expr', start, end: this.readEnd, value };
  }

  /** What the statement begins with: a target, when a tail follows. */
  private get firstExpression(): Expr {
    if (this.statementSubject === null) throw new Error('a statement has no first expression');
    return this.statementSubject;
  }

  private assignment(): Stmt {
    const { statementStart: start } = this;
    const targets: Expr[] = [];
    let value = this.firstExpression;
    this.AT_LEAST_ONE(() => {
      this.CONSUME(T.Equal);
      this.makeTarget(value, 'Store');
      targets.push(value);
      value = this.SUBRULE2(this.assignedValue);
    });
    return { kind: 'Assign', start, end: this.readEnd, targets, value };
  }

  private annotatedAssignment(): Stmt {
    const { statementStart: start, firstExpression: subject } = this;
    const target = this.singleTarget(subject, 'annotate');
    const simple = target.kind === 'Name' && target.start === start ? 1 : 0;
    this.CONSUME(T.Colon);
    const annotation = this.SUBRULE(this.expression);
    const value = this.OPTION2(() => {
      this.CONSUME2(T.Equal);
      return this.SUBRULE3(this.assignedValue);
    });
    return { kind: 'AnnAssign', start, end: this.readEnd, target, annotation, value: value ?? null, simple };
  }

  private augmentedAssignment(): Stmt {
    const { statementStart: start, firstExpression: subject } = this;
    const target = this.singleTarget(subject, 'use an augmented assignment with');
    const row = this.next.operator;
    this.CONSUME(T.AugmentedAssign);
    const value = this.SUBRULE4(this.assignedValue);
    // Every augmented assignment's row is that of a binary operator.
    const op = (row?.name ?? 'Add') as Operator;
    return { kind: 'AugAssign', start, end: this.readEnd, target, op, value };
  }

  private singleTarget(node: Expr, action: string): Extract<Expr, { kind: 'Name' | 'Attribute' | 'Subscript' }> {
    if (!isSingleTarget(node)) {
      this.reject(syntaxDiagnostics.invalidTarget, node, [action, describeExpression(node)]);
      return { kind: 'Name', start: 0, end: 0, id: '', ctx: 'Store' };
    }
    this.makeTarget(node, 'Store');
    return node;
  }

  private readonly typeAlias = this.RULE('typeAlias', (): Stmt => {
    const start = this.here;
    this.CONSUME(T.Type);
    const { startOffset, image } = this.CONSUME(T.Name);
    const nameEnd = this.readEnd;
    const type_params = this.OPTION(() => this.SUBRULE(this.typeParameters)) ?? [];
    this.CONSUME(T.Equal);
    const value = this.SUBRULE(this.expression);
    const name = { kind: 'Name', start: startOffset, end: nameEnd, id: image, ctx: 'Store' } as const;
    return { kind: 'TypeAlias', start, end: this.readEnd, name, type_params, value };
  });

  // ---- statements that begin with a word

  private readonly returnStatement = this.RULE('returnStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('return'));
    const value = this.OPTION(() => this.SUBRULE(this.values)) ?? null;
    return { kind: 'Return', start, end: this.readEnd, value };
  });

  private readonly raiseStatement = this.RULE('raiseStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('raise'));
    let cause: Expr | null = null;
    const exc = this.OPTION(() => {
      const raised = this.SUBRULE(this.expression);
      this.OPTION2(() => {
        this.CONSUME(keyword('from'));
        cause = this.SUBRULE2(this.expression);
      });
      return raised;
    });
    return { kind: 'Raise', start, end: this.readEnd, exc: exc ?? null, cause };
  });

  private readonly deleteStatement = this.RULE('deleteStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('del'));
    const targets = [this.SUBRULE(this.target)];
    this.restOfList(targets, this.target);
    for (const target of targets) this.makeTarget(target, 'Del');
    return { kind: 'Delete', start, end: this.readEnd, targets };
  });

  private readonly assertStatement = this.RULE('assertStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('assert'));
    const test = this.SUBRULE(this.expression);
    const msg = this.OPTION(() => {
      this.CONSUME(T.Comma);
      return this.SUBRULE2(this.expression);
    });
    return { kind: 'Assert', start, end: this.readEnd, test, msg: msg ?? null };
  });

  private readonly globalStatement = this.RULE('globalStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('global'));
    const names = this.nameList();
    return { kind: 'Global', start, end: this.readEnd, names };
  });

  private readonly nonlocalStatement = this.RULE('nonlocalStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('nonlocal'));
    const names = this.nameList();
    return { kind: 'Nonlocal', start, end: this.readEnd, names };
  });

  private nameList(): string[] {
    const names: string[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        names.push(this.CONSUME(T.Name).image);
      },
    });
    return names;
  }

  // ---- imports

  private readonly dottedName = this.RULE('dottedName', (): string => {
    let name = '';
    this.AT_LEAST_ONE_SEP({
      SEP: T.Dot,
      DEF: () => {
        const part = this.CONSUME(T.Name).image;
        name = name === '' ? part : `${name}.${part}`;
      },
    });
    return name;
  });

  private readonly importStatement = this.RULE('importStatement', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('import'));
    const names: Alias[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => {
        names.push(this.SUBRULE(this.moduleAlias));
      },
    });
    return { kind: 'Import', start, end: this.readEnd, names };
  });

  private readonly moduleAlias: Rule<Alias> = this.RULE('moduleAlias', (): Alias => {
    const start = this.here;
    const name = this.SUBRULE(this.dottedName);
    return this.aliasOf(start, name);
  });

  private readonly nameAlias: Rule<Alias> = this.RULE('nameAlias', (): Alias => {
    const { startOffset: start, image: name } = this.CONSUME2(T.Name);
    return this.aliasOf(start, name);
  });

  private aliasOf(start: number, name: string): Alias {
    const asname = this.OPTION(() => {
      this.CONSUME(keyword('as'));
      return this.CONSUME(T.Name).image;
    });
    return { kind: 'alias', start, end: this.readEnd, name, asname: asname ?? null };
  }

  private level = 0;
  private readonly dotAlternatives = [
    {
      ALT: (): void => {
        this.CONSUME(T.Dot);
        this.level += 1;
      },
    },
    {
      ALT: (): void => {
        this.CONSUME(T.Ellipsis);
        this.level += 3;
      },
    },
  ];

  private readonly importedAlternatives = [
    { ALT: (): Alias[] => this.everything() },
    { ALT: (): Alias[] => this.parenthesizedNames() },
    { ALT: (): Alias[] => this.openNames() },
  ];

  private readonly fromImport = this.RULE('fromImport', (): Stmt => {
    const start = this.here;
    this.CONSUME(keyword('from'));
    this.level = 0;
    this.MANY(() => this.OR(this.dotAlternatives));
    const { level } = this;
    const module = this.OPTION(() => this.SUBRULE(this.dottedName)) ?? null;
    if (level === 0 && module === null) this.rejectNext('a module');
    this.CONSUME(keyword('import'));
    const names = this.OR2(this.importedAlternatives);
    return { kind: 'ImportFrom', start, end: this.readEnd, module, names, level };
  });

  private everything(): Alias[] {
    const start = this.CONSUME(T.Star).startOffset;
    return [{ kind: 'alias', start, end: this.readEnd, name: '*', asname: null }];
  }

  private parenthesizedNames(): Alias[] {
    this.CONSUME(T.LeftParenthesis);
    const { names } = this.SUBRULE(this.importedNames);
    this.CONSUME(T.RightParenthesis);
    return names;
  }

  private openNames(): Alias[] {
    const { names, isOpen } = this.SUBRULE2(this.importedNames);
    if (isOpen) {
      const problem = 'a trailing comma is allowed only within parentheses';
      this.reject(syntaxDiagnostics.notAllowedHere, { start: this.readEnd - 1, end: this.readEnd }, [problem]);
    }
    return names;
  }

  private readonly importedNames: Rule<ImportedNames> = this.RULE('importedNames', (): ImportedNames => {
    const names = [this.SUBRULE(this.nameAlias)];
    this.restOfList(names, this.nameAlias);
    const isOpen = this.tokVector[this.currIdx]?.tokenType === T.Comma;
    return { names, isOpen };
  });
}
