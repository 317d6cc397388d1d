/** What the compiler, the machine and the planner need to know about a chip. */
import type { ChipTiming } from './timing.ts';

/** Capacities of the on-chip buffers of one core, in bytes. */
export interface Buffers {
  readonly l0a: number;
  readonly l0b: number;
  readonly l0c: number;
  readonly l1: number;
  readonly ub: number;
  readonly bt: number;
  readonly fb: number;
}

/** A chip, or one die of it. */
export interface Chip {
  readonly name: string;
  /** Architecture name and number; streams run on machines of the '2201' set. */
  readonly architecture: { readonly name: string; readonly set: '2201' | '3510' | '1001' | '2002' | '3002' };
  readonly cubeCores: number;
  readonly vectorCores: number;
  readonly megahertz: number;
  readonly buffers: Buffers;
  /** Bytes of the shared L2 and of global memory; null where not public. */
  readonly l2Bytes: number | null;
  readonly hbmBytes: number | null;
  /** Figures that are assumed rather than published. */
  readonly assumed: readonly string[];
  readonly timing: ChipTiming;
}

/** Bytes at the end of UB and L1 that a program leaves to the system. */
export const reservedBytes: Readonly<Partial<Record<keyof Buffers, number>>> = { ub: 256, l1: 256 };
