/** The life of the server: greeting, ends, bad messages, races. */
import { describe, expect, it } from 'vitest';
import type { Diagnostic, Hover, InitializeResult } from 'vscode-languageserver/node';
import type { CheckEnd, Checker, CheckJob } from '../../tools/lsp/index.ts';
import { Editor } from './client.ts';

const URI = 'file:///nowhere/net.mlir';
const TEXT = 'func.func @f(%a: i32) {\n  %0 = arith.addi %a, %a : i32\n  return\n}\n';
const NETWORK = 'import mindspore.nn as nn\nclass Net(nn.Cell):\n    def construct(self, x):\n        return x\n';

async function started(checker?: Checker): Promise<Editor> {
  const editor = new Editor(checker);
  await editor.start();
  return editor;
}

describe('the end', () => {
  it('is 0 after shutdown', async () => {
    expect(await (await started()).stop()).toBe(0);
  });

  it('is 1 without shutdown', async () => {
    const editor = await started();
    await editor.connection.sendNotification('exit');
    expect(await editor.exitCode).toBe(1);
  });

  it('comes when the client goes away', async () => {
    const editor = await started();
    editor.connection.end();
    expect(await editor.exitCode).toBe(1);
  });

  it('leaves no check behind', async () => {
    const checker = new HangingChecker();
    const editor = await started(checker);
    await editor.open('file:///nowhere/net.py', 'python', NETWORK);
    await checker.started;
    expect(await editor.stop()).toBe(0);
    expect(checker.stopped).toBe(1);
  });
});

describe('the greeting', () => {
  it('says what the server can', async () => {
    const editor = new Editor();
    const { capabilities, serverInfo }: InitializeResult = await editor.start();
    expect(serverInfo?.name).toBe('msc');
    expect(capabilities).toMatchObject({ positionEncoding: 'utf-16', hoverProvider: true, inlayHintProvider: true });
    await editor.stop();
  });

  it('comes first, and nothing after the end', async () => {
    const editor = new Editor();
    const hover = () => editor.of('hover', URI, { position: { line: 0, character: 0 } });
    await expect(hover()).rejects.toMatchObject({ code: -32002 });
    await editor.start();
    expect(await hover()).toBeNull();
    await editor.connection.sendRequest('shutdown');
    await expect(hover()).rejects.toMatchObject({ code: -32600 });
    await editor.connection.sendNotification('exit');
    expect(await editor.exitCode).toBe(0);
  });
});

describe('bad messages', () => {
  it('about documents that are not open have empty answers', async () => {
    const editor = await started();
    const position = { line: 0, character: 0 };
    expect(await editor.at('hover', URI, position)).toBeNull();
    expect(await editor.at('definition', URI, position)).toBeNull();
    expect(await editor.at('completion', URI, position)).toEqual([]);
    expect(await editor.of('documentSymbol', URI)).toEqual([]);
    await editor.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: URI, version: 2 },
      contentChanges: [{ text: 'x' }],
    });
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri: URI } });
    expect(await editor.request('workspace/executeCommand', { command: 'other', arguments: [] })).toBeNull();
    expect(await editor.stop()).toBe(0);
  });

  it('with positions beyond the text are clamped', async () => {
    const editor = await started();
    await editor.open(URI, 'mlir', TEXT);
    for (const position of [
      { line: 1, character: 9999 },
      { line: 9999, character: 9999 },
      { line: -1, character: -5 },
    ])
      await editor.at('hover', URI, position);
    const range = { start: { line: 50, character: 3 }, end: { line: 70, character: 1 } };
    expect(await editor.change(URI, { range, text: '}' })).toHaveLength(1);
    expect(await editor.stop()).toBe(0);
    expect(editor.log).toEqual([]);
  });

  it('unknown requests are refused and the server lives on', async () => {
    const editor = await started();
    await expect(editor.request('textDocument/nonsense', {})).rejects.toThrow();
    await editor.connection.sendNotification('nonsense', {});
    expect(await editor.open(URI, 'mlir', TEXT)).toEqual([]);
    expect(await editor.stop()).toBe(0);
  });

  it('documents of other languages are left alone', async () => {
    const editor = await started();
    const text = { uri: 'file:///nowhere/a.txt', languageId: 'plaintext', version: 1, text: 'x' };
    await editor.connection.sendNotification('textDocument/didOpen', { textDocument: text });
    expect(await editor.at('hover', text.uri, { line: 0, character: 0 })).toBeNull();
    expect(editor.published.size).toBe(0);
    await editor.stop();
  });
});

describe('texts', () => {
  it('may have any line ends and characters', async () => {
    const editor = await started();
    const crlf = '\uFEFF// 𝒳 é\r\nfunc.func @f(%a: i32) {\r\n  %0 = arith.addi %a, %b : i32\r\n  return\r\n}\r\n'.slice(
      1,
    );
    const [only] = await editor.open(URI, 'mlir', crlf);
    expect(only.range).toEqual({ start: { line: 2, character: 22 }, end: { line: 2, character: 24 } });
    for (const text of ['\u0000\uD800', '\r\r\r', '"', '%', '#', '()'.repeat(5000), '{'.repeat(5000)]) {
      const diagnostics: readonly Diagnostic[] = await editor.change(URI, { text });
      expect(diagnostics.every(({ range }) => range.start.line >= 0)).toBe(true);
    }
    const python = 'file:///nowhere/broken.py';
    for (const text of ['\u0000\uD800', '('.repeat(3000), 'x = "', '\f\t x', 'lambda: '.repeat(3000)])
      expect((await editor.open(python, 'python', text)).length).toBeGreaterThan(0);
    expect(await editor.stop()).toBe(0);
    expect(editor.log).toEqual([]);
  });

  it('of a megabyte are read', async () => {
    const editor = await started();
    const line = '  %0 = "ms.relu"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>\n';
    const body = Array.from({ length: 16_000 }, (_, index) => line.replace('%0', `%${index}`)).join('');
    const text = `func.func @f(%x: tensor<2x3xf32>) {\n${body}  return %missing : i32\n}\n`;
    expect(text.length).toBeGreaterThan(1_000_000);
    const diagnostics = await editor.open(URI, 'mlir', text);
    expect(diagnostics.map(({ range }) => range.start.line)).toEqual([16_001]);
    const hover = await editor.at<Hover>('hover', URI, { line: 15_000, character: 4 });
    expect(JSON.stringify(hover.contents)).toContain('ms.relu');
    await editor.stop();
  });
});

/** A checker whose jobs end only when they are stopped. */
class HangingChecker implements Checker {
  readonly jobs: CheckJob[] = [];
  stopped = 0;
  readonly started: Promise<void>;
  #begin: () => void = () => undefined;

  constructor() {
    this.started = new Promise((done) => {
      this.#begin = done;
    });
  }

  start(job: CheckJob): ReturnType<Checker['start']> {
    this.jobs.push(job);
    this.#begin();
    let finish: (end: CheckEnd) => void = () => undefined;
    const end = new Promise<CheckEnd>((done) => {
      finish = done;
    });
    return {
      end,
      stop: () => {
        this.stopped++;
        finish({ kind: 'stopped' });
      },
    };
  }

  async close(): Promise<void> {}
}

describe('races', () => {
  const uri = 'file:///nowhere/net.py';

  it('the latest text is checked', async () => {
    const checker = new HangingChecker();
    const editor = await started(checker);
    await editor.open(uri, 'python', NETWORK);
    await checker.started;
    for (const extent of [1, 2, 3]) {
      await editor.change(uri, { text: `# msc: --input x=${extent}:f32\n${NETWORK}` });
      await editor.request('workspace/executeCommand', { command: 'none' }); // what came before is done
    }
    expect(await editor.stop()).toBe(0);
    const inputs = checker.jobs.map((job) => job.inputs);
    expect(checker.stopped).toBe(checker.jobs.length);
    expect(inputs.length).toBeGreaterThan(1);
    expect(inputs.toSorted()).toEqual(inputs); // never an older text after a newer one
  });

  it('a closed document has no diagnostics, also when its check ends later', async () => {
    const checker = new HangingChecker();
    const editor = await started(checker);
    await editor.open(uri, 'python', `${NETWORK}(`);
    await editor.close(uri);
    await editor.open(URI, 'mlir', TEXT);
    expect(editor.published.get(uri)?.diagnostics).toEqual([]);
    await editor.open(uri, 'python', NETWORK);
    await checker.started;
    await editor.close(uri);
    await editor.open(uri, 'python', NETWORK);
    expect(await editor.stop()).toBe(0);
    expect(editor.log).toEqual([]);
  });

  it('a bug inside a check is an entry of the log', async () => {
    const outcome = { diagnostics: [], flows: [], filesRead: [], ir: null, printed: '', crash: 'Error: out of luck' };
    const ends: CheckEnd[] = [
      { kind: 'died', message: 'out of memory' },
      { kind: 'done', outcome },
    ];
    const failing: Checker = {
      start: () => ({ end: Promise.resolve(ends.pop() ?? { kind: 'stopped' }), stop: () => undefined }),
      close: async () => undefined,
    };
    const editor = await started(failing);
    await editor.open(uri, 'python', NETWORK);
    await editor.publishedAs(uri, 1);
    await editor.change(uri, { text: `${NETWORK}\n` });
    await editor.publishedAs(uri, 2);
    expect(editor.log).toEqual([
      expect.stringContaining('internal error while /nowhere/net.py was checked: Error: out of luck'),
      expect.stringContaining('the check of /nowhere/net.py ended: out of memory'),
    ]);
    expect(await editor.stop()).toBe(0);
  });

  it('a check that takes too long is told as a hint', async () => {
    const slow: Checker = {
      start: () => ({ end: Promise.resolve({ kind: 'timeout' }), stop: () => undefined }),
      close: async () => undefined,
    };
    const editor = await started(slow);
    await editor.open(uri, 'python', NETWORK);
    const [only] = await editor.until(uri, (diagnostics) => diagnostics.length > 0);
    expect(only.message).toBe('the check was ended after 30 seconds (msc.timeLimit)');
    await editor.stop();
  });
});

describe('what flows', () => {
  it('is told before the check ends', async () => {
    const text = 'import mindspore.nn as nn\n\nx = y\n';
    const at = text.indexOf('y\n');
    const flow = { start: at, end: at + 1, types: [{ text: 'tensor<2xf32>', count: 1, cells: [] }] };
    let finish: (end: CheckEnd) => void = () => undefined;
    const slow: Checker = {
      start: (_, __, traced) => {
        traced([{ path: '/nowhere/net.py', text, flows: [flow] }]);
        return { end: new Promise((done) => (finish = done)), stop: () => finish({ kind: 'stopped' }) };
      },
      close: async () => undefined,
    };
    const editor = await started(slow);
    const uri = 'file:///nowhere/net.py';
    await editor.open(uri, 'python', text);
    const hover = await editor.at<Hover>('hover', uri, { line: 2, character: 4 });
    expect(JSON.stringify(hover.contents)).toContain('f32[2]');
    await editor.stop();
  });
});

describe('the IR that is asked for', () => {
  it('comes before checks, which begin again', async () => {
    const uri = 'file:///nowhere/net.py';
    const ends: string[] = [];
    const jobs: CheckJob[] = [];
    const checker: Checker = {
      start: (job) => {
        jobs.push(job);
        const name = job.wanted === null ? 'check' : 'question';
        const ir = { stage: 'source', text: 'module', ranges: [], origins: [] };
        const outcome = { diagnostics: [], flows: [], filesRead: [], ir, printed: '', crash: null };
        let finish: (end: CheckEnd) => void = () => undefined;
        const end = new Promise<CheckEnd>((done) => (finish = done));
        if (name === 'question') finish({ kind: 'done', outcome });
        void end.then(({ kind }) => ends.push(`${name} ${kind}`));
        return { end, stop: () => finish({ kind: 'stopped' }) };
      },
      close: async () => undefined,
    };
    const editor = await started(checker);
    await editor.open(uri, 'python', NETWORK);
    while (jobs.length === 0) await new Promise((turn) => setImmediate(turn));
    const answer = await editor.request('workspace/executeCommand', { command: 'msc.showIr', arguments: [{ uri }] });
    expect(answer).toMatchObject({ text: 'module' });
    while (jobs.length < 3) await new Promise((turn) => setImmediate(turn));
    expect(jobs.map((job) => job.wanted === null)).toEqual([true, false, true]);
    expect(await editor.stop()).toBe(0);
    expect(ends).toEqual(['check stopped', 'question done', 'check stopped']);
  });
});
