/** grad, value_and_grad, GradOperation, vjp, jvp, Jacobians, bprop: what they return equals MindSpore's. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../compiler/ir/evaluate/index.ts';
import type { FileTensor } from '../../tools/formats/index.ts';
import { compileFile, specifications } from './harness.ts';
import { differentiated, runSteps, startingParameters } from './steps.ts';

interface Leaf {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
type Tree = Leaf | readonly Tree[];

const source = fileURLToPath(new URL('../network/training/derivatives.py', import.meta.url));
const text = readFileSync(new URL('../network/training/derivatives.json', import.meta.url), 'utf8');
const recorded = JSON.parse(text) as Readonly<Record<string, Tree>>; // the form that record_derivatives.py writes

const leaves = (tree: Tree): readonly Leaf[] => ('data' in tree ? [tree] : tree.flatMap(leaves));

const inputs = new Map<string, FileTensor>([
  ['x', { shape: [2], dtype: 'f32', data: Float32Array.of(0.5, -1.25) }],
  ['y', { shape: [2], dtype: 'f32', data: Float32Array.of(1.5, 0.75) }],
]);

describe('derivatives', () => {
  it.each(Object.entries(recorded))('%s', (name, tree) => {
    const network = compileFile(source, `CASES['${name}']`, specifications(inputs));
    const [found] = runSteps(
      differentiated(network),
      [inputs],
      startingParameters(network, () => false),
    ).outputs;
    const expected = leaves(tree);
    expect(found.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    expected.forEach(({ data }, index) =>
      data.forEach((value, at) => expect(numbersOf(found[index])[at]).toBeCloseTo(value, 4)),
    );
  });
});
