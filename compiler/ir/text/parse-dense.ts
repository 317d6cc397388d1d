/** Dense constants: `dense<1.0>`, `dense<[[1, 2], [3, 4]]>`, `dense<"0x…">`, `dense<>`, each with ` : tensor<…>`. */
import { bf16FromNumber, f16FromNumber } from '../../../runtime/numerics/index.ts';
import type { Attribute, ElementArray } from '../core/attribute.ts';
import { elementArray } from '../core/attribute.ts';
import type { DType, TensorType } from '../core/type.ts';
import { dtypeBytes, elementCount, isFloat, staticShape } from '../core/type.ts';
import { expandAliases } from './alias.ts';
import { irTextDiagnostics } from './diagnostics.ts';
import { fitInteger, floatFromBits } from './number.ts';
import { parseType } from './parse-type.ts';
import type { Reader } from './reader.ts';
import { Token } from './token.ts';

/** `dense<...> : type` at the current token. The type follows the data, so the data is skipped first and read after. */
export function parseDense(reader: Reader): Attribute {
  const dataSpan = reader.span();
  reader.next();
  const from = reader.start;
  const group = reader.takeAngleGroup();
  reader.expect(Token.Colon);
  const type = parseType(reader);
  if (type.kind === 'opaque') return { kind: 'opaque', text: `dense${expandAliases(reader, group)} : ${type.key}` };
  const shape = type.kind === 'tensor' ? staticShape(type) : null;
  if (type.kind !== 'tensor' || !shape)
    return reader.fail(irTextDiagnostics.expected, ['a static tensor type', type.key]);
  const inner = reader.at(from);
  inner.expect(Token.Less);
  return { kind: 'dense', type, data: parseData(inner, type, shape, dataSpan) };
}

function parseData(
  reader: Reader,
  type: TensorType,
  shape: readonly number[],
  span: ReturnType<Reader['span']>,
): ElementArray {
  const count = elementCount(shape);
  if (reader.kind === Token.Greater) {
    if (count !== 0) reader.fail(irTextDiagnostics.countMismatch, ['elements', '0', String(count)], span);
    return elementArray(type.dtype, 0);
  }
  if (reader.kind === Token.String) return hexData(reader, type, count, span);
  const values: (number | bigint)[] = [];
  if (reader.kind === Token.LeftSquare) {
    readNested(reader, type.dtype, shape, 0, values);
    reader.expect(Token.Greater);
  } else {
    values.push(readElement(reader, type.dtype));
    reader.expect(Token.Greater);
  }
  return packElements(values, type.dtype);
}

function readNested(
  reader: Reader,
  dtype: DType,
  shape: readonly number[],
  axis: number,
  into: (number | bigint)[],
): void {
  if (axis === shape.length) {
    into.push(readElement(reader, dtype));
    return;
  }
  const span = reader.span();
  reader.expect(Token.LeftSquare);
  let count = 0;
  reader.list(Token.RightSquare, () => {
    count++;
    readNested(reader, dtype, shape, axis + 1, into);
  });
  if (count !== shape[axis]) {
    reader.fail(irTextDiagnostics.countMismatch, ['elements in this list', String(count), String(shape[axis])], span);
  }
}

/** One element in the representation of its dtype's array: f16 and bf16 as bits. */
function readElement(reader: Reader, dtype: DType): number | bigint {
  const span = reader.span();
  if (reader.acceptWord('true')) return element(reader, 1n, dtype, span);
  if (reader.acceptWord('false')) return element(reader, 0n, dtype, span);
  const negative = reader.accept(Token.Minus);
  const isFloatLiteral = reader.kind === Token.Float;
  if (!isFloatLiteral && reader.kind !== Token.Integer) reader.failExpected('a number');
  const literal = reader.spelling();
  reader.next();
  if (!isFloat(dtype)) {
    if (isFloatLiteral) reader.fail(irTextDiagnostics.badNumber, [literal, dtype], span);
    const value = BigInt(literal);
    return element(reader, negative ? -value : value, dtype, span);
  }
  const isBits = literal.startsWith('0x');
  const value = isBits ? floatFromBits(BigInt(literal), dtype) : Number(literal);
  return floatElement(negative ? -value : value, dtype);
}

function element(reader: Reader, value: bigint, dtype: DType, span: ReturnType<Reader['span']>): number | bigint {
  const fitted = fitInteger(value, dtype);
  if (fitted === null) return reader.fail(irTextDiagnostics.badNumber, [String(value), dtype], span);
  return fitted;
}

function floatElement(value: number, dtype: DType): number {
  if (dtype === 'f16') return f16FromNumber(value);
  return dtype === 'bf16' ? bf16FromNumber(value) : value;
}

function packElements(values: readonly (number | bigint)[], dtype: DType): ElementArray {
  const data = elementArray(dtype, values.length);
  const wide = dtype === 'i64' || dtype === 'ui64';
  // Each branch stores what the array of this dtype holds; TypeScript cannot relate the two.
  const target = data as unknown as (number | bigint)[];
  for (let index = 0; index < values.length; index++) target[index] = wide ? BigInt(values[index]) : values[index];
  return data;
}

/** Little-endian bytes in hex: all elements, or one for a splat; i1 is packed, eight to a byte. */
function hexData(reader: Reader, type: TensorType, count: number, span: ReturnType<Reader['span']>): ElementArray {
  const text = reader.takeString();
  reader.expect(Token.Greater);
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(text))
    reader.fail(irTextDiagnostics.expected, ['hex digits after 0x', 'another text'], span);
  const bytes = Uint8Array.from(Buffer.from(text.slice(2), 'hex'));
  if (type.dtype === 'i1') return unpackBits(reader, bytes, count, span);
  const width = dtypeBytes(type.dtype);
  if (bytes.length !== width * count && bytes.length !== width) {
    reader.fail(irTextDiagnostics.countMismatch, ['bytes', String(bytes.length), String(width * count)], span);
  }
  const data = elementArray(type.dtype, bytes.length / width);
  new Uint8Array(data.buffer).set(bytes);
  return data;
}

function unpackBits(reader: Reader, bytes: Uint8Array, count: number, span: ReturnType<Reader['span']>): ElementArray {
  if (bytes.length === 1 && (count > 8 || bytes[0] === 255)) return Uint8Array.of(bytes[0] ? 1 : 0);
  if (bytes.length !== Math.ceil(count / 8)) {
    reader.fail(irTextDiagnostics.countMismatch, ['bytes', String(bytes.length), String(Math.ceil(count / 8))], span);
  }
  return Uint8Array.from({ length: count }, (_, index) => (bytes[index >> 3] >> (index & 7)) & 1);
}
