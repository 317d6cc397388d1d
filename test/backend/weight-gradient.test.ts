/** Filter gradients of convolutions on the cube equal the oracle. */
import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';
import { GraphText, list, windowText } from './graph-text.ts';
import type { Shape, Window } from './graph-text.ts';

type Case = readonly [name: string, map: Shape, gradient: Shape, kernel: readonly number[], window: Window];

const cases: readonly Case[] = [
  ['padded 3x3', [2, 5, 9, 9], [2, 6, 9, 9], [3, 3], { pads: [1, 1, 1, 1] }],
  ['strided', [3, 20, 9, 9], [3, 35, 5, 5], [3, 3], { pads: [1, 1, 1, 1], strides: [2, 2] }],
  ['one tap, strided', [3, 64, 10, 10], [3, 40, 5, 5], [1, 1], { strides: [2, 2] }],
  ['dilated', [1, 5, 11, 9], [1, 6, 7, 5], [3, 3], { dilations: [2, 2] }],
  ['padded at one side', [1, 5, 8, 8], [1, 6, 4, 4], [3, 3], { pads: [0, 1, 0, 1], strides: [2, 2] }],
  ['7x7 over long rows', [2, 3, 64, 64], [2, 8, 32, 32], [7, 7], { pads: [3, 3, 3, 3], strides: [2, 2] }],
  ['more images than parts', [33, 3, 7, 7], [33, 8, 5, 5], [3, 3], {}],
  ['several tiles each way', [2, 130, 4, 4], [2, 140, 4, 4], [3, 3], { pads: [1, 1, 1, 1] }],
  ['groups of whole blocks', [2, 64, 6, 6], [2, 32, 6, 6], [3, 3], { pads: [1, 1, 1, 1], group: 2 }],
  ['groups that are merged', [2, 24, 6, 6], [2, 12, 6, 6], [3, 3], { pads: [1, 1, 1, 1], group: 6 }],
  ['patches of 32x32', [2, 3, 64, 96], [2, 20, 2, 3], [32, 32], { strides: [32, 32] }],
  ['depthwise', [2, 32, 6, 6], [2, 32, 6, 6], [3, 3], { pads: [1, 1, 1, 1], group: 32 }],
];

const limits = { f32: 3e-6, f16: 2e-3, bf16: 1.6e-2 } as const;

describe.each(Object.entries(limits))('filter gradients of %s', (dtype, limit) => {
  it.each(cases)('%s', (_, map, gradient, kernel, window) => {
    const { group = 1 } = window;
    const g = new GraphText();
    const attributes = `${list('kernel', kernel)}, ${windowText(window)}, group = ${group}`;
    const shape = [gradient[1], map[1] / group, ...kernel];
    const result = g.op('conv2d_weight_gradient', [g.input(map, dtype), g.input(gradient, dtype)], shape, attributes);
    expect(errorOf(g.module([result]))).toBeLessThanOrEqual(limit);
  });
});
