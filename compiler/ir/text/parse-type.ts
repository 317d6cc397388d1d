/** Types. Tensor types are read from their raw text and cached by it: a program has few different ones. */
import type { Dimension, DType, TensorEncoding, Type } from '../core/type.ts';
import { ANONYMOUS_DIMENSION, DTYPES, functionType, opaqueType, scalarType, tensorType } from '../core/type.ts';
import { expandAliases, resolveAlias } from './alias.ts';
import { irTextDiagnostics } from './diagnostics.ts';
import type { Reader } from './reader.ts';
import { Token } from './token.ts';

const SCALARS: ReadonlyMap<string, Type> = new Map(
  [...DTYPES, 'index' as const].map((dtype) => [dtype, scalarType(dtype)]),
);
/** Types that MLIR knows and msc only carries. */
const CARRIED_WORD = /^(none|f80|f128|tf32|f8E\w+|f6E\w+|f4E\w+|[su]?i[1-9][0-9]*)$/;
const CARRIED_GROUP = new Set(['vector', 'memref', 'complex', 'tuple', 'tensor']);

export interface Signature {
  readonly inputs: readonly Type[];
  readonly results: readonly Type[];
}

export function parseType(reader: Reader): Type {
  switch (reader.kind) {
    case Token.Bare:
      return parseWordType(reader);
    case Token.Exclaim:
      return parseDialectType(reader);
    case Token.LeftParen: {
      const { inputs, results } = parseSignature(reader);
      return functionType(inputs, results);
    }
    default:
      return reader.failExpected('a type');
  }
}

export function startsType(reader: Reader): boolean {
  if (reader.kind === Token.Exclaim || reader.kind === Token.LeftParen) return true;
  if (reader.kind !== Token.Bare) return false;
  const word = reader.spelling();
  return SCALARS.has(word) || CARRIED_WORD.test(word) || CARRIED_GROUP.has(word);
}

function parseWordType(reader: Reader): Type {
  const { text, start, end } = reader;
  if (end - start === 6 && text.charCodeAt(end) === 60 && text.startsWith('tensor', start)) return parseTensor(reader);
  const word = reader.spelling();
  const scalar = SCALARS.get(word);
  if (scalar) {
    reader.next();
    return scalar;
  }
  if (CARRIED_GROUP.has(word)) {
    reader.next();
    return opaqueType(word + expandAliases(reader, reader.takeAngleGroup()));
  }
  if (!CARRIED_WORD.test(word)) reader.failExpected('a type');
  reader.next();
  return opaqueType(word);
}

/** `!name` is an alias; `!dialect.name<...>` is carried as text. */
function parseDialectType(reader: Reader): Type {
  const word = reader.spelling();
  if (!word.includes('.') && reader.text.charCodeAt(reader.end) !== 60) {
    const value = resolveAlias(reader, word);
    reader.next();
    if (value.kind === 'type') return value.type;
    reader.fail(irTextDiagnostics.expected, ['a type alias', word]);
  }
  reader.next();
  return opaqueType(reader.kind === Token.Less ? word + expandAliases(reader, reader.takeAngleGroup()) : word);
}

/** `(T, T) -> T` or `(T) -> (T, T)`. */
export function parseSignature(reader: Reader): Signature {
  const inputs: Type[] = [];
  reader.expect(Token.LeftParen);
  if (reader.kind === Token.RightParen) reader.next();
  else reader.nested(() => reader.list(Token.RightParen, () => inputs.push(parseType(reader))));
  reader.expect(Token.Arrow);
  return { inputs, results: parseResultTypes(reader) };
}

/** One type, or a list of types in parentheses. `((T) -> T)` is one function type in parentheses. */
export function parseResultTypes(reader: Reader): readonly Type[] {
  if (reader.kind !== Token.LeftParen) return [parseType(reader)];
  const results: Type[] = [];
  reader.next();
  reader.nested(() => reader.list(Token.RightParen, () => results.push(parseType(reader))));
  return results;
}

function parseTensor(reader: Reader): Type {
  const open = reader.end;
  const close = closingAngle(reader.text, open);
  if (close < 0) {
    reader.next();
    reader.takeAngleGroup();
    return reader.failExpected("'>'");
  }
  const inner = reader.text.slice(open + 1, close);
  const { tensorTypes } = reader.document;
  let type = tensorTypes.get(inner);
  if (!type) {
    type = tensorFromText(reader, inner, reader.span(reader.start, close + 1));
    tensorTypes.set(inner, type);
  }
  reader.resume(close + 1);
  return type;
}

/** Offset of the `>` that closes the `<` at `open`, or -1. */
function closingAngle(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 60) depth++;
    else if (code === 62 && text.charCodeAt(at - 1) !== 45 && --depth === 0) return at;
    else if (code === 34) {
      do at = text.indexOf('"', at + 1);
      while (at >= 0 && text.charCodeAt(at - 1) === 92);
      if (at < 0) return -1;
    } else if (code === 10) return -1;
  }
  return -1;
}

const TENSOR = /^\s*((?:(?:[0-9]+|\?)\s*x\s*)*)([a-z][A-Za-z0-9]*)\s*(?:,\s*(.*?)\s*)?$/s;

function tensorFromText(reader: Reader, inner: string, span: ReturnType<Reader['span']>): Type {
  const match = TENSOR.exec(inner);
  const element = match?.[2] ?? '';
  if (!match || !(DTYPES as readonly string[]).includes(element)) return carriedTensor(reader, inner, span);
  const shape: Dimension[] = match[1]
    .split('x')
    .map((extent) => extent.trim())
    .filter((extent) => extent !== '')
    .map((extent) => (extent === '?' ? ANONYMOUS_DIMENSION : Number(extent)));
  if (shape.some((extent) => typeof extent === 'number' && !Number.isSafeInteger(extent))) {
    reader.fail(irTextDiagnostics.badType, [`tensor<${inner}>`, 'an extent is too large'], span);
  }
  if (match[3] === undefined) return tensorType(shape, element as DType);
  const encoding = expandAliases(reader, match[3]);
  const body = /^#ms\.enc<(.*)>$/s.exec(encoding)?.[1];
  if (body === undefined) return carriedTensor(reader, inner, span);
  const read = readEncoding(body, shape);
  if (typeof read === 'string') reader.fail(irTextDiagnostics.badType, [`tensor<${inner}>`, read], span);
  return tensorType(read.shape, element as DType, read.encoding);
}

/** Tensors of element types and encodings that msc does not know are carried as text, when they look like types. */
function carriedTensor(reader: Reader, inner: string, span: ReturnType<Reader['span']>): Type {
  if (!/^\s*(\*\s*x|[0-9]+\s*x|\?\s*x|!|[a-z])/.test(inner)) {
    reader.fail(irTextDiagnostics.badType, [`tensor<${inner}>`, 'expected a shape and an element type'], span);
  }
  return opaqueType(`tensor<${expandAliases(reader, inner)}>`);
}

const ENTRY = /\s*(dims|layout|shard)\s*=\s*(\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\]|"(?:[^"\\]|\\.)*")\s*(,|$)/y;

/** Reads `dims = ["n", 16], layout = "NZ", shard = "..."`; a string says what is wrong. */
function readEncoding(
  body: string,
  shape: readonly Dimension[],
): { readonly shape: readonly Dimension[]; readonly encoding: TensorEncoding | null } | string {
  const entries = new Map<string, string>();
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < body.length) {
    const match = ENTRY.exec(body);
    if (!match) return 'an encoding is a list of dims, layout and shard';
    entries.set(match[1], match[2]);
  }
  const layout = readJson(entries.get('layout'));
  const shard = readJson(entries.get('shard'));
  if (!isTextOrAbsent(layout) || !isTextOrAbsent(shard)) return 'layout and shard are strings';
  const named = entries.has('dims') ? readDimensions(readJson(entries.get('dims')), shape) : shape;
  if (typeof named === 'string') return named;
  const encoding = layout || shard ? { ...(layout ? { layout } : {}), ...(shard ? { shard } : {}) } : null;
  return { shape: named, encoding };
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function readJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readDimensions(dims: unknown, shape: readonly Dimension[]): readonly Dimension[] | string {
  if (!Array.isArray(dims) || dims.length !== shape.length) return `dims must list ${shape.length} extents`;
  const fits = dims.every((extent, index) =>
    typeof shape[index] === 'number' ? extent === shape[index] : typeof extent === 'string' && extent !== '',
  );
  return fits ? (dims as Dimension[]) : 'dims must repeat the static extents and name each ? with a string';
}
