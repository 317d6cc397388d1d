/** Random programs through the backend: the machine computes what the oracle does, and every stage is text. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Module, OpDefinition } from '../../compiler/ir/index.ts';
import type { RuntimeValue, TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { evaluateFunction, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { writeProgram } from '../../runtime/program/index.ts';
import type { Engine } from '../../runtime/host/index.ts';
import { createEngine } from '../../runtime/host/index.ts';
import { reduceModule } from '../../tools/reduce/index.ts';
import { runProgram } from '../backend/harness.ts';
import { runOnEngine } from '../op/simulate.ts';
import {
  assembled,
  compiled,
  lowered,
  parsed,
  printed,
  programOf,
  scheduled,
  tensorInputs,
} from './backend-programs.ts';
import { difference, isExact } from './generator/inputs.ts';
import { budget } from '../fuzz.ts';

const SEED = 20260102;
const genes = fc.array(fc.nat(1000), { minLength: 8, maxLength: 60 });
const run = (numRuns: number) => budget(SEED, numRuns);
const anything = (): boolean => true;

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1, relaxedSimd: false });
});
afterAll(() => engine.close());

/** Holds a property for programs; a failure is reported with the smallest module that shows it. Counts programs that compile. */
function holds(
  accepts: (definition: OpDefinition) => boolean,
  numRuns: number,
  problemOf: (module: Module, seed: number) => string | null | undefined,
): void {
  let checked = 0;
  fc.assert(
    fc.property(genes, fc.nat(1000), (values, seed) => {
      const module = programOf(values, accepts);
      const problem = problemOf(module, seed);
      if (problem === undefined) return;
      checked++;
      if (problem === null) return;
      const interesting = (smaller: Module): boolean =>
        smaller.body.operations.length > 0 && typeof problemOf(smaller, seed) === 'string';
      throw new Error(
        `${problem}\n${reduceModule(module, { definitions: opTable, interesting, maxAttempts: 150 }).text}`,
      );
    }),
    { ...run(numRuns), endOnFailure: true },
  );
  expect(checked).toBeGreaterThan(numRuns / 3);
}

/** Runs something that may find a bug; the bug's message. */
function thrown(what: () => string | null | undefined): string | null | undefined {
  try {
    return what();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** How the machine's results differ from the oracle's; undefined when an op has no kernel or a value is not exact. */
function fromOracle(module: Module, seed: number): string | null | undefined {
  const inputs = tensorInputs(module, seed);
  let exact = true;
  const expected = evaluateFunction(module, 'main', inputs, {
    observe: (_, results) => (exact &&= results.every(isSmall)),
  });
  if (!expected.ok || !exact) return undefined;
  return thrown(() => {
    const program = compiled(module);
    if (program === null) return undefined;
    return (
      difference(expected.value, runProgram(program, inputs)) ??
      difference(expected.value, runOnEngine(engine, program, inputs))
    );
  });
}

/** Whether every float is a multiple of 1/8 that f16 holds exactly, so that no order of operations rounds. */
function isSmall(value: RuntimeValue): boolean {
  if ('kind' in value) return true;
  if (value.dtype !== 'f32') return true;
  return Array.from(value.data, Number).every(
    (element) => Number.isInteger(element * 8) && Math.abs(element) < 2 ** 18,
  );
}

/** Where two lists of results differ; NaN is NaN, whatever its bits. */
function anyDifference(left: readonly TensorValue[], right: readonly TensorValue[]): string | null {
  for (const [index, value] of left.entries()) {
    const [before, after] = [value, right[index]].map((result) => Array.from(numbersOf(result)));
    const at = before.findIndex((number, place) => !Object.is(number, after[place]));
    if (at >= 0) return `result ${index}, element ${at} is ${before[at]}, then ${after[at]}`;
  }
  return null;
}

describe('random programs', () => {
  test('exact ones: oracle = reference interpreter under the race check = wasm engine', () => {
    holds(isExact, 60, fromOracle);
  });

  test('any: reference interpreter = wasm engine, to the last bit', () => {
    holds(anything, 25, (module, seed) =>
      thrown(() => {
        const program = compiled(module);
        const inputs = tensorInputs(module, seed);
        return program === null
          ? undefined
          : anyDifference(runProgram(program, inputs), runOnEngine(engine, program, inputs));
      }),
    );
  });

  test('compile to the same bytes again, from the text of @tile and @scheduled too', () => {
    holds(anything, 25, (module) =>
      thrown(() => {
        const tile = lowered(module);
        if (!('body' in tile)) return undefined;
        const tileText = printed(tile);
        const kernels = scheduled(tile);
        const scheduledText = printed(kernels);
        const bytes = Buffer.from(writeProgram(assembled(kernels)));
        const again = compiled(module);
        if (again === null || !bytes.equals(writeProgram(again))) return 'compiling again gives other bytes';
        if (!bytes.equals(writeProgram(assembled(scheduled(parsed(tileText))))))
          return 'the text of @tile gives other bytes';
        return bytes.equals(writeProgram(assembled(parsed(scheduledText))))
          ? null
          : 'the text of @scheduled gives other bytes';
      }),
    );
  });
});

describe('programs that failed once', () => {
  const folder = new URL('../corpus/backend/', import.meta.url);
  test.each(readdirSync(folder).filter((name) => name.endsWith('.mlir')))('%s', (name) => {
    expect(fromOracle(parsed(readFileSync(new URL(name, folder), 'utf8')), 1)).toBe(null);
  });
});
