/**
 * What passes report while they work: each use of a rule, and remarks on what they did or did not do and why. Reports are made
 * only for a listener: whoever reports asks `observer?.…` first, so that a compilation that nobody watches pays a test for null.
 */
import type { Location, Operation, Value } from '../../ir/index.ts';

/** One use of a rule. Operations and values are live and change afterwards: a listener takes what it needs at once. */
export interface RewriteEvent {
  /** The name of the rule, which stands once in the sources (see `rule`). */
  readonly rule: string;
  /** The operation that the rule was used on. */
  readonly op: Operation;
  /** Operations that were made for it, in order. */
  readonly made: readonly Operation[];
  /** What stands for its results now; empty where it has none left, or where it stays itself. */
  readonly values: readonly Value[];
}

/** LLVM's kinds: what was done, what was not done, and what was found out. */
export type RemarkKind = 'passed' | 'missed' | 'analysis';

/** A decision of a pass, with its own reason. */
export interface Remark {
  readonly kind: RemarkKind;
  readonly rule: string;
  /** Why, in words that name what was found and the limit that it meets. */
  readonly reason: string;
  /** Name of the operation that it is about, or empty for a whole module. */
  readonly op: string;
  readonly location: Location;
}

/** A listener. */
export interface PassObserver {
  readonly rewritten: (event: RewriteEvent) => void;
  readonly remark: (remark: Remark) => void;
  /** A copy of an operation stands in another block: its value is the same one for whoever compares texts. */
  readonly moved: (value: Value, copy: Value) => void;
  /** A part of a pass that works in place is done, such as the grouping of `fuse`. */
  readonly part: (name: string) => void;
}

/**
 * Declares the name of a rule. The identity function: the build finds the file and line of each rule in the sources by this
 * call (and by those of the helpers that make patterns), so that a name is written where its rule is.
 */
export const rule = (name: string): string => name;

/** A remark that a rule was not used on an operation. */
export const missed = (name: string, op: Operation, reason: string): Remark => ({
  kind: 'missed',
  rule: name,
  reason,
  op: op.name,
  location: op.location,
});

/** A remark on what a rule found out about an operation. */
export const analysis = (name: string, op: Operation, reason: string): Remark => ({
  ...missed(name, op, reason),
  kind: 'analysis',
});
