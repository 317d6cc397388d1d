/** What a timing run is asked and what it answers. */
import type { Pipe } from '../../isa/index.ts';
import type { MachineFault } from '../fault.ts';
import type { CachedData } from './bandwidth.ts';

/** An interval of one pipe, for traces; times in cycles. */
export interface PipeInterval {
  readonly core: string;
  readonly pipe: Pipe;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly pc: number;
}

/** A flag from one pipe to another, for traces. */
export interface FlagArrow {
  readonly core: string;
  readonly from: Pipe;
  readonly to: Pipe;
  readonly id: number;
  readonly set: number;
  readonly taken: number;
}

/** Time of one core. */
export interface CoreTime {
  readonly core: string;
  readonly cycles: number;
  readonly instructions: number;
  /** Cycles each pipe was busy. */
  readonly busy: Readonly<Record<Pipe, number>>;
  readonly operations: Readonly<Record<Pipe, number>>;
}

/** Result of a timing run. */
export interface TimingReport {
  readonly cycles: number;
  readonly microseconds: number;
  readonly cores: readonly CoreTime[];
  /** Bytes moved through HBM and found in L2. */
  readonly hbmBytes: number;
  readonly l2Bytes: number;
  readonly intervals: readonly PipeInterval[];
  readonly arrows: readonly FlagArrow[];
}

/** Options of a timing run. */
export interface TimingOptions {
  /** Keep intervals and arrows, at most this many each. */
  readonly traceLimit?: number;
  /** Move data, for kernels whose scalars read computed values. */
  readonly moveData?: boolean;
  readonly maxInstructions?: number;
  /** What L2 holds at the start and afterwards; pass one value through a sequence of launches. */
  readonly cache?: CachedData;
}

/** The report, or the fault that ended the run. */
export type TimingResult =
  { readonly ok: true; readonly report: TimingReport } | { readonly ok: false; readonly fault: MachineFault };
