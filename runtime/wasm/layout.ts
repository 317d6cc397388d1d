/**
 * Where things are in the one linear memory that GM, all cores and all threads share.
 *
 * Each simulated core has a *core block*: a context (special registers, scalar registers, bounds of the spaces, fault
 * record) followed by its on-chip memories. A library function gets the address of the context and reads from it where
 * each space begins and how large it is; so one compiled library serves every chip, core and device.
 */

import { stateOffset, stateSlotCount, type Space, type StateName } from '../isa/index.ts';

/** Spaces in the order of the bounds table. */
export const spaces = ['gm', 'l1', 'l0a', 'l0b', 'l0c', 'bt', 'fb', 'ub'] as const satisfies readonly Space[];

const align = (bytes: number, unit: number): number => Math.ceil(bytes / unit) * unit;

const registersAt = align(stateSlotCount * 4, 16);
const boundsAt = registersAt + 64 * 8;
const faultAt = boundsAt + spaces.length * 8;

/** Byte offsets inside a context. */
export const context = {
  registers: registersAt,
  /** Bounds of the spaces, in the order of `spaces`: begin, bytes. */
  bounds: boundsAt,
  /** A fault: its code (0 none), then pc, index of the space or operand, address or value. */
  fault: faultAt,
  /** Address of the scratch area of the thread that runs the core. */
  scratch: faultAt + 16,
  bytes: align(faultAt + 32, 1024),
} as const;

/** What a fault record says. */
export const faultCodes = { outside: 1, endless: 2, misaligned: 3, tooLarge: 4, atomicType: 5, noEnd: 6 } as const;

/** Bytes a thread needs as scratch: operand panels of the matrix instruction. */
export const scratchBytes = 1 << 19;

/** Offset of a special register's first slot. */
export const stateAt = (name: StateName): number => stateOffset[name] * 4;

/** Offset of the field that says where a space begins. */
export const baseAt = (space: Space): number => boundsAt + spaces.indexOf(space) * 8;

/** Offset of the field that says how many bytes a space has. */
export const sizeAt = (space: Space): number => baseAt(space) + 4;
