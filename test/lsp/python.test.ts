/** Python documents in the editor: what is wrong in them, which network is checked, and its IR. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Hover } from 'vscode-languageserver/node';
import type { IrAnswer } from '../../tools/lsp/index.ts';
import { Editor, positionOf, textOfRange } from './client.ts';
import { LAYERS, NET, NetworkFolder } from './network-folder.ts';
import { repository } from '../cli/harness.ts';

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

const folder = new NetworkFolder();
const { editor, net } = folder;
const uriOf = (name: string) => folder.uriOf(name);
const checked = (text: string) => folder.checked(text);
const hoverText = (uri: string, text: string, word: string, occurrence = 0) =>
  folder.hoverText(uri, text, word, occurrence);

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
    await other.start({ msc: { entry: 'Net(3)', inputs: ['x=5x3:f32'], check: 'trace' } }, folder.path);
    const text = NET.split('\n').slice(1).join('\n');
    const uri = folder.write('plain.py', text);
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
