/** Programs whose output CPython with NumPy 1.26 recorded. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRuntime } from '../../compiler/frontend/index.ts';
import { diagnosticText, diskHost, prelude } from './harness.ts';

const folder = fileURLToPath(new URL('programs/', import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith('.py'));

describe('recorded output', () => {
  it.each(names)('%s', (name) => {
    const output: string[] = [];
    const { python } = createRuntime({ host: diskHost(output), prelude });
    const run = python.importFile(folder + name, 'script');
    expect(run.ok ? '' : run.error.map(diagnosticText).join('\n')).toBe('');
    expect(output.join('').split('\n')).toEqual(readFileSync(folder + name.replace('.py', '.txt'), 'utf8').split('\n'));
  });
});
