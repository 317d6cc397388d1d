import { describe, expect, it } from 'vitest';
import { compile, errorOf, evaluateMain, parse, relativeError, runProgram, sample } from './harness.ts';
import { single } from './single.ts';

const reductions: readonly (readonly [name: string, from: string, axes: string, keep: boolean, to: string])[] = [
  ['sum', '30x40xf32', '0', false, '40xf32'],
  ['sum', '300x7xf32', '0', true, '1x7xf32'],
  ['sum', '5x1001xf32', '1', false, '5xf32'],
  ['sum', '100000xf32', '0', false, 'f32'],
  ['sum', '3x70001xf32', '1', false, '3xf32'],
  ['sum', '20000x9xf32', '0', false, '9xf32'],
  ['sum', '6x33xi32', '1', false, '6xi32'],
  ['sum', '6x33x5xi32', '1', false, '6x5xi32'],
  ['mean', '4x6x5x7xf32', '0, 2, 3', false, '6xf32'],
  ['mean', '8x50x64xf32', '1', true, '8x1x64xf32'],
  ['mean', '13x50xf16', '0', false, '50xf16'],
  ['max', '13x50xf32', '0', false, '50xf32'],
  ['max', '3x13x50xbf16', '0, 2', true, '1x13x1xbf16'],
  ['max', '130xi32', '0', false, 'i32'],
  ['min', '2x513x3xf32', '1', false, '2x3xf32'],
  ['min', '2x90000xf16', '1', false, '2xf16'],
  ['prod', '4x9xf32', '1', false, '4xf32'],
  ['prod', '9x4xf32', '0', false, '4xf32'],
  ['prod', '3x5xi32', '1', true, '3x1xi32'],
  ['any', '12x40xi1', '0', false, '40xi1'],
  ['any', '12x40xi1', '1', false, '12xi1'],
  ['all', '3x4x5xi1', '0, 1', false, '5xi1'],
  ['all', '3x4x5xi1', '0, 1, 2', false, 'i1'],
  ['sum', '3x4xf32', '', false, '3x4xf32'],
];

describe('reductions on the machine equal the oracle', () => {
  it.each(reductions)('%s %s over [%s] keep %s', (name, from, axes, keep, to) => {
    const limit =
      from.endsWith('bf16') || name === 'max' || from.endsWith('i32') ? 0 : from.endsWith('f16') ? 1e-3 : 1e-5;
    const values = axes === '' ? 'array<i64>' : `array<i64: ${axes}>`;
    expect(
      errorOf(single(`reduce_${name}`, [from], [to], `{axes = ${values}, keep_dims = ${keep}}`)),
    ).toBeLessThanOrEqual(limit);
  });
});

describe('NaN reaches the extremes of its rows and columns', () => {
  it.each([
    ['reduce_max', '30x40xf32', '0', '40xf32'],
    ['reduce_min', '30x40xf32', '1', '30xf32'],
    ['reduce_max', '7x30x40xf32', '0, 1', '40xf32'],
    ['reduce_max', '4000x9xf32', '0', '9xf32'],
    ['reduce_min', '2x90000xf32', '1', '2xf32'],
    ['reduce_max', '100000xf32', '0', 'f32'],
  ])('%s %s over [%s]', (name, from, axes, to) => {
    const text = single(name, [from], [to], `{axes = array<i64: ${axes}>, keep_dims = false}`);
    const program = compile(parse(text));
    const [{ shape }] = program.inputs;
    const x = sample([...shape], 'f32', 1);
    x.data[Math.floor(x.data.length / 3)] = NaN;
    const [actual] = runProgram(program, [x]);
    expect(relativeError(actual, evaluateMain(parse(text), [x])[0])).toBe(0);
  });
});

describe('softmax over any axis and any length', () => {
  it.each([
    ['softmax', '4x500xf32', 1],
    ['softmax', '3x40001xf32', 1],
    ['softmax', '5x7x30xf32', 1],
    ['log_softmax', '9x40xf32', 0],
    ['softmax', '20x33xf16', 0],
  ])('%s %s axis %i', (name, type, axis) => {
    expect(errorOf(single(name, [type], [type], `{axis = ${axis}}`))).toBeLessThanOrEqual(
      type.endsWith('f16') ? 2e-3 : 1e-5,
    );
  });
});

const orders: readonly (readonly [name: string, from: string, results: readonly string[], attributes: string])[] = [
  ['cumsum', '30x40xf32', ['30x40xf32'], '{axis = 0, exclusive = false, reverse = false}'],
  ['cumsum', '7x300xf32', ['7x300xf32'], '{axis = 1, exclusive = true, reverse = false}'],
  ['cumsum', '3x5x70xi32', ['3x5x70xi32'], '{axis = 1, exclusive = false, reverse = true}'],
  ['cumsum', '1000xi32', ['1000xi32'], '{axis = 0, exclusive = true, reverse = true}'],
  ['cumsum', '3x20x2000xf32', ['3x20x2000xf32'], '{axis = 1, exclusive = false, reverse = false}'],
  ['argmax', '7x100xf32', ['7xi32'], '{axis = 1, keep_dims = false}'],
  ['argmin', '7x100xf16', ['1x100xi32'], '{axis = 0, keep_dims = true}'],
  ['argmax', '3x20x9xi32', ['3x9xi32'], '{axis = 1, keep_dims = false}'],
  ['argmax', '1x60000xf32', ['1xi32'], '{axis = 1, keep_dims = false}'],
  ['cumprod', '5x9xf32', ['5x9xf32'], '{axis = 1, exclusive = false, reverse = false}'],
  ['sort', '3x100xf32', ['3x100xf32', '3x100xi32'], '{axis = 1, descending = true}'],
  ['sort', '2x7x5xf32', ['2x7x5xf32', '2x7x5xi32'], '{axis = 1, descending = false}'],
  ['sort', '2x6144xf32', ['2x6144xf32', '2x6144xi32'], '{axis = 1, descending = false}'],
  ['sort', '33xf16', ['33xf16', '33xi32'], '{axis = 0, descending = true}'],
  ['top_k', '4x1000xf32', ['4x5xf32', '4x5xi32'], '{k = 5, largest = true}'],
  ['top_k', '4x129xbf16', ['4x40xbf16', '4x40xi32'], '{k = 40, largest = false}'],
];

describe('running sums and orders', () => {
  it.each(orders)('%s %s -> %j %s', (name, from, results, attributes) => {
    expect(errorOf(single(name, [from], results, attributes))).toBeLessThanOrEqual(name.startsWith('cum') ? 1e-5 : 0);
  });
});
