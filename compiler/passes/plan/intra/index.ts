/** The plan of one block: layouts of every operation on a mesh. */
export * from './annotate.ts';
export * from './costs.ts';
export * from './plan.ts';
export { blockGraphOf } from './graph.ts';
export type { BlockEdge, BlockGraph, BlockOptions, OperationNode, ValueNode, WorkTerms } from './graph.ts';
export { layoutsOf, shardingsOf } from './strategies.ts';
export { structureOf } from './structure.ts';
