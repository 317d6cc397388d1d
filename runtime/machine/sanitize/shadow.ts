/**
 * Who touched which on-chip bytes last. A cell stands for a block of 32 bytes; a block that is touched in part is split
 * into 32 cells of one byte, until a write covers it again.
 */
import { pipes } from '../../isa/index.ts';

const BLOCK = 32;
const PIPES = pipes.length;

/** An earlier access that a new one conflicts with. */
export interface Earlier {
  readonly pipe: number;
  readonly operation: number;
  readonly isWrite: boolean;
}

/** Decides whether an earlier access is ordered before the current one. */
export type IsOrdered = (earlier: Earlier) => boolean;

class Cells {
  /** operation * PIPES + pipe; 0 = never written. */
  readonly writes: Float64Array;
  /** Last reading operation, by pipe then cell. */
  readonly reads: Uint32Array;
  readonly count: number;

  constructor(count: number) {
    this.count = count;
    this.writes = new Float64Array(count);
    this.reads = new Uint32Array(count * PIPES);
  }

  copyCell(from: Cells, cell: number): void {
    this.writes.fill(from.writes[cell] ?? 0);
    for (let pipe = 0; pipe < PIPES; pipe++)
      this.reads.fill(from.reads[pipe * from.count + cell] ?? 0, pipe * this.count, (pipe + 1) * this.count);
  }
}

/** What one range access found. */
export interface Finding {
  readonly conflict: Earlier;
  readonly at: number;
}

/** Shadow of one space of one core. */
export class Shadow {
  readonly #blocks: Cells;
  readonly #split = new Map<number, Cells>();
  readonly #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#blocks = new Cells(Math.ceil(bytes / BLOCK));
  }

  /** Records an access; returns the first conflict with an unordered earlier access, and how many bytes were never written. */
  access(
    start: number,
    end: number,
    isWrite: boolean,
    pipe: number,
    operation: number,
    isOrdered: IsOrdered,
  ): { readonly conflict: Finding | null; readonly unwritten: number } {
    let conflict: Finding | null = null;
    let unwritten = 0;
    const limit = Math.min(end, this.#bytes);
    for (let at = start; at < limit;) {
      const block = Math.floor(at / BLOCK);
      const stop = Math.min(limit, (block + 1) * BLOCK);
      const isWhole = at === block * BLOCK && stop === at + BLOCK;
      const split = this.#splitFor(block, isWhole);
      const cells = split ?? this.#blocks;
      const first = split === undefined ? block : at % BLOCK;
      const last = split === undefined ? block : (stop - 1) % BLOCK;
      for (let cell = first; cell <= last; cell++) {
        if (cells.writes[cell] === 0) unwritten += split === undefined ? BLOCK : 1;
        const earlier = this.#touch(cells, cell, isWrite, pipe, operation, isOrdered);
        if (earlier !== null) conflict ??= { conflict: earlier, at: split === undefined ? at : block * BLOCK + cell };
      }
      if (isWhole && isWrite && split !== undefined) this.#unite(block, split);
      at = stop;
    }
    return { conflict, unwritten };
  }

  #splitFor(block: number, isWhole: boolean): Cells | undefined {
    const found = this.#split.get(block);
    if (found !== undefined || isWhole) return found;
    const cells = new Cells(BLOCK);
    cells.copyCell(this.#blocks, block);
    this.#split.set(block, cells);
    return cells;
  }

  /** After a write of the whole block all its bytes are alike again. */
  #unite(block: number, split: Cells): void {
    this.#blocks.writes[block] = split.writes[0] ?? 0;
    for (let pipe = 0; pipe < PIPES; pipe++) this.#blocks.reads[pipe * this.#blocks.count + block] = 0;
    this.#split.delete(block);
  }

  #touch(
    cells: Cells,
    cell: number,
    isWrite: boolean,
    pipe: number,
    operation: number,
    isOrdered: IsOrdered,
  ): Earlier | null {
    const read = isWrite ? this.#takeReads(cells, cell, pipe, isOrdered) : null;
    const written = cells.writes[cell] ?? 0;
    const earlier: Earlier = { pipe: written % PIPES, operation: Math.floor(written / PIPES), isWrite: true };
    const isOwn = earlier.operation === operation && earlier.pipe === pipe;
    const conflict = read ?? (written === 0 || isOwn || isOrdered(earlier) ? null : earlier);
    if (isWrite) cells.writes[cell] = operation * PIPES + pipe;
    else cells.reads[pipe * cells.count + cell] = operation;
    return conflict;
  }

  /** Forgets the reads of a cell that is written, and returns one that is not ordered before the write. */
  #takeReads(cells: Cells, cell: number, pipe: number, isOrdered: IsOrdered): Earlier | null {
    let conflict: Earlier | null = null;
    for (let reader = 0; reader < PIPES; reader++) {
      const operation = cells.reads[reader * cells.count + cell] ?? 0;
      if (operation === 0) continue;
      cells.reads[reader * cells.count + cell] = 0;
      // A pipe starts in order, so its own earlier reads are never overtaken by its later writes.
      if (reader === pipe || conflict !== null) continue;
      const earlier: Earlier = { pipe: reader, operation, isWrite: false };
      if (!isOrdered(earlier)) conflict = earlier;
    }
    return conflict;
  }
}
