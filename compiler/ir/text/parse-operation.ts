/**
 * Operations, regions and blocks. An operation is generic (`"name"(…) … : (…) -> …`), in a syntax of its own
 * (`syntaxes`), or in the pretty form that follows from its definition (`name operands {attributes} : types`).
 */
import type { AttributeMap } from '../core/attribute.ts';
import { NO_ATTRIBUTES } from '../core/attribute.ts';
import type { OpDefinition } from '../core/definition.ts';
import { Block, Operation, Value } from '../core/operation.ts';
import type { Type } from '../core/type.ts';
import { irTextDiagnostics } from './diagnostics.ts';
import { parseDictionary } from './parse-attribute.ts';
import { parseLocation } from './parse-location.ts';
import { parseSignature, parseType } from './parse-type.ts';
import { checkOperands, defineValue, parseUses, parseUsesInParens, takeValueName } from './parse-value.ts';
import { parsePrettyDictionary } from './pretty-attribute.ts';
import { SyntaxAbort, unescapeString } from './reader.ts';
import type { ValueName } from './scope.ts';
import { poisonValue } from './scope.ts';
import type { OperationHeader, OperationParts, ParseContext } from './syntax.ts';
import { Token } from './token.ts';

/** A block argument whose name was read before its block exists. */
export interface ArgumentText {
  readonly name: ValueName;
  readonly start: number;
  readonly type: Type;
}

interface ResultText {
  readonly name: ValueName;
  readonly start: number;
  readonly count: number;
}

/** Tokens that end a list of operations: its brace, the end, and alias definitions at top level. */
const STOPS: ReadonlySet<number> = new Set([Token.RightBrace, Token.End, Token.Hash, Token.Exclaim, Token.Caret]);

/** Operations as long as one begins. An operation with an error is reported and skipped. */
export function parseOperations(context: ParseContext, block: Block): void {
  const { reader } = context;
  const results: ResultText[] = [];
  while (!STOPS.has(reader.kind)) {
    const { start, line, lineStart } = reader;
    results.length = 0;
    try {
      block.operations.push(parseOperation(context, results));
    } catch (error) {
      if (!(error instanceof SyntaxAbort) || reader.isFull()) throw error;
      for (const result of results) context.scope.define(result.name, poisonValue());
      reader.rewind(start, line, lineStart);
      skipOperation(context);
    }
  }
}

/** Skips to the next line that can begin an operation outside every bracket opened since here. */
function skipOperation({ reader }: ParseContext): void {
  let depth = 0;
  for (;;) {
    const { kind } = reader;
    if (kind === Token.End || (kind === Token.RightBrace && depth === 0)) return;
    if (kind === Token.LeftBrace || kind === Token.LeftParen || kind === Token.LeftSquare) depth++;
    if (kind === Token.RightBrace || kind === Token.RightParen || kind === Token.RightSquare) depth--;
    reader.next();
    const begins = reader.kind === Token.Percent || reader.kind === Token.String || reader.kind === Token.Bare;
    if (depth <= 0 && reader.startsLine && begins) return;
  }
}

/** One operation. `results` receives the names that it defines, also when it fails later. */
function parseOperation(context: ParseContext, results: ResultText[]): Operation {
  const { reader, observer } = context;
  const { start } = reader;
  let location = reader.location();
  const resultCount = reader.kind === Token.Percent ? parseResults(context, results) : 0;
  const nameStart = reader.start;
  const name = operationName(context);
  const nameEnd = reader.previousEnd;
  const parts =
    reader.text.charCodeAt(nameStart) === 34
      ? parseGeneric(context, name)
      : parseNamed(context, { name, resultCount }, nameStart);
  const stated = reader.kind === Token.Bare && reader.isWord('loc') ? parseLocation(reader) : undefined;
  if (stated !== undefined && observer === null) location = stated;
  const op = new Operation(name, parts.operands, parts.resultTypes, parts.attributes, parts.regions, location);
  observer?.operation(op, { start, nameStart, nameEnd, end: reader.previousEnd, stated });
  if (results.length > 0) defineResults(context, op, results, resultCount);
  return op;
}

/** `%a, %b:2 =`: how many results that names. */
function parseResults(context: ParseContext, results: ResultText[]): number {
  const { reader } = context;
  let total = 0;
  do {
    const { start } = reader;
    const name = takeValueName(reader);
    const count = reader.accept(Token.Colon) ? Number(reader.take(Token.Integer)) : 1;
    results.push({ name, start, count });
    total += count;
  } while (reader.accept(Token.Comma));
  reader.expect(Token.Equal);
  return total;
}

function defineResults(context: ParseContext, op: Operation, names: readonly ResultText[], count: number): void {
  const { reader } = context;
  if (count !== op.results.length) {
    const span = reader.span(names[0].start, reader.previousEnd);
    reader.report(irTextDiagnostics.countMismatch, ['results named', String(count), String(op.results.length)], span);
    for (const { name } of names) context.scope.define(name, poisonValue());
    return;
  }
  let index = 0;
  for (const { name, start, count: size } of names) {
    if (size === 1) defineValue(context, name, op.results[index], start);
    else defineGroup(context, name, op.results.slice(index, index + size), start);
    index += size;
  }
}

function defineGroup(context: ParseContext, name: ValueName, values: readonly Value[], start: number): void {
  if (values.length > 0) defineValue(context, name, values[0], start, values);
  // The name stands for the whole group; the first member keeps it as its own for printing.
  context.scope.redefine(name, values);
}

/** The operation's full name: in quotes, or bare with the default dialect (`return`, `module`) filled in. */
function operationName(context: ParseContext): string {
  const { reader } = context;
  if (reader.kind === Token.String) {
    const quoted = reader.take(Token.String);
    const known = context.names.get(quoted) ?? unescapeString(quoted);
    context.names.set(quoted, known);
    return known;
  }
  const word = reader.take(Token.Bare, 'an operation');
  const known = context.names.get(word);
  if (known !== undefined) return known;
  const name = fullName(context, word);
  context.names.set(word, name);
  return name;
}

function fullName(context: ParseContext, word: string): string {
  if (word.includes('.')) return word;
  if (word === 'module') return 'builtin.module';
  return context.syntaxes.has(`func.${word}`) ? `func.${word}` : word;
}

function parseNamed(context: ParseContext, header: OperationHeader, nameStart: number): OperationParts {
  const syntax = context.syntaxes.get(header.name);
  if (syntax) return syntax.parse(context, header);
  const definition = context.definitions.get(header.name);
  if (definition) return parseDefined(context, header, definition);
  const { reader } = context;
  const span = reader.span(nameStart, reader.previousEnd);
  return reader.fail(irTextDiagnostics.unknownOperation, [header.name], span);
}

/** `(operands) <{properties}> ({regions}) {attributes} : (types) -> types`. */
function parseGeneric(context: ParseContext, name: string): OperationParts {
  const { reader } = context;
  const { start } = reader;
  const operands = parseUsesInParens(context);
  if (reader.kind === Token.LeftSquare) reader.fail(irTextDiagnostics.unsupported, ['a branch to a block']);
  let attributes: AttributeMap = NO_ATTRIBUTES;
  if (reader.accept(Token.Less)) {
    attributes = parseDictionary(reader);
    reader.expect(Token.Greater);
  }
  const regions = reader.kind === Token.LeftParen ? parseRegions(context, context.isolated.has(name)) : [];
  if (reader.kind === Token.LeftBrace) attributes = joined(attributes, parseDictionary(reader));
  reader.expect(Token.Colon);
  const { inputs, results } = parseSignature(reader);
  checkOperands(context, operands, inputs, start);
  return { operands, resultTypes: results, attributes: canonicalAttributes(name, attributes), regions };
}

/** MLIR prints these defaults of `arith` in the generic form only; msc does not keep them. */
const DEFAULT_FLAGS: ReadonlyMap<string, string> = new Map([
  ['fastmath', '#arith.fastmath<none>'],
  ['overflowFlags', '#arith.overflow<none>'],
]);

function canonicalAttributes(name: string, attributes: AttributeMap): AttributeMap {
  if (attributes.size === 0 || !name.startsWith('arith.')) return attributes;
  const kept = [...attributes].filter(
    ([key, value]) => value.kind !== 'opaque' || value.text !== DEFAULT_FLAGS.get(key),
  );
  if (kept.length === attributes.size) return attributes;
  return kept.length === 0 ? NO_ATTRIBUTES : new Map(kept);
}

/** Properties and discardable attributes are one dictionary in msc. */
function joined(properties: AttributeMap, attributes: AttributeMap): AttributeMap {
  if (properties.size === 0) return attributes;
  return attributes.size === 0 ? properties : new Map([...properties, ...attributes]);
}

/** The pretty form of a defined operation: `name operands ({regions}) {attributes} : types`. */
function parseDefined(context: ParseContext, header: OperationHeader, definition: OpDefinition): OperationParts {
  const { reader } = context;
  const { start } = reader;
  const operands = parseUses(context);
  const regions = reader.kind === Token.LeftParen ? parseRegions(context, context.isolated.has(header.name)) : [];
  const attributes = reader.kind === Token.LeftBrace ? parsePrettyDictionary(reader, definition) : NO_ATTRIBUTES;
  if (!reader.accept(Token.Colon)) {
    checkOperands(context, operands, [], start);
    return { operands, resultTypes: [], attributes, regions };
  }
  if (reader.kind === Token.LeftParen) {
    const { inputs, results } = parseSignature(reader);
    checkOperands(context, operands, inputs, start);
    return { operands, resultTypes: results, attributes, regions };
  }
  const type = parseType(reader);
  checkOperands(
    context,
    operands,
    operands.map(() => type),
    start,
  );
  const fewest = definition.results.filter((slot) => slot.arity === 'one').length;
  const resultTypes = Array.from({ length: header.resultCount || fewest }, () => type);
  return { operands, resultTypes, attributes, regions };
}

/** `({ … }, { … })`. */
function parseRegions(context: ParseContext, isolated: boolean): Block[] {
  const { reader } = context;
  const regions: Block[] = [];
  reader.expect(Token.LeftParen);
  reader.list(Token.RightParen, () => regions.push(parseRegion(context, { isolated })));
  return regions;
}

/** `{ ^bb0(%a: T): operations }`. `entry` gives the block's arguments when the text has named them before. */
export function parseRegion(
  context: ParseContext,
  {
    isolated = false,
    entry = null,
  }: { readonly isolated?: boolean; readonly entry?: readonly ArgumentText[] | null } = {},
): Block {
  const { reader, scope } = context;
  reader.expect(Token.LeftBrace);
  const parse = () => reader.nested(() => parseBlock(context, entry));
  const block = isolated ? scope.isolated(parse) : scope.nested(parse);
  reader.expect(Token.RightBrace, "an operation or '}'");
  return block;
}

function parseBlock(context: ParseContext, entry: readonly ArgumentText[] | null): Block {
  const { reader } = context;
  const texts = entry ?? (reader.kind === Token.Caret ? parseLabel(context) : []);
  const block = new Block(texts.map((text) => text.type));
  texts.forEach((text, index) => defineValue(context, text.name, block.arguments[index], text.start));
  parseOperations(context, block);
  if (reader.kind === Token.Caret) reader.fail(irTextDiagnostics.unsupported, ['a second block in a region']);
  return block;
}

/** `^bb0(%a: T, %b: T):`. */
function parseLabel(context: ParseContext): readonly ArgumentText[] {
  const { reader } = context;
  const texts: ArgumentText[] = [];
  reader.next();
  if (reader.accept(Token.LeftParen)) reader.list(Token.RightParen, () => texts.push(parseArgument(context)));
  reader.expect(Token.Colon);
  return texts;
}

/** `%a: T loc(…)`; msc keeps no locations of arguments. */
export function parseArgument({ reader }: ParseContext): ArgumentText {
  const { start } = reader;
  const name = takeValueName(reader);
  reader.expect(Token.Colon);
  const type = parseType(reader);
  if (reader.isWord('loc')) parseLocation(reader);
  return { name, start, type };
}
