/**
 * Cores that wait for each other, on one thread: each stream runs until a wait that cannot pass, then the next one;
 * in the order of their numbers, so that the result is always the same. When none can go on, that is a deadlock.
 */

import { CrossCoreHub, crossCoreMessage, type MachineFault } from '../machine/index.ts';
import type { LoadedStream } from './code.ts';
import { coreName, machineFault } from './fault.ts';
import type { CoreTask, CrossCore, Thread } from './thread.ts';

/** One core of a cooperative launch, with a core block of its own. */
export interface WaitingCore {
  readonly task: CoreTask;
  readonly subblocks: number;
  readonly stream: LoadedStream;
  readonly context: number;
}

/** Signals between cores; a launch sets the hub while it runs. */
export class CrossCoreSwitch implements CrossCore {
  #hub: CrossCoreHub | undefined;
  #numbers: ReadonlyMap<number, number> = new Map();
  /** Signals sent or taken: something moved. */
  progress = 0;

  open(cores: readonly WaitingCore[]): void {
    this.#hub = new CrossCoreHub(cores.map((core) => ({ kind: core.stream.core, block: core.task.block })));
    this.#numbers = new Map(cores.map((core, number) => [core.context, number]));
    this.progress = 0;
  }

  set(context: number, message: number): void {
    const { mode, flag } = crossCoreMessage(message);
    this.#hub?.set(this.#numbers.get(context) ?? 0, mode, flag);
    this.progress += 1;
  }

  wait(context: number, flag: number): boolean {
    const passed = this.#hub?.tryWait(this.#numbers.get(context) ?? 0, flag) ?? false;
    if (passed) this.progress += 1;
    return passed;
  }
}

/** Runs all cores to their ends; a fault is the result. */
export function runCooperatively(
  thread: Thread,
  program: number,
  scratch: number,
  cores: readonly WaitingCore[],
  signals: CrossCoreSwitch,
): MachineFault | undefined {
  signals.open(cores);
  for (const core of cores) thread.prepare(program, core.context, scratch, core.task);
  const entries = cores.map(() => 0);
  for (;;) {
    const before = signals.progress;
    let finishedNow = 0;
    for (const [number, core] of cores.entries()) {
      const entry = entries[number] ?? -1;
      if (entry < 0) continue;
      try {
        entries[number] = thread.run(program, core.task.stream, core.context, entry);
      } catch (error) {
        const record = thread.fault(core.context);
        if (record[0] === 0) throw error;
        return machineFault(core.stream, nameOf(core), record);
      }
      if ((entries[number] ?? -1) < 0) finishedNow += 1;
    }
    const waiting = cores.filter((_, number) => (entries[number] ?? -1) >= 0);
    if (waiting.length === 0) return undefined;
    if (finishedNow === 0 && signals.progress === before) return deadlock(waiting);
  }
}

const nameOf = (core: WaitingCore) => coreName(core.stream, core.task.block, core.task.subblock, core.subblocks);

function deadlock(waiting: readonly WaitingCore[]): MachineFault | undefined {
  const [first] = waiting;
  if (first === undefined) return undefined;
  return {
    core: nameOf(first),
    pc: 0,
    pipe: 'S',
    address: null,
    message: `deadlock: ${waiting.length} core(s) wait for cross-core flags that nobody sets`,
  };
}
