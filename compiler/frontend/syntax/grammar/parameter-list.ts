/** The order of parameters in `def` and `lambda`: reads them one by one and says what is wrong. */
import type { Arg, Arguments, Expr } from '../ast.ts';

/** What is wrong with the parameter just added; null when nothing is. */
type Problem = string | null;

export class ParameterList {
  private readonly posonlyargs: Arg[] = [];
  private args: Arg[] = [];
  private vararg: Arg | null = null;
  private readonly kwonlyargs: Arg[] = [];
  private readonly kw_defaults: (Expr | null)[] = [];
  private kwarg: Arg | null = null;
  private readonly defaults: Expr[] = [];
  private hasStar = false;
  private hasSlash = false;

  /** `name` or `name=value` */
  add(parameter: Arg, value: Expr | null): Problem {
    if (this.kwarg !== null) return 'no parameter can follow **';
    if (this.hasStar) {
      this.kwonlyargs.push(parameter);
      this.kw_defaults.push(value);
      return null;
    }
    this.args.push(parameter);
    if (value !== null) this.defaults.push(value);
    else if (this.defaults.length > 0) return 'a parameter without a default follows a parameter with a default';
    return null;
  }

  /** `/` */
  addSlash(): Problem {
    if (this.kwarg !== null) return 'no parameter can follow **';
    if (this.hasSlash) return '/ can stand only once';
    if (this.hasStar) return '/ must stand before *';
    if (this.args.length === 0) return 'at least one parameter must precede /';
    this.hasSlash = true;
    this.posonlyargs.push(...this.args);
    this.args = [];
    return null;
  }

  /** `*name`, or `*` alone when null. */
  addStar(parameter: Arg | null): Problem {
    if (this.kwarg !== null) return 'no parameter can follow **';
    if (this.hasStar) return '* can stand only once';
    this.hasStar = true;
    this.vararg = parameter;
    return null;
  }

  /** `**name` */
  addDoubleStar(parameter: Arg): Problem {
    if (this.kwarg !== null) return 'no parameter can follow **';
    this.kwarg = parameter;
    return this.bareStarProblem();
  }

  /** What is wrong with the list as a whole. */
  bareStarProblem(): Problem {
    const isBare = this.hasStar && this.vararg === null && this.kwonlyargs.length === 0;
    return isBare ? 'named parameters must follow a bare *' : null;
  }

  finish(start: number, end: number): Arguments {
    const { posonlyargs, args, vararg, kwonlyargs, kw_defaults, kwarg, defaults } = this;
    return { kind: 'arguments', start, end, posonlyargs, args, vararg, kwonlyargs, kw_defaults, kwarg, defaults };
  }
}
