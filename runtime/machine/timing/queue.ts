/** One pipe of a core in time: its queue, and when it is free and complete. */
import type { InstructionDefinition } from '../../isa/index.ts';
import type { Cost } from './cost.ts';

/** Something in a pipe's queue; `issue` is when the scalar unit put it there. */
export type Entry =
  | {
      readonly kind: 'operation';
      readonly issue: number;
      readonly definition: InstructionDefinition;
      readonly cost: Cost;
      readonly pc: number;
    }
  | { readonly kind: 'set' | 'wait'; readonly issue: number; readonly flag: number; readonly pc: number }
  | { readonly kind: 'barrier'; readonly issue: number; readonly pc: number }
  | { readonly kind: 'cross_core'; readonly issue: number; readonly message: number; readonly pc: number };

/** State of one pipe. Times are cycles. */
export class PipeQueue {
  #entries: Entry[] = [];
  #first = 0;
  /** When the next operation can start. */
  freeAt = 0;
  /** When all operations so far are complete, drain included. */
  doneAt = 0;
  /** A transfer occupies the pipe and its end is not known yet. */
  transferring = false;
  busy = 0;
  operations = 0;

  get length(): number {
    return this.#entries.length - this.#first;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
  }

  head(): Entry | undefined {
    return this.#entries[this.#first];
  }

  pop(): void {
    this.#first++;
    if (this.#first < 1024) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
