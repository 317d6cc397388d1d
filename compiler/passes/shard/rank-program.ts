/** What a rank's builder hands over: a finished body, and which arguments and results of the whole program it has. */
import type { Block, Operation, Type, Value } from '../../ir/index.ts';
import type { Layout } from './layout.ts';
import { mentionsMicro } from './plan.ts';
import type { RankBuilder } from './rank-builder.ts';
import { ALL } from './rank-scope.ts';
import { stateResults } from './ties.ts';

/** One argument or result on one rank. */
export interface RankTensor {
  readonly type: Type;
  readonly layout: Layout;
  readonly position: number;
}

export interface RankProgram {
  readonly block: Block;
  /** By position in the whole program's @main. */
  readonly arguments: ReadonlyMap<number, RankTensor>;
  readonly results: ReadonlyMap<number, RankTensor>;
}

/** Gives a builder the arguments at some positions, as they rest. */
export function takeArguments(builder: RankBuilder, positions: readonly number[]): ReadonlyMap<number, RankTensor> {
  const { plan, block } = builder;
  const taken = new Map<number, RankTensor>();
  for (const at of positions) {
    const argument = plan.main.regions[0].arguments[at];
    const layout = plan.homeOf(argument);
    const local = block.addArgument(builder.stackedType(argument.type, layout));
    builder.define(argument, layout, local, ALL);
    taken.set(at, { type: argument.type, layout, position: taken.size });
  }
  return taken;
}

/** Ends a program with the results at some positions: parameters as they came, the others as they rest. */
export function giveResults(builder: RankBuilder, positions: readonly number[]): ReadonlyMap<number, RankTensor> {
  const { plan } = builder;
  const end = plan.main.regions[0].operations.at(-1);
  if (!end) throw new Error('@main is empty');
  const given = new Map<number, RankTensor>();
  const values: Value[] = [];
  for (const at of positions) {
    const value = end.operands[at];
    const layout = plan.homeOf(stateArgument(plan.main, at) ?? value);
    const local = mentionsMicro(layout) ? builder.stacked(value, layout) : builder.value(value, layout, ALL);
    given.set(at, { type: value.type, layout, position: values.length });
    values.push(local);
  }
  builder.append(end.name, values, [], new Map());
  return given;
}

/** The argument whose new value a result is. */
function stateArgument(main: Operation, result: number): Value | null {
  for (const [argument, at] of stateResults(main)) if (at === result) return main.regions[0].arguments[argument];
  return null;
}
