/** Instruction streams as a report holds them, with what their instructions cost. */
import { decode, instructionText, locationAt, pipes } from '../../../../runtime/isa/index.ts';
import type { DecodedInstruction } from '../../../../runtime/isa/index.ts';
import { laneState, laneStates, type InstructionCosts } from '../../../../runtime/machine/index.ts';
import type { KernelStream } from '../../../../runtime/program/index.ts';
import type { StreamFacts } from '../../report/index.ts';

const STATES = laneStates.length;

/** Adds the costs of one more launch of a stream. */
export function addCosts(sum: InstructionCosts, more: InstructionCosts): void {
  more.executed.forEach((count, word) => (sum.executed[word] += count));
  more.cycles.forEach((cycles, at) => (sum.cycles[at] += cycles));
}

export function streamFacts(
  stream: KernelStream,
  costs: InstructionCosts | undefined,
  placeOf: (location: number) => number,
): StreamFacts {
  const { instructions } = decode(stream.words);
  const spent = instructions.map(({ at }) => costs?.cycles.subarray(at * STATES, (at + 1) * STATES));
  const stalls = spent.map((cycles) => mainStall(cycles));
  return {
    core: stream.core,
    words: [...stream.words],
    at: instructions.map(({ at }) => at),
    text: instructions.map((instruction) =>
      instructionText(stream.words, instruction, (target) => `0x${(target * 4).toString(16)}`),
    ),
    pipe: instructions.map((instruction) => pipeOf(instruction, stream.words)),
    place: instructions.map(({ at }) => placeOf(locationAt(stream, at))),
    executed: instructions.map(({ at }) => costs?.executed[at] ?? 0),
    work: spent.map((cycles) => Math.round(cycles?.[laneState.work] ?? 0)),
    stalled: spent.map((cycles) => Math.round(stalledCycles(cycles))),
    mainStall: stalls,
  };
}

/** Instruction numbers by word index. */
export function instructionNumbers(words: Uint32Array): Int32Array {
  const numbers = new Int32Array(words.length);
  decode(words).instructions.forEach(({ at }, number) => (numbers[at] = number));
  return numbers;
}

/** The pipe in whose queue an instruction acts: flags and barriers say it in an operand. */
function pipeOf({ definition, at }: DecodedInstruction, words: Uint32Array): number {
  const { meaning } = definition;
  if (meaning.kind !== 'synchronization') return pipes.indexOf(definition.pipe);
  const operand = { set_flag: 0, wait_flag: 1, pipe_barrier: 0, cross_core_set: 0 }[meaning.what as string];
  const pipe = operand === undefined ? 0 : words[at + 1 + operand];
  return pipe < pipes.length - 1 ? pipe : 0;
}

function stalledCycles(cycles: Float64Array | undefined): number {
  return cycles === undefined ? 0 : cycles.subarray(1, laneState.idle).reduce((sum, value) => sum + value, 0);
}

function mainStall(cycles: Float64Array | undefined): number {
  let found = -1;
  for (let state = 1; state < laneState.idle; state++)
    if ((cycles?.[state] ?? 0) > (found < 0 ? 0 : (cycles?.[found] ?? 0))) found = state;
  return found;
}
