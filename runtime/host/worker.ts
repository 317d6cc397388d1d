/**
 * What a worker thread does. `workerLoop` is self-contained for the same reason as `createThread`: the worker gets its
 * source text.
 */

import { Worker, type MessagePort } from 'node:worker_threads';
import { commandCount, commands, control } from './control.ts';
import { threadLayout, threadRegion, type ThreadRegion } from './placement.ts';
import { createThread, type Thread, type ThreadCode, type ThreadLayout } from './thread.ts';

/** What a worker is started with. */
interface WorkerSetup {
  readonly index: number;
  readonly memory: WebAssembly.Memory;
  readonly layout: ThreadLayout;
  readonly region: ThreadRegion;
  readonly control: typeof control;
  readonly commands: typeof commands;
  readonly commandCount: number;
  readonly port: MessagePort;
  readonly spins: number;
}

/** A message that follows the command words for loads. */
export interface LoadMessage {
  readonly id: number;
  readonly code: ThreadCode;
}

type Receive = (port: MessagePort) => { readonly message: unknown } | undefined;

/** Takes the tasks of a launch one by one until none is left; shared by workers and the calling thread. */
export function takeTasks(
  thread: Thread,
  words: Int32Array,
  at: typeof control,
  region: ThreadRegion,
  index: number,
): void {
  const read = (word: number): number => words[word] ?? 0;
  const args = Array.from({ length: read(at.argumentCount) }, (_, position) => {
    const low = read(at.arguments + position * 2) >>> 0;
    return read(at.arguments + position * 2 + 1) * 2 ** 32 + low;
  });
  const subblocks = read(at.subblocks);
  for (;;) {
    if (Atomics.load(words, at.stop) !== 0) return;
    const task = Atomics.add(words, at.next, 1);
    if (task >= read(at.tasks)) return;
    const stream = read(at.stream);
    const core = {
      stream,
      block: Math.floor(task / subblocks),
      blockCount: read(at.blockCount),
      subblock: task % subblocks,
      args,
    };
    thread.prepare(read(at.program), region.core, region.scratch, core);
    try {
      thread.run(read(at.program), stream, region.core, 0);
    } catch (error) {
      // A fault is in the core's record; an error without one is a mistake in msc.
      if (thread.fault(region.core)[0] === 0) throw error;
      words[at.faults + index * 2] = task + 1;
      words[at.faults + index * 2 + 1] = region.core;
      Atomics.store(words, at.stop, 1);
      return;
    }
  }
}

/** The life of a worker: wait for the epoch to change, carry out the command. */
function workerLoop(make: typeof createThread, take: typeof takeTasks, setup: WorkerSetup, receive: Receive): void {
  const { control: at, commands: command, memory, port } = setup;
  const thread = make(setup.layout, memory, undefined);
  const words = new Int32Array(memory.buffer, 0, 16384);
  for (let epoch = 0; ;) {
    let spins = setup.spins;
    while (Atomics.load(words, at.epoch) === epoch) {
      if (spins > 0) spins -= 1;
      else Atomics.wait(words, at.epoch, epoch);
    }
    epoch = Atomics.load(words, at.epoch);
    const wanted = epoch % setup.commandCount;
    if (wanted === command.launch) {
      Atomics.add(words, at.active, 1);
      if (Atomics.load(words, at.open) === 1) take(thread, words, at, setup.region, setup.index);
      Atomics.sub(words, at.active, 1);
      Atomics.notify(words, at.active);
      continue;
    }
    if (wanted === command.exit) {
      port.close();
      return;
    }
    if (wanted === command.load) {
      // The engine posts this message before it counts the epoch up.
      const received = receive(port)?.message as LoadMessage | undefined;
      if (received !== undefined) thread.load(received.id, received.code);
    }
    if (wanted === command.unload) thread.unload(words[at.program] ?? 0);
    Atomics.add(words, at.done, 1);
    Atomics.notify(words, at.done);
  }
}

/** Polls of the epoch word before a worker sleeps: some tens of microseconds. */
const spins = 20_000;

/** Starts worker number `index` (the calling thread is number 0) on the port. */
export function startWorker(index: number, memory: WebAssembly.Memory, port: MessagePort): Worker {
  const source = `
    const { workerData, receiveMessageOnPort } = require('node:worker_threads');
    const createThread = ${createThread.toString()};
    const takeTasks = ${takeTasks.toString()};
    (${workerLoop.toString()})(createThread, takeTasks, workerData, receiveMessageOnPort);
  `;
  const workerData: WorkerSetup = {
    index,
    memory,
    layout: threadLayout,
    region: threadRegion(index),
    control,
    commands,
    commandCount,
    port,
    spins,
  };
  return new Worker(source, { eval: true, workerData, transferList: [port] });
}
