/** Instruction semantics and streams as WebAssembly. */
export { compileOptimized, detectFeatures } from './features.ts';
export { context, faultCodes, scratchBytes, spaces, stateAt } from './layout.ts';
export { dataInstructions, libraryModule, maximumPages } from './library/library.ts';
export type { EngineFeatures } from './engine-features.ts';
export { tunedForms } from './tuned/index.ts';
export type { DataInstruction } from './library/function.ts';
export { kernelModule, type KernelModule } from './kernel/module.ts';
export { decodeWords, mayWait, type StreamInstruction } from './kernel/stream.ts';
export { finished, hostImports } from './kernel/translate.ts';
