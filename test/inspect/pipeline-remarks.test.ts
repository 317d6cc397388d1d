/** What passes say of rules that nearly apply: each reason has its smallest input. */
import { describe, expect, it } from 'vitest';
import { log, missed, main, windows, conv, convTypes, norm, normTypes, map } from './remarks.ts';

describe('canonicalize says why', () => {
  it.each([
    [
      'a product of a transposed tensor',
      '%x: tensor<2x3x4xf32>, %y: tensor<4x3x5xf32>',
      [
        '%t = ms.transpose %x {permutation = [2, 1, 0]} : (tensor<2x3x4xf32>) -> tensor<4x3x2xf32>',
        '%r = ms.batch_matmul %t, %y {transpose_a = true, transpose_b = false} : (tensor<4x3x2xf32>, tensor<4x3x5xf32>) -> tensor<4x2x5xf32>',
      ],
      'tensor<4x2x5xf32>',
      'permutation [2, 1, 0] does more than exchange the last two dimensions',
    ],
    [
      'a bias of a product with two users',
      '%x: tensor<2x3xf32>, %w: tensor<4x3xf32>, %b: tensor<4xf32>',
      [
        '%d = ms.dense %x, %w : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>',
        '%a = ms.add %d, %b : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>',
        '%r = ms.mul %a, %d : tensor<2x4xf32>',
      ],
      'tensor<2x4xf32>',
      'the product has 2 uses, and its other users need it without the addend',
    ],
    [
      'an addend that is no vector',
      '%x: tensor<2x3xf32>, %w: tensor<4x3xf32>, %b: tensor<2x4xf32>',
      [
        '%d = ms.dense %x, %w : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>',
        '%r = ms.add %d, %b : tensor<2x4xf32>',
      ],
      'tensor<2x4xf32>',
      'the addend has the shape [2, 4], no vector of 4 elements',
    ],
    [
      'a product that is not dense',
      '%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %b: tensor<4xf32>',
      [
        '%d = ms.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>',
        '%r = ms.add %d, %b : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>',
      ],
      'tensor<2x4xf32>',
      "the product is not x times a transposed matrix, which 'ms.dense' is",
    ],
    [
      'an addend of another shape than the channels',
      `${convTypes}, %y: ${map}`,
      [conv('%c', '%x', '%w'), `%r = ms.add %c, %y : ${map}`],
      map,
      'the addend has the shape [1, 3, 2, 2], not one number for each output channel',
    ],
    [
      'a normalization of a convolution with two users',
      `${convTypes}, ${normTypes}`,
      [conv('%c', '%x', '%w'), norm('%n', '%c', '%g'), `%r = ms.mul %n, %c : ${map}`],
      map,
      'the convolution has 2 uses, and its other users need it unnormalized',
    ],
    [
      'a normalization by computed factors',
      `${convTypes}, ${normTypes}`,
      [conv('%c', '%x', '%w'), '%e = ms.exp %g : tensor<3xf32>', norm('%r', '%c', '%e')],
      map,
      'gamma is no parameter: ms.exp computes it',
    ],
    [
      'a normalization of something else',
      `%x: ${map}, ${normTypes}`,
      [`%c = ms.exp %x : ${map}`, norm('%r', '%c', '%g')],
      map,
      'its input comes from ms.exp, no convolution',
    ],
    [
      'a padding of channels',
      '%x: tensor<1x1x4x4xf32>, %w: tensor<3x2x3x3xf32>',
      [
        '%p = ms.pad %x {high = [0, 1, 0, 0], low = [0, 0, 0, 0], mode = "constant", value = 0.0 : f32} : (tensor<1x1x4x4xf32>) -> tensor<1x2x4x4xf32>',
        conv('%r', '%p', '%w'),
      ],
      map,
      'the padding also adds images or channels, not only rows and columns',
    ],
    [
      'a padding with ones',
      '%x: tensor<1x2x3x3xf32>, %w: tensor<3x2x3x3xf32>',
      [
        '%p = ms.pad %x {high = [0, 0, 1, 1], low = [0, 0, 0, 0], mode = "constant", value = 1.0 : f32} : (tensor<1x2x3x3xf32>) -> tensor<1x2x4x4xf32>',
        conv('%r', '%p', '%w'),
      ],
      map,
      'the convolution pads with zeros, and this padding writes something else',
    ],
    [
      'a cast that loses bits',
      '%x: tensor<4xf32>',
      ['%h = ms.cast %x : (tensor<4xf32>) -> tensor<4xf16>', '%r = ms.cast %h : (tensor<4xf16>) -> tensor<4xf32>'],
      'tensor<4xf32>',
      'f16 does not hold every value of f32',
    ],
    [
      'a comparison of floats that is negated',
      '%x: tensor<4xf32>, %y: tensor<4xf32>',
      ['%l = ms.less %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>', '%r = ms.logical_not %l : tensor<4xi1>'],
      'tensor<4xi1>',
      'not ms.less is not ms.greater_equal where an operand is NaN',
    ],
    [
      'a division by three',
      '%x: tensor<4xf32>',
      [
        '%c = ms.constant {value = dense<3.0> : tensor<f32>} : tensor<f32>',
        '%r = ms.div %x, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>',
      ],
      'tensor<4xf32>',
      '1 / 3 is no exact number, so that the product would round differently',
    ],
    [
      'a fold of many elements',
      '%x: tensor<5000xi32>',
      ['%i = ms.iota {axis = 0} : tensor<5000xi32>', '%r = ms.add %x, %i : tensor<5000xi32>'],
      'tensor<5000xi32>',
      '5000 elements are more than the 4096 that are computed while compiling',
    ],
    [
      'a slice over two parts',
      '%x: tensor<2xf32>, %y: tensor<2xf32>',
      [
        '%c = ms.concat %x, %y {axis = 0} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>',
        '%r = ms.slice %c {axes = [0], begins = [1], ends = [3], strides = [1]} : (tensor<4xf32>) -> tensor<2xf32>',
      ],
      'tensor<2xf32>',
      'the slice reaches over several parts of the concat',
    ],
    [
      'reductions that differ',
      '%x: tensor<2x3x4xf32>',
      [
        '%s = ms.reduce_sum %x {axes = [1], keep_dims = true} : (tensor<2x3x4xf32>) -> tensor<2x1x4xf32>',
        '%r = ms.reduce_sum %s {axes = [0], keep_dims = false} : (tensor<2x1x4xf32>) -> tensor<1x4xf32>',
      ],
      'tensor<1x4xf32>',
      'one of the two keeps its dimensions, the other drops them',
    ],
  ] as const)('%s', (_, parameters, body, result, reason) => {
    expect(missed('canonicalize', main(parameters, body, result))).toContain(reason);
  });

  it('nothing of a rule that applied in a later sweep or on another way', () => {
    const applied = main(`${convTypes}, ${normTypes}`, [conv('%c', '%x', '%w'), norm('%r', '%c', '%g')], map);
    expect(missed('canonicalize', applied)).toEqual([]);
  });
});

describe('movement says why', () => {
  const halves = '(tensor<2x2xf32>, tensor<2x2xf32>)';
  const pad = (name: string, x: string, low: string, high: string, value: string, types: string): string =>
    `${name} = ms.pad ${x} {high = [${high}], low = [${low}], mode = "constant", value = ${value} : f32} : ${types}`;

  it.each([
    [
      'parts that are joined along another axis',
      '%x: tensor<4x2xf32>',
      [
        `%s:2 = "ms.split"(%x) {axis = 0 : i64, sizes = array<i64: 2, 2>} : (tensor<4x2xf32>) -> ${halves}`,
        `%r = ms.concat %s#0, %s#1 {axis = 1} : ${halves} -> tensor<2x4xf32>`,
      ],
      'tensor<2x4xf32>',
      'ms.split is along axis 0, ms.concat along axis 1',
    ],
    [
      'parts that are joined in another order',
      '%x: tensor<4x2xf32>',
      [
        `%s:2 = "ms.split"(%x) {axis = 0 : i64, sizes = array<i64: 2, 2>} : (tensor<4x2xf32>) -> ${halves}`,
        `%r = ms.concat %s#1, %s#0 {axis = 0} : ${halves} -> tensor<4x2xf32>`,
      ],
      'tensor<4x2xf32>',
      'it does not join all parts in their order',
    ],
    [
      'a concat that is cut elsewhere',
      '%x: tensor<1xf32>, %y: tensor<3xf32>',
      [
        '%c = ms.concat %x, %y {axis = 0} : (tensor<1xf32>, tensor<3xf32>) -> tensor<4xf32>',
        '%s:2 = "ms.split"(%c) {axis = 0 : i64, sizes = array<i64: 2, 2>} : (tensor<4xf32>) -> (tensor<2xf32>, tensor<2xf32>)',
        '%r = ms.mul %s#0, %s#1 : tensor<2xf32>',
      ],
      'tensor<2xf32>',
      'it is cut at other places than it was joined',
    ],
    [
      'paddings with different numbers',
      '%x: tensor<2xf32>',
      [
        pad('%p', '%x', '1', '0', '7.0', '(tensor<2xf32>) -> tensor<3xf32>'),
        pad('%r', '%p', '1', '0', '8.0', '(tensor<3xf32>) -> tensor<4xf32>'),
      ],
      'tensor<4xf32>',
      'the two write different things into their padding',
    ],
    [
      'reverses of different axes',
      '%x: tensor<2x3xf32>',
      ['%p = ms.reverse %x {axes = [0]} : tensor<2x3xf32>', '%r = ms.reverse %p {axes = [1]} : tensor<2x3xf32>'],
      'tensor<2x3xf32>',
      'the two reverse different axes',
    ],
    [
      'padded pieces with a gap',
      '%x: tensor<1xf32>, %y: tensor<1xf32>',
      [
        pad('%p', '%x', '0', '3', '0.0', '(tensor<1xf32>) -> tensor<4xf32>'),
        pad('%q', '%y', '2', '1', '0.0', '(tensor<1xf32>) -> tensor<4xf32>'),
        '%r = ms.add %p, %q : tensor<4xf32>',
      ],
      'tensor<4xf32>',
      'one piece ends at 1 and the other begins at 2',
    ],
    [
      'padded pieces along different axes',
      '%x: tensor<1x2xf32>, %y: tensor<2x1xf32>',
      [
        pad('%p', '%x', '0, 0', '1, 0', '0.0', '(tensor<1x2xf32>) -> tensor<2x2xf32>'),
        pad('%q', '%y', '0, 0', '0, 1', '0.0', '(tensor<2x1xf32>) -> tensor<2x2xf32>'),
        '%r = ms.add %p, %q : tensor<2x2xf32>',
      ],
      'tensor<2x2xf32>',
      'the pieces lie along axes 0 and 1',
    ],
    [
      'a cast of an integer through floats',
      '%x: tensor<4xi8>',
      ['%h = ms.cast %x : (tensor<4xi8>) -> tensor<4xf32>', '%r = ms.cast %h : (tensor<4xf32>) -> tensor<4xui8>'],
      'tensor<4xui8>',
      'f32 saturates where ui8 wraps',
    ],
    [
      'a convolution with a bias already',
      `${convTypes}, %b: tensor<3xf32>, %c: tensor<3xf32>`,
      [
        `%d = ms.conv2d %x, %w, %b ${windows} : (tensor<1x2x4x4xf32>, tensor<3x2x3x3xf32>, tensor<3xf32>) -> ${map}`,
        '%e = ms.reshape %c : (tensor<3xf32>) -> tensor<1x3x1x1xf32>',
        `%r = ms.add %d, %e : (${map}, tensor<1x3x1x1xf32>) -> ${map}`,
      ],
      map,
      'the convolution has a bias already',
    ],
  ] as const)('%s', (_, parameters, body, result, reason) => {
    expect(missed('canonicalize', main(parameters, body, result))).toContain(reason);
  });

  it('an operation that the user divided stays as it is', () => {
    const divided = main(
      '%x: tensor<4xf32>',
      ['%a = ms.neg %x : tensor<4xf32>', '%r = ms.neg %a {dist.in_strategy = [[1]]} : tensor<4xf32>'],
      'tensor<4xf32>',
    );
    expect(missed('canonicalize', divided)).toContain(
      'the user said how an operation that it would replace is divided',
    );
  });
});

describe('functions and effects', () => {
  const recursive = `func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = func.call @f(%x) : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
func.func private @f(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = func.call @f(%x) : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
`;

  it('recursive functions, functions without a body and long ones stay calls', () => {
    expect(missed('inline', recursive)).toEqual(['@f calls itself', '@f calls itself']);
    const declared = recursive.replace(/private @f.*[^]*$/, 'private @f(tensor<2xf32>) -> tensor<2xf32>\n');
    expect(missed('inline', declared)).toEqual(['@f has no body']);
    const long = `func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = func.call @f(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = func.call @f(%0) : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}
func.func private @f(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = ms.exp %x : tensor<2xf32>
  %1 = ms.exp %0 : tensor<2xf32>
  return %1 : tensor<2xf32>
}
`;
    expect(log(long, '--inline=limit=2', '--pass-remarks-missed')).toContain(
      '@f has 3 operations, more than the limit of 2, and 2 calls',
    );
  });

  it('equal calls of a function with effects are not merged', () => {
    const text = `func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = func.call @f(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = func.call @f(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %2 = ms.add %0, %1 : tensor<2xf32>
  return %2 : tensor<2xf32>
}
func.func private @f(tensor<2xf32>) -> tensor<2xf32>
`;
    expect(missed('cse', text)).toEqual([
      'the function that it calls has effects, so that it happens as often as it is written',
    ]);
  });
});
