/** Loads and runs programs on the simulated NPU. */
export { createEngine, Engine, type EngineOptions, type LoadProblem } from './engine.ts';
export { Instance } from './instance.ts';
export { Execution, type LaunchObserver, type Progress, type RunOptions } from './execution.ts';
export { failureText, type RunFailure, type RunOutcome } from './fault.ts';
export type { ValueKind } from './values.ts';
export { memoryLimit } from './regions.ts';
