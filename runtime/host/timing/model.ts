/** A program's launches as the machine's models take them. */
import type { InstructionStream } from '../../isa/index.ts';
import { Memory, type KernelLaunch } from '../../machine/index.ts';
import type { Launch, Program } from '../../program/index.ts';
import { chipByName, type Chip } from '../../target/index.ts';

/** GM beyond a program's own, so that aligned transfers at the end stay inside. */
const GM_MARGIN = 512;

export function chipOf(program: Program): Chip {
  const chip = chipByName(program.target);
  if (chip === undefined) throw new Error(`unknown chip ${program.target}`);
  return chip;
}

/** GM of a program with its constants; everything else is zero. */
export function globalMemory(program: Program): Memory {
  const bytes = Math.ceil((program.gmBytes + GM_MARGIN) / 8) * 8;
  const memory = new Memory('gm', new ArrayBuffer(bytes), 0, bytes);
  for (const { address, source } of program.constants)
    if (source.kind === 'embedded') memory.bytes.set(source.data, address);
  return memory;
}

export function kernelLaunch(program: Program, launch: Launch): KernelLaunch {
  const streams = program.kernels[launch.kernel]?.streams ?? [];
  const byCore = Object.fromEntries(streams.map((stream): [string, InstructionStream] => [stream.core, stream]));
  return { ...byCore, blocks: launch.blockCount, arguments: launch.args };
}
