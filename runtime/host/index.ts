/** Loads and runs programs on the simulated NPU. */
export { createEngine, Engine, type EngineOptions, type LoadProblem } from './engine.ts';
export { Instance, type LaunchObserver } from './instance.ts';
export type { RunOutcome } from './fault.ts';
export { memoryLimit } from './regions.ts';
