/** Places of a text in the text after an edit. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextShift } from '../../tools/lsp/python/text-shift.ts';
import { budget } from '../fuzz.ts';

it('moves what stands behind a change and keeps what stands before it, up to its borders', () => {
  const shift = new TextShift('ab-cd', 'ab+++cd');
  expect(shift.shiftOf(0, 2)).toBe(0);
  expect(shift.shiftOf(3, 5)).toBe(2);
  expect(shift.shiftOf(3, 4)).toBe(2);
  expect(shift.shiftOf(1, 3)).toBeNull();
  expect(shift.shiftOf(2, 3)).toBeNull();
  expect(shift.shiftOf(0, 5)).toBeNull();
});

it('keeps the characters of every place that it moves, and every place outside of the edit', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 20 });
  const property = fc.property(
    letters,
    letters,
    letters,
    fc.nat(40),
    fc.nat(10),
    (before, cut, after, start, length) => {
      const [old, text] = [before + cut + after, `${before}new${after}`];
      const end = start + length;
      fc.pre(end <= old.length && start < end);
      const moved = new TextShift(old, text).shiftOf(start, end);
      if (moved !== null) expect(text.slice(start + moved, end + moved)).toBe(old.slice(start, end));
      if (end <= before.length) expect(moved).toBe(0);
      else if (start >= before.length + cut.length) expect(moved).not.toBeNull();
    },
  );
  fc.assert(property, budget(3, 500));
});
