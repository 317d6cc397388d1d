/** Attributes of ops as short lines for people. */
import { type Attribute, type AttributeMap, attributeText, type ElementArray } from '../../../../compiler/ir/index.ts';

/** Longer values are cut: a constant's elements are no use in a graph. */
const LONGEST = 160;
const MOST_ELEMENTS = 16;

/** `name = value` lines in the order of names; `without` are left out. */
export function attributeLines(attributes: AttributeMap, without: ReadonlySet<string> = new Set()): string {
  return [...attributes]
    .filter(([name]) => !without.has(name))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => (value.kind === 'unit' ? name : `${name} = ${shortened(shortText(value))}`))
    .join('\n');
}

function shortText(attribute: Attribute): string {
  switch (attribute.kind) {
    case 'integers':
      return `[${attribute.values.join(', ')}]`;
    case 'array':
      return `[${attribute.elements.map(shortText).join(', ')}]`;
    case 'dictionary':
      return `{${[...attribute.entries].map(([name, value]) => `${name} = ${shortText(value)}`).join(', ')}}`;
    case 'dense':
      return attribute.data.length > MOST_ELEMENTS
        ? `${attribute.data.length} elements, hash ${hashOf(attribute.data)}`
        : attributeText(attribute).replace(/^dense<(.*)> : .*$/s, '$1');
    default:
      return attributeText(attribute, 'pretty');
  }
}

/** FNV-1a of the bytes: tells two constants apart whose elements are not shown. */
function hashOf(data: ElementArray): string {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
