/**
 * The reference interpreter: every instruction takes effect completely, in program order, core by core. A core that waits
 * for another core pauses and the next one runs; if none can run, that is a deadlock.
 * Program order is the meaning of a program as long as its flags order all conflicts (sanitize checks that) and every
 * wait_flag has its set_flag earlier in the stream (checked here).
 */
import { stateOffset } from '../isa/index.ts';
import type { InstructionDefinition, InstructionStream, Pipe } from '../isa/index.ts';
import type { Chip } from '../target/index.ts';
import { ActionTable, Core } from './core.ts';
import { AccessFault } from './fault.ts';
import type { MachineFault } from './fault.ts';
import type { Memory } from './memory.ts';
import { CrossCoreHub, crossCoreMessage, flagColumnLength, flagIndex, flagProblem, pipeOf } from './synchronization.ts';
import type { Release } from './synchronization.ts';

/** A kernel and how it is started. A mix kernel has both streams: block i is cube core i with vector cores 2i and 2i + 1. */
export interface KernelLaunch {
  readonly cube?: InstructionStream;
  readonly vector?: InstructionStream;
  readonly blocks: number;
  /** X0, X1, …: GM byte addresses and scalars. */
  readonly arguments: readonly (number | bigint)[];
}

/** Sees every instruction with its operands in `core`, before and after its effect; control transfers too. */
export interface Observer {
  before?(core: Core, number: number, definition: InstructionDefinition): void;
  /** A cross-core flag was set by core `from`; `release` says whom that releases. */
  crossCore?(from: number, mode: number, flag: number, release: Release | null): void;
  ended?(core: Core, number: number): void;
}

/** Options of a run. */
export interface RunOptions {
  readonly observer?: Observer;
  /** Instructions per core before the run is given up. */
  readonly maxInstructions?: number;
  /** False skips what other pipes than S do: enough for timing where scalars do not read computed data. */
  readonly moveData?: boolean;
}

/** How a run ended. */
export type RunResult =
  { readonly ok: true; readonly instructions: number } | { readonly ok: false; readonly fault: MachineFault };

interface Runner {
  readonly core: Core;
  readonly flags: Uint8Array;
  executed: number;
  done: boolean;
}

/** The cores a launch uses, with their argument registers and identity set. */
export function coresOf(launch: KernelLaunch, chip: Chip, gm: Memory): readonly Core[] {
  const cores: Core[] = [];
  const mix = launch.cube !== undefined && launch.vector !== undefined;
  for (let block = 0; block < launch.blocks; block++) {
    if (launch.cube !== undefined)
      cores.push(prepared(new Core({ kind: 'cube', index: block }, chip, gm, launch.cube.words), launch, block, 0));
    const vectors = launch.vector === undefined ? 0 : mix ? 2 : 1;
    for (let sub = 0; sub < vectors; sub++)
      cores.push(
        prepared(
          new Core(
            { kind: 'vector', index: block * vectors + sub },
            chip,
            gm,
            (launch.vector as InstructionStream).words,
          ),
          launch,
          block,
          sub,
        ),
      ); // vectors > 0
  }
  return cores;
}

function prepared(core: Core, launch: KernelLaunch, block: number, sub: number): Core {
  launch.arguments.forEach((value, register) => {
    core.registers[register] = BigInt(value);
  });
  core.state[stateOffset.block_idx] = block;
  core.state[stateOffset.block_num] = launch.blocks;
  core.state[stateOffset.subblockid] = sub;
  return core;
}

/** Runs a kernel to its end on the reference interpreter. */
export function interpret(launch: KernelLaunch, chip: Chip, gm: Memory, options: RunOptions = {}): RunResult {
  return interpretCores(coresOf(launch, chip, gm), options);
}

/** Runs the cores of a launch to their end. */
export function interpretCores(cores: readonly Core[], options: RunOptions = {}): RunResult {
  const run = new Interpretation(cores, options);
  for (;;) {
    const before = run.executed;
    for (let number = 0; number < run.cores.length; number++) {
      const fault = run.runUntilBlocked(number);
      if (fault !== null) return { ok: false, fault };
    }
    if (run.isDone()) return { ok: true, instructions: run.executed };
    if (run.executed === before) return { ok: false, fault: run.deadlock() };
  }
}

/** What one step of a core did: the instruction it executed, or why it did not. */
export type Step =
  | { readonly kind: 'executed'; readonly definition: InstructionDefinition }
  | { readonly kind: 'ended' | 'waits' }
  | { readonly kind: 'fault'; readonly fault: MachineFault };

const ENDED: Step = { kind: 'ended' };
const WAITS: Step = { kind: 'waits' };

/** The cores of one launch, stepped one instruction at a time. */
export class Interpretation {
  readonly #runners: readonly Runner[];
  readonly #hub: CrossCoreHub;
  readonly #actions = new ActionTable();
  readonly #options: RunOptions;
  /** Instructions executed by all cores. */
  executed = 0;

  constructor(cores: readonly Core[], options: RunOptions) {
    this.#options = options;
    this.#runners = cores.map((core) => ({ core, flags: new Uint8Array(flagColumnLength), executed: 0, done: false }));
    this.#hub = new CrossCoreHub(
      cores.map((core) => ({ kind: core.name.kind, block: core.state[stateOffset.block_idx] ?? 0 })),
    );
  }

  get cores(): readonly Core[] {
    return this.#runners.map((runner) => runner.core);
  }

  isDone(): boolean {
    return this.#runners.every((runner) => runner.done);
  }

  deadlock(): MachineFault {
    const waiting = this.#runners.filter((runner) => !runner.done);
    const first = (waiting[0] as Runner).core; // called only if some core is not done
    return faultAt(first, 'S', `deadlock: ${waiting.length} core(s) wait for cross-core flags that nobody sets`, null);
  }

  runUntilBlocked(number: number): MachineFault | null {
    for (;;) {
      const step = this.step(number);
      if (step.kind === 'fault') return step.fault;
      if (step.kind !== 'executed') return null;
    }
  }

  /** Executes the next instruction of a core; its operands stay in the core until the next step. */
  step(number: number): Step {
    const runner = this.#runners[number] as Runner; // the caller counts cores
    if (runner.done) return ENDED;
    const limit = this.#options.maxInstructions ?? Infinity;
    let pipe: Pipe = 'S';
    try {
      const definition = runner.core.fetch();
      pipe = definition.pipe;
      const { meaning } = definition;
      if (
        meaning.kind === 'synchronization' &&
        meaning.what === 'cross_core_wait' &&
        !this.#hub.tryWait(number, runner.core.operands[0] ?? 0)
      )
        return WAITS;
      this.executed++;
      if (++runner.executed > limit)
        return { kind: 'fault', fault: faultAt(runner.core, 'S', `more than ${limit} instructions`, null) };
      this.#options.observer?.before?.(runner.core, number, definition);
      this.#execute(runner, number, definition);
      return { kind: 'executed', definition };
    } catch (error) {
      if (!(error instanceof AccessFault)) throw error;
      return { kind: 'fault', fault: faultAt(runner.core, pipe, error.message, error.address) };
    }
  }

  /** Executes one instruction and moves pc. */
  #execute(runner: Runner, number: number, definition: InstructionDefinition): void {
    const { core } = runner;
    const { meaning } = definition;
    const next = core.pc + 1 + definition.operands.length;
    if (meaning.kind === 'control') {
      if (meaning.what === 'end') {
        runner.done = true;
        this.#requireBalancedFlags(runner);
        this.#options.observer?.ended?.(core, number);
        return;
      }
      const taken = this.#actions.condition(definition)(core) !== 0;
      core.pc = taken ? (core.operands[definition.operands.length - 1] ?? 0) : next;
      return;
    }
    if (meaning.kind === 'synchronization') this.#synchronize(runner, number, meaning.what);
    else if (definition.pipe === 'S' || this.#options.moveData !== false) this.#actions.action(definition)(core);
    core.pc = next;
  }

  #synchronize(runner: Runner, number: number, what: string): void {
    const [from = 0, to = 0, id = 0] = runner.core.operands;
    if (what === 'set_flag' || what === 'wait_flag') {
      const problem = flagProblem(runner.core.name.kind, from, to);
      if (problem !== null) throw new AccessFault(problem, null);
      const at = flagIndex(from, to, id);
      const isSet = runner.flags[at] === 1;
      if (what === 'set_flag' && isSet)
        throw new AccessFault(`flag ${id} from ${pipeOf(from)} to ${pipeOf(to)} is set twice without a wait`, null);
      if (what === 'wait_flag' && !isSet)
        throw new AccessFault(
          `wait for flag ${id} from ${pipeOf(from)} to ${pipeOf(to)}, which is not set before it in the stream`,
          null,
        );
      runner.flags[at] = what === 'set_flag' ? 1 : 0;
    }
    if (what === 'cross_core_set') {
      const { mode, flag } = crossCoreMessage(runner.core.operands[1] ?? 0);
      const release = this.#hub.set(number, mode, flag);
      this.#options.observer?.crossCore?.(number, mode, flag, release);
    }
  }

  #requireBalancedFlags(runner: Runner): void {
    const open = runner.flags.indexOf(1);
    if (open < 0) return;
    const [from, to, id] = [Math.floor(open / 64), Math.floor(open / 8) % 8, open % 8];
    throw new AccessFault(`flag ${id} from ${pipeOf(from)} to ${pipeOf(to)} is still set at the end`, null);
  }
}

function faultAt(core: Core, pipe: Pipe, message: string, address: number | null): MachineFault {
  return { core: core.name, pc: core.pc, pipe, address, message };
}
