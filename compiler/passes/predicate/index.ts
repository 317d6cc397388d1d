export { predicatePass } from './pass.ts';
export { predicateBlock } from './predicate.ts';
export type { PredicateOptions } from './predicate.ts';
