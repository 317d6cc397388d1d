/** Op cases compiled and run: on the reference interpreter under the race check, and on the wasm engine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../compiler/ir/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import type { Engine } from '../../runtime/host/index.ts';
import { createEngine } from '../../runtime/host/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { runProgram } from '../backend/harness.ts';
import type { OpCase } from './opcase.ts';
import { mismatch, readAllOpCases } from './opcase.ts';
import { compileModule, mainOf, runOnEngine } from './simulate.ts';

const cases = readAllOpCases();
const titled = (list: readonly OpCase[]) =>
  list.map((opCase) => [`${opCase.file}:${opCase.line} ${opCase.function}`, opCase] as const);

const isProgram = (compiled: Program | readonly Diagnostic[]): compiled is Program => 'kernels' in compiled;

function problems(opCase: OpCase, actual: readonly TensorValue[]): readonly string[] {
  return actual.flatMap((value, index) => mismatch(value, opCase.expected[index], opCase.within) ?? []);
}

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

describe('compiled cases compute what was recorded', () => {
  test.each(titled(cases))('%s', (_, opCase) => {
    const compiled = compileModule(mainOf(opCase));
    if (!isProgram(compiled))
      throw new Error(compiled.map(({ message, notes }) => [message, ...notes].join('; ')).join('\n'));
    expect({
      interpreter: problems(opCase, runProgram(compiled, opCase.inputs)),
      engine: problems(opCase, runOnEngine(engine, compiled, opCase.inputs)),
    }).toEqual({
      interpreter: [],
      engine: [],
    });
  });
});
