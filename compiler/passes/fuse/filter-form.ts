/** In which form a filter comes to the cube: groups merged, or turned round on the way. */
import type { Operation, Value } from '../../ir/index.ts';
import { definingOperation, integersOf } from '../../ir/index.ts';

/** The filter that was turned round and whose channels were exchanged to give this one (see transposed-convolution.ts). */
export function turnedFilter(value: Value): Value | null {
  const reversed = definingOperation(value);
  const exchanged = reversed?.name === 'ms.reverse' ? definingOperation(reversed.operands[0]) : null;
  if (!reversed || exchanged?.name !== 'ms.transpose') return null;
  const isTurned =
    integersOf(reversed.attributes, 'axes').join() === '2,3' &&
    integersOf(exchanged.attributes, 'permutation').join() === '1,0,2,3';
  return isTurned ? exchanged.operands[0] : null;
}

/** Without what turned filters round for nobody. */
export function withoutUnused(operations: readonly Operation[]): Operation[] {
  const kept = operations.toReversed().filter((op) => {
    if ((op.name !== 'ms.reverse' && op.name !== 'ms.transpose') || op.results[0].uses > 0) return true;
    op.dropUses();
    return false;
  });
  return kept.toReversed();
}

/** The fewest groups that together have whole blocks of input channels and whole fractals of output channels. */
export function mergedGroups(group: number, inputs: number, outputs: number, c0: number): number {
  for (let merged = 1; merged < group; merged++) {
    if (group % merged === 0 && (inputs * merged) % c0 === 0 && (outputs * merged) % 16 === 0) return merged;
  }
  return group;
}
