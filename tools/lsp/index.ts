/** The language server of msc. */
export { serve, type Streams } from './serve.ts';
export { Server, SHOW_IR, type ServerOptions } from './server.ts';
export { ThreadChecker, type Checker, type CheckEnd, type Running } from './check/checker.ts';
export type { CheckJob, CheckOutcome, FileFlows, IrAnswer, TracedListener } from './check/job.ts';
