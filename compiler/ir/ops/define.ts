/** How a family of tensor ops is written down: rows in, definitions with a checked `infer` out. */
import type { Absent, AttributeSlot, Axes, Constraint, OpDefinition, OpView, Slot, Trait } from '../core/definition.ts';
import { isAbsent } from '../core/definition.ts';
import type { Attribute, AttributeMap } from '../core/attribute.ts';
import type { Value } from '../core/operation.ts';
import type { Type } from '../core/type.ts';
import type { Result } from '../support/diagnostic.ts';
import { failure, ok } from '../support/diagnostic.ts';
import type { Emitter } from './emitter.ts';

/** Expresses an op in other rows of the table. */
export type Decomposition = (emit: Emitter, operands: readonly Value[], op: OpView) => readonly Value[];

/** One row as a family file writes it. */
export interface OpRow {
  readonly summary: string;
  readonly operands: readonly Slot[];
  readonly results: readonly Slot[];
  readonly attributes?: readonly AttributeSlot[];
  readonly traits?: readonly Trait[];
  readonly constraints?: readonly Constraint[];
  /** Result types once slots and constraints hold; absent where the op states its result types. */
  readonly infer: ((operandTypes: readonly Type[], attributes: AttributeMap) => readonly Type[]) | Absent;
  readonly axes: ((op: OpView) => Axes) | Absent;
  readonly decompose: Decomposition | Absent;
}

/** A tensor op: the definition column plus its meaning in terms of other rows. */
export interface TensorOpDefinition<Name extends string = string> extends OpDefinition<Name> {
  readonly decompose: Decomposition | Absent;
}

export type Family<Name extends string> = { readonly [Key in Name]: TensorOpDefinition<Key> };

/** Completes the rows of a family. Every tensor op is pure unless its row says `effect`. */
export function defineFamily<Name extends `ms.${string}`>(
  family: string,
  rows: Readonly<Record<Name, OpRow>>,
): Family<Name> {
  const definitions = Object.entries<OpRow>(rows).map(([name, row]) => [name, complete(family, name, row)]);
  return Object.fromEntries(definitions) as Family<Name>; // Object.entries loses the key type
}

function complete(family: string, name: string, row: OpRow): TensorOpDefinition {
  const traits = row.traits ?? [];
  const attributes = row.attributes ?? [];
  const constraints = row.constraints ?? [];
  return {
    name,
    family,
    summary: row.summary,
    operands: row.operands,
    results: row.results,
    attributes,
    regions: [],
    traits: traits.includes('effect') ? traits : ['pure', ...traits],
    constraints,
    infer: isAbsent(row.infer) ? row.infer : checkedInfer(row.operands, attributes, constraints, row.infer),
    axes: row.axes,
    decompose: row.decompose,
  };
}

/** Slots first, then constraints in order, then the rule: a rule may rely on everything above it. */
function checkedInfer(
  slots: readonly Slot[],
  attributeSlots: readonly AttributeSlot[],
  constraints: readonly Constraint[],
  infer: (operandTypes: readonly Type[], attributes: AttributeMap) => readonly Type[],
) {
  return (operandTypes: readonly Type[], attributes: AttributeMap): Result<readonly Type[]> => {
    const problem = slotProblem(slots, operandTypes) ?? attributeProblem(attributeSlots, attributes);
    if (problem !== null) return failure(problem);
    const view: OpView = { operandTypes, attributes, resultTypes: [] };
    for (const constraint of constraints) {
      const found = constraint.check(view);
      if (found !== null) return failure(found);
    }
    return ok(infer(operandTypes, attributes));
  };
}

/** The operand types by slot: a variadic slot takes what the others leave. */
export function slotProblem(slots: readonly Slot[], types: readonly Type[]): string | null {
  const least = slots.filter((slot) => slot.arity === 'one').length;
  const most = slots.some((slot) => slot.arity === 'variadic') ? Infinity : slots.length;
  if (types.length < least || types.length > most) {
    return `number of operands is ${types.length}, expected ${least === most ? least : `${least} to ${most}`}`;
  }
  for (const [index, type] of types.entries()) {
    const slot = slots[Math.min(index, slots.length - 1)];
    if (!slot.accepts.test(type)) return `operand '${slot.name}' is ${type.key}, expected ${slot.accepts.text}`;
  }
  return null;
}

/** The first attribute that is missing or of a wrong kind. */
export function attributeProblem(slots: readonly AttributeSlot[], attributes: AttributeMap): string | null {
  for (const slot of slots) {
    const attribute = attributes.get(slot.name);
    if (attribute === undefined) {
      if (slot.required) return `attribute '${slot.name}' is missing`;
      continue;
    }
    const problem = kindProblem(slot, attribute);
    if (problem !== null) return problem;
  }
  return null;
}

function kindProblem(slot: AttributeSlot, attribute: Attribute): string | null {
  if (slot.kind !== 'any' && attribute.kind !== slot.kind)
    return `attribute '${slot.name}' is ${attribute.kind}, expected ${slot.kind}`;
  if (slot.choices && attribute.kind === 'string' && !slot.choices.includes(attribute.value)) {
    return `attribute '${slot.name}' is "${attribute.value}", expected one of ${slot.choices.join(', ')}`;
  }
  return null;
}

type Check = (types: readonly Type[], attributes: AttributeMap, resultTypes: readonly Type[]) => string | null;

/** A list of constraints, labelled C1, C2, … in order. */
export function constraints(...rules: readonly (readonly [text: string, check: Check])[]): readonly Constraint[] {
  return rules.map(([text, check], index) => ({
    label: `C${index + 1}`,
    text,
    check: (op) => check(op.operandTypes, op.attributes, op.resultTypes),
  }));
}
