/** Hands out ranges of the linear memory to loaded programs: first fit, whole pages, growing at the end. */

import { pageBytes } from './placement.ts';

export interface Region {
  readonly start: number;
  readonly bytes: number;
}

/** Most bytes that a WebAssembly memory can have. */
export const memoryLimit = 65536 * pageBytes;

export class Regions {
  readonly #memory: WebAssembly.Memory;
  #free: Region[] = [];

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** Zeroed memory, or undefined when the linear memory cannot be that large. */
  take(wanted: number): Region | undefined {
    const bytes = Math.ceil(wanted / pageBytes) * pageBytes;
    const index = this.#free.findIndex((region) => region.bytes >= bytes);
    const found = this.#free[index];
    if (found === undefined) return this.#grow(bytes);
    const rest = { start: found.start + bytes, bytes: found.bytes - bytes };
    this.#free.splice(index, 1, ...(rest.bytes > 0 ? [rest] : []));
    new Uint8Array(this.#memory.buffer, found.start, bytes).fill(0);
    return { start: found.start, bytes };
  }

  give(region: Region): void {
    const sorted = [...this.#free, region].toSorted((a, b) => a.start - b.start);
    this.#free = [];
    for (const next of sorted) {
      const last = this.#free.at(-1);
      if (last !== undefined && last.start + last.bytes === next.start) {
        this.#free[this.#free.length - 1] = { start: last.start, bytes: last.bytes + next.bytes };
      } else this.#free.push(next);
    }
  }

  #grow(bytes: number): Region | undefined {
    const start = this.#memory.buffer.byteLength;
    if (start + bytes > memoryLimit) return undefined;
    try {
      this.#memory.grow(bytes / pageBytes);
    } catch {
      // The host has no address space left for it.
      return undefined;
    }
    return { start, bytes };
  }
}
