/**
 * The timing model: instructions take their effect on scalar registers in program order, and their time in queues.
 *
 * The scalar unit issues one instruction per cycle into the queue of its pipe, and stalls when the queue is full, at
 * waits of its own and at cross-core waits. Pipes run in order and in parallel; flags connect them. All this is a data
 * flow of times, computed as far ahead as it is known; only transfers through GM depend on everybody else, so they alone
 * are simulated in order of time, against the shared roofs.
 */
import { pipes, stateOffset } from '../../isa/index.ts';
import type { InstructionDefinition, Pipe } from '../../isa/index.ts';
import type { Chip } from '../../target/index.ts';
import type { Core } from '../core.ts';
import { coreLabel } from '../fault.ts';
import type { MachineFault } from '../fault.ts';
import { Interpretation, coresOf } from '../interpreter.ts';
import type { KernelLaunch } from '../interpreter.ts';
import type { Memory } from '../memory.ts';
import { CrossCoreHub, crossCoreMessage, flagIndex } from '../synchronization.ts';
import { CachedData, SharedBandwidth } from './bandwidth.ts';
import type { Transfer } from './bandwidth.ts';
import { CostModel } from './cost.ts';
import type { Cost } from './cost.ts';
import { PipeQueue } from './queue.ts';
import type { FlagArrow, PipeInterval, TimingOptions, TimingReport, TimingResult } from './report.ts';
import type { Entry } from './queue.ts';

/** Times one kernel launch. */
export function simulate(launch: KernelLaunch, chip: Chip, gm: Memory, options: TimingOptions = {}): TimingResult {
  return new TimedMachine(coresOf(launch, chip, gm), chip, options).run();
}

type Blocked =
  | { readonly kind: 'queue'; readonly pipe: number }
  | { readonly kind: 'flag'; readonly flag: number }
  | { readonly kind: 'drain' | 'interpreter' | 'ended' }
  | { readonly kind: 'cross_core'; readonly flag: number };

interface TimedCore {
  readonly number: number;
  readonly core: Core;
  readonly label: string;
  readonly queues: readonly PipeQueue[];
  /** Times of set flags that nobody has taken, by flag index. */
  readonly flags: Map<number, number[]>;
  readonly crossCore: number[][];
  scalarTime: number;
  instructions: number;
  blocked: Blocked | null;
}

interface PendingTransfer {
  readonly timed: TimedCore;
  readonly pipe: number;
  readonly entry: Entry & { readonly kind: 'operation' };
  readonly cost: Cost & { readonly kind: 'transfer' };
  readonly start: number;
}

const PIPE_COUNT = pipes.length - 1; // without ALL
const SCALAR = 0;
const ALL = pipes.indexOf('ALL');

class TimedMachine {
  readonly #chip: Chip;
  readonly #options: TimingOptions;
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
  readonly #intervals: PipeInterval[] = [];
  readonly #arrows: FlagArrow[] = [];

  constructor(cores: readonly Core[], chip: Chip, options: TimingOptions) {
    this.#chip = chip;
    this.#options = options;
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
    this.#cores = cores.map((core, number) => ({
      number,
      core,
      label: coreLabel(core.name),
      queues: Array.from({ length: PIPE_COUNT }, () => new PipeQueue()),
      flags: new Map(),
      crossCore: Array.from({ length: 16 }, () => []),
      scalarTime: 0,
      instructions: 0,
      blocked: null,
    }));
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
    const { bytes, bytesPerCycle, overhead, address, isRead } = pending.cost;
    const isCached = this.#cache.touch(address, bytes) && isRead;
    if (isCached) this.#l2Bytes += bytes;
    else this.#hbmBytes += bytes;
    const id = this.#transfers++;
    this.#running.set(id, pending);
    this.#bandwidth.start(
      {
        id,
        remaining: Math.max(1, bytes + overhead * bytesPerCycle),
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
    this.#occupied(timed, pipe, entry.definition, entry.pc, start, time);
    this.#runPipe(timed, pipe);
    this.#runScalar(timed);
  }

  #occupied(
    timed: TimedCore,
    pipe: number,
    definition: InstructionDefinition,
    pc: number,
    start: number,
    end: number,
  ): void {
    const queue = timed.queues[pipe] as PipeQueue; // a pipe number
    queue.busy += end - start;
    queue.operations++;
    if (this.#intervals.length < (this.#options.traceLimit ?? 0))
      this.#intervals.push({ core: timed.label, pipe: pipes[pipe] as Pipe, name: definition.mnemonic, start, end, pc }); // pipe < PIPE_COUNT
  }

  /** Runs the head of a queue as far as its flags are set. An entry leaves the queue before it runs: setting a flag may lead back here. */
  #runPipe(timed: TimedCore, pipe: number): void {
    const queue = timed.queues[pipe] as PipeQueue; // a pipe number
    while (!queue.transferring) {
      const entry = queue.head();
      if (entry === undefined) return;
      const ready = Math.max(queue.freeAt, entry.issue);
      if (entry.kind === 'wait') {
        const set = this.#takeFlag(timed, entry.flag, ready);
        if (set === null) return;
        queue.freeAt = Math.max(ready, set);
      }
      queue.pop();
      if (timed.blocked?.kind === 'queue' && timed.blocked.pipe === pipe) this.#unblock(timed, ready);
      this.#runEntry(timed, pipe, queue, entry, ready);
    }
  }

  #runEntry(timed: TimedCore, pipe: number, queue: PipeQueue, entry: Entry, ready: number): void {
    const complete = Math.max(ready, queue.doneAt);
    if (entry.kind === 'operation') this.#runOperation(timed, pipe, queue, entry, ready);
    if (entry.kind === 'barrier') queue.freeAt = complete;
    if (entry.kind === 'set') this.#setFlag(timed, entry.flag, complete);
    if (entry.kind === 'cross_core') this.#setCrossCore(timed, entry.message, complete);
  }

  #runOperation(
    timed: TimedCore,
    pipe: number,
    queue: PipeQueue,
    entry: Entry & { readonly kind: 'operation' },
    start: number,
  ): void {
    const { cost } = entry;
    if (cost.kind === 'transfer') {
      queue.freeAt = start;
      queue.transferring = true;
      this.#waiting.push({ timed, pipe, entry, cost, start });
      return;
    }
    const end = start + (start >= queue.doneAt ? cost.head : 0) + cost.cycles;
    queue.freeAt = end;
    queue.doneAt = Math.max(queue.doneAt, end + cost.tail);
    this.#occupied(timed, pipe, entry.definition, entry.pc, start, end);
  }

  #setFlag(timed: TimedCore, flag: number, time: number): void {
    const times = timed.flags.get(flag);
    if (times === undefined) timed.flags.set(flag, [time]);
    else times.push(time);
    if (timed.blocked?.kind === 'flag' && timed.blocked.flag === flag)
      this.#unblock(timed, this.#takeFlag(timed, flag, timed.scalarTime) ?? time);
    else this.#runPipe(timed, Math.floor(flag / 8) % pipes.length);
  }

  #takeFlag(timed: TimedCore, flag: number, ready: number): number | null {
    const set = timed.flags.get(flag)?.shift();
    if (set === undefined) return null;
    if (this.#arrows.length < (this.#options.traceLimit ?? 0)) {
      const [from, to] = [Math.floor(flag / 64), Math.floor(flag / 8) % pipes.length];
      this.#arrows.push({
        core: timed.label,
        from: pipes[from] as Pipe,
        to: pipes[to] as Pipe,
        id: flag % 8,
        set,
        taken: Math.max(set, ready),
      }); // flagIndex packs pipe numbers
    }
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

  #unblock(timed: TimedCore, time: number): void {
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
    const issue = timed.scalarTime;
    timed.scalarTime++;
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
      const cycles = cost.kind === 'fixed' ? cost.cycles : 1;
      timed.scalarTime += cycles - 1;
      const queue = timed.queues[SCALAR] as PipeQueue; // pipe 0 exists
      queue.busy += cycles;
      queue.operations++;
    }
  }

  #issueSynchronization(timed: TimedCore, what: string, issue: number, pc: number): void {
    const [first = 0, second = 0, third = 0] = timed.core.operands;
    if (what === 'set_flag') {
      const flag = flagIndex(first, second, third);
      if (first === SCALAR) this.#setFlag(timed, flag, issue);
      else this.#enqueue(timed, first, { kind: 'set', issue, flag, pc });
    } else if (what === 'wait_flag') {
      const flag = flagIndex(first, second, third);
      if (second !== SCALAR) this.#enqueue(timed, second, { kind: 'wait', issue, flag, pc });
      else this.#waitScalar(timed, flag, issue);
    } else if (what === 'pipe_barrier') {
      if (first === ALL) timed.blocked = { kind: 'drain' };
      else if (first !== SCALAR) this.#enqueue(timed, first, { kind: 'barrier', issue, pc });
    } else if (what === 'cross_core_set') {
      this.#isUnsettled = true;
      if (first === SCALAR || first >= PIPE_COUNT) this.#setCrossCore(timed, second, issue);
      else this.#enqueue(timed, first, { kind: 'cross_core', issue, message: second, pc });
    } else if (what === 'cross_core_wait') {
      const time = timed.crossCore[first]?.shift();
      if (time === undefined) timed.blocked = { kind: 'cross_core', flag: first };
      else this.#unblock(timed, time);
    }
  }

  #waitScalar(timed: TimedCore, flag: number, issue: number): void {
    const set = this.#takeFlag(timed, flag, issue);
    if (set === null) timed.blocked = { kind: 'flag', flag };
    else this.#unblock(timed, set);
  }

  #enqueue(timed: TimedCore, pipe: number, entry: Entry): void {
    const queue = timed.queues[pipe] as PipeQueue; // a pipe number
    queue.push(entry);
    this.#runPipe(timed, pipe);
    if (queue.length >= this.#chip.timing.queueDepth && timed.blocked === null) timed.blocked = { kind: 'queue', pipe };
  }

  #report(): TimingReport {
    const cores = this.#cores.map((timed) => {
      const byPipe = (value: (queue: PipeQueue) => number): Record<Pipe, number> =>
        Object.fromEntries([...timed.queues.map((queue, pipe) => [pipes[pipe], value(queue)]), ['ALL', 0]]) as Record<
          Pipe,
          number
        >; // every pipe once
      const cycles = Math.max(timed.scalarTime, ...timed.queues.map((queue) => queue.doneAt));
      return {
        core: timed.label,
        cycles,
        instructions: timed.instructions,
        busy: byPipe((queue) => queue.busy),
        operations: byPipe((queue) => queue.operations),
      };
    });
    const cycles = Math.max(0, ...cores.map((core) => core.cycles));
    return {
      cycles,
      microseconds: cycles / this.#chip.megahertz,
      cores,
      hbmBytes: this.#hbmBytes,
      l2Bytes: this.#l2Bytes,
      intervals: this.#intervals,
      arrows: this.#arrows,
    };
  }
}
