/**
 * Records where the time of each pipe goes. The simulation reports what it does in the order of each pipe; here it becomes
 * segments, sums by pipe and state, and sums by instruction. A wait counts as a stall only when an operation follows it in its
 * pipe: what a pipe waits for after its last operation holds nobody up and is idle time.
 */
import type { CoreKind, InstructionDefinition } from '../../isa/index.ts';
import type { Core } from '../core.ts';
import { ArrowColumns, PIPE_COUNT, SegmentColumns, laneState, laneStates } from './columns.ts';
import { operationsOf } from './operations.ts';

const STATES = laneStates.length;
const SCALAR = 0;

/** What the instructions of a stream cost on all cores of a launch; indices are word indices. */
export class InstructionCosts {
  readonly executed: Float64Array;
  /** Cycles by instruction and state: [pc * laneStates.length + state]; waits count for the instruction that waits. */
  readonly cycles: Float64Array;

  constructor(words: number) {
    this.executed = new Float64Array(words);
    this.cycles = new Float64Array(words * STATES);
  }
}

/** One core's time. */
export interface CoreRecord {
  readonly kind: CoreKind;
  /** Cycles by pipe and state: [pipe * laneStates.length + state]; the states of a pipe add up to the launch's cycles. */
  readonly cycles: Float64Array;
  readonly segments: SegmentColumns;
  readonly arrows: ArrowColumns;
  /** Segments over the limit. */
  readonly omitted: number;
}

/** Where the time of a launch went. */
export interface TimingRecord {
  /** In the order of the report's cores. */
  readonly cores: readonly CoreRecord[];
  readonly instructions: Readonly<Partial<Record<CoreKind, InstructionCosts>>>;
  /** Operations that were executed, by unit and type, e.g. `cube f16`; a multiply-add counts as two. */
  readonly operations: ReadonlyMap<string, number>;
}

/** The same without segments and arrows: sums alone take little memory. */
export function withoutSegments(record: TimingRecord): TimingRecord {
  const empty = { segments: new SegmentColumns(), arrows: new ArrowColumns() };
  return {
    ...record,
    cores: record.cores.map(({ kind, cycles, segments, omitted }) => ({
      kind,
      cycles,
      ...empty,
      omitted: omitted + segments.length,
    })),
  };
}

interface Stall {
  readonly state: number;
  readonly pc: number;
  readonly start: number;
  readonly end: number;
}

/** Takes down the pipes of one core. */
export class CoreRecorder {
  readonly kind: CoreKind;
  readonly cycles = new Float64Array(PIPE_COUNT * STATES);
  readonly segments = new SegmentColumns();
  readonly arrows = new ArrowColumns();
  omitted = 0;
  readonly #limit: number;
  readonly #costs: InstructionCosts;
  readonly #operations: Map<string, number>;
  /** Up to where each pipe's time is accounted for; -1 before its first entry. */
  readonly #at = new Float64Array(PIPE_COUNT).fill(-1);
  /** Stalls of each pipe since its last operation. */
  readonly #stalls: Stall[][] = Array.from({ length: PIPE_COUNT }, () => []);
  /** Word indices of set_flags whose flag nobody has taken, by flag. */
  readonly #setters = new Map<number, number[]>();
  /** Instructions that the scalar unit executed one after the other are one segment. */
  #run = { pc: 0, start: 0, end: 0 };

  constructor(kind: CoreKind, limit: number, costs: InstructionCosts, operations: Map<string, number>) {
    this.kind = kind;
    this.#limit = limit;
    this.#costs = costs;
    this.#operations = operations;
  }

  /** An instruction was issued; its operands are in the core. */
  issued(core: Core, definition: InstructionDefinition, pc: number): void {
    this.#costs.executed[pc]++;
    const done = operationsOf(core, definition);
    if (done !== null) this.#operations.set(done.key, (this.#operations.get(done.key) ?? 0) + done.count);
  }

  /** A pipe stands still until `until`. */
  stall(pipe: number, state: number, pc: number, until: number): void {
    const start = this.#at[pipe] ?? 0;
    if (until <= start) return;
    this.#at[pipe] = until;
    if (start >= 0) this.#stalls[pipe]?.push({ state, pc, start, end: until });
  }

  /** The head of a pipe's queue was issued at `issue`: until then the queue was empty. */
  reached(pipe: number, pc: number, issue: number): void {
    this.stall(pipe, laneState.issue, pc, issue);
  }

  /** A pipe works from where it is to `end`; of this `startUp` cycles at the beginning and `lost` at the end are slow-down. */
  operation(pipe: number, pc: number, end: number, startUp: number, lost: number, lostTo: number): void {
    for (const stall of this.#stalls[pipe] ?? []) this.#segment(pipe, stall.state, stall.pc, stall.start, stall.end);
    if (this.#stalls[pipe]?.length !== 0) this.#stalls[pipe] = [];
    const start = Math.max(0, this.#at[pipe] ?? 0);
    this.#segment(pipe, laneState.startUp, pc, start, start + startUp);
    this.#segment(pipe, laneState.work, pc, start + startUp, end - lost);
    this.#segment(pipe, lostTo, pc, end - lost, end);
    this.#at[pipe] = end;
  }

  /** The scalar unit executed or issued an instruction. */
  scalar(pc: number, start: number, end: number, isOwn: boolean): void {
    if (isOwn) this.#costs.cycles[pc * STATES + laneState.work] += end - start;
    if (start === this.#run.end && this.#run.end > this.#run.start) this.#run.end = end;
    else {
      this.#endRun();
      this.#run = { pc, start, end };
    }
  }

  /** The scalar unit stands still. */
  scalarStall(state: number, pc: number, start: number, end: number): void {
    if (end <= start) return;
    this.#endRun();
    this.#costs.cycles[pc * STATES + state] += end - start;
    this.#put(SCALAR, state, pc, start, end);
  }

  flagSet(flag: number, pc: number): void {
    const setters = this.#setters.get(flag);
    if (setters === undefined) this.#setters.set(flag, [pc]);
    else setters.push(pc);
  }

  flagTaken(flag: number, waiter: number, set: number, taken: number): void {
    const setter = this.#setters.get(flag)?.shift() ?? 0;
    if (this.arrows.length < this.#limit) this.arrows.push(flag, setter, waiter, set, taken);
  }

  /** What is left of each pipe's time is idle. */
  finish(cycles: number): CoreRecord {
    this.#endRun();
    for (let pipe = 0; pipe < PIPE_COUNT; pipe++) {
      const row = this.cycles.subarray(pipe * STATES, (pipe + 1) * STATES);
      row[laneState.idle] = cycles - row.reduce((sum, value) => sum + value, 0);
    }
    return this;
  }

  #endRun(): void {
    const { pc, start, end } = this.#run;
    if (end > start) this.#put(SCALAR, laneState.work, pc, start, end);
    this.#run = { pc: 0, start: end, end };
  }

  #segment(pipe: number, state: number, pc: number, start: number, end: number): void {
    if (end <= start) return;
    this.#costs.cycles[pc * STATES + state] += end - start;
    this.#put(pipe, state, pc, start, end);
  }

  #put(pipe: number, state: number, pc: number, start: number, end: number): void {
    this.cycles[pipe * STATES + state] += end - start;
    if (this.segments.length < this.#limit) this.segments.push(pipe, state, pc, start, end);
    else this.omitted++;
  }
}

/** Recorders for the cores of a launch; those of one kind share the sums by instruction. */
export class LaunchRecorder {
  readonly #recorders: readonly CoreRecorder[];
  readonly #instructions: Partial<Record<CoreKind, InstructionCosts>> = {};
  readonly #operations = new Map<string, number>();

  constructor(cores: readonly Core[], segmentsPerCore: number) {
    this.#recorders = cores.map(({ name: { kind }, words }) => {
      const costs = (this.#instructions[kind] ??= new InstructionCosts(words.length));
      return new CoreRecorder(kind, segmentsPerCore, costs, this.#operations);
    });
  }

  core(number: number): CoreRecorder {
    return this.#recorders[number] as CoreRecorder; // one for each core
  }

  finish(cycles: number): TimingRecord {
    return {
      cores: this.#recorders.map((recorder) => recorder.finish(cycles)),
      instructions: this.#instructions,
      operations: this.#operations,
    };
  }
}
