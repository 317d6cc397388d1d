/** Cells of CSV: what separates is quoted, what a spreadsheet would compute is text. */
import { expect, it } from 'vitest';
import { csvText } from '../../tools/inspect/export/csv.ts';

const cellOf = (cell: string | number): string => csvText({ name: 'table', columns: [], rows: [[cell]] }).slice(2, -2);

it.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['two\nlines', '"two\nlines"'],
  ['two\rlines', '"two\rlines"'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@sum', "'@sum"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  [-1.5, '-1.5'],
  [Number.NaN, ''],
  [Infinity, ''],
])('%j is written as %s', (cell, text) => expect(cellOf(cell)).toBe(text));

it('rows end in CRLF', () =>
  expect(csvText({ name: 'table', columns: ['a', 'b'], rows: [[1, 'x']] })).toBe('a,b\r\n1,x\r\n'));
