/** Optimizers on given gradients: parameters and states after several steps equal MindSpore's; so do the rates. */
import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { compileFile } from './harness.ts';
import { expectOptimizer, optimizersOf, recordedTensors, sourceOf } from './recorded.ts';
import { differentiated, runSteps } from './steps.ts';

const recorded = recordedTensors('optimizers');
const source = sourceOf('optimizers');

describe('optimizers', () => {
  it.each(optimizersOf('optimizers'))('%s', (name) => expectOptimizer('optimizers', name));
});

describe('rates', () => {
  it.each(['0', '1', '3', '5', '9'])('schedules at step %s', (step) => {
    const network = compileFile(source, 'schedules', [{ name: 'global_step', shape: [1], dtype: 'i32' }]);
    const feed = new Map([['global_step', { shape: [1], dtype: 'i32', data: Int32Array.of(Number(step)) } as const]]);
    const [outputs] = runSteps(differentiated(network), [feed], new Map()).outputs;
    const expected = recorded.get(`schedules.${step}`);
    expect(outputs.length).toBe(10);
    outputs.forEach((output, index) => expect(numbersOf(output)[0]).toBeCloseTo(Number(expected?.data[index]), 6));
  });

  it('lists', () => {
    const expected = recorded.get('rate_lists');
    const [outputs] = runSteps(differentiated(compileFile(source, 'rate_lists', [])), [new Map()], new Map()).outputs;
    const found = outputs.map((output) => numbersOf(output)[0]);
    expect(found.length).toBe(77);
    found.forEach((rate, index) => expect(rate).toBeCloseTo(Number(expected?.data[index]), 6));
  });
});
