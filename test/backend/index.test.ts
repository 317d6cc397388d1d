import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';
import { single } from './single.ts';

/** Sample indices run from -32 to 32: most cases name rows outside too. */
const cases: readonly (readonly [name: string, operands: readonly string[], result: string, attributes: string])[] = [
  ['gather', ['30x64xf32', '5x7xi32'], '5x7x64xf32', '{axis = 0}'],
  ['gather', ['30x100xf16', '300xi64'], '300x100xf16', '{axis = 0}'],
  ['gather', ['3x30x20xf32', '9xi64'], '3x9x20xf32', '{axis = 1}'],
  ['gather', ['30x20000xf32', '3xi32'], '3x20000xf32', '{axis = 0}'],
  ['gather', ['3x30xf32', '9xi32'], '3x9xf32', '{axis = 1}'],
  ['gather', ['30x3xf32', '700xi32'], '700x3xf32', '{axis = 0}'],
  ['gather', ['30xi64', '100xi64'], '100xi64', '{axis = 0}'],
  ['gather', ['30x2xi8', '100xi64'], '100x2xi8', '{axis = 0}'],
  ['gather', ['20xbf16', '5000xi32'], '5000xbf16', '{axis = 0}'],
  ['gather', ['30x64xf32', 'i32'], '64xf32', '{axis = 0}'],
  ['gather', ['20000x3xf32', '40xi32'], '40x3xf32', '{axis = 0}'],
  ['gather_elements', ['5x30xf32', '5x8xi32'], '5x8xf32', '{axis = 1}'],
  ['gather_elements', ['30x6xf16', '9x6xi64'], '9x6xf16', '{axis = 0}'],
  ['gather_elements', ['2x30x7xi64', '2x5x7xi32'], '2x5x7xi64', '{axis = 1}'],
  ['gather_elements', ['2x30x7xi1', '2x50x7xi32'], '2x50x7xi1', '{axis = 1}'],
  ['gather_elements', ['40x1000xf32', '3x1000xi32'], '3x1000xf32', '{axis = 0}'],
  ['gather_nd', ['30x20x8xf32', '11x2xi32'], '11x8xf32', ''],
  ['gather_nd', ['30x20xf16', '4x3x2xi64'], '4x3xf16', ''],
  ['gather_nd', ['30x20xf32', '4x1xi32'], '4x20xf32', ''],
  ['one_hot', ['40xi64', 'f32', 'f32'], '40x10xf32', '{axis = 1, depth = 10}'],
  ['one_hot', ['4x5xi32', 'f16', 'f16'], '4x7x5xf16', '{axis = 1, depth = 7}'],
  ['triangle', [], '3x70x50xi1', '{diagonal = 1, part = "lower"}'],
  ['cast', ['3001xi64'], '3001xi32', ''],
  ['cast', ['3001xi64'], '3001xi1', ''],
  ['cast', ['300xf16'], '300xi64', ''],
  ['cast', ['300xi1'], '300xi64', ''],
  ['cast', ['30xi64'], '30xf32', ''],
  ['scatter_nd', ['30x20xf32', '9x1xi32', '9x20xf32'], '30x20xf32', '{reduction = "none"}'],
  ['scatter_nd', ['30x20xf32', '70x1xi64', '70x20xf32'], '30x20xf32', '{reduction = "add"}'],
  ['scatter_nd', ['30x3000xf16', '70x1xi64', '70x3000xf16'], '30x3000xf16', '{reduction = "max"}'],
  ['scatter_nd', ['30x20xi32', '40x2xi32', '40xi32'], '30x20xi32', '{reduction = "add"}'],
  ['scatter_elements', ['5x30xf32', '5x8xi32', '5x8xf32'], '5x30xf32', '{axis = 1, reduction = "none"}'],
  ['scatter_elements', ['30x6xf32', '40x6xi64', '40x6xf32'], '30x6xf32', '{axis = 0, reduction = "min"}'],
  ['scatter_elements', ['30x6xi64', '40x6xi64', '40x6xi64'], '30x6xi64', '{axis = 0, reduction = "none"}'],
];

describe('gathers, scatters and their kin on the machine equal the oracle', () => {
  it.each(cases)('%s %j -> %s %s', (name, operands, result, attributes) => {
    expect(errorOf(single(name, operands, [result], attributes))).toBe(0);
  });
});
