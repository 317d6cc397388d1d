/** From a graph to a plan. */
export * from './describe.ts';
