/**
 * Vector clocks of the pipes of all cores. A pipe's clock says, for every pipe of every core, how many of its operations
 * are known to be complete when the pipe starts its next one.
 */
import { pipes } from '../../isa/index.ts';
import type { Core } from '../core.ts';

/** Number of a pipe of a core among all pipes of the launch. */
export const threadOf = (core: number, pipe: number): number => core * pipes.length + pipe;

/** A clock is never changed, only replaced, so operations can keep the one they started with. */
export type Clock = Uint32Array;

/** Least clock that knows both. */
export function join(a: Clock, b: Clock): Clock {
  let result = a;
  for (let thread = 0; thread < a.length; thread++) {
    const value = b[thread] ?? 0;
    if (value <= (result[thread] ?? 0)) continue;
    if (result === a) result = a.slice();
    result[thread] = value;
  }
  return result;
}

/** A clock with one entry raised. */
export function raised(clock: Clock, thread: number, value: number): Clock {
  if ((clock[thread] ?? 0) >= value) return clock;
  const result = clock.slice();
  result[thread] = value;
  return result;
}

/** Clocks and operation counts of one core. */
export class CoreClocks {
  readonly core: Core;
  readonly number: number;
  readonly clocks: Clock[];
  /** Operations so far, by pipe. */
  readonly counts = new Uint32Array(pipes.length);
  /** Word index of each operation, by pipe; operation 1 is at 0. */
  readonly places: number[][] = pipes.map(() => []);
  readonly #joinedScalar: (Clock | null)[] = pipes.map(() => null);

  constructor(core: Core, number: number, cores: number) {
    this.core = core;
    this.number = number;
    const empty = new Uint32Array(cores * pipes.length);
    this.clocks = pipes.map(() => empty);
  }

  clock(pipe: number): Clock {
    return this.clocks[pipe] as Clock; // a pipe number
  }

  /** The scalar unit puts something into a pipe's queue: what it knows, the pipe knows. */
  issue(pipe: number): void {
    const scalar = this.clock(0);
    if (pipe === 0 || this.#joinedScalar[pipe] === scalar) return;
    this.#joinedScalar[pipe] = scalar;
    this.clocks[pipe] = join(this.clock(pipe), scalar);
  }

  /** A new operation of a pipe; returns its number. */
  operation(pipe: number, pc: number): number {
    this.places[pipe]?.push(pc);
    const count = (this.counts[pipe] ?? 0) + 1;
    this.counts[pipe] = count;
    return count;
  }

  /** What is known when everything so far in a pipe is complete. */
  completed(pipe: number): Clock {
    return raised(this.clock(pipe), threadOf(this.number, pipe), this.counts[pipe] ?? 0);
  }

  /** Word index of an operation. */
  placeOf(pipe: number, operation: number): number {
    return this.places[pipe]?.[operation - 1] ?? 0;
  }
}
