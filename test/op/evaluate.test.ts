import { describe, expect, test } from 'vitest';
import { isAbsent } from '../../compiler/ir/index.ts';
import { evaluateFunction, evaluateOps, isScalar } from '../../compiler/ir/evaluate/index.ts';
import { walk } from '../../compiler/ir/index.ts';
import type { OpCase } from './opcase.ts';
import { mismatch, readAllOpCases } from './opcase.ts';

const cases = readAllOpCases();

function problemsOf(opCase: OpCase): readonly string[] {
  const outcome = evaluateFunction(opCase.module, opCase.function, opCase.inputs);
  if (!outcome.ok) return [outcome.error.message];
  return outcome.value.flatMap((value, index) => {
    const problem = isScalar(value) ? 'a scalar' : mismatch(value, opCase.expected[index], opCase.within);
    return problem === null ? [] : [`result ${index}: ${problem}`];
  });
}

describe('the oracle computes what MindSpore, NumPy and SciPy recorded', () => {
  test.each(cases.map((opCase) => [`${opCase.file}:${opCase.line} ${opCase.function}`, opCase] as const))(
    '%s',
    (_, opCase) => {
      expect(problemsOf(opCase)).toEqual([]);
    },
  );
});

test('every op that the oracle computes has a case', () => {
  const covered = new Set<string>();
  for (const opCase of cases) walk(opCase.module.body, (op) => covered.add(op.name));
  const missing = Object.entries(evaluateOps).flatMap(([name, cell]) =>
    isAbsent(cell) || covered.has(name) ? [] : [name],
  );
  expect(missing).toEqual(['ms.constant']); // its value is its case
});
