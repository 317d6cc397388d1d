/** Properties of the IR room: text, verifier, canonical form. Fixed seeds; failures are reduced before they are shown. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Module } from '../../compiler/ir/index.ts';
import {
  definingOperation,
  opaqueType,
  parseModule,
  printModule,
  verifyModule,
  walk,
} from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { canonicalize, eliminateCommonSubexpressions } from '../../compiler/passes/simplify/index.ts';
import { simplifyRules } from '../../tools/msc/pipeline-registry.ts';
import { reduceModule } from '../../tools/reduce/index.ts';
import { evaluateFunction } from '../../compiler/ir/evaluate/index.ts';
import { Genes } from './generator/genes.ts';
import { difference, inputsFor, isExact } from './generator/inputs.ts';
import { generateModule } from './generator/module.ts';
import { budget } from '../fuzz.ts';

const SEED = 20260101;
const genes = fc.array(fc.nat(1000), { minLength: 5, maxLength: 150 });
const everything = { definitions: opTable, accepts: () => true };
const exactly = { definitions: opTable, accepts: isExact };

const moduleOf = (values: readonly number[]): Module => generateModule(new Genes(values), everything);
const run = (numRuns: number) => budget(SEED, numRuns);

function parsed(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'test.mlir', text }, opTable);
  if (!module) throw new Error(`${diagnostics.map((diagnostic) => diagnostic.message).join('\n')}\n${text}`);
  return module;
}

describe('text', () => {
  for (const form of ['generic', 'pretty'] as const) {
    for (const locations of [false, true]) {
      test(`print and parse are inverse (${form}${locations ? ', locations' : ''})`, () => {
        fc.assert(
          fc.property(genes, (values) => {
            const text = printModule(moduleOf(values), opTable, { form, locations });
            expect(printModule(parsed(text), opTable, { form, locations })).toBe(text);
          }),
          run(150),
        );
      });
    }
  }

  test('both forms say the same', () => {
    fc.assert(
      fc.property(genes, (values) => {
        const module = moduleOf(values);
        const generic = printModule(module, opTable, { form: 'generic' });
        const throughPretty = parsed(printModule(module, opTable, { form: 'pretty' }));
        expect(printModule(throughPretty, opTable, { form: 'generic' })).toBe(generic);
      }),
      run(150),
    );
  });

  test('no text makes the parser throw or hang', () => {
    const pieces = [
      '(',
      ')',
      '{',
      '}',
      '<',
      '>',
      '[',
      ']',
      ',',
      ':',
      '->',
      '%0',
      '%a#1',
      '^bb0',
      '@f',
      '#a',
      '!t',
      '"s',
      '\\',
      '"x"',
      '0x',
      '-',
      'tensor<',
      'dense<',
      'loc(',
      'module',
      'func.func',
      'scf.for',
      'arith.constant',
      '\n',
      '1e9',
      '?',
      '\u{1F600}',
    ];
    fc.assert(
      fc.property(
        genes,
        fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.constantFrom(...pieces)), { maxLength: 6 }),
        fc.boolean(),
        (values, edits, pretty) => {
          let text = printModule(moduleOf(values), opTable, { form: pretty ? 'pretty' : 'generic' });
          for (const [at, length, piece] of edits) {
            const place = at % (text.length + 1);
            text = text.slice(0, place) + piece + text.slice(place + length);
          }
          const { module, diagnostics } = parseModule({ name: 'mutant.mlir', text }, opTable);
          expect(module === null).toBe(diagnostics.length > 0);
          for (const { span } of diagnostics) expect(span && span.start <= text.length).toBe(true);
          if (module) verifyModule(module, opTable);
        },
      ),
      run(400),
    );
  });

  test.each(['[', '{a = ', '({', '!a<', '((', 'loc(callsite(', 'dense<['])(
    'deep nesting of %s ends in a diagnostic',
    (piece) => {
      const text = `"a.b"() {x = ${piece.repeat(20_000)}`;
      expect(parseModule({ name: 'deep.mlir', text }, opTable).diagnostics.length).toBeGreaterThan(0);
    },
  );
});

describe('verify', () => {
  test('generated modules are valid', () => {
    fc.assert(
      fc.property(genes, (values) => {
        expect(verifyModule(moduleOf(values), opTable).map((diagnostic) => diagnostic.message)).toEqual([]);
      }),
      run(200),
    );
  });

  test('mutants are rejected with a located error', () => {
    let tried = 0;
    fc.assert(
      fc.property(genes, fc.nat(), (values, choice) => {
        const module = parsed(printModule(moduleOf(values), opTable));
        if (!mutate(module, choice)) return;
        tried++;
        const diagnostics = verifyModule(module, opTable);
        expect(diagnostics.length).toBeGreaterThan(0);
        for (const diagnostic of diagnostics) expect(diagnostic.notes.join()).toContain('test.mlir');
      }),
      run(300),
    );
    expect(tried).toBeGreaterThan(100);
  });
});

/** Breaks a module in one of several ways; false when there is nothing to break. */
function mutate(module: Module, choice: number): boolean {
  const body = module.body.operations[0].regions[0];
  const inner = body.operations.slice(0, -1);
  if (inner.length === 0) return false;
  const op = inner[choice % inner.length];
  switch (choice % 5) {
    case 0:
      body.operations.pop();
      return true;
    case 1:
      op.results[0].type = opaqueType('!broken.type');
      return true;
    case 2:
      op.results[0].uses++;
      return true;
    case 3:
      body.operations.push(op);
      return true;
    default: {
      const used = inner.find((other) => other.operands.some((operand) => definingOperation(operand) !== null));
      if (!used) return false;
      body.operations.splice(body.operations.indexOf(used), 1);
      body.operations.unshift(used);
      return true;
    }
  }
}

describe('simplify', () => {
  test('canonicalize reaches a fixpoint, cse after it too', () => {
    fc.assert(
      fc.property(genes, (values) => {
        const module = moduleOf(values);
        expect(canonicalize(module, opTable, simplifyRules).converged).toBe(true);
        expect(verifyModule(module, opTable).map((diagnostic) => diagnostic.message)).toEqual([]);
        const once = printModule(module, opTable);
        canonicalize(module, opTable, simplifyRules);
        expect(printModule(module, opTable)).toBe(once);
        eliminateCommonSubexpressions(module, { definitions: opTable });
        expect(eliminateCommonSubexpressions(module, { definitions: opTable })).toBe(0);
        expect(verifyModule(module, opTable).map((diagnostic) => diagnostic.message)).toEqual([]);
      }),
      run(300),
    );
  });

  test('canonicalize and cse keep what a function computes, bit for bit where it is exact', () => {
    fc.assert(
      fc.property(genes, fc.nat(1000), (values, seed) => {
        const module = generateModule(new Genes(values), exactly);
        const problem = changeOf(module, seed);
        if (problem === null) return;
        const reduced = reduceModule(module, {
          definitions: opTable,
          interesting: (smaller) => changeOf(smaller, seed) !== null,
          maxAttempts: 300,
        });
        throw new Error(`${problem}\n${reduced.text}`);
      }),
      run(300),
    );
  });
});

/** How simplifying changes the results of `@main`, or null when it does not (or the results are not exact). */
function changeOf(original: Module, seed: number): string | null {
  if (original.body.operations.length === 0) return null;
  const text = printModule(original, opTable, { locations: true });
  const inputs = inputsFor(original, seed);
  let exact = true;
  const before = evaluateFunction(original, 'main', inputs, {
    observe: (_, results) => (exact &&= results.every(isSmall)),
  });
  if (!before.ok || !exact) return null;
  const simplified = parsed(text);
  canonicalize(simplified, opTable, simplifyRules);
  eliminateCommonSubexpressions(simplified, { definitions: opTable });
  const after = evaluateFunction(simplified, 'main', inputs);
  if (!after.ok) return after.error.message;
  return difference(before.value, after.value);
}

/** Whether every float is an integer that f32 holds exactly, so that no order of operations rounds. */
function isSmall(value: Parameters<typeof difference>[0][number]): boolean {
  if ('kind' in value) return value.kind !== 'float' || Number.isInteger(value.value * 8);
  if (value.dtype !== 'f32') return value.dtype !== 'f16' && value.dtype !== 'bf16';
  return Array.from(value.data, Number).every(
    (element) => Number.isInteger(element * 8) && Math.abs(element) < 2 ** 18,
  );
}

describe('reduce', () => {
  test('keeps what is interesting and drops the rest', () => {
    const values = Array.from({ length: 150 }, (_, index) => (index * 7919) % 997);
    const module = moduleOf(values);
    const names = new Set<string>();
    walk(module.body, (op) => void names.add(op.name));
    const wanted = [...names].find((name) => name.startsWith('ms.')) ?? 'func.return';
    const has = (candidate: Module) => {
      let found = false;
      walk(candidate.body, (op) => void (found ||= op.name === wanted));
      return found;
    };
    const reduced = reduceModule(module, { definitions: opTable, interesting: has, maxAttempts: 500 });
    expect(has(parsed(reduced.text))).toBe(true);
    expect(reduced.operations).toBeLessThanOrEqual(4);
  });
});
