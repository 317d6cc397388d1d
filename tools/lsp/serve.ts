/** The server over two streams, until the client ends it. */
import type { Readable, Writable } from 'node:stream';
import type { Connection, ProtocolConnection, WatchDog } from 'vscode-languageserver';
import { createConnection } from 'vscode-languageserver';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { ThreadChecker } from './check/checker.ts';
import { Server, type ServerOptions } from './server.ts';

export interface Streams {
  readonly input: Readable;
  readonly output: Writable;
}

/** Milliseconds between looks whether the client's process is still there. */
const WATCH_INTERVAL = 3000;

const QUIET: ServerOptions['quiet'] = { text: 150, check: 400 };

/** Serves until `exit`, or until the client goes away; gives the exit code of the protocol: 0 after `shutdown`, else 1. */
export function serve({ input, output }: Streams, options: Partial<ServerOptions> = {}): Promise<0 | 1> {
  return new Promise((done) => {
    let isShutDown = false;
    let watch: ReturnType<typeof setInterval> | undefined;
    const end = (): void => {
      clearInterval(watch);
      input.pause();
      void server.close().then(() => done(isShutDown ? 0 : 1));
    };
    const watchDog: WatchDog = {
      get shutdownReceived() {
        return isShutDown;
      },
      set shutdownReceived(value) {
        isShutDown = value;
      },
      initialize: ({ processId }) => {
        if (typeof processId !== 'number') return;
        watch = setInterval(() => {
          if (!isAlive(processId)) end();
        }, WATCH_INTERVAL);
        watch.unref();
      },
      exit: end,
    };
    const connection: Connection = createConnection(
      (logger): ProtocolConnection =>
        createProtocolConnection(new StreamMessageReader(input), new StreamMessageWriter(output), logger),
      watchDog,
    );
    const log = (text: string): void => connection.console.log(text);
    const checker = options.checker ?? new ThreadChecker(new URL('./check/worker.js', import.meta.url), log);
    const server = new Server(connection, { checker, quiet: options.quiet ?? QUIET });
    input.on('end', end).on('close', end);
    connection.listen();
  });
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
