/** The simulator: one linear memory, the calling thread and its workers. */

import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import type { Program } from '../program/index.ts';
import { chipByName } from '../target/index.ts';
import { detectFeatures, maximumPages, type EngineFeatures } from '../wasm/index.ts';
import { codeOf, LibraryCache, type SharedCode } from './code.ts';
import { commandCount, commands, control, maximumThreads } from './control.ts';
import { CrossCoreSwitch } from './cooperative.ts';
import { Instance } from './instance.ts';
import { Launcher, planMemory } from './launcher.ts';
import { coreBlockBytes, pageBytes, threadCoreBytes, threadLayout, threadRegion } from './placement.ts';
import { memoryLimit, Regions } from './regions.ts';
import type { Simulator } from './simulator.ts';
import { createThread, type Thread, type ThreadCode } from './thread.ts';
import { startWorker, type LoadMessage } from './worker.ts';

export interface EngineOptions {
  /** Threads that run cores, the calling one included; 1 by default, which starts no worker. */
  readonly threads?: number;
  /** False keeps multiply and add apart even where the engine could fuse them. */
  readonly relaxedSimd?: boolean;
}

/** Why a program cannot be loaded. */
export type LoadProblem =
  | { readonly kind: 'unknown target'; readonly target: string }
  | { readonly kind: 'simulator limit'; readonly bytes: number; readonly limit: number }
  | { readonly kind: 'undecodable'; readonly kernel: string; readonly word: number };

interface WorkerHandle {
  readonly worker: Worker;
  readonly port: MessagePort;
}

/** Runs programs; create with `createEngine`, end with `close`. */
export class Engine implements Simulator {
  readonly features: EngineFeatures;
  readonly threads: number;
  readonly memory: WebAssembly.Memory;
  readonly regions: Regions;
  /** The calling thread. */
  readonly thread: Thread;
  readonly signals = new CrossCoreSwitch();
  readonly words: Int32Array;
  readonly #workers: readonly WorkerHandle[];
  readonly #libraries: LibraryCache;
  #programs = 0;
  #epoch = 0;

  constructor(features: EngineFeatures, threads: number) {
    this.features = features;
    this.threads = threads;
    const initial = Math.ceil(threadRegion(threads).scratch / pageBytes);
    this.memory = new WebAssembly.Memory({ initial, maximum: maximumPages, shared: true });
    this.words = new Int32Array(this.memory.buffer, 0, pageBytes / 4);
    this.regions = new Regions(this.memory);
    this.thread = createThread(threadLayout, this.memory, this.signals);
    this.#libraries = new LibraryCache(features);
    this.#workers = Array.from({ length: threads - 1 }, (_, index) => {
      const { port1, port2 } = new MessageChannel();
      const worker = startWorker(index + 1, this.memory, port2);
      worker.unref();
      port1.unref();
      return { worker, port: port1 };
    });
  }

  /** Compiles a program and gives it memory; code that programs have in common is compiled once for each `shared`. */
  load(program: Program, shared: SharedCode = new Map()): Instance | LoadProblem {
    const chip = chipByName(program.target);
    if (chip === undefined || Math.max(coreBlockBytes(chip, 'cube'), coreBlockBytes(chip, 'vector')) > threadCoreBytes)
      return { kind: 'unknown target', target: program.target };
    const code = codeOf(program, chip, this.#libraries, shared);
    if ('word' in code) return { kind: 'undecodable', ...code };
    const plan = planMemory(program, code, chip);
    const region = this.regions.take(plan.bytes);
    if (region === undefined) return { kind: 'simulator limit', bytes: plan.bytes, limit: memoryLimit };
    const id = this.#programs++;
    this.#loadThreads(id, { ...code.modules, gmBase: region.start, gmBytes: plan.gmBytes });
    return new Instance(this, id, program, new Launcher(this, id, code, plan, region), region);
  }

  #loadThreads(id: number, code: ThreadCode): void {
    this.thread.load(id, code);
    const message: LoadMessage = { id, code };
    for (const { port } of this.#workers) port.postMessage(message);
    this.command(commands.load);
  }

  /** Forgets a program on all threads. */
  unload(id: number): void {
    this.thread.unload(id);
    this.words[control.program] = id;
    this.command(commands.unload);
  }

  /** Gives all workers a command and waits until each has carried it out. */
  command(command: number): void {
    const { words } = this;
    const workers = this.#workers.length;
    if (workers === 0) return;
    Atomics.store(words, control.done, 0);
    this.#publish(command);
    this.#wait(control.done, workers);
  }

  /** Opens a launch to the workers, does the calling thread's share, and waits for those who came. */
  launch(share: () => void): void {
    const { words } = this;
    if (this.#workers.length === 0) return share();
    Atomics.store(words, control.open, 1);
    this.#publish(commands.launch);
    share();
    Atomics.store(words, control.open, 0);
    this.#wait(control.active, 0);
  }

  #publish(command: number): void {
    this.#epoch = (this.#epoch + commandCount) % (commandCount << 20);
    Atomics.store(this.words, control.epoch, this.#epoch + command);
    Atomics.notify(this.words, control.epoch);
  }

  /** Waits until a control word has a value. */
  #wait(word: number, wanted: number): void {
    for (let spins = 20_000; ;) {
      const value = Atomics.load(this.words, word);
      if (value === wanted) return;
      if (spins > 0) spins -= 1;
      else Atomics.wait(this.words, word, value);
    }
  }

  /** Ends the workers. Loaded programs must not be used afterwards. */
  async close(): Promise<void> {
    this.#publish(commands.exit);
    for (const { port } of this.#workers) port.close();
    await Promise.all(this.#workers.map(({ worker }) => worker.terminate()));
  }
}

/** Makes a simulator. Afterwards loading and running are synchronous. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const threads = Math.max(1, Math.min(maximumThreads, options.threads ?? 1));
  const features = detectFeatures();
  const engine = new Engine(
    { ...features, relaxedSimd: features.relaxedSimd && options.relaxedSimd !== false },
    threads,
  );
  // Workers start while the caller waits here, so that the first launch does not.
  await new Promise((resolve) => setImmediate(resolve));
  return engine;
}
