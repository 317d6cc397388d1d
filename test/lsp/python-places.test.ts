/** Python documents in the editor: what is known about a place. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { DocumentSymbol, FoldingRange, InlayHint, Location } from 'vscode-languageserver/node';
import { Editor, positionOf, textOfRange } from './client.ts';
import { LAYERS, NET, NetworkFolder } from './network-folder.ts';

const folder = new NetworkFolder();
const { editor, net, checker } = folder;
const uriOf = (name: string) => folder.uriOf(name);
const checked = (text: string) => folder.checked(text);
const hoverText = (uri: string, text: string, word: string, occurrence = 0) =>
  folder.hoverText(uri, text, word, occurrence);

describe('hover', () => {
  it('tells the tensors of an expression', async () => {
    expect(await hoverText(net, NET, 'dense(x)')).toContain('`f32[2, 4]`');
    expect(await hoverText(net, NET, 'y = self.scale(y)')).toContain('`f32[2, 4]`');
    expect(await hoverText(net, NET, 'y[:, :1]')).toContain('`f32[2, 4]`');
    expect(await hoverText(net, NET, 'self.scale(y[')).toContain('`f32[2, 1]`');
  });

  it('tells each type once, with the Cells that ran', async () => {
    const layers = uriOf('layers.py');
    await editor.open(layers, 'python', LAYERS);
    const text = await hoverText(layers, LAYERS, 'x * self');
    expect(text).toContain('`f32[2, 4]`');
    expect(text).toContain('`f32[2, 1]`');
    expect(text).toContain('in `scale`');
    await editor.close(layers);
  });

  it('tells the head and documentation of classes and functions', async () => {
    expect(await hoverText(net, NET, 'Net(Base)')).toContain('class Net(Base):');
    expect(await hoverText(net, NET, 'Net(Base)')).toContain('A net.');
    expect(await hoverText(net, NET, 'Dense')).toContain('class Dense');
  });

  it('tells what came into a parameter, where it is read before it is bound again', async () => {
    const text = NET.replace(
      'return x\n',
      `if self.training:
            x = x + 1
        x = x * 2
        return self.more(x, [x], x)

    def more(self, a, b, c):
        for c in b:
            a = a + c
        return a
`,
    );
    const { uri } = await folder.checked(text);
    expect(await hoverText(uri, text, 'x):\n        if')).toBe(''); // a branch may bind it first
    expect(await hoverText(uri, text, 'b, c)')).toContain('(f32[2, 1])');
    expect(await hoverText(uri, text, 'a, b')).toBe('');
    expect(await hoverText(uri, text, 'x):\n        y')).toContain('f32[2, 3]');
  });

  it('says nothing where nothing is known', async () => {
    expect(await hoverText(net, NET, 'width + 2'.slice(0, 5), 1)).toBe('');
  });
});

describe('hints', () => {
  it('stand at the ends of statements', async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints = await editor.of<readonly InlayHint[]>('inlayHint', net, { range });
    expect(hints.map(({ label, position }) => [position.line, label])).toEqual([
      [7, 'f32[2, 1]'],
      [8, 'f32[2, 1]'],
      [22, 'f32[2, 3]'],
      [23, 'f32[2, 4]'],
      [24, 'f32[2, 4]'],
      [25, 'f32[2, 1]'],
      [26, 'f32[2, 1]'],
    ]);
  });

  it('stay where they belong while text is typed, and vanish where it changed', async () => {
    const { uri } = await checked(NET);
    const jobs = checker.jobs.length;
    const typed = (line: number, text: string) =>
      editor.change(uri, { range: { start: { line, character: 8 }, end: { line, character: 8 } }, text });
    const linesOfHints = async () => {
      const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
      const hints = await editor.of<readonly InlayHint[]>('inlayHint', uri, { range });
      return hints.map(({ position }) => position.line);
    };
    await typed(24, '= ');
    expect(await linesOfHints()).toEqual([7, 8, 22, 23, 25, 26]);
    expect(checker.jobs.length).toBe(jobs); // its syntax is wrong
  });

  it('can be switched off', async () => {
    const quiet = new Editor();
    await quiet.start({ inlayHints: false }, folder.path);
    await quiet.open(net, 'python', NET);
    await quiet.publishedAs(net, 1);
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    expect(await quiet.of('inlayHint', net, { range })).toEqual([]);
    await quiet.stop();
  });
});

describe('definition', () => {
  const cases: readonly (readonly [string, number, string, string])[] = [
    ['dense(x)', 0, 'net.py', 'dense'],
    ['shared(y)', 0, 'net.py', 'shared'],
    ['Scale(2.0)', 0, 'layers.py', 'Scale'],
    ['Scale\n', 0, 'layers.py', 'Scale'],
    ['layers import', 0, 'layers.py', ''],
    ['Base)', 0, 'net.py', 'Base'],
    ['y)', 0, 'net.py', 'y'],
    ['width, 4', 0, 'net.py', 'width'],
    ['nn.Cell', 0, '__init__.py', ''],
    ['Cell)', 0, 'cell.py', 'Cell'],
    ['Dense', 0, 'basic.py', 'Dense'],
    ['has_bias', 0, 'basic.py', 'has_bias'],
  ];

  it.each(cases)('of %s (%i) is in %s', async (word, occurrence, file, name) => {
    const found = await editor.at<readonly Location[]>('definition', net, positionOf(NET, word, occurrence));
    expect(found.length).toBeGreaterThan(0);
    const [{ uri, range }] = found;
    expect(uri.split('/').at(-1)).toBe(file);
    expect(textOfRange(readFileSync(fileURLToPath(uri), 'utf8'), range)).toBe(name);
  });

  it('finds the assignments of self.x in __init__ of the base', async () => {
    const text = `class A:\n    def __init__(self):\n        self.one = 1\n\n\nclass B(A):\n    def f(self):\n        return self.one\n`;
    const { uri } = await checked(text);
    const found = await editor.at<readonly Location[]>('definition', uri, positionOf(text, 'one', 1));
    expect(found.map(({ range }) => range.start)).toEqual([{ line: 2, character: 13 }]);
  });

  it('does not guess: attributes of other values, names of nothing', async () => {
    const text = 'def f(a, self):\n    return a.one + nothing + self.one\n';
    const { uri } = await checked(text);
    for (const word of ['one', 'nothing'])
      expect(await editor.at('definition', uri, positionOf(text, word))).toEqual([]);
    expect(await editor.at('definition', uri, positionOf(text, 'one', 1))).toEqual([]);
  });

  it("follows Python's scopes", async () => {
    const text = [
      'x = 1',
      'class A:',
      '    x = 2',
      '    def f(self):',
      '        return x',
      'def g(x):',
      '    return [x for x in x], (lambda x: x)',
      'def h():',
      '    global x',
      '    x = 3',
      'from os import *',
      'try:',
      '    pass',
      'except ValueError as error:',
      '    print(error)',
      'if (n := 2) > 1:',
      '    print(n)',
    ].join('\n');
    const { uri } = await checked(text);
    const linesOf = async (word: string, occurrence: number): Promise<readonly number[]> => {
      const found = await editor.at<readonly Location[]>('definition', uri, positionOf(text, word, occurrence));
      return found.map(({ range }) => range.start.line);
    };
    expect(await linesOf('return x', 0)).toEqual([]); // on the word return
    const line = (number: number, character: number) =>
      editor.at<readonly Location[]>('definition', uri, { line: number, character });
    const starts = async (number: number, character: number) =>
      (await line(number, character)).map(({ range }) => [range.start.line, range.start.character]);
    expect(await starts(4, 15)).toEqual([
      [0, 0],
      [9, 4],
    ]);
    expect(await starts(6, 12)).toEqual([[6, 18]]);
    expect(await starts(6, 38)).toEqual([[6, 35]]);
    expect(await starts(14, 10)).toEqual([[13, 21]]);
    expect(await starts(16, 10)).toEqual([[15, 4]]);
  });
});

describe('structure', () => {
  it('outlines and folds', async () => {
    const symbols = await editor.of<readonly DocumentSymbol[]>('documentSymbol', net);
    expect(symbols.map(({ name, children }) => [name, children?.map((child) => child.name)])).toEqual([
      ['Base', ['shared']],
      ['Net', ['__init__', 'construct']],
    ]);
    const folds = await editor.of<readonly FoldingRange[]>('foldingRange', net);
    expect(folds.map(({ startLine }) => startLine)).toEqual([6, 7, 11, 17, 22]);
  });
});
