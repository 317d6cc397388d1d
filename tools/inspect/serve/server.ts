/**
 * The server of one page. It listens on 127.0.0.1 alone, and answers only those who called it by a name of this machine: a
 * web site whose name was made to point here (DNS rebinding) gets nothing. It gives the page and its events; nothing else exists.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failure, ok, type Result } from '../../../compiler/ir/support/index.ts';
import { servedHtml, waitingHtml } from '../write/html.ts';

/** What the page is told; page/shell/served.tsx reads it. */
export interface ServedState {
  /** Of the last good report; empty when there was none. */
  readonly version: string;
  /** Why the last compilation gave no report, or null. */
  readonly problem: string | null;
  /** Whether a compilation runs. */
  readonly isCompiling: boolean;
}

const ADDRESS = '127.0.0.1';

const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

export class PageServer {
  readonly #server: Server;
  readonly #listeners = new Set<ServerResponse>();
  #state: ServedState = { version: '', problem: null, isCompiling: true };
  #html = waitingHtml();

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** Listens; the value is the port. */
  listen(port: number): Promise<Result<number>> {
    return new Promise((resolve) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => resolve(failure(whyNot(port, error))));
      this.#server.listen(port, ADDRESS, () => resolve(ok(this.#port())));
    });
  }

  /** Gives a new report to everybody. */
  report(html: string, version: string): void {
    this.#html = servedHtml(html, version);
    this.#tell({ version, problem: null, isCompiling: false });
  }

  /** Says what is wrong; the last report stays. */
  problem(problem: string): void {
    this.#tell({ ...this.#state, problem, isCompiling: false });
  }

  compiling(): void {
    this.#tell({ ...this.#state, isCompiling: true });
  }

  close(): void {
    for (const listener of this.#listeners) listener.end();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens on an address, not on a pipe
  }

  #tell(state: ServedState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener.write(message(state));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const [pathname] = (request.url ?? '').split('?');
    if (!this.#isCalledByName(request)) return refuse(response, 403, 'Not the name of this server.');
    if (request.method !== 'GET') return refuse(response, 405, 'Only GET.');
    if (pathname === '/events') return this.#listen(response);
    if (pathname !== '/') return refuse(response, 404, 'Only the page stands here.');
    response.writeHead(200, { ...headers, 'Content-Type': 'text/html; charset=utf-8' }).end(this.#html);
  }

  #isCalledByName({ headers: { host } }: IncomingMessage): boolean {
    return [ADDRESS, 'localhost'].some(
      (name) => host === `${name}:${this.#port()}` || (host === name && this.#port() === 80),
    );
  }

  #listen(response: ServerResponse): void {
    response
      .writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' })
      .write(`retry: 500\n${message(this.#state)}`);
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
  }
}

const message = (state: ServedState): string => `data: ${JSON.stringify(state)}\n\n`;

const refuse = (response: ServerResponse, status: number, text: string): void =>
  void response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens on it; give another one, or 0 for any that is free',
  EACCES: 'the system does not allow it; give one from 1024 on, or 0 for any that is free',
};

const whyNot = (port: number, { code = '', message: text }: NodeJS.ErrnoException): string =>
  `port ${port}: ${reasons[code] ?? text}`;
