/** Networks and layers traced from their sources and evaluated by the oracle give MindSpore's recorded answers. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRuntime } from '../../compiler/frontend/index.ts';
import { layerCases, networkCases, recordedParameters } from '../network/cases.ts';
import {
  compileFile,
  diskHost,
  evaluateNetwork,
  moduleOf,
  parameterNames,
  parameterRows,
  prelude,
  relativeError,
  specifications,
} from './harness.ts';

const LIMIT = 1e-4;
const recorded = recordedParameters();

describe('recorded answers', () => {
  it.each([...networkCases(), ...layerCases()].map((row) => [row.name, row] as const))(
    '%s',
    (name, { file, entry, inputs, expected }) => {
      const network = compileFile(file, entry, specifications(inputs));
      moduleOf(network);
      const parameters = recorded[name] ?? recorded[`layers.${name}`];
      if (parameters) expect(parameterRows(network.parameters)).toEqual(parameters);
      const results = evaluateNetwork(network, inputs);
      expect(results.map(({ shape, dtype }) => [shape, dtype])).toEqual(
        expected.map(({ shape, dtype }) => [shape, dtype]),
      );
      results.forEach((result, index) =>
        expect(relativeError(result, expected[index]), `output ${index}`).toBeLessThan(LIMIT),
      );
    },
  );
});

describe('parameter names', () => {
  const cells = Object.entries(recorded).filter(([name]) => name.startsWith('naming.'));
  const source = fileURLToPath(new URL('../network/naming.py', import.meta.url));
  it.each(cells)('%s', (name, rows) => {
    const runtime = createRuntime({ host: diskHost(), prelude });
    const names = parameterNames(runtime, source, `${name.slice('naming.'.length)}()`);
    if (typeof rows === 'string') expect(names).toContain(rows.slice(0, rows.indexOf(':')));
    else expect(names).toEqual(rows);
  });
});
