/** Which memory each instruction of a kernel reads and writes, and in which queue: derived from the instruction table. */
import type { Block, Operation, Value } from '../../ir/index.ts';
import { definingOperation, integerOf } from '../../ir/index.ts';
import type { InstructionDefinition, Pipe } from '../../../runtime/isa/index.ts';
import { ALLOC, allocation, mnemonicOf, rootBuffer, spaceOf } from '../tile/dialect.ts';
import type { Space } from '../tile/dialect.ts';

/** Instructions by mnemonic. */
export type InstructionTable = ReadonlyMap<string, InstructionDefinition>;

/** One operand's claim on memory. On-chip ranges are byte addresses; GM is told apart by its buffer only. */
export interface Access {
  readonly pipe: Pipe;
  readonly space: Space;
  readonly root: Value;
  readonly low: number;
  readonly high: number;
  readonly writes: boolean;
}

export function instructionOf(op: Operation, table: InstructionTable): InstructionDefinition | null {
  const mnemonic = mnemonicOf(op);
  if (mnemonic === null) return null;
  const definition = table.get(mnemonic);
  if (!definition) throw new Error(`'${op.name}' is not in the instruction table`);
  return definition;
}

/** The accesses of an op and of everything inside it. */
export function accessesOf(op: Operation, table: InstructionTable): readonly Access[] {
  if (op.regions.length > 0) return op.regions.flatMap((region) => blockAccesses(region, table));
  const definition = instructionOf(op, table);
  return definition === null ? [] : instructionAccesses(op, definition);
}

function blockAccesses(block: Block, table: InstructionTable): readonly Access[] {
  const seen = new Map<string, Access>();
  const rootNumbers = new Map<Value, number>();
  for (const op of block.operations) {
    for (const access of accessesOf(op, table)) {
      if (!rootNumbers.has(access.root)) rootNumbers.set(access.root, rootNumbers.size);
      seen.set(`${access.pipe} ${rootNumbers.get(access.root)} ${access.writes}`, access);
    }
  }
  return [...seen.values()];
}

function instructionAccesses(op: Operation, definition: InstructionDefinition): readonly Access[] {
  const accesses: Access[] = [];
  const operands = definition.operands.filter((operand) => operand.kind !== 'destination');
  if (operands.length !== op.operands.length) {
    throw new Error(`'${op.name}' has ${op.operands.length} operands, the instruction table says ${operands.length}`);
  }
  operands.forEach((operand, index) => {
    const root = rootBuffer(op.operands[index]);
    const space = spaceOf(root.type);
    if (operand.kind !== 'address') {
      // An integer operand that holds an address, as the base of vgather, is a source.
      if (space !== null) accesses.push({ pipe: definition.pipe, space, root, ...rangeOf(root), writes: false });
      return;
    }
    if (space !== operand.space)
      throw new Error(`'${op.name}' operand '${operand.name}' is in ${space}, expected ${operand.space}`);
    const range = rangeOf(root);
    const base = { pipe: definition.pipe, space, root, ...range };
    if (operand.access !== 'write') accesses.push({ ...base, writes: false });
    if (operand.access !== 'read') accesses.push({ ...base, writes: true });
  });
  return accesses;
}

function rangeOf(root: Value): { readonly low: number; readonly high: number } {
  const op = definingOperation(root);
  if (op?.name !== ALLOC) return { low: 0, high: 0 };
  const { bytes, buffers } = allocation(op);
  const low = integerOf(op.attributes, 'address');
  return { low, high: low + bytes * buffers };
}

/** True when the order of the two accesses matters. */
export function conflicts(first: Access, second: Access): boolean {
  if (!first.writes && !second.writes) return false;
  if (first.space !== second.space) return false;
  if (first.space === 'gm') return first.root === second.root;
  return first.low < second.high && second.low < first.high;
}
