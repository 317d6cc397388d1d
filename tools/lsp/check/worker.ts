/** The checking thread: takes one job after the other. What it prints by itself goes nowhere near the protocol. */
import { parentPort } from 'node:worker_threads';
import type { CheckJob } from './job.ts';
import { runCheck } from './run.ts';

parentPort?.on('message', (job: CheckJob) => {
  void runCheck(job).then((outcome) => parentPort?.postMessage(outcome));
});
