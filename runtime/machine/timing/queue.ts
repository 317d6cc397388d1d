/** One pipe of a core in time: its queue, and when it is free and complete. */
import type { InstructionDefinition } from '../../isa/index.ts';
import type { Cost } from './cost.ts';

/** Something in a pipe's queue; `issue` is when the scalar unit put it there: it changes while there is no place for it. */
export type Entry =
  | {
      readonly kind: 'operation';
      issue: number;
      readonly definition: InstructionDefinition;
      readonly cost: Cost;
      readonly pc: number;
    }
  | { readonly kind: 'set' | 'wait'; issue: number; readonly flag: number; readonly pc: number }
  | { readonly kind: 'barrier'; issue: number; readonly pc: number }
  | { readonly kind: 'cross_core'; issue: number; readonly message: number; readonly pc: number };

/** State of one pipe. Times are cycles. */
export class PipeQueue {
  #entries: Entry[] = [];
  #first = 0;
  /** When the last entries left, as many as the queue holds. */
  readonly #left: Float64Array;
  #pushed = 0;
  #popped = 0;
  /** When the next operation can start. */
  freeAt = 0;
  /** When all operations so far are complete, drain included. */
  doneAt = 0;
  /** A transfer occupies the pipe and its end is not known yet. */
  transferring = false;
  busy = 0;
  operations = 0;

  constructor(depth: number) {
    this.#left = new Float64Array(depth);
  }

  get length(): number {
    return this.#entries.length - this.#first;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#pushed++;
  }

  head(): Entry | undefined {
    return this.#entries[this.#first];
  }

  /** Whether no further entry fits before one leaves at a time that is not known yet. */
  isFull(): boolean {
    return this.length >= this.#left.length;
  }

  /** When there is a place for one more entry; only if it is not full. */
  freeFrom(): number {
    const depth = this.#left.length;
    return this.#pushed < depth ? 0 : (this.#left[(this.#pushed - depth) % depth] ?? 0);
  }

  /** The head leaves at a time. */
  pop(time: number): void {
    this.#left[this.#popped++ % this.#left.length] = time;
    this.#first++;
    if (this.#first < 1024) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
