/**
 * Where the things of a text stand, told while it is read: what an editor needs to know beyond the module. The same idea
 * as MLIR's AsmParserState.
 */
import type { Location } from '../core/location.ts';
import type { Operation, Value } from '../core/operation.ts';

/** Offsets of one operation: `start` is that of its first result's name, `end` is after its type or location. */
export interface OperationPlace {
  readonly start: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly end: number;
  /** The `loc(…)` of the text; undefined where there is none, null for `loc(unknown)`. */
  readonly stated: Location | undefined;
}

/**
 * What watches a text being read. It also hears of the parts of a text that has errors. While somebody watches, every
 * operation's location is its place in the text, so that what the verifier finds points there.
 */
export interface ParseObserver {
  /** An operation was read; those inside it were told before. */
  readonly operation: (op: Operation, place: OperationPlace) => void;
  /** A name was given to these values: one, or all results of `%0:2`. */
  readonly defined: (values: readonly Value[], start: number, end: number) => void;
  /** A name, or a `%0#1`, was read where a value is used. */
  readonly used: (value: Value, start: number, end: number) => void;
}
