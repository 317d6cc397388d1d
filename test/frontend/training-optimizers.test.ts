/** Optimizers on given gradients: parameters and states after several steps equal MindSpore's. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { formulaInput, type FileTensor } from '../../tools/formats/index.ts';
import { compileFile, relativeError } from './harness.ts';
import { differentiated, runSteps, tensorsOf, train, type Feed } from './steps.ts';

const recorded = tensorsOf(new URL('../network/training/optimizers.npz', import.meta.url));
const source = fileURLToPath(new URL('../network/training/optimizers.py', import.meta.url));
const LIMIT = 1e-5;
const STEPS = 4;

const SHAPES: readonly (readonly [name: string, shape: readonly number[]])[] = [
  ['weight', [3, 4]],
  ['bias', [4]],
  ['gamma', [4]],
  ['table', [2, 16]],
];

const feeds: readonly Feed[] = Array.from(
  { length: STEPS },
  (_, step) =>
    new Map(
      SHAPES.map(([name, shape]): [string, FileTensor] => [`d_${name}`, formulaInput(`d_${name}.${step}`, shape)]),
    ),
);
const inputs = SHAPES.map(([name, shape]) => ({ name: `d_${name}`, shape, dtype: 'f32' as const }));
const names = [
  ...new Set([...recorded.keys()].filter((key) => key.endsWith('.weight')).map((key) => key.split('.')[0])),
];

function expectedOf(name: string): ReadonlyMap<string, FileTensor> {
  const own = [...recorded].filter(([key]) => key.startsWith(`${name}.`));
  return new Map(own.map(([key, tensor]) => [key.slice(name.length + 1), tensor]));
}

describe('optimizers', () => {
  it.each(names)('%s', (name) => {
    const network = compileFile(source, `case('${name}')`, inputs);
    const weights = new Set(SHAPES.map(([key]) => key));
    const { parameters } = train(network, feeds, (parameter) => weights.has(parameter.name));
    for (const [key, tensor] of expectedOf(name)) {
      const found = parameters.get(key);
      if (!found) throw new Error(`there is no parameter ${key}; there are ${[...parameters.keys()].join(', ')}`);
      expect(found.shape.length === 0 ? [] : found.shape, key).toEqual(tensor.shape);
      expect(relativeError(found, tensor), key).toBeLessThan(LIMIT);
    }
  });
});

describe('rates', () => {
  it.each(['0', '1', '3', '5', '9'])('schedules at step %s', (step) => {
    const network = compileFile(source, 'schedules', [{ name: 'global_step', shape: [1], dtype: 'i32' }]);
    const feed = new Map([['global_step', { shape: [1], dtype: 'i32', data: Int32Array.of(Number(step)) } as const]]);
    const [outputs] = runSteps(differentiated(network), [feed], new Map()).outputs;
    const expected = numbersOf(recorded.get(`schedules.${step}`) as FileTensor & { readonly data: Float32Array });
    outputs.forEach((output, index) => expect(numbersOf(output)[0]).toBeCloseTo(expected[index], 6));
  });

  it('lists', () => {
    const expected = recorded.get('rate_lists');
    const [outputs] = runSteps(differentiated(compileFile(source, 'rate_lists', [])), [new Map()], new Map()).outputs;
    const found = outputs.map((output) => numbersOf(output)[0]);
    expect(found.length).toBe(77);
    found.forEach((rate, index) => expect(rate).toBeCloseTo(Number(expected?.data[index]), 6));
  });
});
