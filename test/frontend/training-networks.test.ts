/** Whole training steps: losses, and what the weights change by, equal MindSpore's after several steps. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../compiler/ir/evaluate/index.ts';
import type { FileTensor } from '../../tools/formats/index.ts';
import { inputOf } from '../network/cases.ts';
import { compileFile, specifications } from './harness.ts';
import { differentiated, runSteps, startingParameters, tensorsOf, type Feed } from './steps.ts';

const LIMIT = 1e-3;

const folder = new URL('../network/training/', import.meta.url);

/** The rules of the inputs, and how many steps were recorded, as the Python file says them. */
function declared(source: string): { readonly inputs: readonly (readonly [string, string])[]; readonly steps: number } {
  const constants = new Map(
    [...source.matchAll(/^([A-Z, ]+) = ([\d, ]+)$/gm)].flatMap(([, names, values]) => {
      const numbers = values.split(',');
      return names.split(',').map((name, index) => [name.trim(), numbers[index].trim()] as const);
    }),
  );
  const block = /^INPUTS = \{([^}]*(?:\{[^}]*\}[^}]*)*)\}\n/m.exec(source)?.[1] ?? '';
  const inputs = [...block.matchAll(/'(\w+)': f?'([^']*)'/g)].map(([, name, rule]) => {
    const written = rule.replace(/\{(\w+)(?: \+ (\d+))?\}/g, (_, constant: string, more?: string) =>
      String(Number(constants.get(constant)) + Number(more ?? 0)),
    );
    return [name, written] as const;
  });
  return { inputs, steps: Number(/^STEPS = (\d+)/m.exec(source)?.[1]) };
}

/** Largest difference relative to the largest element. */
function difference(found: readonly number[], expected: FileTensor): number {
  const wanted = Array.from(expected.data, Number);
  const largest = Math.max(...wanted.map(Math.abs)) || 1;
  return Math.max(...wanted.map((value, index) => Math.abs(found[index] - value))) / largest;
}

/** The norm of a change and its elements at eight places, as record_training.py takes them. */
function digest(before: ArrayLike<number>, after: ArrayLike<number>): readonly number[] {
  const change = Array.from(after, (value, index) => value - before[index]);
  const norm = Math.sqrt(change.reduce((sum, value) => sum + value * value, 0));
  return [norm, ...Array.from({ length: 8 }, (_, place) => change[Math.floor((place * change.length) / 8)])];
}

/** Runs the step of a file and compares; `roots` are further folders of packages. */
function expectRecorded(name: string, roots: readonly string[] = []): void {
  const recorded = tensorsOf(new URL(`${name}.npz`, folder));
  const file = fileURLToPath(new URL(`${name}.py`, folder));
  const { inputs, steps } = declared(readFileSync(file, 'utf8'));
  const feeds = Array.from(
    { length: steps },
    (_, step): Feed => new Map(inputs.map(([key, rule]) => [key, inputOf(`${key}.${step}`, rule)])),
  );
  const network = compileFile(file, 'step()', specifications(feeds[0]), roots);
  const start = startingParameters(network, ({ name: parameter }) => recorded.has(`update.${parameter}`));
  const { outputs, parameters } = runSteps(differentiated(network), feeds, start);
  const losses = recorded.get('losses');
  if (!losses) throw new Error(`no losses are recorded for ${name}`);
  const found = outputs.flatMap((step) => step.flatMap((output) => Array.from(numbersOf(output))));
  expect(difference(found, losses), 'losses').toBeLessThan(LIMIT);
  for (const [key, expected] of recorded) {
    if (!key.startsWith('update.')) continue;
    const parameter = key.slice('update.'.length);
    const [before, after] = [start.get(parameter), parameters.get(parameter)];
    if (!before || !after) throw new Error(`there is no parameter ${parameter}`);
    expect(difference(digest(numbersOf(before), numbersOf(after)), expected), parameter).toBeLessThan(LIMIT);
  }
}

describe('training steps', () => {
  it.each(['bert', 'llama', 'burgers', 'gan', 'convolution', 'overflow'])('%s', (name) => expectRecorded(name));
});
