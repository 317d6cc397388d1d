/** A loaded program: its tensors in GM, and its launches. */

import type { Launch, Program, StoredTensor, TensorSlot } from '../program/index.ts';
import type { Chip } from '../target/index.ts';
import type { ProgramCode } from './code.ts';
import { commands, control } from './control.ts';
import { runCooperatively, type WaitingCore } from './cooperative.ts';
import { coreName, machineFault, type RunOutcome } from './fault.ts';
import { coreBlockBytes, threadRegion } from './placement.ts';
import type { Region } from './regions.ts';
import type { Simulator } from './simulator.ts';
import { takeTasks } from './worker.ts';
import type { MachineFault } from '../machine/index.ts';

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
  const coreBlocks = Math.max(0, ...[...program.prepare, ...program.main].map(coreCount));
  const blockBytes = Math.max(coreBlockBytes(chip, 'cube'), coreBlockBytes(chip, 'vector'));
  const gmBytes = Math.max(64, program.gmBytes);
  return {
    gmBytes,
    coreBlocks,
    coreBlockBytes: blockBytes,
    bytes: Math.ceil(gmBytes / 4096) * 4096 + 4096 + coreBlocks * blockBytes,
  };
}

/** Called after each launch with its number and its time. */
export type LaunchObserver = (launch: number, milliseconds: number) => void;

export class Instance {
  readonly program: Program;
  readonly #engine: Simulator;
  readonly #id: number;
  readonly #code: ProgramCode;
  readonly #plan: MemoryPlan;
  readonly #region: Region;
  readonly #slots: ReadonlyMap<string, TensorSlot>;

  constructor(engine: Simulator, id: number, program: Program, code: ProgramCode, plan: MemoryPlan, region: Region) {
    this.#engine = engine;
    this.#id = id;
    this.program = program;
    this.#code = code;
    this.#plan = plan;
    this.#region = region;
    this.#slots = new Map([...program.parameters, ...program.inputs].map((slot) => [slot.name, slot]));
    for (const stored of [...program.constants, ...program.parameters]) this.#placeEmbedded(stored);
  }

  #placeEmbedded(stored: StoredTensor): void {
    if (stored.source.kind === 'embedded') this.#bytesOf(stored).set(stored.source.data);
  }

  /** The bytes of a tensor in GM; a view that is valid until the next load. */
  #bytesOf(slot: TensorSlot): Uint8Array {
    return new Uint8Array(this.#engine.memory.buffer, this.#region.start + slot.address, slot.bytes);
  }

  /** Puts the content of a parameter or input into GM; the byte length must be the slot's. */
  set(name: string, content: ArrayBufferView): void {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new Error(`the program has no parameter or input '${name}'`);
    if (content.byteLength > slot.bytes)
      throw new Error(`'${name}' has ${slot.bytes} bytes, got ${content.byteLength}`);
    this.#bytesOf(slot).set(new Uint8Array(content.buffer, content.byteOffset, content.byteLength));
  }

  /** A copy of the bytes of any tensor slot, e.g. of an output. */
  read(slot: TensorSlot): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(slot.bytes);
    copy.set(this.#bytesOf(slot));
    return copy;
  }

  /** A copy of the bytes of an output. */
  output(name: string): Uint8Array<ArrayBuffer> {
    const slot = this.program.outputs.find((output) => output.name === name);
    if (slot === undefined) throw new Error(`the program has no output '${name}'`);
    return this.read(slot);
  }

  /** Runs the launches that lay out the weights; once, after the parameters are set. */
  prepare(observer?: LaunchObserver): RunOutcome {
    return this.#runAll(this.program.prepare, observer);
  }

  /** Runs the program once. */
  run(observer?: LaunchObserver): RunOutcome {
    return this.#runAll(this.program.main, observer);
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#engine.unload(this.#id);
    this.#engine.regions.give(this.#region);
  }

  #runAll(launches: readonly Launch[], observer: LaunchObserver | undefined): RunOutcome {
    for (const [number, launch] of launches.entries()) {
      const start = observer === undefined ? 0 : performance.now();
      const fault = this.#launch(launch);
      if (fault !== undefined) return { ok: false, fault, launch: number };
      observer?.(number, performance.now() - start);
    }
    return { ok: true };
  }

  #launch(launch: Launch): MachineFault | undefined {
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
    if (parallel && tasks > 1) this.#engine.command(commands.launch, share);
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
