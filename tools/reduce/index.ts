export { reduceModule } from './reduce-module.ts';
export type { ReduceOptions, Reduction } from './reduce-module.ts';
