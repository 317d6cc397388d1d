/** What the race check is asked and what it answers. */
import type { Pipe, Space } from '../../isa/index.ts';
import type { CoreName, MachineFault } from '../fault.ts';
import type { WrittenBytes } from './written-bytes.ts';

/** A defect of a program. `note`s are no defects: memory read before it is written in part, flags that order nothing. */
export interface SanitizeFinding {
  readonly kind:
    | 'read-after-write'
    | 'write-after-read'
    | 'write-after-write'
    | 'unwritten'
    | 'partly-unwritten'
    | 'flag-reuse'
    | 'redundant-wait'
    | 'fault';
  readonly severity: 'error' | 'note';
  readonly core: CoreName;
  readonly pc: number;
  readonly pipe: Pipe;
  /** The other access of a race. */
  readonly other: { readonly core: CoreName; readonly pc: number; readonly pipe: Pipe } | null;
  readonly space: Space | null;
  readonly address: number | null;
  readonly message: string;
}

/** Options of the check. */
export interface SanitizeOptions {
  /** Also look for waits without which the kernel would still be in order; costs a run for each. */
  readonly findRedundantWaits?: boolean;
  readonly maxInstructions?: number;
  /** Which bytes of GM hold values before the launch; the launch's writes are added. Absent: GM reads are not checked for it. */
  readonly written?: WrittenBytes;
  readonly limit?: number;
}

/** What was found; `fault` is set if the run ended early. */
export interface SanitizeReport {
  readonly findings: readonly SanitizeFinding[];
  readonly fault: MachineFault | null;
}
