/** The machine: memories, reference interpreter, timing, race check. */
export * from './fault.ts';
export * from './memory.ts';
export * from './core.ts';
export * from './synchronization.ts';
export * from './interpreter.ts';
export { simulate } from './timing/simulate.ts';
export type { CoreTime, RecordOptions, TimingOptions, TimingReport, TimingResult } from './timing/report.ts';
export { InstructionCosts, withoutSegments } from './timing/record.ts';
export type { CoreRecord, TimingRecord } from './timing/record.ts';
export { PIPE_COUNT, laneState, laneStates } from './timing/columns.ts';
export type { ArrowColumns, LaneState, SegmentColumns } from './timing/columns.ts';
export { CachedData } from './timing/bandwidth.ts';
export { traceEvents } from './timing/trace.ts';
export type { TraceEvent } from './timing/trace.ts';
export { sanitize } from './sanitize/sanitize.ts';
export type { SanitizeFinding, SanitizeOptions, SanitizeReport } from './sanitize/findings.ts';
export { WrittenBytes } from './sanitize/written-bytes.ts';
export { carryOut, type CollectiveData, type CollectivePart } from './collective/transfer.ts';
