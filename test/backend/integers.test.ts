/** Products and orders of integers equal the oracle exactly; equal elements keep their order. */
import { describe, expect, it } from 'vitest';
import { errorOf } from './harness.ts';
import { single } from './single.ts';

const plain = '{transpose_a = false, transpose_b = false}';
const cases: readonly (readonly [string, readonly string[], readonly string[], string])[] = [
  ['matmul', ['7x13xi32', '13x9xi32'], ['7x9xi32'], plain],
  ['matmul', ['13x7xi32', '9x13xi32'], ['7x9xi32'], '{transpose_a = true, transpose_b = true}'],
  ['batch_matmul', ['2x3x4x5xi32', '5x6xi32'], ['2x3x4x6xi32'], plain],
  ['dense', ['2x4x5xi32', '6x5xi32', '6xi32'], ['2x4x6xi32'], '{}'],
  ['top_k', ['4x50xi32'], ['4x5xi32', '4x5xi32'], '{k = 5, largest = true}'],
  ['top_k', ['4x90xi32'], ['4x90xi32', '4x90xi32'], '{k = 90, largest = false}'],
  ['sort', ['3x40x5xi32'], ['3x40x5xi32', '3x40x5xi32'], '{axis = 1, descending = true}'],
  ['sort', ['70xi32'], ['70xi32', '70xi32'], '{axis = 0, descending = false}'],
];

describe('integers', () => {
  it.each(cases)('%s %j -> %j %s', (name, operands, results, attributes) => {
    expect(errorOf(single(name, operands, results, attributes))).toBe(0);
  });
});
