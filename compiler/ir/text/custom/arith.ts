/** MLIR's own syntax of `arith` and of the two `tensor` operations that cross between scalars and tensors. */
import type { Attribute } from '../../core/attribute.ts';
import { integerAttribute, NO_ATTRIBUTES } from '../../core/attribute.ts';
import type { Operation, Value } from '../../core/operation.ts';
import type { TensorType, Type } from '../../core/type.ts';
import { elementCount, scalarType, staticShape, tensorType } from '../../core/type.ts';
import { attributeText } from '../attribute-text.ts';
import { irTextDiagnostics } from '../diagnostics.ts';
import { parseAttribute, parseDictionary } from '../parse-attribute.ts';
import { parseType } from '../parse-type.ts';
import { checkOperands, parseUse, parseUses } from '../parse-value.ts';
import type { Printer } from '../printer.ts';
import type { OperationSyntax, ParseContext } from '../syntax.ts';
import { Token } from '../token.ts';

/** Flags written behind the operands: `fastmath<fast>`, `overflow<nsw>`. */
const FLAGS = [
  { word: 'fastmath', attribute: 'fastmath', prefix: '#arith.fastmath' },
  { word: 'overflow', attribute: 'overflowFlags', prefix: '#arith.overflow' },
] as const;

function parseFlags(context: ParseContext): Map<string, Attribute> {
  const { reader } = context;
  const attributes = new Map<string, Attribute>();
  for (const { word, attribute, prefix } of FLAGS) {
    if (!reader.acceptWord(word)) continue;
    const text = prefix + reader.takeAngleGroup();
    if (!text.endsWith('<none>')) attributes.set(attribute, { kind: 'opaque', text });
  }
  if (reader.kind === Token.LeftBrace) for (const [name, value] of parseDictionary(reader)) attributes.set(name, value);
  return attributes;
}

function printFlags(printer: Printer, op: Operation, said: readonly string[] = []): void {
  if (op.attributes.size === 0) return;
  const written: string[] = [...said];
  for (const { word, attribute, prefix } of FLAGS) {
    const value = op.attributes.get(attribute);
    if (value?.kind !== 'opaque' || !value.text.startsWith(`${prefix}<`)) continue;
    printer.write(` ${word}${value.text.slice(prefix.length)}`);
    written.push(attribute);
  }
  printer.attributes(op.attributes, written);
}

function allOfType(op: Operation, type: Type): boolean {
  return op.operands.every((operand) => operand.type.key === type.key);
}

/** `arith.addi %a, %b : T`: operands and result of one type. */
function sameTypeSyntax(operandCount: number): OperationSyntax {
  return {
    parse: (context) => {
      const { reader } = context;
      const { start } = reader;
      const operands = parseUses(context);
      const attributes = reader.kind === Token.Colon ? NO_ATTRIBUTES : parseFlags(context);
      reader.expect(Token.Colon);
      const type = parseType(reader);
      checkOperands(context, operands, operandCount === 2 ? [type, type] : [type], start);
      return { operands, resultTypes: [type], attributes, regions: [] };
    },
    print: (printer, op) => {
      if (op.operands.length !== operandCount || op.results.length !== 1 || op.regions.length > 0) return false;
      if (!allOfType(op, op.results[0].type)) return false;
      printer.write(`${op.name} `);
      printer.uses(op.operands);
      printFlags(printer, op);
      printer.write(` : ${op.results[0].type.key}`);
      return true;
    },
  };
}

/** `arith.constant 1 : i32`. */
const constantSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    const rest = reader.kind === Token.LeftBrace ? parseDictionary(reader) : NO_ATTRIBUTES;
    const value = parseAttribute(reader);
    const type = typeOfConstant(value);
    if (!type) return reader.failExpected('a typed constant');
    return { operands: [], resultTypes: [type], attributes: new Map([...rest, ['value', value]]), regions: [] };
  },
  print: (printer, op) => {
    const value = op.attributes.get('value');
    const type = value && typeOfConstant(value);
    if (!type || op.operands.length + op.regions.length > 0 || op.results.length !== 1) return false;
    if (op.results[0].type.key !== type.key) return false;
    printer.write('arith.constant');
    printer.attributes(op.attributes, ['value']);
    printer.write(` ${attributeText(value)}`);
    return true;
  },
};

/** The type that a constant's attribute carries, or null. */
function typeOfConstant(value: Attribute): Type | null {
  if (value.kind === 'integer' || value.kind === 'float' || value.kind === 'dense') return value.type;
  return value.kind === 'bool' ? scalarType('i1') : null;
}

const INTEGER_PREDICATES = ['eq', 'ne', 'slt', 'sle', 'sgt', 'sge', 'ult', 'ule', 'ugt', 'uge'] as const;
const FLOAT_PREDICATES = [
  'false',
  'oeq',
  'ogt',
  'oge',
  'olt',
  'ole',
  'one',
  'ord',
  'ueq',
  'ugt',
  'uge',
  'ult',
  'ule',
  'une',
  'uno',
  'true',
] as const;

/** `arith.cmpi slt, %a, %b : T`. */
function compareSyntax(predicates: readonly string[]): OperationSyntax {
  return {
    parse: (context) => {
      const { reader } = context;
      const predicate = predicates.indexOf(reader.take(Token.Bare, `one of ${predicates.join(', ')}`));
      if (predicate < 0) reader.fail(irTextDiagnostics.expected, [`one of ${predicates.join(', ')}`, 'another word']);
      reader.expect(Token.Comma);
      const { start } = reader;
      const operands = parseUses(context);
      const attributes = parseFlags(context);
      attributes.set('predicate', integerAttribute(predicate));
      reader.expect(Token.Colon);
      const type = parseType(reader);
      checkOperands(context, operands, [type, type], start);
      return { operands, resultTypes: [conditionType(type)], attributes, regions: [] };
    },
    print: (printer, op) => {
      const predicate = op.attributes.get('predicate');
      const word =
        predicate?.kind === 'integer' && predicate.type.key === 'i64' ? predicates[Number(predicate.value)] : undefined;
      if (!word || op.operands.length !== 2 || op.results.length !== 1) return false;
      const { type } = op.operands[0];
      if (!allOfType(op, type) || op.results[0].type.key !== conditionType(type).key) return false;
      printer.write(`${op.name} ${word}, `);
      printer.uses(op.operands);
      printFlags(printer, op, ['predicate']);
      printer.write(` : ${type.key}`);
      return true;
    },
  };
}

/** i1, or a tensor of i1 of the same shape. */
function conditionType(type: Type): Type {
  return type.kind === 'tensor' ? tensorType(type.shape, 'i1', type.encoding) : scalarType('i1');
}

/** `arith.select %c, %a, %b : T`, or with the condition's type first when it is no scalar. */
const selectSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    const { start } = reader;
    const operands = parseUses(context);
    const attributes = reader.kind === Token.Colon ? NO_ATTRIBUTES : parseFlags(context);
    reader.expect(Token.Colon);
    const first = parseType(reader);
    const second = reader.accept(Token.Comma) ? parseType(reader) : null;
    const type = second ?? first;
    checkOperands(context, operands, [second ? first : scalarType('i1'), type, type], start);
    return { operands, resultTypes: [type], attributes, regions: [] };
  },
  print: (printer, op) => {
    if (op.operands.length !== 3 || op.results.length !== 1) return false;
    const [condition, ...values] = op.operands;
    const { type } = op.results[0];
    if (values.some((value) => value.type.key !== type.key)) return false;
    printer.write('arith.select ');
    printer.uses(op.operands);
    printer.attributes(op.attributes);
    printer.write(condition.type.key === 'i1' ? ` : ${type.key}` : ` : ${condition.type.key}, ${type.key}`);
    return true;
  },
};

/** `arith.extf %a : f16 to f32`. */
const castSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    const { start } = reader;
    const operands = [parseUse(context)];
    const attributes = reader.kind === Token.Colon ? NO_ATTRIBUTES : parseFlags(context);
    reader.expect(Token.Colon);
    checkOperands(context, operands, [parseType(reader)], start);
    reader.expectWord('to');
    return { operands, resultTypes: [parseType(reader)], attributes, regions: [] };
  },
  print: (printer, op) => {
    if (op.operands.length !== 1 || op.results.length !== 1) return false;
    printer.write(`${op.name} ${printer.use(op.operands[0])}`);
    printFlags(printer, op);
    printer.write(` : ${op.operands[0].type.key} to ${op.results[0].type.key}`);
    return true;
  },
};

/** `tensor.extract %t[%i, %j] : tensor<…>`. */
const extractSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    const { start } = reader;
    const tensor = parseUse(context);
    reader.expect(Token.LeftSquare);
    const indices = parseUses(context);
    reader.expect(Token.RightSquare);
    const attributes = reader.kind === Token.LeftBrace ? parseDictionary(reader) : NO_ATTRIBUTES;
    reader.expect(Token.Colon);
    const type = parseTensorType(context);
    checkOperands(context, [tensor, ...indices], [type, ...indices.map(() => scalarType('index'))], start);
    return { operands: [tensor, ...indices], resultTypes: [scalarType(type.dtype)], attributes, regions: [] };
  },
  print: (printer, op) => {
    const [tensor, ...indices] = op.operands;
    if (tensor?.type.kind !== 'tensor' || op.results.length !== 1 || op.results[0].type.key !== tensor.type.dtype)
      return false;
    if (indices.some((index) => index.type.key !== 'index')) return false;
    printer.write(`tensor.extract ${printer.use(tensor)}[`);
    printer.uses(indices);
    printer.write(']');
    printer.attributes(op.attributes);
    printer.write(` : ${tensor.type.key}`);
    return true;
  },
};

function parseTensorType(context: ParseContext): TensorType {
  const { reader } = context;
  const span = reader.span();
  const type = parseType(reader);
  return type.kind === 'tensor' ? type : reader.fail(irTextDiagnostics.expected, ['a tensor type', type.key], span);
}

/** `tensor.from_elements %a, %b : tensor<2xf32>`. */
const fromElementsSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    const { start } = reader;
    const operands: Value[] = parseUses(context);
    const attributes = reader.kind === Token.LeftBrace ? parseDictionary(reader) : NO_ATTRIBUTES;
    reader.expect(Token.Colon);
    const type = parseTensorType(context);
    const element = scalarType(type.dtype);
    checkOperands(
      context,
      operands,
      Array.from({ length: elementCount(staticShape(type) ?? []) }, () => element),
      start,
    );
    return { operands, resultTypes: [type], attributes, regions: [] };
  },
  print: (printer, op) => {
    const type = op.results[0]?.type;
    if (op.results.length !== 1 || type.kind !== 'tensor' || !allOfType(op, scalarType(type.dtype))) return false;
    const shape = staticShape(type);
    if (!shape || elementCount(shape) !== op.operands.length) return false;
    printer.write(op.operands.length > 0 ? 'tensor.from_elements ' : 'tensor.from_elements');
    printer.uses(op.operands);
    printer.attributes(op.attributes);
    printer.write(` : ${type.key}`);
    return true;
  },
};

const BINARY = [
  'addi',
  'subi',
  'muli',
  'divsi',
  'divui',
  'remsi',
  'remui',
  'ceildivsi',
  'floordivsi',
  'andi',
  'ori',
  'xori',
  'shli',
  'shrsi',
  'shrui',
  'maxsi',
  'maxui',
  'minsi',
  'minui',
  'addf',
  'subf',
  'mulf',
  'divf',
  'remf',
  'maximumf',
  'minimumf',
  'maxnumf',
  'minnumf',
] as const;

const CASTS = [
  'extf',
  'truncf',
  'extsi',
  'extui',
  'trunci',
  'sitofp',
  'uitofp',
  'fptosi',
  'fptoui',
  'index_cast',
  'index_castui',
  'bitcast',
] as const;

const row = (name: string, syntax: OperationSyntax) => [`arith.${name}`, syntax] as const;

export const ARITH_SYNTAX: readonly (readonly [string, OperationSyntax])[] = [
  row('constant', constantSyntax),
  ...BINARY.map((name) => row(name, sameTypeSyntax(2))),
  row('negf', sameTypeSyntax(1)),
  row('cmpi', compareSyntax(INTEGER_PREDICATES)),
  row('cmpf', compareSyntax(FLOAT_PREDICATES)),
  row('select', selectSyntax),
  ...CASTS.map((name) => row(name, castSyntax)),
  ['tensor.extract', extractSyntax],
  ['tensor.from_elements', fromElementsSyntax],
];
