/**
 * Where things lie in the engine's linear memory:
 *
 *   0           control page of the threads
 *   65536       one region per thread: scratch area, then a core block (context and on-chip memories)
 *   …           regions of loaded programs: GM, then core blocks for kernels whose cores wait for each other
 */

import { stateOffset, resetState, type CoreKind, type Space } from '../isa/index.ts';
import type { Buffers, Chip } from '../target/index.ts';
import { context, faultCodes, scratchBytes, spaces } from '../wasm/index.ts';
import type { PlacedSpace, ThreadLayout } from './thread.ts';

export const pageBytes = 65536;

/** Bytes after every on-chip memory that vector code may read and rewrite unchanged. */
const slackBytes = 64;

const onChip: Readonly<Record<CoreKind, readonly (keyof Buffers)[]>> = {
  cube: ['l1', 'l0a', 'l0b', 'l0c', 'bt', 'fb'],
  vector: ['ub'],
};

const align = (bytes: number, unit: number): number => Math.ceil(bytes / unit) * unit;

/** On-chip memories of a core, after its context. */
export function placeSpaces(chip: Chip, kind: CoreKind): readonly PlacedSpace[] {
  let offset = context.bytes;
  return onChip[kind].map((space) => {
    const placed = { index: spaces.indexOf(space satisfies Space), offset, bytes: chip.buffers[space] };
    offset = align(offset + placed.bytes + slackBytes, 128);
    return placed;
  });
}

/** Bytes of the block of one core. */
export function coreBlockBytes(chip: Chip, kind: CoreKind): number {
  const last = placeSpaces(chip, kind).at(-1);
  return align((last === undefined ? context.bytes : last.offset + last.bytes) + slackBytes, 4096);
}

/** Offsets that the thread code needs, as plain numbers. */
export const threadLayout: ThreadLayout = {
  registers: context.registers,
  fault: context.fault,
  scratchField: context.scratch,
  bounds: context.bounds,
  blockIndex: stateOffset.block_idx * 4,
  blockCount: stateOffset.block_num * 4,
  subblock: stateOffset.subblockid * 4,
  endlessCode: faultCodes.endless,
  noEndCode: faultCodes.noEnd,
  resetState: resetState(),
};

/** Region of one thread: scratch, then a block that fits a core of either kind of any chip. */
export interface ThreadRegion {
  readonly scratch: number;
  readonly core: number;
}

/** Bytes that the core block of a thread has; chips with larger cores are refused at load. */
export const threadCoreBytes = 4 << 20;

/** Region of thread number `index`. */
export function threadRegion(index: number): ThreadRegion {
  const start = pageBytes + index * (scratchBytes + threadCoreBytes);
  return { scratch: start, core: start + scratchBytes };
}
