/** Networks and layers traced from their sources and evaluated by the oracle give MindSpore's recorded answers. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createRuntime } from '../../compiler/frontend/index.ts';
import { userPosition, walk, type Module } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { verifyModule } from '../../compiler/ir/verify/index.ts';
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

/** Whether the outermost position of every computing op lies in the user's file. */
function userLines(module: Module, file: string): boolean {
  let inside = true;
  walk(module.body.operations[0].regions[0], ({ name, location }) => {
    if (name.startsWith('ms.')) inside &&= userPosition(location)?.file === file;
  });
  return inside;
}

const recorded = recordedParameters();

describe('recorded answers', () => {
  it.each([...networkCases(), ...layerCases()].map((row) => [row.name, row] as const))(
    '%s',
    (name, { file, entry, inputs, expected }) => {
      const network = compileFile(file, entry, specifications(inputs));
      const module = moduleOf(network);
      expect(verifyModule(module, opTable).map(({ message }) => message)).toEqual([]);
      expect(userLines(module, file)).toBe(true);
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
