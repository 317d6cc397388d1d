/** What must hold of a program besides its form: references in range, streams that decode and end. */

import { decode, type DecodedInstruction } from '../isa/index.ts';
import { RefusedFile } from './error.ts';
import { extentsOf } from './extent.ts';
import type { Kernel, KernelStream, Program } from './program.ts';
import { allSteps, type GroupCollective, type Step } from './step.ts';
import { tensorDtypeBytes, type TensorSlot } from './tensor.ts';

/** Refuses a program that cannot be run as it stands. */
export function checkProgram(program: Program): void {
  for (const slot of [...program.inputs, ...program.outputs, ...program.parameters, ...program.constants])
    checkSlot(slot);
  for (const [index, kernel] of program.kernels.entries())
    checkKernel(kernel, `kernels[${index}]`, program.locations.length);
  for (const [index, step] of [...program.prepare, ...allSteps(program.main)].entries())
    checkStep(step, program, `steps[${index}]`);
}

function checkStep(step: Step, program: Program, place: string): void {
  const refuse = (message: string): never => {
    throw new RefusedFile('range', place, message);
  };
  if (step.kind === 'launch' && step.kernel >= program.kernels.length) refuse(`there is no kernel ${step.kernel}`);
  if (step.location !== undefined && step.location >= program.locations.length)
    refuse(`there is no location ${step.location}`);
  for (const { address, bytes } of extentsOf(step))
    if (address + bytes > program.gmBytes) refuse(`${bytes} bytes at ${address} are outside of GM`);
  if (step.kind === 'collective') checkGroup(step, refuse);
}

function checkGroup(step: GroupCollective, refuse: (message: string) => never): void {
  const { operation, group, root, reduction, elements } = step;
  if (group.length === 0 || new Set(group).size !== group.length) refuse('a group is a list of different ranks');
  if (operation === 'broadcast' && (root === null || !group.includes(root))) refuse('the root is not in the group');
  if ((operation === 'all_reduce' || operation === 'reduce_scatter') !== (reduction !== null))
    refuse(`${operation} with the reduction ${reduction}`);
  if ((operation === 'reduce_scatter' || operation === 'all_to_all') && elements % group.length !== 0)
    refuse(`${elements} elements do not divide by ${group.length} ranks`);
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
