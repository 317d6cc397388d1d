/** The rewrite driver: linear chains, replacements of replacements, regions, patterns that undo each other. */
import { describe, expect, test } from 'vitest';
import type { Module } from '../../compiler/ir/index.ts';
import { parseModule, printModule, verifyModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import type { Pattern } from '../../compiler/passes/rewrite/index.ts';
import { rewriteModule } from '../../compiler/passes/rewrite/index.ts';
import { canonicalize } from '../../compiler/passes/simplify/index.ts';
import { losesPinned } from '../../compiler/passes/rewrite/placement.ts';
import { simplifyRules } from '../../tools/msc/pipeline-registry.ts';
import { constantChain } from '../../bench/ir-text/inputs.ts';

function parsed(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'test.mlir', text }, opTable);
  if (!module) throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
  return module;
}

const rewrite = (module: Module, name: string, pattern: Pattern) =>
  rewriteModule(module, {
    definitions: opTable,
    patterns: new Map([[name, [pattern]]]),
    folding: null,
    orderOperands: false,
  });

describe('rewrite driver', () => {
  test('a chain of constants folds in one sweep, and a second one confirms it', () => {
    const module = parsed(constantChain(20_000));
    const statistics = canonicalize(module, opTable, simplifyRules);
    expect(statistics.sweeps).toBe(2);
    expect(module.body.operations[0].regions[0].operations.length).toBe(2);
    expect(printModule(module, opTable, { form: 'pretty' })).toContain('arith.constant 20001 : i32');
  });

  test('new operations are visited and names move on', () => {
    const module = parsed(`func.func @f(%a: i32) -> i32 {
  %sum = arith.addi %a, %a : i32
  %twice = arith.muli %sum, %sum : i32
  return %twice : i32
}`);
    const toShift: Pattern = {
      name: 'muli to xori',
      rewrite: (op, rewriter) => rewriter.create('arith.xori', op.operands, [op.results[0].type]).results,
    };
    expect(rewrite(module, 'arith.muli', toShift).applied.get('muli to xori')).toBe(1);
    expect(printModule(module, opTable, { form: 'pretty' })).toContain('%twice = arith.xori %sum, %sum : i32');
    expect(verifyModule(module, opTable)).toEqual([]);
  });

  test('uses inside regions follow a replacement outside', () => {
    const module = parsed(`func.func @f(%a: i32, %c: i1) -> i32 {
  %0 = arith.subi %a, %a : i32
  %1 = scf.if %c -> (i32) {
    scf.yield %0 : i32
  } else {
    scf.yield %a : i32
  }
  return %1 : i32
}`);
    rewrite(module, 'arith.subi', { name: 'first operand', rewrite: (op) => [op.operands[0]] });
    expect(printModule(module, opTable, { form: 'pretty' })).not.toContain('subi');
    expect(verifyModule(module, opTable)).toEqual([]);
  });

  test('patterns that undo each other are a bug that is named', () => {
    const module = parsed('func.func @f(%a: i32) -> i32 {\n  %0 = arith.subi %a, %a : i32\n  return %0 : i32\n}');
    const forever: Pattern = {
      name: 'again',
      rewrite: (op, rewriter) => rewriter.create('arith.subi', op.operands, [op.results[0].type]).results,
    };
    expect(() => rewrite(module, 'arith.subi', forever)).toThrow(
      /undo each other at 'arith.subi' \(last applied: again\)/,
    );
  });

  test('a replacement of another type is a bug that is named', () => {
    const module = parsed(
      'func.func @f(%a: i32, %b: i64) -> i32 {\n  %0 = arith.subi %a, %a : i32\n  return %0 : i32\n}',
    );
    const argument = module.body.operations[0].regions[0].arguments[1];
    expect(() => rewrite(module, 'arith.subi', { name: 'wrong', rewrite: () => [argument] })).toThrow(
      /'wrong' gives i64 for i32/,
    );
  });
});

describe('what the user divided', () => {
  const PINNED = 'dist.in_strategy = [array<i64: 2>]';
  /** Whether a value in place of the last operation of a function drops something that the user divided. */
  function loses(body: string, kept: string): boolean {
    const module = parsed(
      `func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {\n${body}\n  return %last : tensor<4xf32>\n}`,
    );
    const [block] = module.body.operations[0].regions;
    const values = [...block.arguments, ...block.operations.flatMap(({ results }) => results)];
    const last = block.operations.find(({ results }) => results.some(({ name }) => name === 'last'));
    if (!last) throw new Error('no %last');
    return losesPinned(
      last,
      values.filter(({ name }) => name === kept),
    );
  }
  const unary = (name: string, of: string, attributes = ''): string =>
    `  %${name} = ms.relu %${of} {${attributes}} : (tensor<4xf32>) -> tensor<4xf32>`;
  const add = (one: string, other: string): string =>
    `  %last = ms.add %${one}, %${other} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>`;
  const held = unary('held', 'x', PINNED);

  test.each([
    ['an operand', [held, unary('last', 'held')], 'x', true],
    ['both operands', [held, add('held', 'held')], 'x', true],
    ['an operand of an operand', [held, unary('next', 'held'), unary('last', 'next')], 'x', true],
    ['nothing: it is what is kept', [held, add('held', 'x')], 'held', false],
    ['nothing: somebody else uses it', [held, unary('other', 'held'), unary('last', 'held')], 'x', false],
    ['nothing: nothing is divided', [unary('held', 'x'), unary('last', 'held')], 'x', false],
  ])('a replacement drops %s', (_, body, kept, expected) => expect(loses(body.join('\n'), kept)).toBe(expected));
});
