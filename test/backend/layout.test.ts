/** Blocked feature maps: what must leave the layout, and what may not see the lanes past the last channel. */
import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';

const conv = (result: string, x: string, w: string): string =>
  `%${result} = "ms.conv2d"(%${x}, %${w}) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1} : (tensor<2x3x6x5xf32>, tensor<3x3x1x1xf32>) -> tensor<2x3x6x5xf32>`;

const map = 'tensor<2x3x6x5xf32>';

/** Two maps of three channels, then `body`, which ends with `%r` of type `result`. */
const program = (
  body: string,
  result: string,
): string => `func.func @main(%x: ${map}, %w: tensor<3x3x1x1xf32>, %v: tensor<3x3x1x1xf32>) -> (${result}) {
  ${conv('a', 'x', 'w')}
  ${conv('b', 'x', 'v')}
  ${body}
  func.return %r : ${result}
}`;

const mean = (axes: readonly number[], result: string, keepDims = false): string =>
  program(
    `%r = "ms.reduce_mean"(%a) {axes = array<i64: ${axes.join(', ')}>, keep_dims = ${keepDims}} : (${map}) -> ${result}`,
    result,
  );

describe('maps of convolutions on the machine equal the oracle', () => {
  it.each([
    ['over rows and columns', mean([2, 3], 'tensor<2x3xf32>')],
    ['over rows and columns, kept', mean([2, 3], 'tensor<2x3x1x1xf32>', true)],
    ['over channels and rows', mean([1, 2], 'tensor<2x5xf32>')],
    ['over channels and columns', mean([1, 3], 'tensor<2x6xf32>')],
    ['over batch and columns', mean([0, 3], 'tensor<3x6xf32>')],
    ['over channels', mean([1], 'tensor<2x6x5xf32>')],
    ['over all but the batch', mean([1, 2, 3], 'tensor<2xf32>')],
  ])('mean %s', (_, text) => {
    expect(errorOf(text)).toBeLessThan(1e-5);
  });

  // The lanes past the third channel are zeros of both maps: what they become must not reach the next product.
  it.each([
    ['div', `%q = "ms.div"(%a, %b) : (${map}, ${map}) -> ${map}`],
    ['pow', `%p = "ms.abs"(%a) : (${map}) -> ${map}\n  %q = "ms.pow"(%p, %b) : (${map}, ${map}) -> ${map}`],
    ['reciprocal', `%q = "ms.reciprocal"(%a) : (${map}) -> ${map}`],
    ['log', `%p = "ms.abs"(%a) : (${map}) -> ${map}\n  %q = "ms.log"(%p) : (${map}) -> ${map}`],
    ['rsqrt', `%p = "ms.square"(%a) : (${map}) -> ${map}\n  %q = "ms.rsqrt"(%p) : (${map}) -> ${map}`],
    ['atan2', `%q = "ms.atan2"(%a, %b) : (${map}, ${map}) -> ${map}`],
  ])('%s between convolutions', (_, body) => {
    expect(errorOf(program(`${body}\n  ${conv('r', 'q', 'w')}`, map))).toBeLessThan(1e-4);
  });
});
