/** No text makes the parser throw or hang; the grammar has no ambiguities; bytes become text. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePython, dumpAst, parsePython } from '../../compiler/frontend/syntax/index.ts';
import { PythonParser } from '../../compiler/frontend/syntax/grammar/python-parser.ts';
import { budget } from '../fuzz.ts';

const settings = budget(7, 400);
const sources = JSON.parse(readFileSync(new URL('cases/blocks.json', import.meta.url), 'utf8')) as readonly string[];
const signs = '()[]{}:,=*@.;!~\\\n\t\r\f\0"\'';
const words =
  'x 1 0x 1_ é f" f\'{ """ else: try: -> ** := ... True def_f( class_A match_x:\n_ type_X with_( except* if_ elif_ case_ ' +
  'lambda_ not_ await_ yield_ import_ from_ async_ in_ is_ return_ del_ global_ _for_x_in_y';
const pieces = [...signs, ...words.split(' ').map((word) => word.replaceAll('_', ' ')), '\ud800', '    '];

function parseAndDump(text: string): void {
  const { module, file, diagnostics } = parsePython(text, 'any.py');
  dumpAst(module, file);
  for (const { span } of diagnostics) {
    expect(span).not.toBeNull();
    expect(span?.start).toBeLessThanOrEqual(span?.end ?? -1);
    expect(span?.end).toBeLessThanOrEqual(text.length + 1);
  }
}

describe('any text', () => {
  it('of any characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), parseAndDump), settings);
  });

  it('of pieces of Python', () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, parseAndDump), budget(7, 2000));
  });

  it('that was Python before it was cut and patched', () => {
    const mutation = fc.record({ at: fc.nat(), length: fc.nat(6), piece: fc.constantFrom('', ...pieces) });
    const text = fc
      .tuple(fc.constantFrom(...sources), fc.array(mutation, { minLength: 1, maxLength: 4 }))
      .map(([source, mutations]) =>
        mutations.reduce((left, { at, length, piece }) => {
          const start = at % (left.length + 1);
          return left.slice(0, start) + piece + left.slice(start + length);
        }, source),
      );
    fc.assert(fc.property(text, parseAndDump), budget(7, 2000));
  });

  it('that repeats one piece without end', () => {
    for (const piece of pieces) parseAndDump(piece.repeat(3000));
    for (const first of pieces) for (const second of pieces) parseAndDump((first + second).repeat(120));
  });
});

describe('grammar', () => {
  it('is valid for Chevrotain: no ambiguity, no left recursion', () => {
    expect(() => new PythonParser({ skipValidations: false })).not.toThrow();
  });
});

describe('encodings', () => {
  const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

  it.each([
    ['UTF-8', utf8('x = "é"\n'), 'x = "é"\n'],
    ['a byte order mark', utf8('\ufeffx = 1\n'), 'x = 1\n'],
    ['a declaration', latin('# -*- coding: latin-1 -*-\n"\xe9"\n'), '# -*- coding: latin-1 -*-\n"é"\n'],
    [
      'a declaration in line 2',
      latin('#!python\n# coding=iso-8859-15\n"\xa4"\n'),
      '#!python\n# coding=iso-8859-15\n"€"\n',
    ],
    ['a string that looks like one', utf8('x = 1\n# coding: latin-1\n"é"\n'), 'x = 1\n# coding: latin-1\n"é"\n'],
  ])('%s', (_, bytes, text) => {
    expect(decodePython(bytes, 'net.py')).toEqual({ ok: true, value: text });
  });

  it.each([
    ['broken UTF-8', latin('x = "\xe9"\n')],
    ['an unknown encoding', utf8('# coding: uft-8\n')],
    ['a byte order mark with another encoding', utf8('\ufeff# coding: latin-1\n')],
    ['characters beyond ascii', utf8('# coding: ascii\n"é"\n')],
  ])('refuses %s', (_, bytes) => {
    const decoded = decodePython(bytes, 'net.py');
    expect(!decoded.ok && decoded.error.code).toBe('MSC0119');
  });
});
