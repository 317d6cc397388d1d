/** Texts of attributes and locations. */
import { loadNumber } from '../ops/index.ts';
import type { Attribute, AttributeMap, ElementArray } from '../core/attribute.ts';
import type { Location } from '../core/location.ts';
import type { DType, TensorType } from '../core/type.ts';
import { elementCount, isFloat, staticShape } from '../core/type.ts';
import { floatText } from './number.ts';
import { escapeString } from './reader.ts';

/** MLIR prints larger constants in hex. */
const HEX_ABOVE_ELEMENTS = 100;
const BARE_NAME = /^[A-Za-z_][A-Za-z0-9_$.]*$/;

/**
 * How an attribute is spelled: MLIR's generic way; the pretty way, where default number types are left out; or the pretty way with
 * large constants left out too, as mlir-opt does with --mlir-elide-elementsattrs-if-larger.
 */
export type AttributeForm = 'generic' | 'pretty' | 'elided';

export function attributeText(attribute: Attribute, form: AttributeForm = 'generic'): string {
  switch (attribute.kind) {
    case 'unit':
      return 'unit';
    case 'bool':
      return String(attribute.value);
    case 'integer':
      return integerText(attribute, form);
    case 'float': {
      const dtype = attribute.type.kind === 'scalar' && attribute.type.dtype !== 'index' ? attribute.type.dtype : 'f64';
      const isBits = !Number.isFinite(attribute.value);
      const isDefault = form !== 'generic' && dtype === 'f64' && !isBits;
      return floatText(attribute.value, dtype) + (isDefault ? '' : ` : ${attribute.type.key}`);
    }
    case 'string':
      return escapeString(attribute.value);
    case 'array':
      return `[${attribute.elements.map((element) => attributeText(element, form)).join(', ')}]`;
    case 'integers':
      return attribute.values.length === 0 ? 'array<i64>' : `array<i64: ${attribute.values.join(', ')}>`;
    case 'dictionary':
      return dictionaryText(attribute.entries, form);
    case 'type':
      return attribute.type.key;
    case 'symbol':
      return symbolText(attribute.name);
    case 'dense':
      if (form === 'elided' && attribute.data.length > HEX_ABOVE_ELEMENTS)
        return `dense_resource<__elided__> : ${attribute.type.key}`;
      return `dense<${denseText(attribute.type, attribute.data)}> : ${attribute.type.key}`;
    case 'opaque':
      return attribute.text;
  }
}

function integerText(attribute: Extract<Attribute, { kind: 'integer' }>, form: AttributeForm): string {
  const { type, value } = attribute;
  if (type.key === 'i1') return String(Number(value) !== 0);
  return form !== 'generic' && type.key === 'i64' ? String(value) : `${value} : ${type.key}`;
}

export function symbolText(name: string): string {
  return /^[A-Za-z_][\w$.]*$/.test(name) ? `@${name}` : `@${escapeString(name)}`;
}

export function dictionaryText(entries: AttributeMap, form: AttributeForm = 'generic'): string {
  return `{${sortedEntries(entries)
    .map(([name, value]) => entryText(name, attributeText(value, form)))
    .join(', ')}}`;
}

/** `name = text`; a unit is its name alone. */
export function entryText(name: string, value: string): string {
  const key = BARE_NAME.test(name) ? name : escapeString(name);
  return value === 'unit' ? key : `${key} = ${value}`;
}

/** Entries in the order of their names, as MLIR prints them. */
export function sortedEntries(entries: AttributeMap): readonly (readonly [string, Attribute])[] {
  const list = [...entries];
  if (list.length > 1) list.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return list;
}

function denseText(type: TensorType, data: ElementArray): string {
  const shape = staticShape(type);
  if (!shape) throw new Error(`dense constant of type ${type.key} has no static shape`);
  const count = elementCount(shape);
  if (count === 0) return '';
  if (data.length === 1) return elementText(data, 0, type.dtype);
  if (count > HEX_ABOVE_ELEMENTS) return hexText(data, type.dtype);
  let at = 0;
  const list = (axis: number): string => {
    if (axis === shape.length) return elementText(data, at++, type.dtype);
    return `[${Array.from({ length: shape[axis] }, () => list(axis + 1)).join(', ')}]`;
  };
  return list(0);
}

function elementText(data: ElementArray, index: number, dtype: DType): string {
  const value = data[index];
  if (dtype === 'i1') return Number(value) === 0 ? 'false' : 'true';
  if (!isFloat(dtype)) return String(value);
  return floatText(loadNumber(dtype, data, index), dtype);
}

function hexText(data: ElementArray, dtype: DType): string {
  const bytes = dtype === 'i1' ? packBits(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return `"0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase()}"`;
}

function packBits(data: ElementArray): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(data.length / 8));
  for (let index = 0; index < data.length; index++) if (data[index]) bytes[index >> 3] |= 1 << (index & 7);
  return bytes;
}

/** A location without its `loc(...)`. */
export function locationText(location: Location): string {
  switch (location?.kind) {
    case 'file':
      return `${escapeString(location.file)}:${location.line}:${location.column}`;
    case 'callsite':
      return `callsite(${locationText(location.callee)} at ${locationText(location.caller)})`;
    case 'name':
      return escapeString(location.name) + (location.child ? `(${locationText(location.child)})` : '');
    case 'fused':
      return `fused[${location.locations.map(locationText).join(', ')}]`;
    default:
      return 'unknown';
  }
}
