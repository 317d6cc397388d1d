/** Starts the launches of one loaded program on the threads of the engine. */

import type { MachineFault } from '../machine/index.ts';
import { launchesOf, type Launch, type Program } from '../program/index.ts';
import type { Chip } from '../target/index.ts';
import type { ProgramCode } from './code.ts';
import { control } from './control.ts';
import { runCooperatively, type WaitingCore } from './cooperative.ts';
import { coreName, machineFault } from './fault.ts';
import { coreBlockBytes, threadRegion } from './placement.ts';
import type { Region } from './regions.ts';
import type { Simulator } from './simulator.ts';
import { takeTasks } from './worker.ts';

/** Bytes of the region of a program: GM, then core blocks for cores that wait for each other. */
export interface MemoryPlan {
  readonly gmBytes: number;
  readonly coreBlocks: number;
  readonly coreBlockBytes: number;
  readonly bytes: number;
}

/** Plans the region of a program. */
export function planMemory(program: Program, code: ProgramCode, chip: Chip): MemoryPlan {
  const coreCount = (launch: Launch): number => {
    const kernel = code.kernels[launch.kernel];
    if (kernel?.concurrency !== 'cooperative') return 0;
    return launch.blockCount * (kernel.streams.length > 1 ? 3 : 1);
  };
  const launches = [...program.prepare, ...launchesOf(program.main)];
  const coreBlocks = launches.reduce((most, launch) => Math.max(most, coreCount(launch)), 0);
  const blockBytes = Math.max(coreBlockBytes(chip, 'cube'), coreBlockBytes(chip, 'vector'));
  const gmBytes = Math.max(64, program.gmBytes);
  return {
    gmBytes,
    coreBlocks,
    coreBlockBytes: blockBytes,
    bytes: Math.ceil(gmBytes / 4096) * 4096 + 4096 + coreBlocks * blockBytes,
  };
}

export class Launcher {
  readonly #engine: Simulator;
  readonly #id: number;
  readonly #code: ProgramCode;
  readonly #plan: MemoryPlan;
  readonly #region: Region;

  constructor(engine: Simulator, id: number, code: ProgramCode, plan: MemoryPlan, region: Region) {
    this.#engine = engine;
    this.#id = id;
    this.#code = code;
    this.#plan = plan;
    this.#region = region;
  }

  /** Runs a launch to its end; the fault that ended it, if any. */
  run(launch: Launch): MachineFault | undefined {
    const kernel = this.#code.kernels[launch.kernel];
    if (kernel === undefined) throw new Error(`launch of the unknown kernel ${launch.kernel}`);
    if (kernel.concurrency === 'cooperative') return this.#cooperative(launch, kernel.streams);
    // Streams of a mix kernel that never signal each other are independent.
    for (const stream of kernel.streams) {
      const subblocks = kernel.streams.length > 1 && this.#code.streams[stream]?.core === 'vector' ? 2 : 1;
      const fault = this.#tasks(launch, stream, subblocks, kernel.concurrency === 'parallel');
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #tasks(launch: Launch, stream: number, subblocks: number, parallel: boolean): MachineFault | undefined {
    const { words, threads, thread } = this.#engine;
    const tasks = launch.blockCount * subblocks;
    words[control.program] = this.#id;
    words[control.stream] = stream;
    words[control.tasks] = tasks;
    words[control.blockCount] = launch.blockCount;
    words[control.subblocks] = subblocks;
    words[control.argumentCount] = launch.args.length;
    launch.args.forEach((value, index) => {
      words[control.arguments + index * 2] = value | 0;
      words[control.arguments + index * 2 + 1] = Math.floor(value / 2 ** 32);
    });
    words.fill(0, control.faults, control.faults + threads * 2);
    Atomics.store(words, control.stop, 0);
    Atomics.store(words, control.next, 0);
    const share = (): void => takeTasks(thread, words, control, threadRegion(0), 0);
    if (parallel && tasks > 1) this.#engine.launch(share);
    else share();
    return this.#firstFault(stream, subblocks);
  }

  /** The fault of the lowest task: tasks are taken in order, so it is the same for any number of threads. */
  #firstFault(stream: number, subblocks: number): MachineFault | undefined {
    const { words, threads, thread } = this.#engine;
    let lowest: { readonly task: number; readonly context: number } | undefined;
    for (let index = 0; index < threads; index++) {
      const task = (words[control.faults + index * 2] ?? 0) - 1;
      if (task < 0 || (lowest !== undefined && lowest.task < task)) continue;
      lowest = { task, context: (words[control.faults + index * 2 + 1] ?? 0) >>> 0 };
    }
    const loaded = this.#code.streams[stream];
    if (lowest === undefined || loaded === undefined) return undefined;
    const core = coreName(loaded, Math.floor(lowest.task / subblocks), lowest.task % subblocks, subblocks);
    return machineFault(loaded, core, thread.fault(lowest.context));
  }

  #cooperative(launch: Launch, streams: readonly number[]): MachineFault | undefined {
    const cores: WaitingCore[] = [];
    const blocksAt = this.#region.start + Math.ceil(this.#plan.gmBytes / 4096) * 4096 + 4096;
    for (let block = 0; block < launch.blockCount; block++) {
      for (const stream of streams) {
        const loaded = this.#code.streams[stream];
        if (loaded === undefined) continue;
        const subblocks = streams.length > 1 && loaded.core === 'vector' ? 2 : 1;
        for (let subblock = 0; subblock < subblocks; subblock++) {
          const task = { stream, block, blockCount: launch.blockCount, subblock, args: launch.args };
          cores.push({ task, subblocks, stream: loaded, context: blocksAt + cores.length * this.#plan.coreBlockBytes });
        }
      }
    }
    return runCooperatively(this.#engine.thread, this.#id, threadRegion(0).scratch, cores, this.#engine.signals);
  }
}
