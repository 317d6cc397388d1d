/** The manual names every instruction once in its tables. */
import { expect, it } from 'vitest';
import { instructions, renderIsaManual } from '../../runtime/isa/index.ts';

it('has a row for every instruction and prints the loop nests', () => {
  const text = renderIsaManual();
  for (const { mnemonic } of instructions) expect(text.split(`| \`${mnemonic}\` |`).length, mnemonic).toBe(2);
  expect(text).toContain('l0c.f32[');
  expect(renderIsaManual()).toBe(text);
});
