/** Runs assembly text on the reference interpreter over a small GM image. */
import { assemble } from '../../runtime/isa/index.ts';
import type { CoreKind, InstructionStream, Space } from '../../runtime/isa/index.ts';
import { Memory, faultText, interpret } from '../../runtime/machine/index.ts';
import type { RunOptions, RunResult } from '../../runtime/machine/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';

/** Assembles a text that must be right. */
export function stream(text: string): InstructionStream {
  const result = assemble(text);
  if (!result.ok)
    throw new Error(
      result.problems.map((problem) => `${problem.line}:${problem.column}: ${problem.message}`).join('\n'),
    );
  return result.stream;
}

/** Global memory of a test. */
export function globalMemory(bytes = 1 << 20): Memory {
  return new Memory('gm', new ArrayBuffer(bytes), 0, bytes);
}

/** Runs one block of a kernel; the result may be a fault. */
export function tryRun(
  kind: CoreKind,
  text: string,
  gm: Memory,
  args: readonly number[] = [],
  options: RunOptions = {},
): RunResult {
  return interpret({ [kind]: stream(text), blocks: 1, arguments: args }, defaultChip, gm, {
    maxInstructions: 1_000_000,
    ...options,
  });
}

/** Runs one block of a kernel that must end well. */
export function run(kind: CoreKind, text: string, gm: Memory, args: readonly number[] = []): void {
  const result = tryRun(kind, text, gm, args);
  if (!result.ok) throw new Error(faultText(result.fault));
}

/** Small integers that every float type holds exactly. */
export function integers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 16) % 9) - 4;
  });
}

/** Reads `count` elements with a load of the memory. */
export function elements(
  gm: Memory,
  load: 'loadF32' | 'loadF16' | 'loadBF16' | 'loadS32' | 'loadS8' | 'loadU8',
  address: number,
  size: number,
  count: number,
): number[] {
  return Array.from({ length: count }, (_, position) => gm[load](address + position * size));
}

/** Runs a text on one core and hands back the bytes of an on-chip memory at its end. */
export function memoryAfter(
  kind: CoreKind,
  text: string,
  gm: Memory,
  args: readonly number[],
  space: Space,
): Uint8Array {
  let bytes: Uint8Array<ArrayBuffer> = new Uint8Array();
  const result = tryRun(kind, text, gm, args, {
    observer: {
      ended: (core) => {
        bytes = core.memories[space].bytes.slice() as Uint8Array<ArrayBuffer>;
      },
    },
  });
  if (!result.ok) throw new Error(faultText(result.fault));
  return bytes;
}
