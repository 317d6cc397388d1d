/** The wrong programs of the evaluator's messages give them, the right ones pass. */
import { describe, expect, it } from 'vitest';
import { evaluatorDiagnostics } from '../../compiler/frontend/index.ts';
import { runPython } from './harness.ts';

const codesOf = (text: string): readonly string[] =>
  runPython(text, { limits: { maxSteps: 1_000_000 } }).diagnostics.map(({ code }) => code);

describe('the catalog of the evaluator', () => {
  const rows = Object.values(evaluatorDiagnostics);

  it.each(rows.filter(({ wrong }) => wrong !== null).map((row) => [row.code, row] as const))(
    '%s',
    (code, { wrong, right }) => {
      expect(codesOf(wrong ?? '')).toEqual([code]);
      expect(codesOf(right ?? '')).toEqual([]);
    },
  );
});
