import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';

describe('composite ops, decomposed and grouped, equal the oracle', () => {
  it.each([
    [
      'softmax',
      `func.func @main(%x: tensor<3x5x197xf32>) -> (tensor<3x5x197xf32>) {
      %0 = "ms.softmax"(%x) {axis = 2} : (tensor<3x5x197xf32>) -> tensor<3x5x197xf32>
      func.return %0 : tensor<3x5x197xf32>
    }`,
    ],
    [
      'layer_norm',
      `func.func @main(%x: tensor<2x7x96xf32>, %g: tensor<96xf32>, %b: tensor<96xf32>) -> (tensor<2x7x96xf32>) {
      %0 = "ms.layer_norm"(%x, %g, %b) {begin_axis = 2, epsilon = 1.0e-5 : f32} : (tensor<2x7x96xf32>, tensor<96xf32>, tensor<96xf32>) -> tensor<2x7x96xf32>
      func.return %0 : tensor<2x7x96xf32>
    }`,
    ],
    [
      'gelu',
      `func.func @main(%x: tensor<2x7x96xf32>) -> (tensor<2x7x96xf32>) {
      %0 = "ms.gelu"(%x) {approximate = "tanh"} : (tensor<2x7x96xf32>) -> tensor<2x7x96xf32>
      %1 = "ms.gelu"(%0) {approximate = "none"} : (tensor<2x7x96xf32>) -> tensor<2x7x96xf32>
      func.return %1 : tensor<2x7x96xf32>
    }`,
    ],
    [
      'batch_norm',
      `func.func @main(%x: tensor<2x12x5x6xf32>, %g: tensor<12xf32>, %b: tensor<12xf32>, %m: tensor<12xf32>, %v: tensor<12xf32>) -> (tensor<2x12x5x6xf32>) {
      %s = "ms.square"(%v) : (tensor<12xf32>) -> tensor<12xf32>
      %0 = "ms.batch_norm"(%x, %g, %b, %m, %s) {epsilon = 1.0e-5 : f32} : (tensor<2x12x5x6xf32>, tensor<12xf32>, tensor<12xf32>, tensor<12xf32>, tensor<12xf32>) -> tensor<2x12x5x6xf32>
      func.return %0 : tensor<2x12x5x6xf32>
    }`,
    ],
    [
      'attention',
      `func.func @main(%q: tensor<2x4x17x32xf32>, %k: tensor<2x4x17x32xf32>, %v: tensor<2x4x17x32xf32>) -> (tensor<2x4x17x32xf32>) {
      %0 = "ms.attention"(%q, %k, %v) {scale = 0.125 : f32} : (tensor<2x4x17x32xf32>, tensor<2x4x17x32xf32>, tensor<2x4x17x32xf32>) -> tensor<2x4x17x32xf32>
      func.return %0 : tensor<2x4x17x32xf32>
    }`,
    ],
    [
      'hardswish chain after a convolution',
      `func.func @main(%x: tensor<1x3x9x9xf32>, %w: tensor<6x3x3x3xf32>) -> (tensor<1x6x9x9xf32>) {
      %0 = "ms.conv2d"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, group = 1} : (tensor<1x3x9x9xf32>, tensor<6x3x3x3xf32>) -> tensor<1x6x9x9xf32>
      %1 = "ms.hardswish"(%0) : (tensor<1x6x9x9xf32>) -> tensor<1x6x9x9xf32>
      %2 = "ms.hardsigmoid"(%1) : (tensor<1x6x9x9xf32>) -> tensor<1x6x9x9xf32>
      %3 = "ms.mul"(%1, %2) : (tensor<1x6x9x9xf32>, tensor<1x6x9x9xf32>) -> tensor<1x6x9x9xf32>
      func.return %3 : tensor<1x6x9x9xf32>
    }`,
    ],
  ])('%s', (_, text) => {
    expect(errorOf(text)).toBeLessThanOrEqual(2e-6);
  });
});
