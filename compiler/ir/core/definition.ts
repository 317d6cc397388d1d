/**
 * The definition column of the grid: what an op is. Other columns (evaluate, simplify, lower, Python names) are total
 * tables keyed by op name in the rooms that own the knowledge.
 */
import type { Attribute, AttributeMap } from './attribute.ts';
import type { Operation } from './operation.ts';
import type { Type } from './type.ts';
import type { Result } from '../support/diagnostic.ts';

/** Why a cell of the grid is empty, as data. */
export interface Absent {
  readonly absent: string;
}

export const absent = (reason: string): Absent => ({ absent: reason });

export const isAbsent = (cell: unknown): cell is Absent =>
  typeof cell === 'object' && cell !== null && 'absent' in cell;

/** One operand or result position. */
export interface Slot {
  readonly name: string;
  /** Which types fit, as a named predicate so that spec and diagnostics can say it. */
  readonly accepts: TypePredicate;
  readonly arity: 'one' | 'optional' | 'variadic';
}

export interface TypePredicate {
  readonly text: string;
  readonly test: (type: Type) => boolean;
}

export type AttributeKind =
  'bool' | 'integer' | 'float' | 'string' | 'integers' | 'type' | 'symbol' | 'dense' | 'dictionary' | 'array' | 'any';

export interface AttributeSlot {
  readonly name: string;
  readonly kind: AttributeKind;
  readonly required: boolean;
  /** For strings: the words allowed. */
  readonly choices?: readonly string[];
  readonly summary: string;
}

export type Trait =
  'pure' | 'commutative' | 'elementwise' | 'idempotent' | 'terminator' | 'effect' | 'symbol' | 'constant' | 'isolated';

/** A labelled rule between operands and attributes; its broken example is in the tests. */
export interface Constraint {
  readonly label: `C${number}`;
  readonly text: string;
  /** Null when it holds, else what was found (both values). */
  readonly check: (op: OpView) => string | null;
}

/** What definitions look at: types and attributes, never the graph around. */
export interface OpView {
  readonly operandTypes: readonly Type[];
  readonly attributes: AttributeMap;
  readonly resultTypes: readonly Type[];
}

/** How partial results over a reduced index join into the whole result. */
export type Reducer = 'sum' | 'mean' | 'product' | 'maximum' | 'minimum' | 'and' | 'or';

/**
 * Index notation of an op: for each operand and result its index names, e.g. `[b,m,k] [b,k,n] -> [b,m,n]`.
 * A dimension that joins several indices names them major first, `a*b`; `_` is a dimension of its own that belongs to
 * no index (an extent 1 that broadcasts). `summed` indices are reduced by `reducer` (`sum` when it is not given);
 * `indivisible` ones must stay whole on a device or tile.
 */
export interface Axes {
  readonly operands: readonly (readonly string[])[];
  readonly results: readonly (readonly string[])[];
  readonly summed: readonly string[];
  readonly indivisible: readonly string[];
  readonly reducer?: Reducer;
}

export interface OpDefinition<Name extends string = string> {
  readonly name: Name;
  readonly family: string;
  readonly summary: string;
  readonly operands: readonly Slot[];
  readonly results: readonly Slot[];
  readonly attributes: readonly AttributeSlot[];
  readonly regions: readonly string[];
  readonly traits: readonly Trait[];
  readonly constraints: readonly Constraint[];
  /** Result types from operand types and attributes; an error says both values. Absent for ops that state their types. */
  readonly infer: ((operandTypes: readonly Type[], attributes: AttributeMap) => Result<readonly Type[]>) | Absent;
  /** Index notation for the given types, or why there is none. */
  readonly axes: ((op: OpView) => Axes) | Absent;
}

/** Definitions by op name; passed as a value wherever they are needed. */
export type RuleTable = ReadonlyMap<string, OpDefinition>;

export function viewOf(op: Operation): OpView {
  return {
    operandTypes: op.operands.map((operand) => operand.type),
    attributes: op.attributes,
    resultTypes: op.results.map((result) => result.type),
  };
}

/** Typed reads of attributes that verification has already checked; a miss is a bug in msc. */
export function integersOf(attributes: AttributeMap, name: string): readonly number[] {
  const attribute = expectAttribute(attributes, name, 'integers');
  return attribute.values;
}

export function integerOf(attributes: AttributeMap, name: string): number {
  return Number(expectAttribute(attributes, name, 'integer').value);
}

export function floatOf(attributes: AttributeMap, name: string): number {
  return expectAttribute(attributes, name, 'float').value;
}

export function stringOf(attributes: AttributeMap, name: string): string {
  return expectAttribute(attributes, name, 'string').value;
}

export function boolOf(attributes: AttributeMap, name: string): boolean {
  return expectAttribute(attributes, name, 'bool').value;
}

function expectAttribute<Kind extends Attribute['kind']>(
  attributes: AttributeMap,
  name: string,
  kind: Kind,
): Extract<Attribute, { kind: Kind }> {
  const attribute = attributes.get(name);
  if (attribute?.kind !== kind)
    throw new Error(`attribute '${name}' is ${attribute?.kind ?? 'missing'}, expected ${kind}`);
  return attribute as Extract<Attribute, { kind: Kind }>;
}
