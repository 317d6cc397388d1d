/** Networks and layers traced from their sources and evaluated by the oracle give MindSpore's recorded answers. */
import { describe, expect, it } from 'vitest';
import { layerCases, networkCases, recordedParameters } from '../network/cases.ts';
import { compileFile, evaluateNetwork, moduleOf, parameterRows, relativeError, specifications } from './harness.ts';

const LIMIT = 1e-4;
const recorded = recordedParameters();

describe('recorded answers', () => {
  it.each([...networkCases(), ...layerCases()].map((row) => [row.name, row] as const))('%s', (name, { file, entry, inputs, expected }) => {
    const network = compileFile(file, entry, specifications(inputs));
    moduleOf(network);
    const parameters = recorded[name] ?? recorded[`layers.${name}`];
    if (parameters) expect(parameterRows(network.parameters)).toEqual(parameters);
    const results = evaluateNetwork(network, inputs);
    expect(results.map(({ shape, dtype }) => [shape, dtype])).toEqual(expected.map(({ shape, dtype }) => [shape, dtype]));
    results.forEach((result, index) => expect(relativeError(result, expected[index]), `output ${index}`).toBeLessThan(LIMIT));
  });
});
