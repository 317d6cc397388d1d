/** Rewrite patterns and the tables they stand in. */
import type { Attribute, AttributeMap } from '../../ir/index.ts';
import type { Operation, Type, Value } from '../../ir/index.ts';
import type { Rewriter } from './rewriter.ts';

/**
 * One rule. It looks at an operation and what computes its operands, and returns a value for each result, or null when
 * it does not apply. It never edits the matched operation; what it creates goes right before it.
 */
export interface Pattern {
  /** Shown in statistics and remarks; written once in the sources, by `pattern(…)` or `rule(…)`. */
  readonly name: string;
  readonly rewrite: (op: Operation, rewriter: Rewriter) => readonly Value[] | null;
}

/** Patterns by the name of the operation they match, tried in order. */
export type PatternTable = ReadonlyMap<string, readonly Pattern[]>;

/** How constants are computed and made; the rewrite room knows no operation by name. */
export interface ConstantFolding {
  /** The results of a pure operation on constant operands, or null. */
  readonly fold: (op: Operation, operands: readonly Attribute[]) => readonly Attribute[] | null;
  /** The operation that holds a constant for a result of `op`, or null when there is none for this type. */
  readonly materialize: (op: Operation, value: Attribute, type: Type) => ConstantOperation | null;
  /** Why an operation on constants was not computed, or null when it is not this folding's. For remarks. */
  readonly reason?: (op: Operation, operands: readonly Attribute[]) => string | null;
}

/** A constant about to be made. */
export interface ConstantOperation {
  readonly name: string;
  readonly attributes: AttributeMap;
}

/** Joins tables; patterns of the same operation are tried in the order of the tables. */
export function joinPatterns(...tables: readonly PatternTable[]): PatternTable {
  const joined = new Map<string, readonly Pattern[]>();
  for (const table of tables) {
    for (const [name, patterns] of table) joined.set(name, [...(joined.get(name) ?? []), ...patterns]);
  }
  return joined;
}

/** Tries the foldings in order. */
export function joinFoldings(...foldings: readonly ConstantFolding[]): ConstantFolding {
  return {
    fold: (op, operands) => firstOf(foldings, (folding) => folding.fold(op, operands)),
    materialize: (op, value, type) => firstOf(foldings, (folding) => folding.materialize(op, value, type)),
    reason: (op, operands) => firstOf(foldings, (folding) => folding.reason?.(op, operands) ?? null),
  };
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | null): Found | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}
