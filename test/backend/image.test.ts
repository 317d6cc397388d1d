import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';

interface ConvolutionCase {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly out: readonly number[];
  readonly strides?: readonly number[];
  readonly pads?: readonly number[];
  readonly dilations?: readonly number[];
  readonly group?: number;
  readonly bias?: boolean;
}

const type = (shape: readonly number[]): string => `tensor<${shape.join('x')}xf32>`;
const list = (values: readonly number[]): string => `array<i64: ${values.join(', ')}>`;

function convolution({
  x,
  w,
  out,
  strides = [1, 1],
  pads = [0, 0, 0, 0],
  dilations = [1, 1],
  group = 1,
  bias = false,
}: ConvolutionCase): string {
  const b = type([w[0]]);
  return `func.func @main(%x: ${type(x)}, %w: ${type(w)}${bias ? `, %b: ${b}` : ''}) -> (${type(out)}) {
  %0 = "ms.conv2d"(%x, %w${bias ? ', %b' : ''}) {strides = ${list(strides)}, pads = ${list(pads)}, dilations = ${list(dilations)}, group = ${group}} : (${type(x)}, ${type(w)}${bias ? `, ${b}` : ''}) -> ${type(out)}
  func.return %0 : ${type(out)}
}`;
}

describe('convolutions on the machine equal the oracle', () => {
  const cases: readonly (readonly [string, ConvolutionCase])[] = [
    ['1x1', { x: [1, 16, 5, 7], w: [24, 16, 1, 1], out: [1, 24, 5, 7] }],
    [
      '3x3 padded with ragged channels and bias',
      { x: [2, 3, 9, 8], w: [6, 3, 3, 3], out: [2, 6, 9, 8], pads: [1, 1, 1, 1], bias: true },
    ],
    [
      '7x7 stride 2',
      { x: [1, 3, 33, 30], w: [20, 3, 7, 7], out: [1, 20, 17, 15], strides: [2, 2], pads: [3, 3, 3, 3] },
    ],
    [
      'dilated with uneven pads',
      { x: [1, 8, 13, 12], w: [16, 8, 3, 3], out: [1, 16, 11, 10], dilations: [2, 2], pads: [1, 1, 2, 0] },
    ],
    ['many positions and chunks', { x: [1, 40, 30, 31], w: [48, 40, 3, 3], out: [1, 48, 30, 31], pads: [1, 1, 1, 1] }],
    ['grouped', { x: [1, 16, 6, 6], w: [32, 8, 3, 3], out: [1, 32, 6, 6], pads: [1, 1, 1, 1], group: 2 }],
    [
      'groups of 4 channels',
      { x: [2, 16, 7, 6], w: [16, 4, 3, 3], out: [2, 16, 7, 6], pads: [1, 1, 1, 1], group: 4, bias: true },
    ],
    [
      'groups that never fill a block',
      { x: [1, 6, 7, 6], w: [9, 2, 3, 3], out: [1, 9, 7, 6], pads: [1, 1, 1, 1], group: 3 },
    ],
    ['channel multiplier', { x: [1, 8, 7, 6], w: [16, 1, 3, 3], out: [1, 16, 5, 4], group: 8 }],
    [
      'depthwise',
      {
        x: [1, 12, 10, 11],
        w: [12, 1, 3, 3],
        out: [1, 12, 5, 6],
        strides: [2, 2],
        pads: [1, 1, 1, 1],
        group: 12,
        bias: true,
      },
    ],
    [
      'a plane wider than one copy can skip',
      { x: [1, 9, 4097, 16], w: [8, 9, 3, 3], out: [1, 8, 66, 2], strides: [63, 8], pads: [1, 1, 1, 0] },
    ],
    ['patches of 32x32', { x: [2, 3, 64, 96], w: [20, 3, 32, 32], out: [2, 20, 2, 3], strides: [32, 32], bias: true }],
    ['depthwise 5x5', { x: [2, 8, 14, 14], w: [8, 1, 5, 5], out: [2, 8, 14, 14], pads: [2, 2, 2, 2], group: 8 }],
    ['patches of 16x16', { x: [1, 3, 32, 48], w: [20, 3, 16, 16], out: [1, 20, 2, 3], strides: [16, 16], bias: true }],
  ];
  it.each(cases)('%s', (_, given) => {
    expect(errorOf(convolution(given))).toBeLessThanOrEqual(1e-6);
  });
});

describe('pools on the machine equal the oracle', () => {
  const pool = (
    name: string,
    x: readonly number[],
    out: readonly number[],
    kernel: readonly number[],
    strides: readonly number[],
    pads: readonly number[],
    more = '',
  ): string =>
    `func.func @main(%x: ${type(x)}) -> (${type(out)}) {
  %0 = "ms.${name}"(%x) {kernel = ${list(kernel)}, strides = ${list(strides)}, pads = ${list(pads)}, dilations = array<i64: 1, 1>, ceil_mode = false${more}} : (${type(x)}) -> ${type(out)}
  func.return %0 : ${type(out)}
}`;
  it.each([
    ['max 3x3 stride 2 padded', pool('max_pool2d', [1, 10, 15, 14], [1, 10, 8, 7], [3, 3], [2, 2], [1, 1, 1, 1])],
    ['max 2x2', pool('max_pool2d', [2, 6, 28, 28], [2, 6, 14, 14], [2, 2], [2, 2], [0, 0, 0, 0])],
    [
      'average of whole maps',
      pool('avg_pool2d', [2, 12, 61, 53], [2, 12, 1, 1], [61, 53], [1, 1], [0, 0, 0, 0], ', count_include_pad = true'),
    ],
    ['max of whole maps', pool('max_pool2d', [1, 8, 7, 7], [1, 8, 1, 1], [7, 7], [1, 1], [0, 0, 0, 0])],
    [
      'average including padding',
      pool('avg_pool2d', [1, 8, 9, 9], [1, 8, 9, 9], [3, 3], [1, 1], [1, 1, 1, 1], ', count_include_pad = true'),
    ],
    [
      'average excluding padding',
      pool('avg_pool2d', [1, 8, 9, 9], [1, 8, 9, 9], [3, 3], [1, 1], [1, 1, 1, 1], ', count_include_pad = false'),
    ],
  ])('%s', (_, text) => {
    expect(errorOf(text)).toBeLessThanOrEqual(1e-6);
  });
  it('global mean after a convolution, then ReLU folded', () => {
    const text = `func.func @main(%x: ${type([1, 8, 6, 6])}, %w: ${type([16, 8, 3, 3])}) -> (${type([1, 16])}) {
  %0 = "ms.conv2d"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, group = 1} : (${type([1, 8, 6, 6])}, ${type([16, 8, 3, 3])}) -> ${type([1, 16, 6, 6])}
  %1 = "ms.relu"(%0) : (${type([1, 16, 6, 6])}) -> ${type([1, 16, 6, 6])}
  %2 = "ms.add"(%1, %1) : (${type([1, 16, 6, 6])}, ${type([1, 16, 6, 6])}) -> ${type([1, 16, 6, 6])}
  %3 = "ms.reduce_mean"(%2) {axes = array<i64: 2, 3>, keep_dims = false} : (${type([1, 16, 6, 6])}) -> ${type([1, 16])}
  func.return %3 : ${type([1, 16])}
}`;
    expect(errorOf(text)).toBeLessThanOrEqual(1e-6);
  });
});
