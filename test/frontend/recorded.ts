/** Comparing what msc computes for the files of test/network/training with what was recorded from MindSpore. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { numbersOf, type TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { formulaInput, type FileTensor } from '../../tools/formats/index.ts';
import { inputOf } from '../network/cases.ts';
import { compileFile, relativeError, specifications } from './harness.ts';
import { differentiated, runSteps, startingParameters, tensorsOf, train, type Feed, type Trained } from './steps.ts';

const folder = new URL('../network/training/', import.meta.url);

/** Of losses and weight changes of whole steps. */
const STEP_LIMIT = 1e-3;

export const recordedTensors = (name: string): ReadonlyMap<string, FileTensor> =>
  tensorsOf(new URL(`${name}.npz`, folder));

export const sourceOf = (name: string): string => fileURLToPath(new URL(`${name}.py`, folder));

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

/** A recorded training step: its source, what goes into each step, and which parameters have the formula's weights. */
export interface RecordedSteps {
  readonly file: string;
  readonly feeds: readonly Feed[];
  readonly isFormula: (parameter: { readonly name: string }) => boolean;
  /** Compares outputs of all steps, and parameters after them. */
  expect(trained: Trained, start: ReadonlyMap<string, TensorValue>): void;
}

export function recordedSteps(name: string): RecordedSteps {
  const recorded = recordedTensors(name);
  const file = sourceOf(name);
  const { inputs, steps } = declared(readFileSync(file, 'utf8'));
  const feeds = Array.from(
    { length: steps },
    (_, step): Feed => new Map(inputs.map(([key, rule]) => [key, inputOf(`${key}.${step}`, rule)])),
  );
  return {
    file,
    feeds,
    isFormula: (parameter) => recorded.has(`update.${parameter.name}`),
    expect: ({ outputs, parameters }, start) => {
      const losses = recorded.get('losses');
      if (!losses) throw new Error(`no losses are recorded for ${name}`);
      const found = outputs.flatMap((step) => step.flatMap((output) => Array.from(numbersOf(output))));
      expect(difference(found, losses), 'losses').toBeLessThan(STEP_LIMIT);
      for (const [key, expected] of recorded) {
        if (!key.startsWith('update.')) continue;
        const parameter = key.slice('update.'.length);
        const [before, after] = [start.get(parameter), parameters.get(parameter)];
        if (!before || !after) throw new Error(`there is no parameter ${parameter}`);
        const change = digest(numbersOf(before), numbersOf(after));
        expect(difference(change, expected), parameter).toBeLessThan(STEP_LIMIT);
      }
    },
  };
}

/** Runs the step of a file by the oracle and compares; `roots` are further folders of packages. */
export function expectSteps(name: string, roots: readonly string[] = []): void {
  const recorded = recordedSteps(name);
  const network = compileFile(recorded.file, 'step()', specifications(recorded.feeds[0]), roots);
  const start = startingParameters(network, recorded.isFormula);
  recorded.expect(runSteps(differentiated(network), recorded.feeds, start), start);
}

/** The cases of a file of losses that have something recorded under a key. */
export const casesWith = (name: string, key: string): readonly string[] =>
  [...recordedTensors(name).keys()]
    .filter((item) => item.endsWith(`.${key}`))
    .map((item) => item.slice(0, -key.length - 1));

/** A loss (`case`, `out`) or its gradient (`gradient`, `gradient`) for the recorded inputs. */
export function expectLoss(
  file: string,
  entry: string,
  name: string,
  key: string,
  roots: readonly string[] = [],
): void {
  const recorded = recordedTensors(file);
  const inputs: Feed = new Map(
    [...recorded].flatMap(([item, tensor]) =>
      item.startsWith(`${name}.x`) ? [[item.slice(name.length + 1), tensor] as const] : [],
    ),
  );
  const network = compileFile(sourceOf(file), `${entry}('${name}')`, specifications(inputs), roots);
  const [[found]] = runSteps(differentiated(network), [inputs], new Map()).outputs;
  const expected = recorded.get(`${name}.${key}`);
  if (!expected) throw new Error(`nothing is recorded for ${name}.${key}`);
  expect([found.shape, found.dtype]).toEqual([expected.shape, expected.dtype]);
  expect(relativeError(found, expected)).toBeLessThan(5e-5);
}

/** The parameters of `Weights` in optimizers.py, and the steps that were recorded. */
const WEIGHTS: readonly (readonly [name: string, shape: readonly number[]])[] = [
  ['weight', [3, 4]],
  ['bias', [4]],
  ['gamma', [4]],
  ['table', [2, 16]],
];
const OPTIMIZER_STEPS = 4;

export const optimizersOf = (file: string): readonly string[] => [
  ...new Set(casesWith(file, 'weight').map((item) => item.split('.')[0])),
];

/** Parameters and states after steps on formula gradients. */
export function expectOptimizer(file: string, name: string, roots: readonly string[] = []): void {
  const inputs = WEIGHTS.map(([key, shape]) => ({ name: `d_${key}`, shape, dtype: 'f32' as const }));
  const feeds = Array.from(
    { length: OPTIMIZER_STEPS },
    (_, step): Feed => new Map(inputs.map((input) => [input.name, formulaInput(`${input.name}.${step}`, input.shape)])),
  );
  const network = compileFile(sourceOf(file), `case('${name}')`, inputs, roots);
  const { parameters } = train(network, feeds, (parameter) => WEIGHTS.some(([key]) => key === parameter.name));
  for (const [item, tensor] of recordedTensors(file)) {
    if (!item.startsWith(`${name}.`)) continue;
    const key = item.slice(name.length + 1);
    const found = parameters.get(key);
    if (!found) throw new Error(`there is no parameter ${key}; there are ${[...parameters.keys()].join(', ')}`);
    expect(found.shape, key).toEqual(tensor.shape);
    expect(relativeError(found, tensor), key).toBeLessThan(1e-5);
  }
}
