/** Values in text: uses such as `%0` and `%0#1`, definitions, and lists with their types. */
import { Value } from '../core/operation.ts';
import type { Type } from '../core/type.ts';
import { typesEqual } from '../core/type.ts';
import { irTextDiagnostics } from './diagnostics.ts';
import { parseType } from './parse-type.ts';
import type { Reader } from './reader.ts';
import type { Named, ValueName } from './scope.ts';
import { keptName, POISON_TYPE, poisonValue, valueName } from './scope.ts';
import type { ParseContext } from './syntax.ts';
import { Token } from './token.ts';

/** A use of a value, which must be defined before. An undefined name is reported and replaced, to find more errors. */
export function parseUse(context: ParseContext): Value {
  const { reader, scope } = context;
  if (reader.kind !== Token.Percent) reader.failExpected("a value such as '%0'");
  const { start, end } = reader;
  const named = scope.lookup(valueName(reader.text, start + 1, end));
  reader.next();
  if (reader.kind === Token.Hash && reader.start === end) return numberedUse(context, named, start);
  const value = named instanceof Value || named === undefined ? named : named.length === 1 ? named[0] : undefined;
  if (value) {
    context.observer?.used(value, start, end);
    return value;
  }
  reader.report(irTextDiagnostics.undefinedValue, [reader.text.slice(start, end)], reader.span(start, end));
  return poisonValue();
}

/** The name of a value about to be defined, which is the current token. */
export function takeValueName(reader: Reader): ValueName {
  if (reader.kind !== Token.Percent) reader.failExpected("a value such as '%0'");
  const name = valueName(reader.text, reader.start + 1, reader.end);
  reader.next();
  return name;
}

/** `%0#1`: the `#1` is the current token. */
function numberedUse(context: ParseContext, named: Named | undefined, start: number): Value {
  const { reader } = context;
  const index = Number(reader.text.slice(reader.start + 1, reader.end));
  const span = reader.span(start, reader.end);
  reader.next();
  const isWhole = named instanceof Value && (index === 0 || named.type === POISON_TYPE);
  const value = named instanceof Value ? (isWhole ? named : undefined) : named?.[index];
  if (value) {
    context.observer?.used(value, span.start, span.end);
    return value;
  }
  reader.report(irTextDiagnostics.undefinedValue, [reader.text.slice(span.start, span.end)], span);
  return poisonValue();
}

/** `%a, %b`; possibly none. */
export function parseUses(context: ParseContext): Value[] {
  const { reader } = context;
  if (reader.kind !== Token.Percent) return [];
  // Literals for the usual counts: an array that grows by push reserves 16 places.
  const first = parseUse(context);
  if (!reader.accept(Token.Comma)) return [first];
  const second = parseUse(context);
  const operands = [first, second];
  while (reader.accept(Token.Comma)) operands.push(parseUse(context));
  return operands;
}

/** `(%a, %b)`. */
export function parseUsesInParens(context: ParseContext): Value[] {
  const { reader } = context;
  reader.expect(Token.LeftParen);
  const operands = parseUses(context);
  reader.expect(Token.RightParen);
  return operands;
}

/** `T, U`. */
export function parseTypeList(reader: Reader): Type[] {
  const types: Type[] = [];
  do types.push(parseType(reader));
  while (reader.accept(Token.Comma));
  return types;
}

/** Checks that the operands have the types that the text states. */
export function checkOperands(
  context: ParseContext,
  operands: readonly Value[],
  types: readonly Type[],
  at: number,
): void {
  const { reader } = context;
  if (operands.length !== types.length) {
    const counts = [String(operands.length), String(types.length)] as const;
    reader.fail(irTextDiagnostics.countMismatch, ['operands', ...counts], reader.span(at, reader.previousEnd));
  }
  for (let index = 0; index < types.length; index++) {
    const { type } = operands[index];
    if (type === types[index] || type === POISON_TYPE || typesEqual(type, types[index])) continue;
    const parameters = [`operand ${index}`, type.key, types[index].key] as const;
    reader.report(irTextDiagnostics.operandType, [...parameters], reader.span(at, reader.previousEnd));
  }
}

/** Gives a new value its name, or reports that the name is taken. `group` are the values that the name stands for. */
export function defineValue(
  context: ParseContext,
  name: ValueName,
  value: Value,
  start: number,
  group: readonly Value[] = [value],
): void {
  if (typeof name === 'string') value.name = keptName(name);
  const end = start + String(name).length + 1;
  context.observer?.defined(group, start, end);
  if (context.scope.define(name, value)) return;
  const { reader } = context;
  reader.report(irTextDiagnostics.redefinedValue, [`%${name}`], reader.span(start, end));
}
