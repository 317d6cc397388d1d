/** The checking thread: takes one job after the other. What it prints by itself goes nowhere near the protocol. */
import { parentPort } from 'node:worker_threads';
import type { CheckJob, ThreadMessage } from './job.ts';
import { runCheck } from './run.ts';

const send = (message: ThreadMessage): void => parentPort?.postMessage(message);

parentPort?.on('message', (job: CheckJob) => {
  void runCheck(job, (flows) => send({ kind: 'traced', flows })).then((outcome) => send({ kind: 'done', outcome }));
});
