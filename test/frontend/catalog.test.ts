/** The wrong programs of the tracer's messages give them, the right ones pass. */
import { describe, expect, it } from 'vitest';
import { traceDiagnostics } from '../../compiler/frontend/index.ts';
import { compileText } from './harness.ts';

const codesOf = (text: string): readonly string[] =>
  compileText(text, null, [{ name: 'x', shape: [2, 3], dtype: 'f32' }]).diagnostics.map(({ code }) => code);

describe('the catalog of the tracer', () => {
  const rows = Object.values(traceDiagnostics);

  it.each(rows.filter(({ wrong }) => wrong !== null).map((row) => [row.code, row] as const))(
    '%s',
    (code, { wrong, right }) => {
      expect(codesOf(wrong ?? '')).toContain(code);
      expect(codesOf(right ?? '')).toEqual([]);
    },
  );
});
