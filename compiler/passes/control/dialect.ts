/**
 * Control flow as the backend takes it (@fused): closed regions over tensors.
 *   `npu.if(%condition, %captures…) ({then}, {else})`
 *   `npu.while(%initial…, %captures…) {carried} ({test}, {body})`   the test yields the condition, then what it passes on
 *   `npu.for(%initial…, %captures…) {carried, count} ({body})`
 * A region sees its arguments only: captures come last, in the order of the operands. Conditions are tensor<i1>.
 * Regions end with `npu.yield`.
 */
import type { Block, Operation, Value } from '../../ir/index.ts';
import { integerOf } from '../../ir/index.ts';

export const CONTROL = { if: 'npu.if', while: 'npu.while', for: 'npu.for' } as const;
export const CONTROL_YIELD = 'npu.yield';

/** How many of the operands are carried from turn to turn. */
export const carriedCount = (op: Operation): number => integerOf(op.attributes, 'carried');

export const isControl = (op: Operation): boolean => Object.values<string>(CONTROL).includes(op.name);

/** The operands that a region sees as they are, with its arguments for them. */
export function capturesOf(
  op: Operation,
  region: Block,
): readonly { readonly outer: Value; readonly argument: Value }[] {
  const captures = op.operands.slice(op.name === CONTROL.if ? 1 : carriedCount(op));
  const first = region.arguments.length - captures.length;
  return captures.map((outer, index) => ({ outer, argument: region.arguments[first + index] }));
}
