/** An instruction stream decoded into a list, and cut into basic blocks. */

import { decode, type InstructionDefinition } from '../../isa/index.ts';

/** One operand as it stands in the stream. */
export interface StreamOperand {
  readonly isRegister: boolean;
  /** Register number, or the immediate word (unsigned). */
  readonly word: number;
}

export interface StreamInstruction {
  /** Word index. */
  readonly pc: number;
  readonly definition: InstructionDefinition;
  readonly operands: readonly StreamOperand[];
}

/** Decodes a stream; a word that is no instruction gives its index. */
export function decodeWords(words: Uint32Array): { instructions: readonly StreamInstruction[] } | { badWord: number } {
  const { instructions, problem } = decode(words);
  if (problem !== null) return { badWord: problem.at };
  const expanded = instructions.map(({ definition, at, registerBits }) => ({
    pc: at,
    definition,
    operands: definition.operands.map((_, index) => ({
      isRegister: ((registerBits >>> index) & 1) === 1,
      word: words[at + 1 + index] ?? 0,
    })),
  }));
  return { instructions: expanded };
}

/** Instructions that run one after the other; only the last may transfer control. */
export interface BasicBlock {
  readonly instructions: readonly StreamInstruction[];
}

export interface ControlGraph {
  readonly blocks: readonly BasicBlock[];
  /** Number of the block that starts at a word. */
  readonly blockAt: ReadonlyMap<number, number>;
}

const endsBlock = (definition: InstructionDefinition): boolean => definition.meaning.kind === 'control';

/** A wait for another core may suspend the stream; it starts a block so that the stream can resume there. */
export const mayWait = (definition: InstructionDefinition): boolean =>
  definition.meaning.kind === 'synchronization' && definition.meaning.what === 'cross_core_wait';

/** Word index of the label operand. */
export function branchTarget(item: StreamInstruction): number | undefined {
  const index = item.definition.operands.findIndex((operand) => operand.kind === 'label');
  return item.operands[index]?.word;
}

/** Cuts a stream at labels, after control transfers and before waits. */
export function controlGraph(instructions: readonly StreamInstruction[]): ControlGraph {
  const starts = new Set<number>([0]);
  for (const [index, item] of instructions.entries()) {
    const target = branchTarget(item);
    if (target !== undefined) starts.add(target);
    const next = instructions[index + 1];
    if (next !== undefined && endsBlock(item.definition)) starts.add(next.pc);
    if (mayWait(item.definition)) starts.add(item.pc);
  }
  const blocks: { instructions: StreamInstruction[] }[] = [];
  const blockAt = new Map<number, number>();
  for (const item of instructions) {
    if (starts.has(item.pc) || blocks.length === 0) {
      blockAt.set(item.pc, blocks.length);
      blocks.push({ instructions: [] });
    }
    blocks.at(-1)?.instructions.push(item);
  }
  return { blocks, blockAt };
}
