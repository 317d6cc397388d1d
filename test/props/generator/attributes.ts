/** Attribute values that often fit: by the name of the slot where names mean something, else by its kind. */
import type { Attribute, AttributeMap, AttributeSlot, Type } from '../../../compiler/ir/index.ts';
import {
  boolAttribute,
  floatAttribute,
  integerAttribute,
  integersAttribute,
  stringAttribute,
} from '../../../compiler/ir/index.ts';
import type { Genes } from './genes.ts';

type Choice = (genes: Genes, rank: number) => Attribute;

const pair =
  (...values: readonly number[]): Choice =>
  (genes) =>
    integersAttribute([genes.pick(values), genes.pick(values)]);

/** Different axes in rising order. */
function someAxes(genes: Genes, rank: number): readonly number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter(() => genes.next(2) === 0);
  return axes.length > 0 || rank === 0 ? axes : [rank - 1];
}

function permutation(genes: Genes, rank: number): readonly number[] {
  const rest = Array.from({ length: rank }, (_, axis) => axis);
  return Array.from({ length: rank }, () => rest.splice(genes.next(rest.length), 1)[0]);
}

const perAxis =
  (...values: readonly number[]): Choice =>
  (genes, rank) =>
    integersAttribute(Array.from({ length: rank }, () => genes.pick(values)));

/** Slots whose name says what fits. */
const BY_NAME: Readonly<Record<string, Choice>> = {
  axis: (genes, rank) => integerAttribute(genes.next(Math.max(1, rank))),
  axes: (genes, rank) => integersAttribute(someAxes(genes, rank)),
  permutation: (genes, rank) => integersAttribute(permutation(genes, rank)),
  begin_axis: (genes, rank) => integerAttribute(genes.next(Math.max(1, rank))),
  kernel: pair(1, 2),
  dilations: pair(1),
  pads: () => integersAttribute([0, 0, 0, 0]),
  size: pair(1, 2),
  group: () => integerAttribute(1),
  groups: () => integerAttribute(1),
  repeats: perAxis(1, 2),
  low: perAxis(0, 1),
  high: perAxis(0, 1),
  count: (genes) => integerAttribute(1 + genes.next(2)),
  k: () => integerAttribute(1),
  depth: () => integerAttribute(3),
  epsilon: () => floatAttribute(0.0009765625),
  predicate: (genes) => integerAttribute(genes.next(10)),
};

const BY_KIND: Readonly<Partial<Record<AttributeSlot['kind'], Choice>>> = {
  bool: (genes) => boolAttribute(genes.next(2) === 1),
  integer: (genes) => integerAttribute(genes.next(3)),
  integers: perAxis(1, 1, 2),
  float: (genes) => floatAttribute(genes.pick([0, 0.5, 1, 2, -1])),
};

/** Values for all required slots, or null when the kind of one is not generated. */
export function someAttributes(
  genes: Genes,
  slots: readonly AttributeSlot[],
  operandTypes: readonly Type[],
): AttributeMap | null {
  const [first] = operandTypes;
  const rank = first?.kind === 'tensor' ? first.shape.length : 0;
  const entries = new Map<string, Attribute>();
  for (const slot of slots) {
    if (!slot.required) continue;
    const value = slot.choices
      ? stringAttribute(genes.pick(slot.choices))
      : (BY_NAME[slot.name] ?? BY_KIND[slot.kind])?.(genes, rank);
    if (!value) return null;
    entries.set(slot.name, value);
  }
  return fitSlices(entries, operandTypes);
}

/** Begins and ends belong together: a slice takes the first half of each of its axes. */
function fitSlices(entries: Map<string, Attribute>, [first]: readonly Type[]): AttributeMap {
  const axes = entries.get('axes');
  if (!entries.has('begins') || axes?.kind !== 'integers' || first?.kind !== 'tensor') return entries;
  const extents = axes.values.map((axis) => Number(first.shape[axis]));
  entries.set('begins', integersAttribute(extents.map(() => 0)));
  entries.set('ends', integersAttribute(extents.map((extent) => Math.ceil(extent / 2))));
  entries.set('strides', integersAttribute(extents.map(() => 1)));
  return entries;
}
