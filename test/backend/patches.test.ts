/** Convolutions of maps with few channels, and their filter gradients, go over patches and equal the oracle. */
import { describe, expect, it } from 'vitest';
import { compile, errorOf, parse } from './harness.ts';
import { GraphText, list, windowText } from './graph-text.ts';
import type { Shape, Window } from './graph-text.ts';

type Case = readonly [name: string, map: Shape, weight: Shape, window: Window];

const cases: readonly Case[] = [
  ['one channel', [3, 1, 12, 12], [6, 1, 5, 5], {}],
  ['padded', [2, 1, 9, 11], [6, 1, 5, 5], { pads: [2, 2, 2, 2] }],
  ['three channels, strided', [2, 3, 31, 30], [20, 3, 7, 7], { pads: [3, 3, 3, 3], strides: [2, 2] }],
  ['dilated, padded at one side', [1, 2, 15, 14], [5, 2, 3, 3], { pads: [0, 3, 1, 2], dilations: [2, 2] }],
  ['several bands', [1, 1, 200, 100], [4, 1, 3, 3], { pads: [1, 1, 1, 1] }],
];

function resultOf(map: Shape, weight: Shape, window: Window): { readonly text: string; readonly shape: Shape } {
  const g = new GraphText();
  const result = g.convolution(g.input(map), g.input(weight), window);
  return { text: g.module([result]), shape: result.shape };
}

const kernelNames = (text: string): readonly string[] => compile(parse(text)).kernels.map(({ name }) => name);

describe('patches', () => {
  it.each(cases)('a convolution, %s', (_, map, weight, window) => {
    const { text } = resultOf(map, weight, window);
    expect(errorOf(text)).toBeLessThanOrEqual(3e-6);
    expect(kernelNames(text)).toContain('patches_to_nc1hwc0_0');
  });

  it.each(cases)('a filter gradient, %s', (_, map, weight, window) => {
    const g = new GraphText();
    const gradient = g.input(resultOf(map, weight, window).shape);
    const attributes = `${list('kernel', weight.slice(2))}, ${windowText(window)}, group = 1`;
    const text = g.module([g.op('conv2d_weight_gradient', [g.input(map), gradient], weight, attributes)]);
    expect(errorOf(text)).toBeLessThanOrEqual(3e-6);
    expect(kernelNames(text)).toContain('patches_to_nc1hwc0_0');
  });

  it('are made once for a convolution and its gradient, in f16 too', () => {
    const g = new GraphText();
    const [x, weight] = [g.input([2, 3, 12, 12], 'f16'), g.input([16, 3, 5, 5], 'f16')];
    const y = g.convolution(x, weight);
    const attributes = `${list('kernel', [5, 5])}, ${windowText({})}, group = 1`;
    const text = g.module([y, g.op('conv2d_weight_gradient', [x, y], [16, 3, 5, 5], attributes)]);
    expect(errorOf(text)).toBeLessThanOrEqual(2e-3);
    expect(kernelNames(text).filter((name) => name.startsWith('patches'))).toHaveLength(1);
  });
});
