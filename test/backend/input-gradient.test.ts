/** Input gradients of convolutions, as transposed convolutions, equal the oracle. */
import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';
import { GraphText } from './graph-text.ts';
import type { Shape, Window } from './graph-text.ts';

type Case = readonly [name: string, gradient: Shape, weight: Shape, input: Shape, window: Window];

const cases: readonly Case[] = [
  ['padded 3x3', [2, 6, 9, 9], [6, 5, 3, 3], [2, 5, 9, 9], { pads: [1, 1, 1, 1] }],
  ['strided, even', [2, 6, 5, 5], [6, 5, 3, 3], [2, 5, 10, 10], { pads: [1, 1, 1, 1], strides: [2, 2] }],
  ['strided, odd', [2, 6, 5, 5], [6, 5, 3, 3], [2, 5, 9, 9], { pads: [1, 1, 1, 1], strides: [2, 2] }],
  ['one tap, strided', [2, 16, 4, 4], [16, 8, 1, 1], [2, 8, 8, 8], { strides: [2, 2] }],
  ['7x7 strided', [1, 8, 8, 8], [8, 3, 7, 7], [1, 3, 16, 16], { pads: [3, 3, 3, 3], strides: [2, 2] }],
  ['more taps than fit at once', [1, 20, 12, 12], [20, 10, 9, 9], [1, 10, 12, 12], { pads: [4, 4, 4, 4] }],
  ['dilated', [2, 6, 7, 7], [6, 5, 3, 3], [2, 5, 9, 9], { pads: [1, 1, 1, 1], dilations: [2, 2] }],
  ['padding wider than the kernel', [2, 6, 7, 7], [6, 5, 1, 1], [2, 5, 5, 5], { pads: [1, 1, 1, 1] }],
  ['padded at one side', [2, 6, 4, 4], [6, 5, 3, 3], [2, 5, 8, 8], { pads: [0, 1, 0, 1], strides: [2, 2] }],
  ['grouped', [2, 12, 6, 6], [12, 4, 3, 3], [2, 8, 6, 6], { pads: [1, 1, 1, 1], group: 2 }],
  [
    'depthwise, strided',
    [2, 12, 4, 4],
    [12, 1, 3, 3],
    [2, 12, 8, 8],
    { pads: [1, 1, 1, 1], strides: [2, 2], group: 12 },
  ],
];

const limits = { f32: 3e-6, f16: 2e-3 } as const;

describe.each(Object.entries(limits))('input gradients of %s', (dtype, limit) => {
  it.each(cases)('%s', (_, gradient, weight, input, window) => {
    const g = new GraphText();
    const result = g.inputGradient(g.input(gradient, dtype), g.input(weight, dtype), input, window);
    expect(errorOf(g.module([result]))).toBeLessThanOrEqual(limit);
  });
});
