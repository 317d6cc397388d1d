/** Files of plans: any text gives a value or an error with its place, and what is written is read. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readCluster,
  readMindFormers,
  readStrategy,
  writeStrategy,
  type Strategy,
} from '../../tools/formats/plan/index.ts';

const words = [
  'device',
  'levels',
  ': ',
  '\n',
  '  - ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '&a ',
  '*a',
  '!!x ',
  '1e9',
  '-1',
  'name',
  '#',
  '|',
  '%',
  '\t',
];

describe('any text', () => {
  const readers = [
    (text: string) => readCluster(text, 'x'),
    (text: string) => readMindFormers(text),
    (text: string) => readStrategy(text),
  ];

  it('is read or refused with a place inside of it', () => {
    const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })), { maxLength: 40 });
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('');
        for (const read of readers) {
          const result = read(whole);
          if (result.ok) continue;
          expect(result.error.length).toBeGreaterThan(0);
          for (const { message, start, end } of result.error) {
            expect(message).not.toBe('');
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(start).toBeLessThanOrEqual(whole.length);
          }
        }
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it.each([
    '['.repeat(100_000),
    '- '.repeat(100_000),
    `${' '.repeat(5000)}a: 1`,
    '{"a":'.repeat(50_000),
    'a: &a [*a, *a]\nb: &b [*a, *a]\n',
  ])('that is nested deeply or refers to itself ends', (text) => {
    for (const read of readers) expect(() => read(text)).not.toThrow();
  });
});

describe('a cluster', () => {
  const text = (size: string): string =>
    `device: ascend910b1\nlevels: [{ name: a, topology: mesh, size: ${size}, gbps: 28 }, { name: b, topology: switch, size: 4, gbps: 25 }]\n`;

  it('has a bounded number of devices', () => {
    expect(readCluster(text('8'), 'x')).toMatchObject({
      ok: true,
      value: { name: 'x', device: { name: 'ascend910b1' } },
    });
    for (const size of ['1e300', '999999', '0', '-8', '2.5', '.inf', 'eight'])
      expect(readCluster(text(size), 'x')).toMatchObject({ ok: false });
  });
});

it('strategies are read as they were written', () => {
  const natural = fc.integer({ min: 1, max: 64 });
  const parameter = fc.record({
    dev_matrix: fc.array(natural, { minLength: 1, maxLength: 3 }),
    tensor_map: fc.array(fc.integer({ min: -1, max: 2 }), { maxLength: 4 }),
    tensor_shape: fc.array(natural, { maxLength: 4 }),
    field: fc.constant(0),
    opt_weight_shard_step: fc.nat(64),
    opt_weight_shard_size: fc.nat(64),
  });
  const operator = fc.record({ stage: fc.nat(8), parallel_strategy: fc.array(fc.array(natural), { maxLength: 3 }) });
  const name = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__');
  const strategy: fc.Arbitrary<Strategy> = fc.record({
    current_stage: fc.nat(8),
    parallel_strategy_item: fc.dictionary(name, operator, { noNullPrototype: true }),
    parallel_layout_item: fc.dictionary(name, parameter, { noNullPrototype: true }),
  });
  fc.assert(
    fc.property(strategy, (value) => {
      expect(readStrategy(writeStrategy(value))).toEqual({ ok: true, value });
    }),
    { numRuns: 100, seed: 5 },
  );
});
