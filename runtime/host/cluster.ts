/**
 * Several devices: the programs of all ranks in one simulator, run together.
 *
 * Each rank runs until it waits for others; the collective engine carries out what can take place; and so on until all have
 * ended. Ranks take turns on the calling thread, the threads of the engine work inside a launch: results do not depend on
 * the number of threads.
 */
import { carryOut } from '../machine/index.ts';
import {
  driveRanks,
  resultElements,
  tensorDtypeBytes,
  type Communication,
  type CommunicationProblem,
  type Meeting,
  type Program,
  type RankFailure,
} from '../program/index.ts';
import type { SharedCode } from './code.ts';
import { createEngine, type Engine, type EngineOptions, type LoadProblem } from './engine.ts';
import type { RunOptions } from './execution.ts';
import type { RunFailure } from './fault.ts';
import { Instance } from './instance.ts';
import { MemoryMeter } from './meter.ts';

export interface ClusterOptions extends EngineOptions {
  readonly devices: number;
}

/** How a run of all ranks ended. */
export type ClusterOutcome =
  { readonly ok: true } | { readonly ok: false; readonly problem: CommunicationProblem | RankFailure<RunFailure> };

/** Why programs cannot be loaded. */
export type ClusterLoadProblem =
  | LoadProblem
  /** Not one program for each device. */
  | { readonly kind: 'wrong number of programs'; readonly programs: number; readonly devices: number };

/** Devices that run programs together; create with `createCluster`, end with `close`. */
export class SimulatedCluster {
  readonly engine: Engine;
  readonly devices: number;

  constructor(engine: Engine, devices: number) {
    this.engine = engine;
    this.devices = devices;
  }

  /** Loads the program of each rank. */
  load(programs: readonly Program[]): ClusterInstance | ClusterLoadProblem {
    if (programs.length !== this.devices)
      return { kind: 'wrong number of programs', programs: programs.length, devices: this.devices };
    const ranks: Instance[] = [];
    const shared: SharedCode = new Map();
    for (const program of programs) {
      const instance = this.engine.load(program, shared);
      if (!(instance instanceof Instance)) {
        for (const loaded of ranks) loaded.dispose();
        return instance;
      }
      ranks.push(instance);
    }
    return new ClusterInstance(ranks);
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}

/** Makes the devices. */
export async function createCluster({ devices, ...options }: ClusterOptions): Promise<SimulatedCluster> {
  return new SimulatedCluster(await createEngine(options), devices);
}

/** The loaded programs of all ranks. */
export class ClusterInstance {
  /** The program of each rank, to set inputs and parameters and to read results. */
  readonly ranks: readonly Instance[];
  readonly #meters: readonly MemoryMeter[];

  constructor(ranks: readonly Instance[]) {
    this.ranks = ranks;
    this.#meters = ranks.map(({ program }) => new MemoryMeter(program));
  }

  /** Lays out the weights of all ranks. */
  prepare(options: RunOptions = {}): ClusterOutcome {
    for (const [rank, instance] of this.ranks.entries()) {
      const outcome = instance.prepare(this.#metered(rank, options));
      if (!outcome.ok) return { ok: false, problem: { kind: 'rank failure', rank, failure: outcome.failure } };
    }
    return { ok: true };
  }

  /** Runs all ranks once. `optionsOf` gives options for one rank; by default all have the same. */
  run(options: RunOptions | ((rank: number) => RunOptions) = {}): ClusterOutcome {
    const optionsOf = typeof options === 'function' ? options : () => options;
    const executions = this.ranks.map((instance, rank) => instance.start(this.#metered(rank, optionsOf(rank))));
    const problem = driveRanks<Uint8Array, RunFailure>({
      ranks: this.ranks.length,
      placeOf: (rank, step) => this.#location(rank, step),
      advance: (rank) => executions[rank]?.advance() ?? { kind: 'done' },
      send: (rank, step) => Uint8Array.from(this.#bytes(rank, step.address, step.elements, step)),
      meet: (meeting) => this.#meet(meeting),
    });
    return problem === null ? { ok: true } : { ok: false, problem };
  }

  /**
   * Bytes of GM that each rank used so far: stored tensors, and everything that its steps read or wrote. Buffers begin at
   * multiples of 512 bytes: in units of so many it is the memory that they take.
   */
  memoryBytes(unit = 1): readonly number[] {
    return this.#meters.map((meter) => meter.bytes(unit));
  }

  /** Gives the memory back. */
  dispose(): void {
    for (const instance of this.ranks) instance.dispose();
  }

  #metered(rank: number, options: RunOptions): RunOptions {
    const meter = this.#meters[rank];
    return meter === undefined ? options : { ...options, meter };
  }

  #meet(meeting: Meeting<Uint8Array>): void {
    if (meeting.kind === 'message') {
      const { to, received, payload } = meeting;
      this.#bytes(to, received.address, received.elements, received).set(payload);
      return;
    }
    const { members } = meeting;
    const step = members[0]?.step;
    if (step === undefined) return;
    const parts = members.map((member) => ({
      input: this.#bytes(member.rank, member.step.input, member.step.elements, step),
      output: this.#bytes(member.rank, member.step.output, resultElements(member.step), step),
    }));
    carryOut({ ...step, root: step.root === null ? 0 : step.group.indexOf(step.root) }, parts);
  }

  #bytes(rank: number, address: number, elements: number, { dtype }: Communication): Uint8Array {
    const instance = this.ranks[rank];
    if (instance === undefined) throw new Error(`there is no rank ${rank}`);
    return instance.bytesAt(address, elements * tensorDtypeBytes[dtype]);
  }

  #location(rank: number, { location }: Communication): string | null {
    return location === undefined ? null : (this.ranks[rank]?.program.locations[location] ?? null);
  }
}
