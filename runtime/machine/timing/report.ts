/** What a timing run is asked and what it answers. */
import type { Pipe } from '../../isa/index.ts';
import type { MachineFault } from '../fault.ts';
import type { CachedData } from './bandwidth.ts';
import type { TimingRecord } from './record.ts';

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
  /** Where the time of the pipes went; null when it was not asked for. */
  readonly record: TimingRecord | null;
}

/** What a record keeps. */
export interface RecordOptions {
  /** Segments, and arrows, of each core at most; sums count everything. */
  readonly segmentsPerCore: number;
}

/** Options of a timing run. */
export interface TimingOptions {
  /** Records where the time of the pipes goes. */
  readonly record?: RecordOptions;
  /** Move data, for kernels whose scalars read computed values. */
  readonly moveData?: boolean;
  readonly maxInstructions?: number;
  /** What L2 holds at the start and afterwards; pass one value through a sequence of launches. */
  readonly cache?: CachedData;
}

/** The report, or the fault that ended the run. */
export type TimingResult =
  { readonly ok: true; readonly report: TimingReport } | { readonly ok: false; readonly fault: MachineFault };
