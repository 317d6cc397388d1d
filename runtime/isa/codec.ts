/** Walking and checking instruction words. */
import type { InstructionDefinition, OperandDefinition } from './definition.ts';
import { OPCODE_BITS, OPCODE_MASK, REGISTER_COUNT } from './stream.ts';
import { instructionByOpcode } from './table.ts';

/** One decoded instruction: its row, where it is, and which operands are registers. */
export interface DecodedInstruction {
  readonly definition: InstructionDefinition;
  readonly at: number;
  /** Bit per operand: 1 = the word is a register number. */
  readonly registerBits: number;
  readonly length: number;
}

/** Operand kinds that can only be immediate. */
const immediateOnly: ReadonlySet<OperandDefinition['kind']> = new Set(['label', 'pipe']);

/** True if the kind bit and the word fit the operand. */
function operandFits(operand: OperandDefinition, isRegister: boolean, word: number): boolean {
  if (operand.kind === 'destination' && !isRegister) return false;
  if (isRegister && (immediateOnly.has(operand.kind) || word >= REGISTER_COUNT)) return false;
  return true;
}

/** Decodes the instruction at a word index; null if the words are no instruction. */
export function decodeAt(words: Uint32Array, at: number): DecodedInstruction | null {
  const header = words[at];
  if (header === undefined) return null;
  const definition = instructionByOpcode[header & OPCODE_MASK];
  if (definition === undefined) return null;
  const registerBits = header >>> OPCODE_BITS;
  const count = definition.operands.length;
  if (at + count >= words.length || registerBits >>> count !== 0) return null;
  const fits = definition.operands.every((operand, position) =>
    operandFits(operand, ((registerBits >>> position) & 1) === 1, words[at + 1 + position] ?? 0),
  );
  return fits ? { definition, at, registerBits, length: 1 + count } : null;
}

/** A word that is no instruction. */
export interface DecodeProblem {
  readonly at: number;
  readonly word: number;
}

/** All instructions of a stream, or the first word that is none. */
export function decode(words: Uint32Array): {
  readonly instructions: readonly DecodedInstruction[];
  readonly problem: DecodeProblem | null;
} {
  const instructions: DecodedInstruction[] = [];
  for (let at = 0; at < words.length;) {
    const decoded = decodeAt(words, at);
    if (decoded === null) return { instructions, problem: { at, word: words[at] ?? 0 } };
    instructions.push(decoded);
    at += decoded.length;
  }
  return { instructions, problem: null };
}
