/** Training keeps maps in blocks of channels: masks of ReLU and statistics of channels make no layout change. */
import { describe, expect, it } from 'vitest';
import { compile, errorOf, parse } from './harness.ts';
import { GraphText } from './graph-text.ts';
import type { Term } from './graph-text.ts';

type Write = (g: GraphText) => readonly Term[];

/** conv → relu → conv, and the gradients of both filters. */
const reluGradient: Write = (g) => {
  const [x, first, second, gradient] = [
    [2, 8, 6, 6],
    [12, 8, 3, 3],
    [8, 12, 3, 3],
    [2, 8, 2, 2],
  ].map((shape) => g.input(shape));
  const y = g.convolution(x, first);
  const hidden = g.unary('relu', y);
  const result = g.convolution(hidden, second);
  const back = g.inputGradient(g.binary('add', result, gradient), second, [2, 12, 4, 4]);
  const masked = g.select(g.binary('greater', y, g.splat(0)), back, g.splat(0));
  return [g.inputGradient(masked, first, [2, 8, 6, 6])];
};

/** Mean and variance of each channel of a convolution's result, and the normalized map into the next one. */
const batchStatistics: Write = (g) => {
  const [x, first, second] = [
    [3, 8, 6, 6],
    [12, 8, 3, 3],
    [8, 12, 3, 3],
  ].map((shape) => g.input(shape));
  const y = g.convolution(x, first);
  const centred = g.binary('sub', y, g.reduce('mean', y, [0, 2, 3], true));
  const variance = g.reduce('mean', g.unary('square', centred), [0, 2, 3], true);
  const scale = g.unary('rsqrt', g.binary('add', variance, g.splat(1e-5)));
  return [g.convolution(g.binary('mul', centred, scale), second), g.reduce('sum', y, [0, 2, 3])];
};

const between: Write = (g) => {
  const [x, weight, gradient] = [
    [2, 8, 6, 6],
    [20, 8, 3, 3],
    [2, 20, 4, 4],
  ].map((shape) => g.input(shape));
  const y = g.convolution(x, weight);
  const inside = g.op('logical_and', [g.binary('greater', y, g.splat(0)), g.binary('less', y, g.splat(6))], y.shape);
  const outside = g.unary('logical_not', { ...inside, dtype: 'i1' });
  return [g.convolution(g.select(outside, g.splat(0), gradient), g.input([4, 20, 1, 1]))];
};

/** Launches that change the layout of maps, filters left out. */
const relayouts = (text: string): number => {
  const { kernels, main } = compile(parse(text));
  const names = main.map((step) => (step.kind === 'launch' ? kernels[step.kernel].name : ''));
  return names.filter((name) => /^n(c1hwc0|chw)_to_/.test(name)).length;
};

describe('maps in training', () => {
  it.each([
    ['the mask of a ReLU', reluGradient, 3],
    ['statistics of channels', batchStatistics, 5],
    ['conditions joined by logic', between, 3],
  ])('%s', (_, write, changes) => {
    const g = new GraphText();
    const text = g.module(write(g));
    expect(errorOf(text)).toBeLessThanOrEqual(3e-6);
    expect(relayouts(text)).toBe(changes);
  });
});
