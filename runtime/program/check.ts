/** What must hold of a program besides its form: references in range, streams that decode and end. */

import { decode, REGISTER_COUNT, type DecodedInstruction } from '../isa/index.ts';
import { RefusedFile } from './error.ts';
import { tensorDtypeBytes, type Kernel, type KernelStream, type Program, type TensorSlot } from './program.ts';

/** Limits that no chip exceeds. */
export const chipLimits = { arguments: REGISTER_COUNT, blocks: 65535 } as const;

/** Refuses a program that cannot be run as it stands. */
export function checkProgram(program: Program): void {
  for (const slot of [...program.inputs, ...program.outputs, ...program.parameters, ...program.constants])
    checkSlot(slot);
  for (const [index, kernel] of program.kernels.entries())
    checkKernel(kernel, `kernels[${index}]`, program.locations.length);
  for (const [index, launch] of [...program.prepare, ...program.main].entries()) {
    if (launch.kernel >= program.kernels.length)
      throw new RefusedFile('range', `launches[${index}]`, `there is no kernel ${launch.kernel}`);
    if ((launch.location ?? 0) > program.locations.length)
      throw new RefusedFile('range', `launches[${index}]`, `there is no location ${launch.location ?? 0}`);
  }
}

function checkSlot(slot: TensorSlot): void {
  const dense = slot.shape.reduce((product, extent) => product * extent, tensorDtypeBytes[slot.dtype]);
  if (dense > slot.bytes) throw new RefusedFile('range', slot.name, `a tensor of ${dense} bytes in ${slot.bytes}`);
}

function checkKernel(kernel: Kernel, place: string, locations: number): void {
  const expected = kernel.core === 'mix' ? 'cube,vector' : kernel.core;
  const actual = kernel.streams.map((stream) => stream.core).join();
  if (actual !== expected)
    throw new RefusedFile('manifest', place, `a ${kernel.core} kernel has the streams ${actual}`);
  for (const stream of kernel.streams) checkStream(stream, `${place}.${stream.core}`, locations);
}

function checkStream(stream: KernelStream, place: string, locations: number): void {
  const refuse = (word: number, message: string): never => {
    throw new RefusedFile('stream', `${place} word ${word}`, message);
  };
  const { instructions, problem } = decode(stream.words);
  if (problem !== null) refuse(problem.at, `0x${problem.word.toString(16)} is no instruction`);
  const starts = new Set(instructions.map((instruction) => instruction.at));
  for (const instruction of instructions) {
    const { definition, at } = instruction;
    if (!definition.cores.includes(stream.core))
      refuse(at, `${definition.mnemonic} does not exist on a ${stream.core} core`);
    for (const target of labelsOf(instruction, stream.words))
      if (!starts.has(target)) refuse(at, `branch to word ${target}, where no instruction starts`);
  }
  const last = instructions.at(-1)?.definition;
  if (last === undefined || (last.mnemonic !== 'end' && last.mnemonic !== 'jump'))
    refuse(stream.words.length, 'the stream does not end');
  if (stream.locationStarts.length !== stream.locations.length) refuse(0, 'the location columns differ in length');
  const bad = stream.locations.findIndex((location) => location >= locations);
  if (bad >= 0) refuse(stream.locationStarts[bad] ?? 0, `there is no location ${stream.locations[bad] ?? 0}`);
}

function labelsOf({ definition, at }: DecodedInstruction, words: Uint32Array): readonly number[] {
  return definition.operands.flatMap((operand, position) =>
    operand.kind === 'label' ? [words[at + 1 + position] ?? 0] : [],
  );
}
