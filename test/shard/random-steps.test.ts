/** Random triples of network, mesh and plan; bench/partition runs many more. */
import { describe, expect, it } from 'vitest';
import { randomTriple } from './random-steps.ts';
import { compareStep, toleranceOf } from './step.ts';

describe('a training step on all ranks is that of one device', () => {
  it.each(Array.from({ length: 16 }, (_, seed) => seed))('%i', (seed) => {
    const { description, plan } = randomTriple(seed);
    expect(compareStep(description, plan).worst).toBeLessThanOrEqual(toleranceOf(description));
  });
});
