/** Gradients of max pools on the vector unit equal the oracle; the data has equal elements in many windows. */
import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';
import { GraphText, list, windowText } from './graph-text.ts';
import type { Shape, Window } from './graph-text.ts';

type Case = readonly [name: string, map: Shape, kernel: readonly [number, number], window: Window];

const cases: readonly Case[] = [
  ['windows side by side', [2, 5, 8, 8], [2, 2], { strides: [2, 2] }],
  ['windows that overlap', [2, 12, 17, 17], [3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['windows at every position', [1, 9, 10, 12], [3, 3], { pads: [1, 1, 1, 1] }],
  ['rows that no window sees', [1, 3, 11, 11], [2, 2], { strides: [3, 3] }],
  ['dilated', [1, 3, 11, 11], [3, 3], { strides: [2, 2], pads: [1, 1, 1, 1], dilations: [2, 2] }],
  ['padded at one side', [1, 8, 9, 9], [3, 3], { strides: [2, 2], pads: [0, 1, 0, 1] }],
  ['maps that are cut into bands', [1, 8, 112, 112], [3, 3], { strides: [2, 2], pads: [1, 1, 1, 1] }],
];

describe.each(['f32', 'f16'])('max pool gradients of %s', (dtype) => {
  it.each(cases)('%s', (_, map, kernel, window) => {
    const { strides = [1, 1], pads = [0, 0, 0, 0], dilations = [1, 1] } = window;
    const places = kernel.map((taps, axis) => {
      const room = map[2 + axis] + pads[2 * axis] + pads[2 * axis + 1] - dilations[axis] * (taps - 1) - 1;
      return Math.floor(room / strides[axis]) + 1;
    });
    const g = new GraphText();
    const operands = [g.input(map, dtype), g.input([map[0], map[1], ...places], dtype)];
    const attributes = `${list('kernel', kernel)}, ${windowText(window)}, ceil_mode = false`;
    const text = g.module([g.op('max_pool2d_gradient', operands, map, attributes)]);
    expect(errorOf(text)).toBeLessThanOrEqual(dtype === 'f32' ? 3e-7 : 1e-3);
  });
});
