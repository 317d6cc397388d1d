/** Symbols of a module: unique names, and calls that fit their functions. */
import type { Attribute } from '../core/attribute.ts';
import type { Block, Module, Operation } from '../core/operation.ts';
import { walk } from '../core/operation.ts';
import type { FunctionType } from '../core/type.ts';
import { functionType } from '../core/type.ts';
import { verifyDiagnostics } from './diagnostics.ts';
import type { Report } from './report.ts';

/** Operations that define a symbol in a block, by name. The first of several wins. */
export function symbolsOf(block: Block): ReadonlyMap<string, Operation> {
  const symbols = new Map<string, Operation>();
  for (const op of block.operations) {
    const name = op.attributes.get('sym_name');
    if (name?.kind === 'string' && !symbols.has(name.value)) symbols.set(name.value, op);
  }
  return symbols;
}

/** The type of a function, or null when the operation is none. */
export function functionTypeOf(op: Operation): FunctionType | null {
  const attribute = op.attributes.get('function_type');
  return attribute?.kind === 'type' && attribute.type.kind === 'function' ? attribute.type : null;
}

const NO_NAMES: readonly string[] = [];

/** Names of the symbols that an operation's attributes refer to. */
export function referencesOf(op: Operation): readonly string[] {
  if (op.attributes.size === 0) return NO_NAMES;
  const names: string[] = [];
  const visit = (attribute: Attribute): void => {
    if (attribute.kind === 'symbol') names.push(attribute.name);
    else if (attribute.kind === 'array') attribute.elements.forEach(visit);
    else if (attribute.kind === 'dictionary') attribute.entries.forEach(visit);
  };
  op.attributes.forEach(visit);
  return names;
}

/** Checks that symbols are unique, that calls find their function, and that their types agree. */
export function verifyCalls(module: Module, report: Report): void {
  const symbols = symbolsOf(module.body);
  for (const op of module.body.operations) {
    const name = op.attributes.get('sym_name');
    if (name?.kind === 'string' && symbols.get(name.value) !== op)
      report(verifyDiagnostics.duplicateSymbol, op, [name.value]);
  }
  walk(module.body, (op) => {
    const callee = op.name === 'func.call' ? op.attributes.get('callee') : undefined;
    if (callee?.kind === 'symbol') verifyCall(op, callee.name, symbols, report);
  });
}

function verifyCall(op: Operation, name: string, symbols: ReadonlyMap<string, Operation>, report: Report): void {
  const callee = symbols.get(name);
  const expected = callee && functionTypeOf(callee);
  if (!expected) return report(verifyDiagnostics.unknownSymbol, op, [op.name, name]);
  const found = functionType(
    op.operands.map((operand) => operand.type),
    op.results.map((result) => result.type),
  );
  if (found.key !== expected.key) report(verifyDiagnostics.callSignature, op, [name, found.key, expected.key]);
}
