/** A loaded program: its tensors in GM, and its runs. */

import type { Program, StoredTensor, TensorSlot } from '../program/index.ts';
import { Execution, type RunOptions } from './execution.ts';
import type { RunOutcome } from './fault.ts';
import type { Launcher } from './launcher.ts';
import type { Region } from './regions.ts';
import type { Simulator } from './simulator.ts';

export class Instance {
  readonly program: Program;
  readonly #engine: Simulator;
  readonly #id: number;
  readonly #launcher: Launcher;
  readonly #region: Region;
  readonly #slots: ReadonlyMap<string, TensorSlot>;

  constructor(engine: Simulator, id: number, program: Program, launcher: Launcher, region: Region) {
    this.#engine = engine;
    this.#id = id;
    this.program = program;
    this.#launcher = launcher;
    this.#region = region;
    this.#slots = new Map([...program.parameters, ...program.inputs].map((slot) => [slot.name, slot]));
    for (const stored of [...program.constants, ...program.parameters]) this.#placeEmbedded(stored);
  }

  #placeEmbedded(stored: StoredTensor): void {
    if (stored.source.kind === 'embedded') this.bytesAt(stored.address, stored.bytes).set(stored.source.data);
  }

  /** A range of GM; a view that is valid until the next load. */
  bytesAt(address: number, bytes: number): Uint8Array {
    return new Uint8Array(this.#engine.memory.buffer, this.#region.start + address, bytes);
  }

  /**
   * Puts the content of a parameter or input into GM, at any time between runs. What `prepare` made of a parameter is
   * made again by `prepare` only; parameters that are state are never part of it.
   */
  set(name: string, content: ArrayBufferView): void {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new Error(`the program has no parameter or input '${name}'`);
    if (content.byteLength > slot.bytes)
      throw new Error(`'${name}' has ${slot.bytes} bytes, got ${content.byteLength}`);
    const source = new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
    this.bytesAt(slot.address, content.byteLength).set(source);
  }

  /** A copy of the bytes of any tensor slot, e.g. of an output. */
  read(slot: TensorSlot): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(slot.bytes);
    copy.set(this.bytesAt(slot.address, slot.bytes));
    return copy;
  }

  /** A copy of the bytes of an output. */
  output(name: string): Uint8Array<ArrayBuffer> {
    return this.read(slotNamed(this.program.outputs, 'output', name));
  }

  /** A copy of the bytes of a parameter: what was set, or for state what the last run left there. */
  parameter(name: string): Uint8Array<ArrayBuffer> {
    return this.read(slotNamed(this.program.parameters, 'parameter', name));
  }

  /** Runs the launches that lay out the weights; once, after the parameters are set. */
  prepare(options: RunOptions = {}): RunOutcome {
    return this.start(options, 'prepare').runAlone();
  }

  /** Runs the program once. */
  run(options: RunOptions = {}): RunOutcome {
    return this.start(options).runAlone();
  }

  /** Begins a run that stops where the program speaks to other devices. */
  start(options: RunOptions = {}, phase: 'prepare' | 'main' = 'main'): Execution {
    return new Execution(this, this.#launcher, this.program[phase], options);
  }

  /** Gives the memory back. */
  dispose(): void {
    this.#engine.unload(this.#id);
    this.#engine.regions.give(this.#region);
  }
}

function slotNamed(slots: readonly TensorSlot[], what: string, name: string): TensorSlot {
  const slot = slots.find((candidate) => candidate.name === name);
  if (slot === undefined) throw new Error(`the program has no ${what} '${name}'`);
  return slot;
}
