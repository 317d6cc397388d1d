/** The operations that a run executes, and how often. */
import type { Block, Module, Operation, Value } from '../../ir/index.ts';
import { definingOperation, referencesOf, symbolsOf } from '../../ir/index.ts';

/**
 * Visits what `main` executes, operations of regions and of called functions after the one that holds or calls them, with the
 * number of times. Of branches all are counted; of loops whose number of rounds only a run can tell, one round.
 */
export function visitExecuted(module: Module, main: Operation, visit: (op: Operation, times: number) => void): void {
  const functions = symbolsOf(module.body);
  const calling = new Set<Operation>();
  const visitBlock = (block: Block, times: number): void => {
    for (const op of block.operations) {
      visit(op, times);
      const inner = op.name === 'scf.for' ? times * rounds(op) : times;
      for (const region of op.regions) visitBlock(region, inner);
      if (op.name === 'func.call') for (const name of referencesOf(op)) visitFunction(functions.get(name), times);
    }
  };
  const visitFunction = (func: Operation | undefined, times: number): void => {
    if (func === undefined || calling.has(func)) return; // how deep a recursion goes is not known
    calling.add(func);
    for (const region of func.regions) visitBlock(region, times);
    calling.delete(func);
  };
  visitFunction(main, 1);
}

/** Rounds of an scf.for with constant bounds, else 1. */
function rounds(loop: Operation): number {
  const [lower, upper, step] = loop.operands.slice(0, 3).map(constantOf);
  return lower === null || upper === null || step === null || step <= 0
    ? 1
    : Math.max(0, Math.ceil((upper - lower) / step));
}

function constantOf(value: Value): number | null {
  const attribute = definingOperation(value)?.attributes.get('value');
  return attribute?.kind === 'integer' ? Number(attribute.value) : null;
}
