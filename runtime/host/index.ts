/** Loads and runs programs on the simulated NPU. */
export { createEngine, Engine, type EngineOptions, type LoadProblem } from './engine.ts';
export { Instance } from './instance.ts';
export { Execution, type LaunchObserver, type Progress, type RunOptions } from './execution.ts';
export { failureText, type RunFailure, type RunOutcome } from './fault.ts';
export {
  SimulatedCluster,
  ClusterInstance,
  createCluster,
  type ClusterLoadProblem,
  type ClusterOptions,
  type ClusterOutcome,
} from './cluster.ts';
export { MemoryMeter } from './meter.ts';
export type { ValueKind } from './values.ts';
export { memoryLimit } from './regions.ts';
export * from './timing/index.ts';
