/**
 * The timing model: instructions take their effect on scalar registers in program order, and their time in queues.
 *
 * The scalar unit issues one instruction per cycle into the queue of its pipe, and stalls when the queue is full, at
 * waits of its own and at cross-core waits. Pipes run in order and in parallel; flags connect them. All this is a data
 * flow of times, computed as far ahead as it is known; only transfers through GM depend on everybody else, so they alone
 * are simulated in order of time, against the shared roofs.
 */
import { pipes, stateOffset } from '../../isa/index.ts';
import type { InstructionDefinition } from '../../isa/index.ts';
import type { Chip } from '../../target/index.ts';
import type { Core } from '../core.ts';
import type { MachineFault } from '../fault.ts';
import { Interpretation, coresOf } from '../interpreter.ts';
import type { KernelLaunch } from '../interpreter.ts';
import type { Memory } from '../memory.ts';
import { CrossCoreHub, crossCoreMessage, flagIndex } from '../synchronization.ts';
import { CachedData, SharedBandwidth } from './bandwidth.ts';
import type { Transfer } from './bandwidth.ts';
import { CostModel } from './cost.ts';
import type { Cost } from './cost.ts';
import { PIPE_COUNT, laneState } from './columns.ts';
import type { Entry, PipeQueue } from './queue.ts';
import { LaunchRecorder } from './record.ts';
import type { TimingOptions, TimingReport, TimingResult } from './report.ts';
import { stateOfBlocked, timeOf, timedCore } from './timed-core.ts';
import type { TimedCore } from './timed-core.ts';

/** Times one kernel launch. */
export function simulate(launch: KernelLaunch, chip: Chip, gm: Memory, options: TimingOptions = {}): TimingResult {
  return new TimedMachine(coresOf(launch, chip, gm), chip, options).run();
}

interface PendingTransfer {
  readonly timed: TimedCore;
  readonly pipe: number;
  readonly entry: Entry & { readonly kind: 'operation' };
  readonly cost: Cost & { readonly kind: 'transfer' };
  readonly start: number;
}

const SCALAR = 0;
const ALL = pipes.indexOf('ALL');

class TimedMachine {
  readonly #chip: Chip;
  readonly #interpretation: Interpretation;
  readonly #cores: readonly TimedCore[];
  readonly #costs: CostModel;
  readonly #bandwidth: SharedBandwidth;
  readonly #cache: CachedData;
  readonly #hub: CrossCoreHub;
  readonly #waiting: PendingTransfer[] = [];
  readonly #running = new Map<number, PendingTransfer>();
  #transfers = 0;
  /** At the start, and when a cross-core flag may let another core go on. */
  #isUnsettled = true;
  #hbmBytes = 0;
  #l2Bytes = 0;
  #fault: MachineFault | null = null;
  readonly #recorder: LaunchRecorder | null;

  constructor(cores: readonly Core[], chip: Chip, options: TimingOptions) {
    this.#chip = chip;
    this.#interpretation = new Interpretation(cores, {
      moveData: options.moveData ?? false,
      ...(options.maxInstructions === undefined ? {} : { maxInstructions: options.maxInstructions }),
    });
    this.#costs = new CostModel(chip);
    this.#bandwidth = new SharedBandwidth(chip.timing.memory.hbmBytesPerCycle, chip.timing.memory.l2BytesPerCycle);
    this.#cache = options.cache ?? new CachedData(chip.l2Bytes ?? 0);
    this.#hub = new CrossCoreHub(
      cores.map((core) => ({ kind: core.name.kind, block: core.state[stateOffset.block_idx] ?? 0 })),
    );
    this.#recorder = options.record === undefined ? null : new LaunchRecorder(cores, options.record.segmentsPerCore);
    this.#cores = cores.map((core, number) =>
      timedCore(core, number, chip.timing.queueDepth, this.#recorder?.core(number) ?? null),
    );
  }

  run(): TimingResult {
    do this.#settle();
    while (this.#fault === null && this.#nextTransfer());
    if (this.#fault !== null) return { ok: false, fault: this.#fault };
    if (!this.#interpretation.isDone()) return { ok: false, fault: this.#interpretation.deadlock() };
    return { ok: true, report: this.#report() };
  }

  /** Runs every core as far as it gets without the end of another transfer. */
  #settle(): void {
    if (!this.#isUnsettled) return;
    this.#isUnsettled = false;
    for (let before = -1; before !== this.#interpretation.executed && this.#fault === null;) {
      before = this.#interpretation.executed;
      for (const timed of this.#cores) this.#runScalar(timed);
    }
  }

  /** Starts or completes the next transfer in time; false if there is none. */
  #nextTransfer(): boolean {
    let next: PendingTransfer | null = null;
    for (const candidate of this.#waiting) if (next === null || candidate.start < next.start) next = candidate;
    const completion = this.#bandwidth.nextCompletion();
    if (next === null && completion === Infinity) return false;
    if (next !== null && next.start <= completion) this.#start(next);
    else for (const transfer of this.#bandwidth.complete()) this.#complete(transfer, completion);
    return true;
  }

  #start(pending: PendingTransfer): void {
    this.#waiting.splice(this.#waiting.indexOf(pending), 1);
    const { bytes, bytesPerCycle, address, isRead } = pending.cost;
    const isCached = this.#cache.touch(address, bytes) && isRead;
    if (isCached) this.#l2Bytes += bytes;
    else this.#hbmBytes += bytes;
    const id = this.#transfers++;
    this.#running.set(id, pending);
    this.#bandwidth.start(
      {
        id,
        remaining: lengthOf(pending.cost),
        limit: bytesPerCycle,
        roof: isCached ? 'l2' : 'hbm',
        rate: 0,
      },
      pending.start,
    );
  }

  #complete(transfer: Transfer, time: number): void {
    const { timed, pipe, entry, cost, start } = this.#running.get(transfer.id) as PendingTransfer; // started above
    this.#running.delete(transfer.id);
    const queue = timed.queues[pipe] as PipeQueue; // a pipe number
    queue.transferring = false;
    queue.freeAt = time;
    queue.doneAt = Math.max(queue.doneAt, time + cost.latency);
    const slowed = time - start - lengthOf(cost) / cost.bytesPerCycle;
    const share = transfer.roof === 'hbm' ? laneState.hbmShare : laneState.l2Share;
    this.#occupied(queue, start, time);
    timed.recorder?.operation(pipe, entry.pc, time, 0, slowed > SLOWED ? slowed : 0, share);
    this.#runPipe(timed, pipe);
    this.#runScalar(timed);
  }

  #occupied(queue: PipeQueue, start: number, end: number): void {
    queue.busy += end - start;
    queue.operations++;
  }

  /** Runs the head of a queue as far as its flags are set. An entry leaves the queue before it runs: setting a flag may lead back here. */
  #runPipe(timed: TimedCore, pipe: number): void {
    const queue = timed.queues[pipe] as PipeQueue; // a pipe number
    while (!queue.transferring) {
      const entry = queue.head();
      if (entry === undefined) return;
      const ready = Math.max(queue.freeAt, entry.issue);
      const leaves = this.#leaves(timed, queue, entry, ready);
      if (leaves === null) return;
      if (entry.kind !== 'set' && entry.kind !== 'cross_core') timed.recorder?.reached(pipe, entry.pc, entry.issue);
      queue.pop(leaves);
      if (timed.blocked?.kind === 'queue' && timed.blocked.pipe === pipe)
        this.#place(timed, timed.blocked.entry, leaves);
      this.#runEntry(timed, pipe, queue, entry, leaves);
    }
  }

  /** When an entry leaves its queue: operations and sets at once, waits and barriers with what they wait for; null if that is not known yet. */
  #leaves(timed: TimedCore, queue: PipeQueue, entry: Entry, ready: number): number | null {
    if (entry.kind === 'barrier') return Math.max(ready, queue.doneAt);
    if (entry.kind !== 'wait') return ready;
    const set = this.#takeFlag(timed, entry.flag, entry.pc, ready);
    return set === null ? null : Math.max(ready, set);
  }

  #runEntry(timed: TimedCore, pipe: number, queue: PipeQueue, entry: Entry, time: number): void {
    const complete = Math.max(time, queue.doneAt);
    if (entry.kind === 'operation') this.#runOperation(timed, pipe, queue, entry, time);
    if (entry.kind === 'barrier' || entry.kind === 'wait') {
      queue.freeAt = time;
      timed.recorder?.stall(pipe, laneState[entry.kind === 'wait' ? 'flag' : 'barrier'], entry.pc, time);
    }
    if (entry.kind === 'set') this.#setFlag(timed, entry.flag, entry.pc, complete);
    if (entry.kind === 'cross_core') this.#setCrossCore(timed, entry.message, complete);
  }

  #runOperation(
    timed: TimedCore,
    pipe: number,
    queue: PipeQueue,
    entry: Entry & { readonly kind: 'operation' },
    start: number,
  ): void {
    const { cost, pc } = entry;
    if (cost.kind === 'transfer') {
      queue.freeAt = start;
      queue.transferring = true;
      this.#waiting.push({ timed, pipe, entry, cost, start });
      return;
    }
    const head = start >= queue.doneAt ? cost.head : 0;
    const end = start + head + cost.cycles;
    queue.freeAt = end;
    queue.doneAt = Math.max(queue.doneAt, end + cost.tail);
    this.#occupied(queue, start, end);
    timed.recorder?.operation(pipe, pc, end, head + cost.startUp, cost.conflict, laneState.bankConflict);
  }

  #setFlag(timed: TimedCore, flag: number, pc: number, time: number): void {
    timed.recorder?.flagSet(flag, pc);
    const times = timed.flags.get(flag);
    if (times === undefined) timed.flags.set(flag, [time]);
    else times.push(time);
    if (timed.blocked?.kind === 'flag' && timed.blocked.flag === flag)
      this.#unblock(timed, this.#takeFlag(timed, flag, timed.lastIssued, timed.scalarTime) ?? time);
    else this.#runPipe(timed, Math.floor(flag / 8) % pipes.length);
  }

  #takeFlag(timed: TimedCore, flag: number, waiter: number, ready: number): number | null {
    const set = timed.flags.get(flag)?.shift();
    if (set === undefined) return null;
    timed.recorder?.flagTaken(flag, waiter, set, Math.max(set, ready));
    return set;
  }

  #setCrossCore(timed: TimedCore, message: number, time: number): void {
    this.#isUnsettled = true;
    const { mode, flag } = crossCoreMessage(message);
    for (const receiver of this.#hub.set(timed.number, mode, flag)?.receivers ?? []) {
      const other = this.#cores[receiver] as TimedCore; // a participant's number
      other.crossCore[flag]?.push(time);
      if (other.blocked?.kind === 'cross_core' && other.blocked.flag === flag)
        this.#unblock(other, other.crossCore[flag]?.shift() ?? time);
    }
  }

  /** The scalar unit goes on at a time, if that is later than it could; what it waited for says `blocked`. */
  #unblock(timed: TimedCore, time: number): void {
    if (timed.blocked !== null)
      timed.recorder?.scalarStall(stateOfBlocked[timed.blocked.kind], timed.lastIssued, timed.scalarTime, time);
    timed.scalarTime = Math.max(timed.scalarTime, time);
    timed.blocked = null;
  }

  #runScalar(timed: TimedCore): void {
    for (;;) {
      if (timed.blocked?.kind === 'drain') this.#tryDrain(timed);
      if (timed.blocked !== null && timed.blocked.kind !== 'interpreter') return;
      timed.blocked = null;
      const { pc } = timed.core;
      const step = this.#interpretation.step(timed.number);
      if (step.kind === 'executed') this.#issue(timed, step.definition, pc);
      else {
        timed.blocked = { kind: step.kind === 'waits' ? 'interpreter' : 'ended' };
        if (step.kind === 'fault') this.#fault = step.fault;
        return;
      }
    }
  }

  #tryDrain(timed: TimedCore): void {
    if (timed.queues.some((queue) => queue.length > 0 || queue.transferring)) return;
    this.#unblock(timed, Math.max(...timed.queues.map((queue) => queue.doneAt)));
  }

  #issue(timed: TimedCore, definition: InstructionDefinition, pc: number): void {
    timed.instructions++;
    timed.lastIssued = pc;
    const issue = timed.scalarTime;
    timed.recorder?.issued(timed.core, definition, pc);
    const { meaning } = definition;
    if (meaning.kind === 'synchronization') this.#issueSynchronization(timed, meaning.what, issue, pc);
    else if (definition.pipe !== 'S')
      this.#enqueue(timed, pipes.indexOf(definition.pipe), {
        kind: 'operation',
        issue,
        definition,
        cost: this.#costs.cost(timed.core, definition),
        pc,
      });
    else {
      const cost = this.#costs.cost(timed.core, definition);
      timed.scalarTime += cost.kind === 'fixed' ? cost.cycles : 1;
      this.#occupied(timed.queues[SCALAR] as PipeQueue, issue, timed.scalarTime); // pipe 0 exists
      timed.recorder?.scalar(pc, issue, timed.scalarTime, true);
    }
  }

  /** The cycle in which the scalar unit issues or executes a synchronization. */
  #tick(timed: TimedCore): void {
    timed.recorder?.scalar(timed.lastIssued, timed.scalarTime, timed.scalarTime + 1, false);
    timed.scalarTime++;
  }

  #issueSynchronization(timed: TimedCore, what: string, issue: number, pc: number): void {
    const [first = 0, second = 0, third = 0] = timed.core.operands;
    if (what === 'set_flag' && first !== SCALAR)
      return this.#enqueue(timed, first, { kind: 'set', issue, flag: flagIndex(first, second, third), pc });
    if (what === 'wait_flag' && second !== SCALAR)
      return this.#enqueue(timed, second, { kind: 'wait', issue, flag: flagIndex(first, second, third), pc });
    if (what === 'pipe_barrier' && first !== ALL && first !== SCALAR)
      return this.#enqueue(timed, first, { kind: 'barrier', issue, pc });
    if (what === 'cross_core_set') this.#isUnsettled = true;
    if (what === 'cross_core_set' && first !== SCALAR && first < PIPE_COUNT)
      return this.#enqueue(timed, first, { kind: 'cross_core', issue, message: second, pc });
    this.#tick(timed);
    if (what === 'set_flag') this.#setFlag(timed, flagIndex(first, second, third), pc, issue);
    if (what === 'wait_flag') this.#waitScalar(timed, flagIndex(first, second, third), pc, issue);
    if (what === 'pipe_barrier' && first === ALL) timed.blocked = { kind: 'drain' };
    if (what === 'cross_core_set') this.#setCrossCore(timed, second, issue);
    if (what === 'cross_core_wait') {
      timed.blocked = { kind: 'cross_core', flag: first };
      const time = timed.crossCore[first]?.shift();
      if (time !== undefined) this.#unblock(timed, time);
    }
  }

  #waitScalar(timed: TimedCore, flag: number, pc: number, issue: number): void {
    timed.blocked = { kind: 'flag', flag };
    const set = this.#takeFlag(timed, flag, pc, issue);
    if (set !== null) this.#unblock(timed, set);
  }

  #enqueue(timed: TimedCore, pipe: number, entry: Entry): void {
    const queue = timed.queues[pipe] as PipeQueue; // a pipe number
    const wasFull = queue.isFull();
    timed.blocked = { kind: 'queue', pipe, entry };
    if (!wasFull) this.#place(timed, entry, queue.freeFrom());
    queue.push(entry);
    if (!wasFull) this.#runPipe(timed, pipe);
  }

  /** An entry comes into its queue as soon as there is a place. */
  #place(timed: TimedCore, entry: Entry, free: number): void {
    this.#unblock(timed, free);
    entry.issue = timed.scalarTime;
    this.#tick(timed);
  }

  #report(): TimingReport {
    const cores = this.#cores.map(timeOf);
    const cycles = Math.max(0, ...cores.map((core) => core.cycles));
    return {
      cycles,
      microseconds: cycles / this.#chip.megahertz,
      cores,
      hbmBytes: this.#hbmBytes,
      l2Bytes: this.#l2Bytes,
      record: this.#recorder?.finish(cycles) ?? null,
    };
  }
}

/** Slower than alone by less than this is rounding. */
const SLOWED = 1e-6;

/** What a transfer moves, in bytes at the speed of its path; each row costs some beyond its bytes. */
const lengthOf = ({ bytes, overhead, bytesPerCycle }: Cost & { readonly kind: 'transfer' }): number =>
  Math.max(1, bytes + overhead * bytesPerCycle);
