/** Places of locations as positions of the protocol: ours end lines in LF, the protocol's in CR and CRLF too. */
import { expect, it } from 'vitest';
import { positionOfLine } from '../../tools/lsp/positions.ts';

it.each([
  ['ab\ncd', 2, 2, { line: 1, character: 1 }],
  ['ab\r\ncd', 2, 2, { line: 1, character: 1 }],
  ['a\rb\ncd', 1, 3, { line: 1, character: 0 }],
  ['a\rb\ncd', 2, 1, { line: 2, character: 0 }],
  ['ab', 1, 99, { line: 0, character: 2 }],
  ['ab\ncd', 99, 1, { line: 1, character: 2 }],
])('%j: line %i, column %i', (text, line, column, position) =>
  expect(positionOfLine({ name: 'net.py', text }, line, column)).toEqual(position),
);
