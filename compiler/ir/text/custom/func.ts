/** MLIR's own syntax of `func` and `builtin.module`. */
import type { Attribute, AttributeMap } from '../../core/attribute.ts';
import { arrayAttribute, NO_ATTRIBUTES, stringAttribute, typeAttribute } from '../../core/attribute.ts';
import { Block } from '../../core/operation.ts';
import type { Operation } from '../../core/operation.ts';
import type { FunctionType, Type } from '../../core/type.ts';
import { functionType } from '../../core/type.ts';
import { dictionaryText, symbolText } from '../attribute-text.ts';
import { parseDictionary } from '../parse-attribute.ts';
import { parseLocation } from '../parse-location.ts';
import type { ArgumentText } from '../parse-operation.ts';
import { parseArgument, parseRegion } from '../parse-operation.ts';
import { parseSignature, parseType } from '../parse-type.ts';
import { checkOperands, parseTypeList, parseUses, parseUsesInParens } from '../parse-value.ts';
import type { Printer } from '../printer.ts';
import type { OperationParts, OperationSyntax, ParseContext } from '../syntax.ts';
import { Token } from '../token.ts';

/** `module @name attributes {…} { … }`. */
const moduleSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    const name = reader.kind === Token.At ? reader.takeSymbol() : null;
    const rest = reader.acceptWord('attributes') ? parseDictionary(reader) : NO_ATTRIBUTES;
    const attributes = name === null ? rest : new Map([['sym_name', stringAttribute(name)], ...rest]);
    return { operands: [], resultTypes: [], attributes, regions: [parseRegion(context, { isolated: true })] };
  },
  print: (printer, op) => {
    if (op.regions.length !== 1 || op.regions[0].arguments.length > 0 || op.operands.length + op.results.length > 0)
      return false;
    const name = op.attributes.get('sym_name');
    printer.write(name?.kind === 'string' ? `module ${symbolText(name.value)}` : 'module');
    printer.attributes(op.attributes, name?.kind === 'string' ? ['sym_name'] : [], ' attributes');
    printer.write(' ');
    printer.isolatedNames(() => printer.region(op.regions[0]));
    return true;
  },
};

interface Parameter {
  readonly argument: ArgumentText | null;
  readonly type: Type;
  readonly attributes: AttributeMap;
}

/** `func.func visibility @name(%a: T {…}) -> (T {…}) attributes {…} { … }`. */
const funcSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    const attributes = new Map<string, Attribute>();
    if (reader.kind === Token.Bare) attributes.set('sym_visibility', stringAttribute(reader.take(Token.Bare)));
    attributes.set('sym_name', stringAttribute(reader.takeSymbol()));
    const parameters = parseParameters(context);
    const results = reader.accept(Token.Arrow) ? parseFunctionResults(context) : [];
    const type = functionType(
      parameters.map((parameter) => parameter.type),
      results.map((result) => result.type),
    );
    attributes.set('function_type', typeAttribute(type));
    addDictionaries(attributes, 'arg_attrs', parameters);
    addDictionaries(attributes, 'res_attrs', results);
    if (reader.acceptWord('attributes'))
      for (const [name, value] of parseDictionary(reader)) attributes.set(name, value);
    return { operands: [], resultTypes: [], attributes, regions: [parseBody(context, parameters)] };
  },
  print: printFunction,
};

function parseBody(context: ParseContext, parameters: readonly Parameter[]): Block {
  const { reader } = context;
  if (reader.kind !== Token.LeftBrace) return new Block();
  const entry = parameters.map((parameter) => parameter.argument).filter((argument) => argument !== null);
  if (entry.length !== parameters.length) reader.failExpected('a declaration, since the parameters have no names');
  return parseRegion(context, { isolated: true, entry });
}

function parseParameters(context: ParseContext): readonly Parameter[] {
  const { reader } = context;
  const parameters: Parameter[] = [];
  reader.expect(Token.LeftParen);
  reader.list(Token.RightParen, () => {
    const argument = reader.kind === Token.Percent ? parseArgument(context) : null;
    const type = argument ? argument.type : parseType(reader);
    const attributes = reader.kind === Token.LeftBrace ? parseDictionary(reader) : NO_ATTRIBUTES;
    if (reader.isWord('loc')) parseLocation(reader);
    parameters.push({ argument, type, attributes });
  });
  return parameters;
}

function parseFunctionResults(context: ParseContext): readonly Parameter[] {
  const { reader } = context;
  const results: Parameter[] = [];
  const one = () => {
    const type = parseType(reader);
    const attributes = reader.kind === Token.LeftBrace ? parseDictionary(reader) : NO_ATTRIBUTES;
    results.push({ argument: null, type, attributes });
  };
  if (reader.accept(Token.LeftParen)) reader.list(Token.RightParen, one);
  else results.push({ argument: null, type: parseType(reader), attributes: NO_ATTRIBUTES }); // the brace opens the body
  return results;
}

function addDictionaries(attributes: Map<string, Attribute>, name: string, list: readonly Parameter[]): void {
  if (list.every((parameter) => parameter.attributes.size === 0)) return;
  attributes.set(
    name,
    arrayAttribute(list.map((parameter) => ({ kind: 'dictionary', entries: parameter.attributes }))),
  );
}

function printFunction(printer: Printer, op: Operation): boolean {
  const name = op.attributes.get('sym_name');
  const type = op.attributes.get('function_type');
  if (name?.kind !== 'string' || type?.kind !== 'type' || type.type.kind !== 'function') return false;
  const visibility = op.attributes.get('sym_visibility');
  if (visibility && visibility.kind !== 'string') return false;
  const dictionaries = [op.attributes.get('arg_attrs'), op.attributes.get('res_attrs')];
  if (dictionaries.some((list) => list && !isUsualDictionaryList(list))) return false;
  const [body] = op.regions;
  if (op.operands.length + op.results.length > 0 || op.regions.length !== 1) return false;
  const isDeclaration = body.operations.length === 0;
  if (!isDeclaration && !sameTypes(body, type.type)) return false;
  if (isDeclaration && body.arguments.length > 0) return false;
  printer.write(`func.func ${visibility ? `${visibility.value} ` : ''}${symbolText(name.value)}(`);
  printer.isolatedNames(() => printSignatureAndBody(printer, op, type.type as FunctionType, body), name.value);
  return true;
}

function printSignatureAndBody(printer: Printer, op: Operation, type: FunctionType, body: Block): void {
  const isDeclaration = body.operations.length === 0;
  type.inputs.forEach((input, index) => {
    const before = index > 0 ? ', ' : '';
    const argument = isDeclaration ? '' : `${printer.define(body.arguments[index])}: `;
    printer.write(before + argument + input.key + parameterAttributes(op, 'arg_attrs', index));
  });
  printer.write(')');
  const results = type.results.map((result, index) => result.key + parameterAttributes(op, 'res_attrs', index));
  const single = results.length === 1 && type.results[0].kind !== 'function' && !op.attributes.has('res_attrs');
  if (results.length > 0) printer.write(` -> ${single ? results[0] : `(${results.join(', ')})`}`);
  const said = ['sym_name', 'function_type', 'sym_visibility', 'arg_attrs', 'res_attrs'];
  printer.attributes(op.attributes, said, ' attributes');
  if (isDeclaration) return;
  printer.write(' {');
  printer.operations(body);
  printer.newLine();
  printer.write('}');
}

function sameTypes(body: Block, type: FunctionType): boolean {
  const { inputs } = type;
  return (
    body.arguments.length === inputs.length &&
    inputs.every((input, index) => input.key === body.arguments[index].type.key)
  );
}

/** Whether the short syntax says these dictionaries: dictionaries only, and not all empty. */
function isUsualDictionaryList(list: Attribute): boolean {
  if (list.kind !== 'array') return false;
  const isDictionary = (element: Attribute) => element.kind === 'dictionary';
  return (
    list.elements.every(isDictionary) &&
    list.elements.some((element) => element.kind === 'dictionary' && element.entries.size > 0)
  );
}

function parameterAttributes(op: Operation, name: string, index: number): string {
  const list = op.attributes.get(name);
  const entry = list?.kind === 'array' ? list.elements[index] : undefined;
  return entry?.kind === 'dictionary' && entry.entries.size > 0 ? ` ${dictionaryText(entry.entries)}` : '';
}

/** `return %a, %b : T, U`, also of `scf.yield`. */
export function terminatorSyntax(spelling: string): OperationSyntax {
  return {
    parse: (context) => {
      const { reader } = context;
      const { start } = reader;
      const attributes = reader.kind === Token.LeftBrace ? parseDictionary(reader) : NO_ATTRIBUTES;
      const operands = parseUses(context);
      if (operands.length > 0) {
        reader.expect(Token.Colon);
        checkOperands(context, operands, parseTypeList(reader), start);
      }
      return { operands, resultTypes: [], attributes, regions: [] };
    },
    print: (printer, op) => {
      if (op.results.length > 0 || op.regions.length > 0) return false;
      printer.write(spelling);
      printer.attributes(op.attributes);
      if (op.operands.length === 0) return true;
      printer.write(' ');
      printer.uses(op.operands);
      printer.write(' : ');
      printer.types(op.operands.map((operand) => operand.type));
      return true;
    },
  };
}

/** `func.call @f(%a) : (T) -> T`; MLIR also reads `call` directly in a function. */
const callSyntax: OperationSyntax = {
  parse: (context): OperationParts => {
    const { reader } = context;
    const { start } = reader;
    const attributes = new Map<string, Attribute>([['callee', { kind: 'symbol', name: reader.takeSymbol() }]]);
    const operands = parseUsesInParens(context);
    if (reader.kind === Token.LeftBrace)
      for (const [name, value] of parseDictionary(reader)) attributes.set(name, value);
    reader.expect(Token.Colon);
    const { inputs, results } = parseSignature(reader);
    checkOperands(context, operands, inputs, start);
    return { operands, resultTypes: results, attributes, regions: [] };
  },
  print: (printer, op) => {
    const callee = op.attributes.get('callee');
    if (callee?.kind !== 'symbol' || op.regions.length > 0) return false;
    printer.write(`func.call ${symbolText(callee.name)}(`);
    printer.uses(op.operands);
    printer.write(')');
    printer.attributes(op.attributes, ['callee']);
    printer.write(' : ');
    printer.signature(op);
    return true;
  },
};

export const FUNC_SYNTAX: readonly (readonly [string, OperationSyntax])[] = [
  ['builtin.module', moduleSyntax],
  ['func.func', funcSyntax],
  ['func.return', terminatorSyntax('return')],
  ['func.call', callSyntax],
];
