/** 1500 random expressions: value or exception class equal to CPython 3.12's, recorded by `record.py`. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runPython } from './harness.ts';

type Recorded = readonly (readonly [expression: string, answer: string])[];

test('random expressions', () => {
  const recorded = JSON.parse(readFileSync(new URL('./expressions.json', import.meta.url), 'utf8')) as Recorded; // written by record.py
  const { session, module } = runPython('');
  if (!module) throw new Error('the empty program failed');
  const wrong: string[] = [];
  for (const [expression, answer] of recorded) {
    const result = session.evaluateExpression(expression, module);
    const shown = result.ok ? session.guard((py) => py.repr(result.value)) : null;
    const got = shown
      ? shown.ok
        ? shown.value
        : 'repr failed'
      : result.ok
        ? ''
        : result.error[0].message.split(':')[0];
    if (got !== answer) wrong.push(`${expression}\n  expected ${answer}\n  got      ${got}`);
  }
  expect(wrong).toEqual([]);
});
