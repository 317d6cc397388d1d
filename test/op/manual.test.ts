import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { opTable, renderOpsManual, renderOpsTable } from '../../compiler/ir/ops/index.ts';

const BEGIN = '<!-- ops table: generated from the definitions -->\n';
const END = '\n<!-- end -->';

test('the table in the README of ir/ops is the definitions', () => {
  const file = new URL('../../compiler/ir/ops/README.md', import.meta.url);
  const text = readFileSync(file, 'utf8');
  const [head] = text.split(BEGIN);
  const expected = head + BEGIN + renderOpsTable() + text.slice(text.indexOf(END));
  if (process.env.MSC_BLESS === '1') writeFileSync(file, expected);
  else expect(text).toBe(expected);
});

test('the manual describes every op of the IR once', () => {
  const headings = [...renderOpsManual().matchAll(/^### (\S+)$/gm)].map(([, name]) => name);
  expect(headings.toSorted()).toEqual([...opTable.keys()].toSorted());
});

test('the manual says that a send does not wait', () => {
  expect(renderOpsManual()).toMatch(/### dist\.send\n\nHands x to the rank `peer` and goes on/);
});
