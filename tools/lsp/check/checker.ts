/**
 * Runs checks in a thread that can be ended: Python code may run for ever, and what is asked last is what counts. A thread
 * that was not ended takes the next job, since loading the compiler takes longer than most checks.
 */
import { Worker } from 'node:worker_threads';
import type { CheckJob, CheckOutcome, ThreadMessage, TracedListener } from './job.ts';

/** How a job ended. */
export type CheckEnd =
  | { readonly kind: 'done'; readonly outcome: CheckOutcome }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stopped' }
  /** The thread died: out of memory, or a bug of msc. */
  | { readonly kind: 'died'; readonly message: string };

export interface Running {
  readonly end: Promise<CheckEnd>;
  /** Ends the job; it ends as `stopped`. */
  readonly stop: () => void;
}

export interface Checker {
  /** Starts a job; a job that still runs must have been stopped before. */
  readonly start: (job: CheckJob, timeLimitMilliseconds: number, traced: TracedListener) => Running;
  readonly close: () => Promise<void>;
}

/** Both in MiB; Python recursion needs the stack. */
const LIMITS = { stackSizeMb: 128, maxOldGenerationSizeMb: 4096 };

/** A checker whose thread runs the file at `url`; what the thread writes to its streams goes to `log`. */
export class ThreadChecker implements Checker {
  readonly #url: URL;
  readonly #log: (text: string) => void;
  #worker: Worker | null = null;

  constructor(url: URL, log: (text: string) => void) {
    this.#url = url;
    this.#log = log;
  }

  start(job: CheckJob, timeLimitMilliseconds: number, traced: TracedListener): Running {
    const worker = this.#worker ?? this.#spawn();
    this.#worker = worker;
    let finish: (end: CheckEnd) => void = () => undefined;
    const end = new Promise<CheckEnd>((done) => {
      finish = done;
    });
    let isSettled = false;
    const settle = (ending: CheckEnd, isThreadKept: boolean): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      worker.removeAllListeners('message').removeAllListeners('error').removeAllListeners('exit');
      worker.on('error', () => undefined); // a thread that is being ended may still complain
      if (!isThreadKept) this.#drop(worker);
      finish(ending);
    };
    const timer = setTimeout(() => settle({ kind: 'timeout' }, false), timeLimitMilliseconds);
    worker.on('message', (message: ThreadMessage) => {
      if (message.kind === 'traced') traced(message.flows);
      else settle(message, true);
    });
    worker.on('error', (error: unknown) =>
      settle({ kind: 'died', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }, false),
    );
    worker.on('exit', (code) => settle({ kind: 'died', message: `the thread ended with ${code}` }, false));
    worker.postMessage(job);
    return { end, stop: () => settle({ kind: 'stopped' }, false) };
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #drop(worker: Worker): void {
    if (this.#worker === worker) this.#worker = null;
    void worker.terminate();
  }

  #spawn(): Worker {
    const worker = new Worker(this.#url, { resourceLimits: LIMITS, stdout: true, stderr: true });
    worker.stdout.on('data', (data: Buffer) => this.#log(data.toString()));
    worker.stderr.on('data', (data: Buffer) => this.#log(data.toString()));
    worker.unref();
    return worker;
  }
}
