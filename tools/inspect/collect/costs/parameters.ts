/** Where parameters are used first: before passes fold them into others, by the op that the user's line made of them. */
import { walk, type Module, type Operation, type Value } from '../../../../compiler/ir/index.ts';
import { bytesOf, elementsOf } from '../../../../compiler/passes/analysis/index.ts';
import { mainArguments, mainOf } from '../../../msc/parameters.ts';
import type { PlaceTable } from '../places.ts';
import { Ledger } from './ledger.ts';

/** Ops whose first region takes their operands in order: what it computes of an operand is what uses it. */
const HANDING_IN: ReadonlySet<string> = new Set(['ms.vjp', 'ms.custom_vjp', 'ms.recompute']);

/** Elements and bytes of parameters by the place of their first use. */
export function parametersByPlace(module: Module, places: PlaceTable): Ledger<number> {
  const ledger = new Ledger<number>();
  const main = mainOf(module);
  if (main === null) return ledger;
  const named = mainArguments(module);
  const [block] = main.regions;
  /** Unused parameters by the values that stand for them. */
  const unused = new Map<Value, Value>(
    block.arguments.flatMap((value, index) => (named[index].isParameter ? [[value, value] as const] : [])),
  );
  const used = new Set<Value>();
  walk(block, (op) => {
    for (const [index, operand] of op.operands.entries()) {
      const parameter = unused.get(operand);
      if (parameter === undefined || used.has(parameter)) continue;
      const inner = HANDING_IN.has(op.name) ? op.regions[0]?.arguments[index] : undefined;
      if (inner !== undefined && inner.type.key === operand.type.key) unused.set(inner, parameter);
      else take(ledger, places, op, parameter, used);
    }
  });
  return ledger;
}

function take(ledger: Ledger<number>, places: PlaceTable, op: Operation, parameter: Value, used: Set<Value>): void {
  used.add(parameter);
  ledger.add(places.number(op.location), { parameters: elementsOf(parameter), parameterBytes: bytesOf(parameter) });
}
