/** Lambda, the parameters of functions, and type parameters (PEP 695). */
import type { Arg, Arguments, Expr, Lambda, TypeParam } from '../ast.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { keyword, T } from '../lexer/token-types.ts';
import type { Rule } from './base.ts';
import { ParameterList } from './parameter-list.ts';
import { StringGrammar } from './strings.ts';

export abstract class ParameterGrammar extends StringGrammar {
  private parameterList = new ParameterList();

  protected override readonly lambda: Rule<Lambda> = this.RULE('lambda', (): Lambda => {
    const start = this.here;
    this.CONSUME(keyword('lambda'));
    const args = this.readParameters(this.lambdaParameter);
    this.CONSUME(T.Colon);
    const body = this.SUBRULE(this.expression);
    return { kind: 'Lambda', start, end: this.readEnd, args, body };
  });

  /** The parameters of a `def`, without the parentheses. */
  protected readonly parameters = this.RULE('parameters', (): Arguments => this.readParameters(this.parameter));

  /** A list of parameters; each is added to `parameterList` by its rule. */
  private readParameters(rule: Rule<void>): Arguments {
    const outer = this.parameterList;
    const list = new ParameterList();
    this.parameterList = list;
    const start = this.here;
    this.OPTION(() => {
      this.SUBRULE(rule);
      this.restOfList([], rule);
    });
    this.check(list.bareStarProblem());
    this.parameterList = outer;
    return list.finish(start, this.readEnd);
  }

  private check(problem: string | null): void {
    if (problem === null) return;
    this.reject(
      syntaxDiagnostics.parameters,
      { start: this.tokVector[this.currIdx]?.startOffset ?? 0, end: this.readEnd },
      [problem],
    );
  }

  private readonly parameterAlternatives = [
    { ALT: (): void => this.plainParameter(this.SUBRULE(this.annotated)) },
    { ALT: (): void => this.slash() },
    { ALT: (): void => this.starParameter(this.starAnnotated) },
    { ALT: (): void => this.doubleStarParameter(this.annotated) },
  ];

  private readonly parameter = this.RULE('parameter', (): void => this.OR(this.parameterAlternatives));

  private readonly lambdaParameterAlternatives = [
    { ALT: (): void => this.plainParameter(this.SUBRULE(this.bareName)) },
    { ALT: (): void => this.slash() },
    { ALT: (): void => this.starParameter(this.bareName) },
    { ALT: (): void => this.doubleStarParameter(this.bareName) },
  ];

  private readonly lambdaParameter = this.RULE('lambdaParameter', (): void =>
    this.OR(this.lambdaParameterAlternatives),
  );

  private plainParameter(parameter: Arg): void {
    const value = this.OPTION1(() => {
      this.CONSUME(T.Equal);
      return this.SUBRULE(this.expression);
    });
    this.check(this.parameterList.add(parameter, value ?? null));
  }

  private slash(): void {
    this.CONSUME(T.Slash);
    this.check(this.parameterList.addSlash());
  }

  private starParameter(rule: Rule<Arg>): void {
    this.CONSUME(T.Star);
    const parameter = this.OPTION2(() => this.SUBRULE2(rule)) ?? null;
    this.check(this.parameterList.addStar(parameter));
  }

  private doubleStarParameter(rule: Rule<Arg>): void {
    this.CONSUME(T.DoubleStar);
    this.check(this.parameterList.addDoubleStar(this.SUBRULE3(rule)));
  }

  private readonly bareName = this.RULE('bareName', (): Arg => {
    const { startOffset: start, image: arg } = this.CONSUME(T.Name);
    return { kind: 'arg', start, end: this.readEnd, arg, annotation: null };
  });

  private readonly annotated = this.RULE('annotated', (): Arg => {
    const { startOffset: start, image: arg } = this.CONSUME(T.Name);
    const annotation = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.expression);
    });
    return { kind: 'arg', start, end: this.readEnd, arg, annotation: annotation ?? null };
  });

  private readonly starAnnotationAlternatives = [
    { ALT: (): Expr => this.SUBRULE(this.starred) },
    { ALT: (): Expr => this.SUBRULE(this.expression) },
  ];

  /** The name of `*args`, whose annotation may be starred (PEP 646). */
  private readonly starAnnotated = this.RULE('starAnnotated', (): Arg => {
    const { startOffset: start, image: arg } = this.CONSUME(T.Name);
    const annotation = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.OR(this.starAnnotationAlternatives);
    });
    return { kind: 'arg', start, end: this.readEnd, arg, annotation: annotation ?? null };
  });

  // ---- type parameters

  private readonly typeParameterAlternatives = [
    { ALT: (): TypeParam => this.typeVariable() },
    { ALT: (): TypeParam => this.typeTuple() },
    { ALT: (): TypeParam => this.parameterSpecification() },
  ];

  private readonly typeParameter = this.RULE('typeParameter', (): TypeParam => this.OR(this.typeParameterAlternatives));

  /** `[T: bound, *Ts, **P]` */
  protected readonly typeParameters = this.RULE('typeParameters', (): TypeParam[] => {
    this.CONSUME(T.LeftBracket);
    const list = [this.SUBRULE(this.typeParameter)];
    this.restOfList(list, this.typeParameter);
    this.CONSUME(T.RightBracket);
    return list;
  });

  private typeVariable(): TypeParam {
    const { startOffset: start, image: name } = this.CONSUME(T.Name);
    const bound = this.OPTION(() => {
      this.CONSUME(T.Colon);
      return this.SUBRULE(this.expression);
    });
    return { kind: 'TypeVar', start, end: this.readEnd, name, bound: bound ?? null };
  }

  private typeTuple(): TypeParam {
    const start = this.here;
    this.CONSUME(T.Star);
    const name = this.CONSUME2(T.Name).image;
    return { kind: 'TypeVarTuple', start, end: this.readEnd, name };
  }

  private parameterSpecification(): TypeParam {
    const start = this.here;
    this.CONSUME(T.DoubleStar);
    const name = this.CONSUME3(T.Name).image;
    return { kind: 'ParamSpec', start, end: this.readEnd, name };
  }
}
