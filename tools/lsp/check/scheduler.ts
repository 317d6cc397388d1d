/**
 * Which Python file is checked when. One check runs at a time. A change ends the running check when that has read the
 * changed text, and asks again for every file whose last check read it: the latest texts win.
 */
import type { CheckJob, CheckOutcome, FileFlows } from './job.ts';
import type { CheckEnd, Checker, Running } from './checker.ts';

export interface SchedulerOptions {
  readonly checker: Checker;
  /** Milliseconds of quiet before a check begins. */
  readonly quiet: number;
  /** The job for a file as it is now; null when it is not to be checked. */
  readonly jobFor: (path: string) => CheckJob | null;
  readonly timeLimit: () => number;
  /** What flows through a file, before its check has ended. */
  readonly traced: (path: string, flows: readonly FileFlows[]) => void;
  readonly finished: (path: string, end: CheckEnd) => void;
}

/** A wish for the text of a stage. */
interface Question {
  readonly job: CheckJob;
  readonly answer: (end: CheckEnd) => void;
}

export class CheckScheduler {
  readonly #options: SchedulerOptions;
  /** Files to check, the one that was touched last first. */
  #waiting: string[] = [];
  readonly #questions: Question[] = [];
  readonly #outcomes = new Map<string, CheckOutcome>();
  #running: { readonly path: string | null; readonly running: Running } | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Paths that changed while the running check ran. */
  readonly #changed = new Set<string>();
  #isClosed = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** A text was opened or changed: it is checked, and what depends on it. `roots` are files that are checked at all. */
  touch(path: string, roots: readonly string[]): void {
    const dependents = roots.filter((root) => root !== path && this.#outcomes.get(root)?.filesRead.includes(path));
    for (const root of [...dependents, path]) this.#ask(root);
    this.#changed.add(path);
    const current = this.#running?.path ?? null;
    if (current !== null && this.#waiting.includes(current)) this.#running?.running.stop();
    this.#later();
  }

  /** Forgets a file that was closed. */
  forget(path: string): void {
    this.#waiting = this.#waiting.filter((one) => one !== path);
    this.#outcomes.delete(path);
    if (this.#running?.path === path) this.#running.running.stop();
  }

  /** The last outcome for a file. */
  outcome(path: string): CheckOutcome | null {
    return this.#outcomes.get(path) ?? null;
  }

  /** Runs a job of its own, before the files that wait; a check that runs gives way and begins again after it. */
  ask(job: CheckJob): Promise<CheckEnd> {
    return new Promise((answer) => {
      this.#questions.push({ job, answer });
      const { path = null, running = null } = this.#running ?? {};
      if (path !== null) {
        this.#ask(path);
        running?.stop();
      } else this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting = [];
    this.#running?.running.stop();
    for (const { answer } of this.#questions.splice(0)) answer({ kind: 'stopped' });
    await this.#options.checker.close();
  }

  #ask(path: string): void {
    this.#waiting = [path, ...this.#waiting.filter((one) => one !== path)];
  }

  #later(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#running === null) this.#next();
    }, this.#options.quiet);
  }

  #next(): void {
    if (this.#isClosed || this.#running !== null) return;
    const question = this.#questions.shift();
    if (question !== undefined) return this.#run(null, question.job, question.answer);
    if (this.#timer !== null) return; // more changes may come
    const path = this.#waiting.shift();
    if (path === undefined) return;
    const job = this.#options.jobFor(path);
    if (job === null) return this.#next();
    this.#run(path, job, (end) => {
      if (end.kind === 'done') this.#outcomes.set(path, end.outcome);
      // It may have read the text as it was before.
      if (end.kind === 'done' && end.outcome.filesRead.some((one) => this.#changed.has(one))) this.#ask(path);
      this.#options.finished(path, end);
    });
  }

  #run(path: string | null, job: CheckJob, done: (end: CheckEnd) => void): void {
    this.#changed.clear();
    const running = this.#options.checker.start(job, this.#options.timeLimit(), (flows) => {
      if (path !== null) this.#options.traced(path, flows);
    });
    this.#running = { path, running };
    void running.end.then((end) => {
      this.#running = null;
      done(end);
      this.#next();
    });
  }
}
