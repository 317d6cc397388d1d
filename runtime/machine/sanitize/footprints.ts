/** Byte ranges of instructions, merged, and remembered for instructions that come again with the same operands. */
import { compileFootprint, footprintReadsData } from '../../isa/index.ts';
import type { Footprint, FootprintSink, InstructionDefinition, Space } from '../../isa/index.ts';
import type { Core } from '../core.ts';

/** A range of bytes that an instruction reads or writes. */
export interface AccessRange {
  readonly space: Space;
  readonly isWrite: boolean;
  readonly start: number;
  readonly end: number;
}

/** Marks bytes of an on-chip space and gives them back as ranges. */
class ByteMarks {
  readonly #marks: Uint8Array;
  #low = Infinity;
  #high = 0;

  constructor(bytes: number) {
    this.#marks = new Uint8Array(bytes);
  }

  mark(start: number, end: number): void {
    this.#marks.fill(1, start, end);
    if (start < this.#low) this.#low = start;
    if (end > this.#high) this.#high = Math.min(end, this.#marks.length);
  }

  take(space: Space, isWrite: boolean, into: AccessRange[]): void {
    const marks = this.#marks;
    for (let at = Math.max(0, this.#low); at < this.#high;) {
      const start = marks.indexOf(1, at);
      if (start < 0 || start >= this.#high) break;
      let end = start;
      while (end < this.#high && marks[end] === 1) end++;
      into.push({ space, isWrite, start, end });
      at = end;
    }
    if (this.#low < this.#high) marks.fill(0, Math.max(0, this.#low), this.#high);
    this.#low = Infinity;
    this.#high = 0;
  }
}

class Collector implements FootprintSink {
  readonly #reads = new Map<Space, ByteMarks>();
  readonly #writes = new Map<Space, ByteMarks>();
  #global: { isWrite: boolean; start: number; end: number }[] = [];

  constructor(core: Core) {
    for (const [space, memory] of Object.entries(core.memories) as [Space, { readonly bytes: Uint8Array }][]) {
      if (space === 'gm' || memory.bytes.length === 0) continue;
      this.#reads.set(space, new ByteMarks(memory.bytes.length));
      this.#writes.set(space, new ByteMarks(memory.bytes.length));
    }
  }

  read(space: Space, start: number, end: number): void {
    if (space === 'gm') this.#globalRange(false, start, end);
    else this.#reads.get(space)?.mark(start, end);
  }

  write(space: Space, start: number, end: number): void {
    if (space === 'gm') this.#globalRange(true, start, end);
    else this.#writes.get(space)?.mark(start, end);
  }

  take(): readonly AccessRange[] {
    const ranges: AccessRange[] = mergedGlobal(this.#global);
    this.#global = [];
    for (const [space, marks] of this.#reads) marks.take(space, false, ranges);
    for (const [space, marks] of this.#writes) marks.take(space, true, ranges);
    return ranges;
  }

  #globalRange(isWrite: boolean, start: number, end: number): void {
    const last = this.#global.at(-1);
    if (last !== undefined && last.isWrite === isWrite && last.end === start) last.end = end;
    else if (end > start) this.#global.push({ isWrite, start, end });
  }
}

function mergedGlobal(ranges: readonly { isWrite: boolean; start: number; end: number }[]): AccessRange[] {
  const merged: { space: Space; isWrite: boolean; start: number; end: number }[] = [];
  for (const range of [...ranges].sort((a, b) => Number(a.isWrite) - Number(b.isWrite) || a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && last.isWrite === range.isWrite && range.start <= last.end)
      last.end = Math.max(last.end, range.end);
    else merged.push({ space: 'gm', ...range });
  }
  return merged;
}

const CACHE_LIMIT = 20_000;

/** Footprints of one core kind's instructions. */
export class Footprints {
  readonly #compiled: (Footprint | undefined)[] = [];
  readonly #dependsOnData: (boolean | undefined)[] = [];
  readonly #known = new Map<string, readonly AccessRange[]>();
  readonly #collector: Collector;

  constructor(core: Core) {
    this.#collector = new Collector(core);
  }

  /** Ranges of the instruction whose operands are in the core. */
  of(core: Core, definition: InstructionDefinition): readonly AccessRange[] {
    const { opcode } = definition;
    const dependsOnData = (this.#dependsOnData[opcode] ??= footprintReadsData(definition));
    const key = dependsOnData
      ? ''
      : `${opcode}:${core.operands.subarray(0, definition.operands.length).join()}:${core.state.join()}`;
    const known = this.#known.get(key);
    if (!dependsOnData && known !== undefined) return known;
    (this.#compiled[opcode] ??= compileFootprint(definition))(core, this.#collector);
    const ranges = this.#collector.take();
    if (!dependsOnData && this.#known.size < CACHE_LIMIT) this.#known.set(key, ranges);
    return ranges;
  }
}
