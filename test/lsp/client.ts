/** An editor for tests: the server in this process, the protocol over streams. Checks run in this thread, one turn later. */
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node';
import type { CheckEnd, Checker, CheckJob, TracedListener } from '../../tools/lsp/index.ts';
import { serve } from '../../tools/lsp/index.ts';
import { runCheck } from '../../tools/lsp/check/run.ts';

/** Runs a check where it stands; a job that is stopped before its turn does not run. */
export class InlineChecker implements Checker {
  readonly jobs: CheckJob[] = [];
  readonly #ends: Promise<CheckEnd>[] = [];

  start(job: CheckJob, _: number, traced: TracedListener): ReturnType<Checker['start']> {
    this.jobs.push(job);
    let isStopped = false;
    const run = async (): Promise<CheckEnd> => {
      await new Promise((turn) => setImmediate(turn));
      if (isStopped) return { kind: 'stopped' };
      const outcome = await runCheck(job, (flows) => {
        if (!isStopped) traced(structuredClone(flows));
      });
      return isStopped ? { kind: 'stopped' } : { kind: 'done', outcome: structuredClone(outcome) };
    };
    const end = run();
    this.#ends.push(end);
    return {
      end,
      stop: () => {
        isStopped = true;
      },
    };
  }

  /** When no check runs and none waits for its turn (with checks that wait for no time of quiet). */
  async idle(): Promise<void> {
    for (let count = -1; count !== this.#ends.length;) {
      count = this.#ends.length;
      await Promise.all(this.#ends);
      await new Promise((turn) => setTimeout(turn, 2)); // later than a timer of no time that was set before
      await new Promise((turn) => setImmediate(turn));
    }
  }

  async close(): Promise<void> {}
}

interface Waiter {
  readonly isWanted: (published: PublishDiagnosticsParams) => boolean;
  readonly done: (published: PublishDiagnosticsParams) => void;
}

export class Editor {
  readonly connection: ProtocolConnection;
  /** Ends with the exit code of the server. */
  readonly exitCode: Promise<0 | 1>;
  readonly published = new Map<string, PublishDiagnosticsParams>();
  readonly log: string[] = [];
  readonly documents = new Map<string, TextDocument>();
  #waiters: Waiter[] = [];

  constructor(checker: Checker = new InlineChecker()) {
    const toServer = new PassThrough();
    const toClient = new PassThrough();
    this.exitCode = serve({ input: toServer, output: toClient }, { checker, quiet: { text: 0, check: 0 } });
    this.connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    this.#listen();
  }

  #listen(): void {
    this.connection.onNotification('textDocument/publishDiagnostics', (published: PublishDiagnosticsParams) => {
      this.published.set(published.uri, published);
      const wanted = this.#waiters.filter(({ isWanted }) => isWanted(published));
      this.#waiters = this.#waiters.filter((waiter) => !wanted.includes(waiter));
      for (const { done } of wanted) done(published);
    });
    this.connection.onNotification('window/logMessage', ({ message }: { readonly message: string }) => {
      this.log.push(message);
    });
    this.connection.listen();
  }

  /** The greeting of the protocol. */
  async start(options: object = {}, folder: string | null = null): Promise<InitializeResult> {
    const workspaceFolders = folder === null ? null : [{ uri: pathToFileURL(folder).href, name: 'folder' }];
    const result = await this.request<InitializeResult>('initialize', {
      processId: null,
      rootUri: null,
      workspaceFolders,
      capabilities: {},
      initializationOptions: options,
    });
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  async stop(): Promise<0 | 1> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await this.exitCode;
    this.connection.dispose();
    return code;
  }

  // The answer's type is what the protocol says about the method.
  request<Answer>(method: string, parameters: unknown): Promise<Answer> {
    return this.connection.sendRequest<Answer>(method, parameters);
  }

  /** A question about a place of a document. */
  at<Answer>(method: string, uri: string, position: Position, more: object = {}): Promise<Answer> {
    return this.request(`textDocument/${method}`, { textDocument: { uri }, position, ...more });
  }

  /** A question about a document. */
  of<Answer>(method: string, uri: string, more: object = {}): Promise<Answer> {
    return this.request(`textDocument/${method}`, { textDocument: { uri }, ...more });
  }

  async open(uri: string, languageId: string, text: string): Promise<readonly Diagnostic[]> {
    const document = TextDocument.create(uri, languageId, 1, text);
    this.documents.set(uri, document);
    const published = this.publishedAs(uri, 1);
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
    return published;
  }

  /** The diagnostics told after these changes. */
  async change(uri: string, ...changes: TextDocumentContentChangeEvent[]): Promise<readonly Diagnostic[]> {
    const document = this.documents.get(uri);
    if (document === undefined) throw new Error(`${uri} is not open`);
    const version = document.version + 1;
    TextDocument.update(document, changes, version);
    const published = this.publishedAs(uri, version);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: changes,
    });
    return published;
  }

  async close(uri: string): Promise<void> {
    this.documents.delete(uri);
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** The next diagnostics of this version. */
  async publishedAs(uri: string, version: number): Promise<readonly Diagnostic[]> {
    const { diagnostics } = await this.#next((published) => published.uri === uri && published.version === version);
    return diagnostics;
  }

  /** The diagnostics of a document as soon as they are as wanted. */
  async until(uri: string, isWanted: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    const now = this.published.get(uri);
    if (now !== undefined && isWanted(now.diagnostics)) return now.diagnostics;
    const { diagnostics } = await this.#next((published) => published.uri === uri && isWanted(published.diagnostics));
    return diagnostics;
  }

  #next(isWanted: Waiter['isWanted']): Promise<PublishDiagnosticsParams> {
    return new Promise((done) => {
      this.#waiters.push({ isWanted, done });
    });
  }
}

/** The position of the `‸` in a text, and the text without it. */
export function marked(text: string): { readonly text: string; readonly position: Position } {
  const offset = text.indexOf('‸');
  const plain = text.replace('‸', '');
  return { text: plain, position: TextDocument.create('', '', 0, plain).positionAt(offset) };
}

/** The position just inside the n-th occurrence of a word. */
export function positionOf(text: string, word: string, occurrence = 0): Position {
  let offset = -1;
  for (let count = 0; count <= occurrence; count++) {
    offset = text.indexOf(word, offset + 1);
    if (offset < 0) throw new Error(`'${word}' does not occur ${occurrence + 1} times`);
  }
  return TextDocument.create('', '', 0, text).positionAt(offset + 1);
}

/** The characters of a range. */
export const textOfRange = (text: string, range: { readonly start: Position; readonly end: Position }): string =>
  TextDocument.create('', '', 0, text).getText(range);
