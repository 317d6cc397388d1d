import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';
import { single } from './single.ts';

const transposes: readonly (readonly [from: string, permutation: string, to: string])[] = [
  ['5x7xf32', '1, 0', '7x5xf32'],
  ['300x200xf32', '1, 0', '200x300xf32'],
  ['2x3x65x33xf32', '0, 1, 3, 2', '2x3x33x65xf32'],
  ['2x17x12x64xf32', '0, 2, 1, 3', '2x12x17x64xf32'],
  ['2x12x17x64xf16', '0, 2, 1, 3', '2x17x12x64xf16'],
  ['2x3x19x21xf16', '0, 2, 3, 1', '2x19x21x3xf16'],
  ['2x19x21x3xf32', '0, 3, 1, 2', '2x3x19x21xf32'],
  ['33x65xi8', '1, 0', '65x33xi8'],
  ['31x9xi64', '1, 0', '9x31xi64'],
  ['4x5x6x7xf32', '3, 2, 1, 0', '7x6x5x4xf32'],
  ['4x5x6x7xbf16', '2, 0, 3, 1', '6x4x7x5xbf16'],
  ['1x5x1x7xf32', '2, 1, 0, 3', '1x5x1x7xf32'],
  ['3x2x100000xf32', '1, 0, 2', '2x3x100000xf32'],
];

describe('transposes on the machine equal the oracle', () => {
  it.each(transposes)('%s by [%s]', (from, permutation, to) => {
    expect(errorOf(single('transpose', [from], [to], `{permutation = array<i64: ${permutation}>}`))).toBe(0);
  });
});

const cases: readonly (readonly [
  name: string,
  operands: readonly string[],
  results: readonly string[],
  attributes: string,
])[] = [
  [
    'slice',
    ['10x100xf32'],
    ['10x90xf32'],
    '{axes = array<i64: 1>, begins = array<i64: 5>, ends = array<i64: 95>, strides = array<i64: 1>}',
  ],
  [
    'slice',
    ['10x101xf32'],
    ['4x34xf32'],
    '{axes = array<i64: 0, 1>, begins = array<i64: 1, 0>, ends = array<i64: 9, 101>, strides = array<i64: 2, 3>}',
  ],
  [
    'slice',
    ['3x197x64xf32'],
    ['3x1x64xf32'],
    '{axes = array<i64: 1>, begins = array<i64: 0>, ends = array<i64: 1>, strides = array<i64: 1>}',
  ],
  [
    'slice',
    ['30x7xi8'],
    ['30x3xi8'],
    '{axes = array<i64: 1>, begins = array<i64: 2>, ends = array<i64: 5>, strides = array<i64: 1>}',
  ],
  [
    'slice',
    ['50x40xf16'],
    ['50x1xf16'],
    '{axes = array<i64: 1>, begins = array<i64: 3>, ends = array<i64: 4>, strides = array<i64: 1>}',
  ],
  [
    'slice',
    ['4xf32'],
    ['0xf32'],
    '{axes = array<i64: 0>, begins = array<i64: 2>, ends = array<i64: 2>, strides = array<i64: 1>}',
  ],
  ['split', ['6x50xf32'], ['6x20xf32', '6x30xf32'], '{axis = 1, sizes = array<i64: 20, 30>}'],
  ['split', ['6x5xi64'], ['2x5xi64', '4x5xi64'], '{axis = 0, sizes = array<i64: 2, 4>}'],
  ['concat', ['3x5xf32', '3x9xf32', '3x100xf32'], ['3x114xf32'], '{axis = 1}'],
  ['concat', ['1x1x768xf16', '1x196x768xf16'], ['1x197x768xf16'], '{axis = 1}'],
  [
    'slice_update',
    ['10x20xf32', '10x5xf32'],
    ['10x20xf32'],
    '{axes = array<i64: 1>, begins = array<i64: 3>, ends = array<i64: 8>, strides = array<i64: 1>}',
  ],
  [
    'slice_update',
    ['10x20xf32', '5x7xf32'],
    ['10x20xf32'],
    '{axes = array<i64: 0, 1>, begins = array<i64: 1, 0>, ends = array<i64: 10, 20>, strides = array<i64: 2, 3>}',
  ],
  ['broadcast_to', ['64xf32'], ['500x64xf32'], ''],
  ['broadcast_to', ['3x1xf32'], ['3x70xf32'], ''],
  ['broadcast_to', ['2x1x5x1xf16'], ['2x3x5x40xf16'], ''],
  ['broadcast_to', ['1x1xi64'], ['9x11xi64'], ''],
  ['broadcast_to', ['1x200x768xf32'], ['3x200x768xf32'], ''],
  ['tile', ['3x5xf32'], ['6x20xf32'], '{repeats = array<i64: 2, 4>}'],
  ['tile', ['2x100xi8'], ['2x300xi8'], '{repeats = array<i64: 1, 3>}'],
  ['repeat', ['3x50xf32'], ['12x50xf32'], '{axis = 0, count = 4}'],
  ['repeat', ['3x50xf32'], ['3x150xf32'], '{axis = 1, count = 3}'],
  ['reverse', ['4x30xf32'], ['4x30xf32'], '{axes = array<i64: 0>}'],
  ['reverse', ['4x30xf16'], ['4x30xf16'], '{axes = array<i64: 0, 1>}'],
  ['reverse', ['211x3xi64'], ['211x3xi64'], '{axes = array<i64: 1>}'],
  ['roll', ['8x9xf32'], ['8x9xf32'], '{axis = 1, shift = 4}'],
  ['roll', ['2x8x20xf32'], ['2x8x20xf32'], '{axis = 1, shift = -3}'],
  [
    'pad',
    ['3x10xf32'],
    ['4x15xf32'],
    '{low = array<i64: 1, 2>, high = array<i64: 0, 3>, mode = "constant", value = 1.5 : f32}',
  ],
  [
    'pad',
    ['3x10xi64'],
    ['4x15xi64'],
    '{low = array<i64: 1, 2>, high = array<i64: 0, 3>, mode = "constant", value = 7.0 : f32}',
  ],
  [
    'pad',
    ['2x8x9xf32'],
    ['2x11x14xf32'],
    '{low = array<i64: 0, 1, 2>, high = array<i64: 0, 2, 3>, mode = "reflect", value = 0.0 : f32}',
  ],
  [
    'pad',
    ['2x8x9xf16'],
    ['2x11x14xf16'],
    '{low = array<i64: 0, 1, 2>, high = array<i64: 0, 2, 3>, mode = "symmetric", value = 0.0 : f32}',
  ],
  [
    'pad',
    ['2x8x9xf32'],
    ['2x11x14xf32'],
    '{low = array<i64: 0, 1, 2>, high = array<i64: 0, 2, 3>, mode = "edge", value = 0.0 : f32}',
  ],
  ['iota', [], ['7x300xf32'], '{axis = 1}'],
  ['iota', [], ['300x7xi64'], '{axis = 0}'],
  ['iota', [], ['1000xi32'], '{axis = 0}'],
];

describe('shape ops on the machine equal the oracle', () => {
  it.each(cases)('%s %j -> %j %s', (name, operands, results, attributes) => {
    expect(errorOf(single(name, operands, results, attributes))).toBe(0);
  });

  it.each([
    'dense<[1.0, 2.0, 3.5]> : tensor<3xf32>',
    'dense<2.5> : tensor<40x50xf16>',
    'dense<-3> : tensor<1000xi64>',
    'dense<true> : tensor<77xi1>',
  ])('constant %s', (value) => {
    const type = value.split(' : ')[1];
    expect(
      errorOf(
        `func.func @main() -> (${type}) {\n%0 = "ms.constant"() {value = ${value}} : () -> ${type}\nfunc.return %0 : ${type}\n}\n`,
      ),
    ).toBe(0);
  });
});
