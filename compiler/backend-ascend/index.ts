export * from './backend.ts';
export { assembleProgram } from './select/program.ts';
export { BACKEND_DIAGNOSTICS } from './lower/diagnostics.ts';
export { predictMemory, type MemoryPart, type MemoryPrediction } from './predict.ts';
export * from './memory-plan.ts';
export { kernelStructure, type KernelBuffer, type KernelLoop, type KernelStructure } from './tile-structure.ts';
