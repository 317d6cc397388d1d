/** Where things of a report came from. */

/** A position in the user's program. */
export interface Position {
  /** Index into the report's sources; -1 for a file whose text is not in the report (a file of msc's own library). */
  readonly file: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** One origin; equal origins have one number. */
export interface Place {
  /** Lines of the user's program, the main one first; several where ops were fused; none when nothing is known. */
  readonly positions: readonly Position[];
  /** Path of the Cell inside the network, e.g. layer1.0.conv1; empty for the network itself. */
  readonly cell: string;
  /** Class of that Cell, e.g. Conv2d; empty when unknown. */
  readonly cellClass: string;
  /** Whether it is the backward pass of the line. */
  readonly backward?: boolean;
  /** The whole location as MLIR writes it, with the lines of msc's library. */
  readonly text: string;
}

/** The number of the place of things that come from nowhere. */
export const NOWHERE = 0;
