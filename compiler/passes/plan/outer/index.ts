/** From a graph to a plan. */
export * from './describe.ts';
export * from './request.ts';
export * from './search.ts';
export { divisions, expertCount, serverSize, tensorSizes } from './space.ts';
