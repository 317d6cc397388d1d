/** What the parser says about wrong text, where, and how it goes on. */
import { describe, expect, it } from 'vitest';
import { parsePython, syntaxDiagnostics } from '../../compiler/frontend/syntax/index.ts';

/** The diagnostics of a source as `line: message`. */
function messages(source: string): string[] {
  return parsePython(source, 'net.py').diagnostics.map((diagnostic) => {
    const before = source.slice(0, diagnostic.span?.start ?? 0);
    return `${before.split('\n').length}: ${diagnostic.message}`;
  });
}

describe('catalog', () => {
  const rows = Object.values(syntaxDiagnostics);
  const withPrograms = rows.filter((row) => row.wrong !== null && row.right !== null);

  it('has one code for each row', () => {
    expect(new Set(rows.map((row) => row.code)).size).toBe(rows.length);
  });

  it.each(withPrograms.map((row) => [row.code, row] as const))('%s: its programs trigger and avoid it', (code, row) => {
    expect(parsePython(row.wrong ?? '', 'wrong.py').diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(parsePython(row.right ?? '', 'right.py').diagnostics).toEqual([]);
  });
});

describe('several errors in one run', () => {
  it('goes on with the next statement', () => {
    expect(messages('x = = 1\ny = 2\nf() = 3\nclass A:\n    def f(self:\n        pass\n    x = 1 +\n')).toEqual([
      "1: invalid syntax: '=' cannot stand here",
      '3: cannot assign to a function call',
      "5: '(' was never closed",
      '7: invalid syntax: the end of the line cannot stand here',
    ]);
  });

  it('keeps the statements that are right', () => {
    const { module } = parsePython('a = 1\nb = )\ndef f():\n    c = 2\n    d = = 3\n    return c\n', 'net.py');
    expect(module.body.map((statement) => statement.kind)).toEqual(['Assign', 'FunctionDef']);
    const [, definition] = module.body;
    expect(definition.kind === 'FunctionDef' && definition.body.map((statement) => statement.kind)).toEqual([
      'Assign',
      'Return',
    ]);
  });

  it('skips the clauses and the block of a wrong statement', () => {
    expect(messages('if x\n    y = 1\nelif z:\n    pass\nelse:\n    pass\nw = 1\n')).toEqual([
      "1: expected ':', found the end of the line",
    ]);
  });

  it('says what is wrong with indentation', () => {
    expect(messages('if x:\ny = 1\n')).toEqual(['2: expected an indented block']);
    expect(messages('x = 1\n    y = 2\nz = 3\n')).toEqual(['2: unexpected indent']);
    expect(messages('if x:\n    y\n  z\n')).toEqual(['3: unindent does not match any outer indentation level']);
    expect(messages('if x:\n\ty\n        z\n')).toEqual(['3: inconsistent use of tabs and spaces in indentation']);
  });

  it('finds the bracket that is not closed', () => {
    expect(messages('x = [1,\n  2\ndef f():\n    pass\ny = (3\n')).toEqual([
      "1: '[' was never closed",
      "5: '(' was never closed",
    ]);
  });

  it('does not report more than twenty', () => {
    const all = messages(')\n'.repeat(1000));
    expect(all).toHaveLength(21);
    expect(all.at(-1)).toBe('21: more than 20 syntax errors; the rest is not shown');
  });
});

describe('limits', () => {
  const nested = (open: string, close: string, count: number): string => open.repeat(count) + close.repeat(count);
  const blocks = (count: number): string =>
    Array.from({ length: count }, (_, depth) => `${' '.repeat(depth)}if 1:\n`).join('') + `${' '.repeat(count)}pass\n`;

  it.each([
    ['parentheses', nested('(', ')', 200), nested('(', ')', 201)],
    ['brackets', nested('[', ']', 200), nested('[', ']', 201)],
    ['calls', nested('f(', ')', 200), nested('f(', ')', 201)],
    [
      'f-strings',
      nested("f'{", "}'", 1).replace('{}', `${"{f'".repeat(148)}${"'}".repeat(148)}`),
      nested("f'{", "}'", 150),
    ],
    ['blocks', blocks(99), blocks(100)],
    ['operators', `1${'+1'.repeat(990)}`, `1${'+1'.repeat(1100)}`],
    ['prefixes', `${'-'.repeat(990)}1`, `${'-'.repeat(1100)}1`],
    ['attributes', `a${'.b'.repeat(990)}`, `a${'.b'.repeat(1100)}`],
    ['elif', `if 1: pass\n${'elif 1: pass\n'.repeat(990)}`, `if 1: pass\n${'elif 1: pass\n'.repeat(1100)}`],
  ])('%s: up to the limit, and a diagnostic beyond', (_, allowed, tooMuch) => {
    expect(messages(allowed)).toEqual([]);
    expect(parsePython(tooMuch, 'net.py').diagnostics[0]?.code).toBe('MSC0109');
  });

  it('long is not deep', () => {
    expect(messages(`x = [${'-f(a.b), '.repeat(5000)}]\n`)).toEqual([]);
  });
});
