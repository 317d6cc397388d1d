/** Serves the report of the last compilation, and compiles again whenever a file of it changes. */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { ok, type Result } from '../../../compiler/ir/support/index.ts';
import { PageServer } from './server.ts';
import { FileWatch } from './watch.ts';

/** What a compilation gives, and the files (absolute paths) whose change asks for the next one. */
export type Served =
  | { readonly html: string; readonly files: readonly string[] }
  | { readonly problem: string; readonly files: readonly string[] };

export interface ServeOptions {
  readonly compile: () => Promise<Served>;
  /** 0 for any that is free. */
  readonly port: number;
  /** Told the address and what happens, in lines. */
  readonly log: (text: string) => void;
  /** Ends the server. */
  readonly signal: AbortSignal;
}

/** Serves until it is told to end; an error when it cannot listen. */
export async function serveReport({ compile, port, log, signal }: ServeOptions): Promise<Result<void>> {
  const server = new PageServer();
  const listening = await server.listen(port);
  if (!listening.ok) return listening;
  log(`serving http://127.0.0.1:${listening.value}/\n`);
  const session = new Session(server, compile, log);
  session.wake();
  await ended(signal);
  session.close();
  server.close();
  return ok(undefined);
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** One compilation after the other: a change during one leads to one more. */
class Session {
  readonly #server: PageServer;
  readonly #compile: () => Promise<Served>;
  readonly #log: (text: string) => void;
  readonly #watch = new FileWatch(() => this.wake());
  /** Tells a page that an earlier server gave from ours. */
  readonly #name = randomUUID();
  #count = 0;
  #isRunning = false;
  #isWoken = false;
  #isClosed = false;

  constructor(server: PageServer, compile: () => Promise<Served>, log: (text: string) => void) {
    this.#server = server;
    this.#compile = compile;
    this.#log = log;
  }

  wake(): void {
    this.#isWoken = true;
    if (!this.#isRunning) void this.#run();
  }

  close(): void {
    this.#isClosed = true;
    this.#watch.close();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isWoken && !this.#isClosed) {
      this.#isWoken = false;
      this.#server.compiling();
      await setImmediate(); // compiling blocks: first the pages are told
      this.#watch.look();
      const served = await this.#attempt();
      if (!this.#isClosed) this.#deliver(served);
    }
    this.#isRunning = false;
  }

  /** A crash of the compiler is a problem to show like any other: the next edit may avoid it. */
  async #attempt(): Promise<Served | { readonly problem: string }> {
    try {
      return await this.#compile();
    } catch (error) {
      return {
        problem: `internal error: ${error instanceof Error ? error.message : String(error)}\nThis is a bug of msc.`,
      };
    }
  }

  #deliver(served: Served | { readonly problem: string }): void {
    if ('files' in served) this.#watch.files(served.files);
    if ('html' in served) {
      this.#count += 1;
      this.#server.report(served.html, `${this.#name}-${this.#count}`);
      this.#log(`report ${this.#count}\n`);
    } else {
      this.#server.problem(served.problem);
      this.#log(`${served.problem.trimEnd()}\n`);
    }
  }
}
