/** Measures how much of GM a program uses while it runs. */
import { extentsOf, type Program, type Work } from '../program/index.ts';

/** A range of addresses, the end not included. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Collects every range that stored tensors lie in or steps touch. */
export class MemoryMeter {
  readonly #seen = new Set<Work>();
  readonly #ranges: Range[];

  constructor({ inputs, outputs, parameters, constants }: Program) {
    this.#ranges = [...inputs, ...outputs, ...parameters, ...constants].map(rangeOf);
  }

  add(step: Work): void {
    if (this.#seen.has(step)) return;
    this.#seen.add(step);
    this.#ranges.push(...extentsOf(step).map(rangeOf));
  }

  /** Bytes in the union of all ranges, in whole units of so many bytes. */
  bytes(unit = 1): number {
    let [total, reached] = [0, 0];
    const whole = this.#ranges.map(({ start, end }) => ({
      start: Math.floor(start / unit) * unit,
      end: Math.ceil(end / unit) * unit,
    }));
    for (const { start, end } of whole.toSorted((one, other) => one.start - other.start)) {
      if (end <= reached) continue;
      total += end - Math.max(start, reached);
      reached = end;
    }
    return total;
  }
}

const rangeOf = ({ address, bytes }: { readonly address: number; readonly bytes: number }): Range => ({
  start: address,
  end: address + bytes,
});
