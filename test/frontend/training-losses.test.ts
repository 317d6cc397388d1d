/** Losses: values and gradients equal MindSpore's. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FileTensor } from '../../tools/formats/index.ts';
import { compileFile, relativeError, specifications } from './harness.ts';
import { differentiated, runSteps, tensorsOf, type Feed } from './steps.ts';

const recorded = tensorsOf(new URL('../network/training/losses.npz', import.meta.url));
const source = fileURLToPath(new URL('../network/training/losses.py', import.meta.url));
const LIMIT = 5e-5;

const namesWith = (suffix: string): readonly string[] =>
  [...recorded.keys()].filter((key) => key.endsWith(suffix)).map((key) => key.slice(0, -suffix.length));

const inputsOf = (name: string): Feed =>
  new Map(
    [...recorded]
      .filter(([key]) => key.startsWith(`${name}.x`))
      .map(([key, tensor]): readonly [string, FileTensor] => [key.slice(name.length + 1), tensor]),
  );

function expectRecorded(entry: string, name: string, key: string): void {
  const inputs = inputsOf(name);
  const network = compileFile(source, `${entry}('${name}')`, specifications(inputs));
  const [[found]] = runSteps(differentiated(network), [inputs], new Map()).outputs;
  const expected = recorded.get(`${name}.${key}`);
  if (!expected) throw new Error(`nothing is recorded for ${name}.${key}`);
  expect([found.shape, found.dtype]).toEqual([expected.shape, expected.dtype]);
  expect(relativeError(found, expected)).toBeLessThan(LIMIT);
}

describe('losses', () => {
  it.each(namesWith('.out'))('%s', (name) => expectRecorded('case', name, 'out'));
});

describe('gradients of losses', () => {
  it.each(namesWith('.gradient'))('%s', (name) => expectRecorded('gradient', name, 'gradient'));
});
