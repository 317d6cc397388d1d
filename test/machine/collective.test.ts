/** Truth values join as bits: a sum says whether any is true. */
import { expect, test } from 'vitest';
import { reduceInto } from '../../runtime/machine/collective/reduce.ts';

test.each([
  ['sum', [1, 1, 1, 0]],
  ['max', [1, 1, 1, 0]],
  ['prod', [1, 0, 0, 0]],
  ['min', [1, 0, 0, 0]],
] as const)('%s of truth values', (reduction, joined) => {
  const into = Uint8Array.of(1, 1, 0, 0);
  reduceInto('i1', reduction, into, Uint8Array.of(1, 0, 1, 0));
  expect([...into]).toEqual(joined);
});
