/** THE instruction table: groups of rows, each with a base opcode, so that a new row never renumbers another group. */
import type { InstructionDefinition, InstructionRow } from './definition.ts';
import { controlRows, synchronizationRows } from './families/control.ts';
import { cubeRows } from './families/cube.ts';
import { fixpipeRows } from './families/fixpipe.ts';
import { loadRows } from './families/load.ts';
import { scalarMemoryRows, scalarRows } from './families/scalar.ts';
import { stateRows } from './families/state.ts';
import { transferRows } from './families/transfer.ts';
import { arithmeticRows } from './families/vector-arithmetic.ts';
import { compareSelectRows } from './families/vector-compare.ts';
import { convertRows } from './families/vector-convert.ts';
import { fillCopyRows } from './families/vector-fill.ts';
import { permuteRows } from './families/vector-permute.ts';
import { reduceRows } from './families/vector-reduce.ts';

/** A group of rows that share a range of opcodes. */
export interface InstructionGroup {
  readonly name: string;
  readonly base: number;
  readonly rows: readonly InstructionRow[];
}

/** The groups in opcode order. */
export const instructionGroups: readonly InstructionGroup[] = [
  { name: 'control', base: 0x000, rows: controlRows },
  { name: 'synchronization', base: 0x020, rows: synchronizationRows },
  { name: 'scalar', base: 0x040, rows: scalarRows },
  { name: 'scalar memory', base: 0x080, rows: scalarMemoryRows },
  { name: 'special registers', base: 0x0c0, rows: stateRows },
  { name: 'global memory', base: 0x100, rows: transferRows },
  { name: 'cube loads', base: 0x140, rows: loadRows },
  { name: 'cube', base: 0x180, rows: cubeRows },
  { name: 'fixpipe', base: 0x1a0, rows: fixpipeRows },
  { name: 'vector arithmetic', base: 0x200, rows: arithmeticRows },
  { name: 'vector compare and select', base: 0x300, rows: compareSelectRows },
  { name: 'vector fill and copy', base: 0x380, rows: fillCopyRows },
  { name: 'vector reduction', base: 0x3c0, rows: reduceRows },
  { name: 'vector conversion', base: 0x400, rows: convertRows },
  { name: 'vector permutation', base: 0x500, rows: permuteRows },
];

/** Number of opcodes the header can hold. */
export const OPCODE_LIMIT = 0x1000;

/** All instructions in opcode order. */
export const instructions: readonly InstructionDefinition[] = instructionGroups.flatMap(({ base, rows }) =>
  rows.map((row, position) => ({ opcode: base + position, ...row })),
);

/** Instructions by opcode; a hole is undefined. */
export const instructionByOpcode: readonly (InstructionDefinition | undefined)[] = (() => {
  const column: (InstructionDefinition | undefined)[] = Array.from({ length: OPCODE_LIMIT }, () => undefined);
  for (const definition of instructions) column[definition.opcode] = definition;
  return column;
})();

/** Instructions by mnemonic. */
export const instructionByMnemonic: ReadonlyMap<string, InstructionDefinition> = new Map(
  instructions.map((definition) => [definition.mnemonic, definition]),
);

/** Words an instruction takes, by opcode; 0 marks a hole. */
export const wordsByOpcode: Uint8Array = Uint8Array.from(instructionByOpcode, (definition) =>
  definition === undefined ? 0 : 1 + definition.operands.length,
);

/** The row of a mnemonic; asking for one that does not exist is a bug in msc. */
export function instruction(mnemonic: string): InstructionDefinition {
  const found = instructionByMnemonic.get(mnemonic);
  if (found === undefined) throw new Error(`no instruction is called '${mnemonic}'`);
  return found;
}
