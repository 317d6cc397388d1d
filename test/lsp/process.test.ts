/** The server as the process that an editor starts. Needs `npm run build`; without it there is nothing to test. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node';
import { Folder, repository } from '../cli/harness.ts';

const program = join(repository, 'dist/tools/msc/main.js');
const worker = join(repository, 'dist/tools/lsp/check/worker.js');
const folder = mkdtempSync(join(tmpdir(), 'msc-lsp-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NET = `# msc: --input x=2:f32
import mindspore.nn as nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        print('built')
        BODY

    def construct(self, x):
        return x + x
`;

function start() {
  const child = spawn(process.execPath, [program, 'lsp', '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exit = new Promise<number | null>((done) => child.on('exit', done));
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const log: string[] = [];
  const waiting: {
    isWanted: (one: PublishDiagnosticsParams) => boolean;
    done: (one: PublishDiagnosticsParams) => void;
  }[] = [];
  connection.onNotification('window/logMessage', ({ message }: { readonly message: string }) => {
    log.push(message);
  });
  connection.onNotification('textDocument/publishDiagnostics', (published: PublishDiagnosticsParams) => {
    for (const one of waiting) if (one.isWanted(published)) one.done(published);
  });
  connection.listen();
  const published = (isWanted: (one: PublishDiagnosticsParams) => boolean) =>
    new Promise<PublishDiagnosticsParams>((done) => {
      waiting.push({ isWanted, done });
    });
  return { child, exit, connection, log, published, output: () => Buffer.concat(chunks).toString() };
}

type Session = ReturnType<typeof start>;

async function greet({ connection }: Session, initializationOptions: object): Promise<void> {
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    initializationOptions,
  });
  await connection.sendNotification('initialized', {});
}

function open({ connection }: Session, name: string, text: string): Promise<void> {
  writeFileSync(join(folder, name), text);
  const uri = pathToFileURL(join(folder, name)).href;
  return connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'python', version: 1, text },
  });
}

async function stop({ connection, exit }: Session): Promise<number | null> {
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  return exit;
}

const commandFolder = new Folder();

it('the command takes no file', async () => {
  const { code, err } = await commandFolder.run('lsp', 'net.py');
  expect(code).toBe(2);
  expect(err).toContain('editors start it as msc lsp');
});

describe.skipIf(!existsSync(worker))('the process', () => {
  it('checks in its thread, ends what hangs, and writes nothing but the protocol', async () => {
    const session = start();
    await greet(session, { timeLimit: 2, maxSteps: 1e15 });
    const timeout = session.published(({ diagnostics }) => diagnostics.length > 0);
    await open(session, 'hang.py', NET.replace('BODY', 'while True: pass'));
    const [hint] = (await timeout).diagnostics;
    expect(hint).toMatchObject({ severity: 4, message: 'the check was ended after 2 seconds (msc.timeLimit)' });
    const uri = pathToFileURL(join(folder, 'hang.py')).href;
    await session.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await session.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { msc: { timeLimit: 600 } },
    });
    const found = session.published((one) => one.uri.endsWith('wrong.py') && one.diagnostics.length > 0);
    await open(session, 'wrong.py', NET.replace('BODY', 'self.depth = [0][1]'));
    const [error] = (await found).diagnostics;
    expect(error.message).toMatch(/IndexError/);
    expect(error.range.start.line).toBe(8);
    expect(await stop(session)).toBe(0);
    expect(session.log.join('\n')).toContain('printed:\nbuilt');
    // Headers and JSON, message after message.
    expect(session.output().replace(/Content-Length: \d+\r\n\r\n\{"jsonrpc"/g, '')).not.toMatch(
      /Content-Length|^built/m,
    );
  });

  it('ends with 1 when the client goes away', async () => {
    const session = start();
    await greet(session, {});
    session.connection.end();
    session.child.stdin.end();
    expect(await session.exit).toBe(1);
  });
});
