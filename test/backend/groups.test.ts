/** What one kernel computes: groups with several results, and with reductions in the middle. */
import { describe, expect, it } from 'vitest';
import { compile, errorOf, parse } from './harness.ts';
import { GraphText } from './graph-text.ts';
import type { Term } from './graph-text.ts';

type Write = (g: GraphText) => readonly Term[];

const momentum: Write = (g) => {
  const [parameter, moment, gradient] = [g.input([37, 21]), g.input([37, 21]), g.input([37, 21])];
  const next = g.binary('add', g.binary('mul', moment, g.splat(0.9)), gradient);
  return [next, g.binary('sub', parameter, g.binary('mul', next, g.splat(0.01)))];
};

const adam: Write = (g) => {
  const [parameter, first, gradient] = [g.input([37, 21]), g.input([37, 21]), g.input([37, 21])];
  const second = g.unary('abs', g.input([37, 21]));
  const m = g.binary('add', g.binary('mul', first, g.splat(0.9)), g.binary('mul', gradient, g.splat(0.1)));
  const squared = g.binary('mul', g.unary('square', gradient), g.splat(0.001));
  const v = g.binary('add', g.binary('mul', second, g.splat(0.999)), squared);
  const step = g.binary('div', m, g.binary('add', g.unary('sqrt', v), g.splat(1e-8)));
  return [m, v, g.binary('sub', parameter, g.binary('mul', step, g.splat(0.001)))];
};

const layerNormGradient: Write = (g) => {
  const [x, gamma, gradient] = [g.input([6, 7, 96]), g.input([96]), g.input([6, 7, 96])];
  const centred = g.binary('sub', x, g.reduce('mean', x, [2], true));
  const variance = g.reduce('mean', g.unary('square', centred), [2], true);
  const scale = g.unary('rsqrt', g.binary('add', variance, g.splat(1e-5)));
  const normal = g.binary('mul', centred, scale);
  const inner = g.binary('mul', gradient, gamma);
  const mean = g.reduce('mean', inner, [2], true);
  const along = g.binary('mul', normal, g.reduce('mean', g.binary('mul', inner, normal), [2], true));
  return [g.binary('mul', scale, g.binary('sub', g.binary('sub', inner, mean), along))];
};

/** The difference is needed before the last op of its chain could run. */
const neededBefore: Write = (g) => {
  const [a, b] = [g.input([8, 16]), g.input([8, 16])];
  const difference = g.binary('sub', a, b);
  const total = g.reduce('sum', difference, [0]);
  return [total, g.binary('mul', difference, total)];
};

const columnsLeave: Write = (g) => {
  const x = g.input([40, 70]);
  const total = g.reduce('sum', x, [1], true);
  return [total, g.binary('mul', x, g.binary('add', total, g.splat(1)))];
};

const cases: readonly (readonly [name: string, launches: number, write: Write])[] = [
  ['a momentum step is one kernel with two results', 1, momentum],
  ['an Adam step is one kernel with three results', 1, adam],
  ['the input gradient of layer_norm is one kernel', 1, layerNormGradient],
  ['columns may leave a group with the rows they came from', 1, columnsLeave],
  ['a value that is needed in between is computed before', 3, neededBefore],
];

describe('groups', () => {
  it.each(cases)('%s', (_, launches, write) => {
    const g = new GraphText();
    const text = g.module(write(g));
    expect(compile(parse(text)).main).toHaveLength(launches);
    expect(errorOf(text)).toBeLessThanOrEqual(1e-6);
  });
});
