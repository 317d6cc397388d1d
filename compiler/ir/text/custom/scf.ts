/** MLIR's own syntax of `scf`. A `scf.yield` without values is left out where MLIR leaves it out. */
import { NO_ATTRIBUTES } from '../../core/attribute.ts';
import { Block, Operation } from '../../core/operation.ts';
import type { Value } from '../../core/operation.ts';
import type { Type } from '../../core/type.ts';
import { scalarType } from '../../core/type.ts';
import { parseDictionary } from '../parse-attribute.ts';
import type { ArgumentText } from '../parse-operation.ts';
import { parseRegion } from '../parse-operation.ts';
import { parseResultTypes, parseSignature, parseType } from '../parse-type.ts';
import { checkOperands, parseTypeList, parseUse, parseUses, takeValueName } from '../parse-value.ts';
import type { Printer } from '../printer.ts';
import type { ValueName } from '../scope.ts';
import type { OperationSyntax, ParseContext } from '../syntax.ts';
import { Token } from '../token.ts';
import { terminatorSyntax } from './func.ts';

/** Adds the `scf.yield` that the text leaves out. */
function withYield(block: Block): Block {
  if (block.operations.at(-1)?.name === 'scf.yield') return block;
  block.operations.push(new Operation('scf.yield', [], [], NO_ATTRIBUTES, [], null));
  return block;
}

function endsInYield(block: Block): boolean {
  return block.operations.at(-1)?.name === 'scf.yield';
}

/** `{ … }` without the final yield when it has no values and nothing to say. */
function printBody(printer: Printer, block: Block, hasResults: boolean): void {
  const { operations } = block;
  const last = operations.at(-1);
  const silent = !hasResults && last && last.operands.length === 0 && last.attributes.size === 0;
  printer.write('{');
  printer.operations(block, operations.length - (silent ? 1 : 0));
  printer.newLine();
  printer.write('}');
}

const ifSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    const { start } = reader;
    const condition = parseUse(context);
    checkOperands(context, [condition], [scalarType('i1')], start);
    const resultTypes = reader.accept(Token.Arrow) ? parseResultTypes(reader) : [];
    const then = withYield(parseRegion(context));
    const otherwise = reader.acceptWord('else') ? withYield(parseRegion(context)) : new Block();
    const attributes = reader.kind === Token.LeftBrace ? parseDictionary(reader) : NO_ATTRIBUTES;
    return { operands: [condition], resultTypes, attributes, regions: [then, otherwise] };
  },
  print: (printer, op) => {
    if (op.operands.length !== 1 || op.regions.length !== 2 || !endsInYield(op.regions[0])) return false;
    if (op.operands[0].type.key !== 'i1' || op.regions.some((region) => region.arguments.length > 0)) return false;
    const [then, otherwise] = op.regions;
    if (otherwise.operations.length > 0 && !endsInYield(otherwise)) return false;
    printer.write(`scf.if ${printer.use(op.operands[0])} `);
    printArrowTypes(printer, op);
    printBody(printer, then, op.results.length > 0);
    if (otherwise.operations.length > 0) {
      printer.write(' else ');
      printBody(printer, otherwise, op.results.length > 0);
    }
    printer.attributes(op.attributes);
    return true;
  },
};

function printArrowTypes(printer: Printer, op: Operation): void {
  if (op.results.length > 0) printer.write(`-> (${op.results.map((result) => result.type.key).join(', ')}) `);
}

const forSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    const { start } = reader;
    const variable = takeValueName(reader);
    reader.expect(Token.Equal);
    const bounds = [parseUse(context)];
    for (const word of ['to', 'step']) {
      reader.expectWord(word);
      bounds.push(parseUse(context));
    }
    const boundsEnd = reader.start;
    const { names, starts, operands } = reader.acceptWord('iter_args') ? parseAssignments(context) : noAssignments();
    const resultTypes = names.length > 0 && reader.accept(Token.Arrow) ? parseResultTypes(reader) : [];
    const type = reader.accept(Token.Colon) ? parseType(reader) : scalarType('index');
    checkOperands(context, bounds, [type, type, type], start);
    checkOperands(context, operands, resultTypes, boundsEnd);
    const entry: ArgumentText[] = [{ name: variable, start, type }];
    names.forEach((name, index) => entry.push({ name, start: starts[index], type: resultTypes[index] }));
    const body = withYield(parseRegion(context, { entry }));
    const attributes = reader.kind === Token.LeftBrace ? parseDictionary(reader) : NO_ATTRIBUTES;
    return { operands: [...bounds, ...operands], resultTypes, attributes, regions: [body] };
  },
  print: (printer, op) => {
    if (op.operands.length < 3 || op.regions.length !== 1 || !endsInYield(op.regions[0])) return false;
    const [lower, upper, step, ...initial] = op.operands;
    const [variable, ...carried] = op.regions[0].arguments;
    if (!variable || !agree(variable, [lower, upper, step]) || !pairwise(initial, carried, op.results)) return false;
    const bounds = `${printer.use(lower)} to ${printer.use(upper)} step ${printer.use(step)}`;
    printer.write(`scf.for ${printer.define(variable)} = ${bounds} `);
    if (carried.length > 0) {
      printer.write('iter_args');
      printAssignments(printer, carried, initial);
      printer.write(' ');
      printArrowTypes(printer, op);
    }
    if (variable.type.key !== 'index') printer.write(` : ${variable.type.key} `);
    printBody(printer, op.regions[0], op.results.length > 0);
    printer.attributes(op.attributes);
    return true;
  },
};

function agree(variable: Value, bounds: readonly Value[]): boolean {
  return bounds.every((bound) => bound.type.key === variable.type.key);
}

function pairwise(...lists: readonly (readonly Value[])[]): boolean {
  const [first, ...others] = lists;
  return others.every(
    (list) => list.length === first.length && list.every((value, index) => value.type.key === first[index].type.key),
  );
}

interface Assignments {
  readonly names: ValueName[];
  readonly starts: number[];
  readonly operands: Value[];
}

const noAssignments = (): Assignments => ({ names: [], starts: [], operands: [] });

/** `(%a = %x, %b = %y)`. */
function parseAssignments(context: ParseContext): Assignments {
  const { reader } = context;
  const assignments = noAssignments();
  reader.expect(Token.LeftParen);
  reader.list(Token.RightParen, () => {
    assignments.starts.push(reader.start);
    assignments.names.push(takeValueName(reader));
    reader.expect(Token.Equal);
    assignments.operands.push(parseUse(context));
  });
  return assignments;
}

function printAssignments(printer: Printer, names: readonly Value[], values: readonly Value[]): void {
  // The values are read before the names are defined: they belong to the region outside.
  const uses = values.map((value) => printer.use(value));
  printer.write(`(${names.map((name, index) => `${printer.define(name)} = ${uses[index]}`).join(', ')})`);
}

const whileSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    const { start } = reader;
    const { names, starts, operands } = reader.kind === Token.LeftParen ? parseAssignments(context) : noAssignments();
    reader.expect(Token.Colon);
    const { inputs, results } = parseSignature(reader);
    checkOperands(context, operands, inputs, start);
    const entry = names.map((name, index) => ({ name, start: starts[index], type: inputs[index] }));
    const before = parseRegion(context, { entry });
    reader.expectWord('do');
    const after = parseRegion(context);
    withYield(after);
    const attributes = reader.acceptWord('attributes') ? parseDictionary(reader) : NO_ATTRIBUTES;
    return { operands, resultTypes: results, attributes, regions: [before, after] };
  },
  print: (printer, op) => {
    if (op.regions.length !== 2 || !endsInYield(op.regions[1])) return false;
    const [before, after] = op.regions;
    if (!pairwise(op.operands, before.arguments) || !pairwise(op.results, after.arguments)) return false;
    printer.write('scf.while ');
    if (op.operands.length > 0) {
      printAssignments(printer, before.arguments, op.operands);
      printer.write(' ');
    }
    printer.write(': ');
    printer.signature(op);
    printer.write(' {');
    printer.operations(before);
    printer.newLine();
    printer.write('} do ');
    printer.region(after);
    printer.attributes(op.attributes, [], ' attributes');
    return true;
  },
};

/** `scf.condition(%c) %a, %b : T, U`. */
const conditionSyntax: OperationSyntax = {
  parse: (context) => {
    const { reader } = context;
    reader.expect(Token.LeftParen);
    const condition = parseUse(context);
    reader.expect(Token.RightParen);
    const attributes = reader.kind === Token.LeftBrace ? parseDictionary(reader) : NO_ATTRIBUTES;
    const { start } = reader;
    const operands = parseUses(context);
    if (operands.length > 0) {
      reader.expect(Token.Colon);
      const types: Type[] = parseTypeList(reader);
      checkOperands(context, operands, types, start);
    }
    return { operands: [condition, ...operands], resultTypes: [], attributes, regions: [] };
  },
  print: (printer, op) => {
    if (op.operands.length === 0 || op.results.length > 0 || op.regions.length > 0) return false;
    const [condition, ...passed] = op.operands;
    printer.write(`scf.condition(${printer.use(condition)})`);
    printer.attributes(op.attributes);
    if (passed.length === 0) return true;
    printer.write(' ');
    printer.uses(passed);
    printer.write(' : ');
    printer.types(passed.map((value) => value.type));
    return true;
  },
};

export const SCF_SYNTAX: readonly (readonly [string, OperationSyntax])[] = [
  ['scf.if', ifSyntax],
  ['scf.for', forSyntax],
  ['scf.while', whileSyntax],
  ['scf.yield', terminatorSyntax('scf.yield')],
  ['scf.condition', conditionSyntax],
];
