/** The choice of one strategy per node of a graph: problem, solver, certificate. */
export * from './problem.ts';
export * from './solve.ts';
export * from './certify.ts';
export { randomFrom } from './random.ts';
