/** Attributes: MLIR's builtin ones as data, dialect ones as text. */
import type { Attribute, AttributeMap } from '../core/attribute.ts';
import { NO_ATTRIBUTES, unitAttribute } from '../core/attribute.ts';
import type { Type } from '../core/type.ts';
import { isFloat, scalarType } from '../core/type.ts';
import { expandAliases, resolveAlias } from './alias.ts';
import { irTextDiagnostics } from './diagnostics.ts';
import { fitInteger, floatFromBits, roundToFloat } from './number.ts';
import { parseDense } from './parse-dense.ts';
import { parseType, startsType } from './parse-type.ts';
import type { Reader } from './reader.ts';
import { escapeString } from './reader.ts';
import { Token } from './token.ts';

/** Attributes written `word<...>` that msc carries as text. */
const CARRIED_GROUP = new Set(['affine_map', 'affine_set', 'strided']);
/** Those with a type after a colon. */
const CARRIED_TYPED_GROUP = new Set(['sparse', 'dense_resource']);

export function parseAttribute(reader: Reader): Attribute {
  switch (reader.kind) {
    case Token.Integer:
    case Token.Float:
    case Token.Minus:
      return parseNumber(reader, null);
    case Token.String:
      return parseStringAttribute(reader);
    case Token.At:
      return parseSymbol(reader);
    case Token.LeftSquare:
      return { kind: 'array', elements: reader.nested(() => parseElements(reader)) };
    case Token.LeftBrace:
      return { kind: 'dictionary', entries: reader.nested(() => parseDictionary(reader)) };
    case Token.Hash:
      return parseHash(reader);
    case Token.Bare:
      return parseWord(reader);
    default:
      if (startsType(reader)) return { kind: 'type', type: parseType(reader) };
      return reader.failExpected('an attribute');
  }
}

/** `{a = 1, b, "c d" = ...}`; a name alone is a unit. */
export function parseDictionary(reader: Reader): AttributeMap {
  reader.expect(Token.LeftBrace);
  if (reader.accept(Token.RightBrace)) return NO_ATTRIBUTES;
  const entries = new Map<string, Attribute>();
  reader.list(Token.RightBrace, () => {
    const span = reader.span();
    const name = reader.kind === Token.String ? reader.takeString() : reader.take(Token.Bare, 'an attribute name');
    const value = reader.accept(Token.Equal) ? parseAttribute(reader) : unitAttribute;
    if (entries.has(name)) reader.report(irTextDiagnostics.duplicateKey, [name], span);
    entries.set(name, value);
  });
  return entries;
}

function parseElements(reader: Reader): readonly Attribute[] {
  const elements: Attribute[] = [];
  reader.expect(Token.LeftSquare);
  reader.list(Token.RightSquare, () => elements.push(parseAttribute(reader)));
  return elements;
}

function parseStringAttribute(reader: Reader): Attribute {
  const value = reader.takeString();
  if (!reader.accept(Token.Colon)) return { kind: 'string', value };
  return { kind: 'opaque', text: `${escapeString(value)} : ${parseType(reader).key}` };
}

/** `@a`, or the nested `@a::@b`, which is carried as text. */
function parseSymbol(reader: Reader): Attribute {
  const from = reader.start;
  const name = reader.takeSymbol();
  if (reader.kind !== Token.DoubleColon) return { kind: 'symbol', name };
  while (reader.accept(Token.DoubleColon)) reader.takeSymbol();
  return { kind: 'opaque', text: reader.text.slice(from, reader.previousEnd) };
}

/** `#alias`, `#dialect.name<...>` or `#dialect<...>`. */
function parseHash(reader: Reader): Attribute {
  const word = reader.spelling();
  if (!word.includes('.') && reader.text.charCodeAt(reader.end) !== 60) {
    const value = resolveAlias(reader, word);
    if (value.kind !== 'attribute') reader.failExpected('an attribute alias');
    reader.next();
    return value.attribute;
  }
  reader.next();
  const group = reader.kind === Token.Less ? expandAliases(reader, reader.takeAngleGroup()) : '';
  if (reader.kind !== Token.Colon) return { kind: 'opaque', text: word + group };
  reader.next();
  return { kind: 'opaque', text: `${word}${group} : ${parseType(reader).key}` };
}

function parseWord(reader: Reader): Attribute {
  const word = reader.spelling();
  if (word === 'dense') return parseDense(reader);
  if (word === 'array') return parseTypedArray(reader);
  if (startsType(reader)) return { kind: 'type', type: parseType(reader) };
  const carried = CARRIED_GROUP.has(word) || CARRIED_TYPED_GROUP.has(word);
  if (word === 'true' || word === 'false') {
    reader.next();
    return { kind: 'bool', value: word === 'true' };
  }
  if (word === 'unit') {
    reader.next();
    return unitAttribute;
  }
  if (!carried) return reader.failExpected('an attribute');
  reader.next();
  const text = word + expandAliases(reader, reader.takeAngleGroup());
  if (!CARRIED_TYPED_GROUP.has(word)) return { kind: 'opaque', text };
  reader.expect(Token.Colon);
  return { kind: 'opaque', text: `${text} : ${parseType(reader).key}` };
}

/** `array<i64: 1, 2>` is data; arrays of other elements are carried as text. */
function parseTypedArray(reader: Reader): Attribute {
  reader.next();
  const from = reader.start;
  reader.expect(Token.Less);
  if (!reader.isWord('i64')) {
    const again = reader.at(from);
    const text = `array${again.takeAngleGroup()}`;
    reader.resume(again.previousEnd);
    return { kind: 'opaque', text };
  }
  reader.next();
  const values: number[] = [];
  if (reader.accept(Token.Colon)) reader.list(Token.Greater, () => values.push(takeSafeInteger(reader)));
  else reader.expect(Token.Greater);
  return { kind: 'integers', values };
}

function takeSafeInteger(reader: Reader): number {
  const span = reader.span();
  const negative = reader.accept(Token.Minus);
  const value = Number(reader.take(Token.Integer)) * (negative ? -1 : 1);
  if (!Number.isSafeInteger(value))
    reader.report(irTextDiagnostics.badNumber, [String(value), 'a 53-bit extent'], span);
  return value + 0;
}

/** `-7 : i32`, `1.5 : f16`, `0x7F800000 : f32`; without a type an integer is i64 and a float f64. */
export function parseNumber(reader: Reader, expected: Type | null): Attribute {
  const span = reader.span();
  const negative = reader.accept(Token.Minus);
  const { kind } = reader;
  if (kind !== Token.Integer && kind !== Token.Float) reader.failExpected('a number');
  const literal = reader.spelling();
  reader.next();
  const type = reader.accept(Token.Colon)
    ? parseType(reader)
    : (expected ?? scalarType(kind === Token.Float ? 'f64' : 'i64'));
  const attribute = numberAttribute(literal, negative, kind === Token.Float, type);
  if (attribute) return attribute;
  return reader.fail(irTextDiagnostics.badNumber, [(negative ? '-' : '') + literal, type.key], span);
}

function numberAttribute(literal: string, negative: boolean, isFloatLiteral: boolean, type: Type): Attribute | null {
  if (type.kind === 'tensor' || type.kind === 'function') return null;
  if (type.kind === 'scalar' && type.dtype !== 'index' && isFloat(type.dtype)) {
    if (!isFloatLiteral && literal.startsWith('0x') && !negative) {
      return { kind: 'float', value: floatFromBits(BigInt(literal), type.dtype), type };
    }
    const value = roundToFloat(Number(literal), type.dtype);
    return { kind: 'float', value: negative ? -value : value, type };
  }
  if (isFloatLiteral)
    return type.kind === 'opaque' ? { kind: 'opaque', text: `${negative ? '-' : ''}${literal} : ${type.key}` } : null;
  if (type.kind === 'opaque') return { kind: 'integer', value: signed(literal, negative), type };
  if (literal.length < 10 && type.dtype === 'i64') {
    return { kind: 'integer', value: negative ? -Number(literal) + 0 : Number(literal), type };
  }
  const value = fitInteger(BigInt(signed(literal, negative)), type.dtype);
  if (value === null) return null;
  return type.dtype === 'i1' ? { kind: 'bool', value: value === 1 } : { kind: 'integer', value, type };
}

function signed(literal: string, negative: boolean): number | bigint {
  const value = negative ? -BigInt(literal) : BigInt(literal);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
