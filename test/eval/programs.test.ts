/** Programs that cover the language: their output equals CPython 3.12's, recorded by `record.py`. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeDiagnostic, runPython } from './harness.ts';

const folder = new URL('./programs/', import.meta.url);

for (const name of readdirSync(folder).filter((file) => file.endsWith('.py'))) {
  test(name, () => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const outcome = runPython(text);
    expect(outcome.diagnostics.map(describeDiagnostic)).toEqual([]);
    expect(outcome.output).toBe(readFileSync(new URL(name.replace('.py', '.out'), folder), 'utf8'));
  });
}
