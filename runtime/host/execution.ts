/** One run of a program: its work in order, launch after launch, up to each communication with other devices. */

import {
  isCommunication,
  readsOf,
  workOf,
  type Communication,
  type Effect,
  type Launch,
  type Print,
  type Program,
  type Step,
  type WhileLoop,
} from '../program/index.ts';
import type { RunFailure, RunOutcome } from './fault.ts';
import type { Launcher } from './launcher.ts';
import type { MemoryMeter } from './meter.ts';
import { findValue, type ValueKind } from './values.ts';

/** Called after each launch with its number and its time. */
export type LaunchObserver = (launch: number, milliseconds: number, step: Launch) => void;

export interface RunOptions {
  readonly observer?: LaunchObserver;
  /** Values that end the run when a launch writes them, and where. */
  readonly refuse?: readonly ValueKind[];
  /** Receives every decision of control flow in order; the timing model follows them. */
  readonly decisions?: boolean[];
  /** Turns of one loop at most; a hundred thousand by default. */
  readonly maxTurns?: number;
  /** Is told what the program prints, with the bytes of the values; they are valid until it returns. */
  readonly print?: (step: Print, values: readonly Uint8Array[]) => void;
  /** Sees every step that works. */
  readonly meter?: MemoryMeter;
}

/** Where a run stands: at its end, at a fault, or at a communication that others must take part in. */
export type Progress =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: RunFailure }
  | { readonly kind: 'communicates'; readonly step: Communication };

/** The memory of the program that runs. */
interface RunMemory {
  readonly program: Program;
  bytesAt(address: number, bytes: number): Uint8Array;
}

/** Turns after which a loop is taken for one that does not end. */
const MOST_TURNS = 100_000;

export class Execution {
  readonly #memory: RunMemory;
  readonly #launcher: Launcher;
  readonly #options: RunOptions;
  readonly #work: ReturnType<typeof workOf>;
  readonly #turns = new Map<WhileLoop, number>();
  #endless: WhileLoop | null = null;
  /** Launches that were started. */
  launches = 0;

  constructor(memory: RunMemory, launcher: Launcher, steps: readonly Step[], options: RunOptions) {
    this.#memory = memory;
    this.#launcher = launcher;
    this.#options = options;
    this.#work = workOf(steps, (address, step) => {
      const holds = memory.bytesAt(address, 1)[0] !== 0;
      options.decisions?.push(holds);
      return step.kind === 'while' ? this.#turn(step, holds) : holds;
    });
  }

  /** Whether a loop turns again; one that has turned too often is left. */
  #turn(loop: WhileLoop, holds: boolean): boolean {
    const turns = holds ? (this.#turns.get(loop) ?? 0) + 1 : 0;
    this.#turns.set(loop, turns);
    if (turns <= (this.#options.maxTurns ?? MOST_TURNS)) return holds;
    this.#endless = loop;
    return false;
  }

  /** Goes on until the end, a failure, or the next communication, which counts as done when this is called again. */
  advance(): Progress {
    for (;;) {
      const next = this.#work.next();
      if (this.#endless !== null)
        return { kind: 'failed', failure: { kind: 'endless', location: this.#endless.location } };
      if (next.done === true) return { kind: 'done' };
      const step = next.value;
      this.#options.meter?.add(step);
      if (isCommunication(step)) return { kind: 'communicates', step };
      const failure = step.kind === 'launch' ? this.#launch(step) : this.#tell(step);
      if (failure !== undefined) return { kind: 'failed', failure };
    }
  }

  /** The whole run, of a program for one device. */
  runAlone(): RunOutcome {
    const progress = this.advance();
    switch (progress.kind) {
      case 'done':
        return { ok: true };
      case 'failed':
        return { ok: false, failure: progress.failure };
      case 'communicates':
        return { ok: false, failure: { kind: 'alone', step: progress.step, location: progress.step.location } };
    }
  }

  #tell(step: Effect): RunFailure | undefined {
    const bytes = readsOf(step).map((extent) => this.#memory.bytesAt(extent.address, extent.bytes));
    if (step.kind === 'print') this.#options.print?.(step, bytes);
    else if (bytes[0]?.[0] === 0) return { kind: 'assertion', message: step.message, location: step.location };
    return undefined;
  }

  #launch(step: Launch): RunFailure | undefined {
    const { observer, refuse } = this.#options;
    const number = this.launches++;
    const start = observer === undefined ? 0 : performance.now();
    const fault = this.#launcher.run(step);
    if (fault !== undefined) return { kind: 'fault', fault, launch: number, location: step.location };
    observer?.(number, performance.now() - start, step);
    return refuse === undefined ? undefined : this.#check(step, number, refuse);
  }

  #check(step: Launch, number: number, refuse: readonly ValueKind[]): RunFailure | undefined {
    for (const extent of step.writes ?? []) {
      if (extent.dtype === null) continue;
      const found = findValue(this.#memory.bytesAt(extent.address, extent.bytes), extent.dtype, refuse);
      if (found === undefined) continue;
      const kernel = this.#memory.program.kernels[step.kernel]?.name ?? '';
      return { kind: 'value', ...found, dtype: extent.dtype, kernel, launch: number, location: step.location };
    }
    return undefined;
  }
}
