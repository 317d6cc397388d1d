/** Values that lie alike because they are one value at different times: parameters and their new values, loop state. */
import type { Attribute, Block, Operation, Value } from '../../ir/index.ts';

export type Tie = readonly [Value, Value];

/** The name of the parameter that an argument or result of @main is, or null. */
export function parameterName(main: Operation, side: 'arg_attrs' | 'res_attrs', at: number): string | null {
  const attribute = main.attributes.get(side);
  const element: Attribute | undefined = attribute?.kind === 'array' ? attribute.elements[at] : undefined;
  const name = element?.kind === 'dictionary' ? element.entries.get('ms.param') : undefined;
  return name?.kind === 'string' ? name.value : null;
}

/** Positions of the results that are new values of parameters, by the position of the argument. */
export function stateResults(main: Operation): ReadonlyMap<number, number> {
  const [block] = main.regions;
  const arguments_ = new Map<string, number>();
  block.arguments.forEach((_, at) => {
    const name = parameterName(main, 'arg_attrs', at);
    if (name !== null) arguments_.set(name, at);
  });
  const pairs = new Map<number, number>();
  block.operations.at(-1)?.operands.forEach((_, at) => {
    const argument = arguments_.get(parameterName(main, 'res_attrs', at) ?? '');
    if (argument !== undefined) pairs.set(argument, at);
  });
  return pairs;
}

/** All ties of a function. */
export function tiesOf(main: Operation): readonly Tie[] {
  const [block] = main.regions;
  const ties: Tie[] = [];
  const returned = block.operations.at(-1)?.operands ?? [];
  for (const [argument, result] of stateResults(main)) ties.push([block.arguments[argument], returned[result]]);
  regionTies(block, ties);
  return ties;
}

const yielded = (block: Block | undefined): readonly Value[] => block?.operations.at(-1)?.operands ?? [];

function regionTies(block: Block, ties: Tie[]): void {
  for (const op of block.operations) {
    for (const region of op.regions) regionTies(region, ties);
    REGION_TIES[op.name]?.(op).forEach((tie) => ties.push(tie));
  }
}

function pairs(left: readonly Value[], right: readonly Value[]): readonly Tie[] {
  return left.slice(0, right.length).map((value, at): Tie => [value, right[at]]);
}

const REGION_TIES: Readonly<Record<string, ((op: Operation) => readonly Tie[]) | undefined>> = {
  'scf.if': (op) => op.regions.flatMap((region) => pairs(op.results, yielded(region))),
  'scf.for': (op) => {
    const carried = op.regions[0].arguments.slice(1);
    return [
      ...pairs(carried, op.operands.slice(3)),
      ...pairs(carried, yielded(op.regions[0])),
      ...pairs(carried, op.results),
    ];
  },
  'scf.while': (op) => {
    const [before, after] = op.regions;
    const passed = yielded(before).slice(1);
    return [
      ...pairs(before.arguments, op.operands),
      ...pairs(before.arguments, yielded(after)),
      ...pairs(after.arguments, passed),
      ...pairs(after.arguments, op.results),
    ];
  },
};
