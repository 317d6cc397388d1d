import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';

const type = (shape: readonly number[], dtype: string): string => `tensor<${shape.join('x')}x${dtype}>`;

function product(dtype: string, transposeB: boolean): string {
  const [a, b, c] = [type([37, 45], dtype), type(transposeB ? [29, 45] : [45, 29], dtype), type([37, 29], dtype)];
  return `func.func @main(%a: ${a}, %b: ${b}) -> (${c}) {
    %0 = "ms.matmul"(%a, %b) {transpose_a = false, transpose_b = ${transposeB}} : (${a}, ${b}) -> ${c}
    func.return %0 : ${c}
  }`;
}

function convolution(dtype: string): string {
  const [x, w, b, y] = [
    type([1, 20, 9, 8], dtype),
    type([24, 20, 3, 3], dtype),
    type([24], dtype),
    type([1, 24, 9, 8], dtype),
  ];
  return `func.func @main(%x: ${x}, %w: ${w}, %b: ${b}) -> (${y}) {
    %0 = "ms.conv2d"(%x, %w, %b) {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, group = 1} : (${x}, ${w}, ${b}) -> ${y}
    %1 = "ms.relu"(%0) : (${y}) -> ${y}
    func.return %1 : ${y}
  }`;
}

function windows(dtype: string): string {
  const [x, w, y, z] = [
    type([1, 12, 9, 8], dtype),
    type([12, 1, 3, 3], dtype),
    type([1, 12, 9, 8], dtype),
    type([1, 12, 4, 4], dtype),
  ];
  return `func.func @main(%x: ${x}, %w: ${w}) -> (${z}) {
    %0 = "ms.conv2d"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, group = 12} : (${x}, ${w}) -> ${y}
    %1 = "ms.max_pool2d"(%0) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, ceil_mode = false} : (${y}) -> ${z}
    func.return %1 : ${z}
  }`;
}

describe('16-bit floats on the cube, f32 accumulation', () => {
  it.each([
    ['f16 product', product('f16', false)],
    ['f16 product with a transposed operand', product('f16', true)],
    ['bf16 product', product('bf16', true)],
    ['f16 convolution with bias and ReLU', convolution('f16')],
    ['bf16 convolution', convolution('bf16')],
    ['f16 windows', windows('f16')],
    ['bf16 windows', windows('bf16')],
  ])('%s', (_, text) => {
    // One rounding to the 16-bit type may fall the other way after a sum in another order.
    expect(errorOf(text)).toBeLessThanOrEqual(text.includes('bf16') ? 2 ** -8 : 2 ** -11);
  });
});
