import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';

const main = (args: string, result: string, body: string): string =>
  `func.func @main(${args}) -> (${result}) {\n${body}\n}\n`;

describe('row-wise kernels on the machine equal the oracle', () => {
  const cases: readonly (readonly [name: string, text: string, limit: number])[] = [
    [
      'flat add',
      main(
        '%a: tensor<1000xf32>, %b: tensor<1000xf32>',
        'tensor<1000xf32>',
        '%0 = "ms.add"(%a, %b) : (tensor<1000xf32>, tensor<1000xf32>) -> tensor<1000xf32>\nfunc.return %0 : tensor<1000xf32>',
      ),
      0,
    ],
    [
      'row vector over ragged columns',
      main(
        '%a: tensor<7x13xf32>, %b: tensor<13xf32>',
        'tensor<7x13xf32>',
        '%0 = "ms.mul"(%a, %b) : (tensor<7x13xf32>, tensor<13xf32>) -> tensor<7x13xf32>\nfunc.return %0 : tensor<7x13xf32>',
      ),
      0,
    ],
    [
      'column over many rows',
      main(
        '%a: tensor<300x100xf32>, %b: tensor<300x1xf32>',
        'tensor<300x100xf32>',
        '%0 = "ms.sub"(%a, %b) : (tensor<300x100xf32>, tensor<300x1xf32>) -> tensor<300x100xf32>\nfunc.return %0 : tensor<300x100xf32>',
      ),
      0,
    ],
    [
      'channel in the middle',
      main(
        '%a: tensor<2x3x5x7xf32>, %b: tensor<1x3x1x1xf32>',
        'tensor<2x3x5x7xf32>',
        '%0 = "ms.add"(%a, %b) : (tensor<2x3x5x7xf32>, tensor<1x3x1x1xf32>) -> tensor<2x3x5x7xf32>\nfunc.return %0 : tensor<2x3x5x7xf32>',
      ),
      0,
    ],
    [
      'row sums',
      main(
        '%a: tensor<37x200xf32>',
        'tensor<37x1xf32>',
        '%0 = "ms.reduce_sum"(%a) {axes = array<i64: 1>, keep_dims = true} : (tensor<37x200xf32>) -> tensor<37x1xf32>\nfunc.return %0 : tensor<37x1xf32>',
      ),
      1e-6,
    ],
    [
      'mean over two last axes',
      main(
        '%a: tensor<4x9x5x7xf32>',
        'tensor<4x9xf32>',
        '%0 = "ms.reduce_mean"(%a) {axes = array<i64: 2, 3>, keep_dims = false} : (tensor<4x9x5x7xf32>) -> tensor<4x9xf32>\nfunc.return %0 : tensor<4x9xf32>',
      ),
      1e-6,
    ],
    [
      'tanh',
      main(
        '%a: tensor<513xf32>',
        'tensor<513xf32>',
        '%0 = "ms.tanh"(%a) : (tensor<513xf32>) -> tensor<513xf32>\nfunc.return %0 : tensor<513xf32>',
      ),
      1e-6,
    ],
    [
      'comparison and select',
      main(
        '%a: tensor<6x11xf32>, %b: tensor<11xf32>',
        'tensor<6x11xf32>',
        '%0 = "ms.less"(%a, %b) : (tensor<6x11xf32>, tensor<11xf32>) -> tensor<6x11xi1>\n%1 = "ms.select"(%0, %a, %b) : (tensor<6x11xi1>, tensor<6x11xf32>, tensor<11xf32>) -> tensor<6x11xf32>\nfunc.return %1 : tensor<6x11xf32>',
      ),
      0,
    ],
    [
      'f16 add',
      main(
        '%a: tensor<5x21xf16>, %b: tensor<21xf16>',
        'tensor<5x21xf16>',
        '%0 = "ms.add"(%a, %b) : (tensor<5x21xf16>, tensor<21xf16>) -> tensor<5x21xf16>\nfunc.return %0 : tensor<5x21xf16>',
      ),
      0,
    ],
    [
      'matmul',
      main(
        '%a: tensor<37x45xf32>, %b: tensor<45x29xf32>',
        'tensor<37x29xf32>',
        '%0 = "ms.matmul"(%a, %b) {transpose_a = false, transpose_b = false} : (tensor<37x45xf32>, tensor<45x29xf32>) -> tensor<37x29xf32>\nfunc.return %0 : tensor<37x29xf32>',
      ),
      1e-6,
    ],
    [
      'dense with bias',
      main(
        '%a: tensor<5x200xf32>, %b: tensor<40x200xf32>, %c: tensor<40xf32>',
        'tensor<5x40xf32>',
        '%0 = "ms.dense"(%a, %b, %c) : (tensor<5x200xf32>, tensor<40x200xf32>, tensor<40xf32>) -> tensor<5x40xf32>\nfunc.return %0 : tensor<5x40xf32>',
      ),
      1e-6,
    ],
    [
      'batched with both transposed',
      main(
        '%a: tensor<3x30x20xf32>, %b: tensor<3x17x30xf32>',
        'tensor<3x20x17xf32>',
        '%0 = "ms.batch_matmul"(%a, %b) {transpose_a = true, transpose_b = true} : (tensor<3x30x20xf32>, tensor<3x17x30xf32>) -> tensor<3x20x17xf32>\nfunc.return %0 : tensor<3x20x17xf32>',
      ),
      1e-6,
    ],
  ];
  it.each(cases)('%s', (_, text, limit) => {
    expect(errorOf(text)).toBeLessThanOrEqual(limit);
  });
});
