/** Python documents in the editor. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic, DocumentSymbol, FoldingRange, Hover, InlayHint, Location } from 'vscode-languageserver/node';
import type { IrAnswer } from '../../tools/lsp/index.ts';
import { Editor, InlineChecker, positionOf, textOfRange } from './client.ts';
import { repository } from '../cli/harness.ts';

const NET = `# msc: --entry 'Net(3)' --input x=2x3:f32
import mindspore.nn as nn
from mindspore import ops
from layers import Scale


class Base(nn.Cell):
    def shared(self, x):
        return x


class Net(Base):
    """A net.

    More about it.
    """

    def __init__(self, width=3):
        super().__init__()
        self.dense = nn.Dense(width, 4, has_bias=False)
        self.scale = Scale(2.0)

    def construct(self, x):
        y = self.dense(x)
        y = self.scale(y)
        y = self.scale(y[:, :1])
        return ops.relu(self.shared(y))
`;

const LAYERS = `import mindspore.nn as nn


class Scale(nn.Cell):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def construct(self, x):
        return x * self.factor
`;

const ENDLESS = `# msc: --max-steps 20000 --input x=2:f32
import mindspore.nn as nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        while True:
            pass

    def construct(self, x):
        return x
`;

const folder = mkdtempSync(join(tmpdir(), 'msc-lsp-'));
const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
const checker = new InlineChecker();
let editor: Editor;
let count = 0;

function write(name: string, text: string): string {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return uriOf(name);
}

/** A document of its own, after its check. */
async function checked(text: string): Promise<{ readonly uri: string; readonly diagnostics: readonly Diagnostic[] }> {
  const uri = write(`net${++count}.py`, text);
  await editor.open(uri, 'python', text);
  return { uri, diagnostics: await editor.publishedAs(uri, 1) };
}

const net = uriOf('net.py');

beforeAll(async () => {
  editor = new Editor(checker);
  await editor.start({}, folder);
  write('layers.py', LAYERS);
  write('net.py', NET);
  await editor.open(net, 'python', NET);
  expect(await editor.publishedAs(net, 1)).toEqual([]);
});

afterAll(async () => {
  expect(await editor.stop()).toBe(0);
  rmSync(folder, { recursive: true });
});

async function hoverText(uri: string, text: string, word: string, occurrence = 0): Promise<string> {
  const hover = await editor.at<Hover | null>('hover', uri, positionOf(text, word, occurrence));
  return hover === null ? '' : (hover.contents as { readonly value: string }).value; // the server answers markdown
}

describe('diagnostics', () => {
  it('tell syntax errors at once, several of them', async () => {
    const text = 'def f(:\n    pass\n\nx = = 1\n';
    const uri = uriOf('broken.py');
    const diagnostics = await editor.open(uri, 'python', text);
    expect([...new Set(diagnostics.map(({ range }) => range.start.line))]).toEqual([0, 3]);
    expect(diagnostics.every(({ severity, source }) => severity === 1 && source === 'msc')).toBe(true);
  });

  it('tell what msc check finds, with the calls that lead there', async () => {
    const text = NET.replace('nn.Dense(width, 4', 'nn.Dense(width + 2, 4');
    const { diagnostics } = await checked(text);
    expect(diagnostics).toHaveLength(1);
    expect(textOfRange(text, diagnostics[0].range)).toContain('self.dense(x)');
    expect(diagnostics[0]).toMatchObject({ severity: 1, source: 'msc' });
    expect(diagnostics[0].code).toMatch(/^MSC\d{4}$/);
  });

  it('are hints for what the settings do not say', async () => {
    const noInput = await checked(NET.replace(' --input x=2x3:f32', ''));
    expect(noInput.diagnostics.map(({ severity }) => severity)).toEqual([4]);
    const noEntry = await checked('def f(x):\n    return x\n');
    expect(noEntry.diagnostics.map(({ severity, range }) => [severity, range.start.line])).toEqual([[4, 0]]);
  });

  it('tell mistakes in the comment for the check', async () => {
    const text = "# msc: --entry 'Net()' --inptu x=1 --input x:f32\n# msc: --max-steps many --target\n";
    const diagnostics = await editor.open(uriOf('comment.py'), 'python', text);
    expect(diagnostics.map(({ message, range }) => [range.start.line, String(message).split(';')[0]])).toEqual([
      [0, "'--inptu' is no option here"],
      [0, '--input x:f32: expected NAME=SHAPE:DTYPE, e.g. x=1x3x224x224:f32'],
      [1, '--max-steps many: expected a number'],
      [1, '--target needs a value'],
    ]);
  });

  it('are told in the file that has them, while it is open', async () => {
    const broken = LAYERS.replace('x * self.factor', 'x * self.factr');
    const layers = uriOf('layers.py');
    await editor.open(layers, 'python', LAYERS);
    const changed = await editor.change(layers, { text: broken });
    expect(changed.filter(({ severity }) => severity === 1)).toEqual([]); // its syntax is good
    const found = await editor.until(layers, (diagnostics) => diagnostics.some(({ severity }) => severity === 1));
    const [error] = found.filter(({ severity }) => severity === 1);
    expect(textOfRange(broken, error.range)).toContain('self.factr');
    await editor.change(layers, { text: LAYERS });
    await editor.until(layers, (diagnostics) => diagnostics.every(({ severity }) => severity !== 1));
    await editor.close(layers);
  });

  it('move with the text while it is typed, until the next check', async () => {
    const text = NET.replace('nn.Dense(width, 4', 'nn.Dense(width + 2, 4');
    const { uri, diagnostics } = await checked(text);
    const [{ range }] = diagnostics;
    const start = { line: 4, character: 0 };
    const typed = await editor.change(uri, { range: { start, end: start }, text: '\n\n' });
    const found = typed.filter(({ code }) => code === diagnostics[0].code);
    expect(found.map((one) => one.range.start.line)).toEqual([range.start.line + 2]);
    const inside = await editor.change(uri, {
      range: {
        start: { line: range.start.line + 2, character: 20 },
        end: { line: range.start.line + 2, character: 20 },
      },
      text: ' ',
    });
    expect(inside.filter(({ code }) => code === diagnostics[0].code)).toEqual([]);
  });

  it('see a budget', async () => {
    const { diagnostics } = await checked(ENDLESS);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0].message).toMatch(/steps/);
  });

  it('put what the code prints into the log', async () => {
    const before = editor.log.length;
    await checked(NET.replace('super().__init__()\n        self.dense', "print('hello')\n        self.dense"));
    expect(editor.log.slice(before).join('\n')).toMatch(/printed:\nhello/);
  });
});

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

  it('says nothing where nothing is known', async () => {
    expect(await hoverText(net, NET, 'width + 2'.slice(0, 5), 1)).toBe('');
  });
});

describe('hints', () => {
  it('stand at the ends of statements', async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints = await editor.of<readonly InlayHint[]>('inlayHint', net, { range });
    expect(hints.map(({ label, position }) => [position.line, label])).toEqual([
      [8, 'f32[2, 1]'],
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
    expect(await linesOfHints()).toEqual([8, 23, 25, 26]);
    expect(checker.jobs.length).toBe(jobs); // its syntax is wrong
  });

  it('can be switched off', async () => {
    const quiet = new Editor();
    await quiet.start({ inlayHints: false }, folder);
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

describe('msc.showIr', () => {
  const showIr = (request: object): Promise<IrAnswer> =>
    editor.request('workspace/executeCommand', { command: 'msc.showIr', arguments: [request] });

  it('gives the text of a stage and what came from a line', async () => {
    const line = NET.split('\n').findIndex((text) => text.includes('self.dense(x)'));
    for (const stage of ['source', 'graph', 'fused', 'tile', 'scheduled']) {
      const { text, ranges, origins } = await showIr({ uri: net, line, stage });
      expect(text).toContain(`ms.stage = "${stage}"`);
      expect(origins.length).toBeGreaterThan(0);
      if (stage === 'graph') {
        expect(ranges.map((range) => /"?ms\.(\w+)/.exec(textOfRange(text, range))?.[1])).toEqual(['matmul']);
        expect(origins.some(({ origin }) => origin.uri === net && origin.range.start.line === line)).toBe(true);
      }
    }
  });

  it('refuses other documents and stages', async () => {
    await expect(showIr({ uri: uriOf('nowhere.py') })).rejects.toThrow(/open Python file/);
    await expect(showIr({ uri: net, stage: 'nowhere' })).rejects.toThrow(/no stage/);
    const { uri } = await checked(NET.replace("'Net(3)'", "'Ne(3)'"));
    await expect(showIr({ uri })).rejects.toThrow(/not made/);
  });
});

describe('settings', () => {
  it('give the entry and inputs of files that say none', async () => {
    const other = new Editor();
    await other.start({ msc: { entry: 'Net(3)', inputs: ['x=5x3:f32'], check: 'trace' } }, folder);
    const text = NET.split('\n').slice(1).join('\n');
    const uri = write('plain.py', text);
    await other.open(uri, 'python', text);
    expect(await other.publishedAs(uri, 1)).toEqual([]);
    const hover = await other.at<Hover>('hover', uri, positionOf(text, 'dense(x)'));
    expect(JSON.stringify(hover.contents)).toContain('f32[5, 4]');
    await other.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { msc: { entry: 'Net(4)', inputs: ['x=5x3:f32'] } },
    });
    const found = await other.until(uri, (diagnostics) => diagnostics.length > 0);
    expect(found[0].severity).toBe(1);
    await other.stop();
  });
});

const mindcv = process.env.MSC_MINDCV ?? '';

describe.skipIf(!existsSync(mindcv))("mindcv's resnet (needs MSC_MINDCV)", () => {
  it('is checked, with shapes for each block', async () => {
    const path = join(mindcv, 'mindcv/models/resnet.py');
    const text = `# msc: --entry 'resnet50()' --input x=1x3x224x224:f32 --path ${mindcv}\n${readFileSync(path, 'utf8')}`;
    const uri = pathToFileURL(path).href;
    await editor.open(uri, 'python', text);
    expect(await editor.publishedAs(uri, 1)).toEqual([]);
    const hover = await hoverText(uri, text, 'self.conv1(x)', 1);
    expect(hover).toContain('`f32[1, 64, 56, 56]`');
    expect(hover).toContain('layer1.0');
    await editor.close(uri);
  });
});

it('examples have no problems', async () => {
  const path = join(repository, 'examples/lenet5/lenet5.py');
  const text = `# msc: --entry 'LeNet5()' --input x=1x1x32x32\n${readFileSync(path, 'utf8')}`;
  const uri = pathToFileURL(path).href;
  await editor.open(uri, 'python', text);
  expect(await editor.publishedAs(uri, 1)).toEqual([]);
  expect(await hoverText(uri, text, 'self.conv2(x)')).toContain('f32[1, 16, 10, 10]');
  await editor.close(uri);
});
