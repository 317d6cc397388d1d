/** The table is well formed: opcodes, names, limits, and every name inside a meaning resolves. */
import { describe, expect, it } from 'vitest';
import {
  instructionGroups,
  instructions,
  instructionByMnemonic,
  instructionByOpcode,
} from '../../runtime/isa/index.ts';
import type { Expression, InstructionDefinition, Statement } from '../../runtime/isa/index.ts';

/** Names of operands and locals that an expression uses. */
function names(expression: Expression, found: { operands: Set<string>; locals: Set<string> }): void {
  if (expression.kind === 'operand') found.operands.add(expression.name);
  if (expression.kind === 'local') found.locals.add(expression.name);
  for (const value of Object.values(expression))
    if (typeof value === 'object' && value !== null) names(value as Expression, found);
}

function checkBody(statements: readonly Statement[], scope: ReadonlySet<string>, operands: Set<string>): void {
  const visible = new Set(scope);
  const check = (...expressions: readonly (Expression | undefined)[]): void => {
    for (const expression of expressions) {
      if (expression === undefined) continue;
      const found = { operands, locals: new Set<string>() };
      names(expression, found);
      for (const local of found.locals) expect(visible, `local ${local}`).toContain(local);
    }
  };
  for (const statement of statements) {
    if (statement.kind === 'for') {
      check(statement.count);
      checkBody(statement.body, new Set([...visible, statement.index]), operands);
    }
    if (statement.kind === 'if') {
      check(statement.condition);
      checkBody(statement.then, visible, operands);
      checkBody(statement.else, visible, operands);
    }
    if (statement.kind === 'let') {
      check(statement.value);
      visible.add(statement.name);
    }
    if (statement.kind === 'assign') {
      check(statement.value);
      expect(visible).toContain(statement.name);
    }
    if (statement.kind === 'store') check(statement.address, statement.value);
    if (statement.kind === 'move') check(statement.to.address, statement.from.address, statement.bytes);
    if (statement.kind === 'set') {
      check(statement.value);
      operands.add(statement.register);
    }
    if (statement.kind === 'state') check(statement.at, statement.value);
  }
}

function usedOperands(definition: InstructionDefinition): Set<string> {
  const operands = new Set<string>();
  const { meaning } = definition;
  if (meaning.kind === 'body') checkBody(meaning.statements, new Set(), operands);
  if (meaning.kind === 'lanes') {
    const found = { operands, locals: new Set<string>() };
    names(meaning.value, found);
    const known = new Set([...meaning.inputs.map((input) => input.name), 'lane', 'repeat_index', 'position']);
    for (const local of found.locals) expect(known, `${definition.mnemonic}: ${local}`).toContain(local);
    for (const input of meaning.inputs) operands.add(input.name);
  }
  return operands;
}

describe('instruction table', () => {
  it('has unique mnemonics and opcodes and groups that do not overlap', () => {
    expect(instructionByMnemonic.size).toBe(instructions.length);
    expect(instructionByOpcode.filter((row) => row !== undefined).length).toBe(instructions.length);
    instructionGroups.forEach((group, position) => {
      expect(group.base + group.rows.length, group.name).toBeLessThanOrEqual(
        instructionGroups[position + 1]?.base ?? 0x1000,
      );
    });
  });

  it.each(instructions.map((definition) => [definition.mnemonic, definition] as const))('%s', (_, definition) => {
    expect(definition.operands.length).toBeLessThanOrEqual(20);
    const declared = new Set(definition.operands.map((operand) => operand.name));
    expect(declared.size).toBe(definition.operands.length);
    for (const name of usedOperands(definition)) expect(declared, definition.mnemonic).toContain(name);
  });
});
