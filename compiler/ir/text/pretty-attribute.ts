/** Attribute dictionaries of the pretty form: as MLIR's, but a slot of integers is written `[1, 2]`. */
import type { Attribute, AttributeMap } from '../core/attribute.ts';
import type { OpDefinition } from '../core/definition.ts';
import { parseDictionary } from './parse-attribute.ts';
import type { Reader } from './reader.ts';

/** A dictionary whose `[1, 2]` become integers where the definition has a slot of that kind. */
export function parsePrettyDictionary(reader: Reader, definition: OpDefinition): AttributeMap {
  const written = parseDictionary(reader);
  if (!definition.attributes.some((slot) => slot.kind === 'integers' && written.get(slot.name)?.kind === 'array'))
    return written;
  const entries = new Map(written);
  for (const slot of definition.attributes) {
    const value = entries.get(slot.name);
    if (slot.kind === 'integers' && value?.kind === 'array')
      entries.set(slot.name, integersFrom(value.elements) ?? value);
  }
  return entries;
}

/** The values of `[1, 2]`, or null when an element is no plain integer. */
function integersFrom(elements: readonly Attribute[]): Attribute | null {
  const values: number[] = [];
  for (const element of elements) {
    if (element.kind !== 'integer' || typeof element.value !== 'number' || element.type.key !== 'i64') return null;
    values.push(element.value);
  }
  return { kind: 'integers', values };
}
