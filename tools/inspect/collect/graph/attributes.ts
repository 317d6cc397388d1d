/** Attributes of ops as short lines for people. */
import { createHash } from 'node:crypto';
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

/** Tells two constants apart whose elements are not shown; masks of attention have tens of MiB, and each is hashed once. */
function hashOf(data: ElementArray): string {
  const known = hashes.get(data);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const hash = createHash('sha1').update(bytes).digest('hex').slice(0, 8);
  hashes.set(data, hash);
  return hash;
}

const hashes = new WeakMap<ElementArray, string>();

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
