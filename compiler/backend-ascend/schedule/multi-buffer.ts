/**
 * Gives double-buffered allocations their copies: an allocation that stands in a loop body and asks for two buffers is
 * used at `parity · size`, so that consecutive iterations work on different memory. Elsewhere one copy is enough.
 */
import type { Attribute, Block, Operation, Value } from '../../ir/index.ts';
import { Operation as Op, integerAttribute, walk } from '../../ir/index.ts';
import { ALLOC, PARITY, VIEW, allocation, indexType } from '../tile/dialect.ts';
import { ALIGNMENT, alignUp } from './memory.ts';

export function multiplyBuffers(kernel: Operation): void {
  visit(kernel.regions[0], false);
}

function visit(block: Block, isLoop: boolean): void {
  for (const op of block.operations) for (const region of op.regions) visit(region, op.name === 'scf.for');
  const wanted = block.operations.filter((op) => op.name === ALLOC && allocation(op).buffers > 1);
  if (!isLoop) {
    for (const op of wanted) op.attributes = new Map([...op.attributes, ['buffers', integerAttribute(1)]]);
    return;
  }
  if (wanted.length > 0) alternate(block, wanted);
}

function alternate(block: Block, allocations: readonly Operation[]): void {
  const [{ location }] = allocations;
  const parity = new Op(PARITY, [], [indexType], new Map(), [], location);
  const replacement = new Map<Value, Value>();
  const inserted = new Map<Operation, readonly Operation[]>();
  for (const op of allocations) {
    const { space, bytes } = allocation(op);
    if (space === 'gm') throw new Error('GM buffers are not double-buffered');
    const size = alignUp(bytes, ALIGNMENT[space]);
    op.attributes = new Map([...op.attributes, ['bytes', integerAttribute(size)]]);
    const value = new Map<string, Attribute>([['value', integerAttribute(size, 'index')]]);
    const step = new Op('arith.constant', [], [indexType], value, [], op.location);
    const offset = new Op('arith.muli', [parity.results[0], step.results[0]], [indexType], new Map(), [], op.location);
    const view = new Op(VIEW, [op.results[0], offset.results[0]], [op.results[0].type], new Map(), [], op.location);
    replacement.set(op.results[0], view.results[0]);
    inserted.set(op, [step, offset, view]);
  }
  walk(block, (user) => {
    user.operands.forEach((operand, index) => {
      const other = replacement.get(operand);
      if (other) user.setOperand(index, other);
    });
  });
  block.operations = [parity, ...block.operations.flatMap((op) => [op, ...(inserted.get(op) ?? [])])];
}
