/** Reports as data. Imports nothing: the page in the browser and the tools in Node share it. */
export * from './report.ts';
export * from './place.ts';
export type * from './costs.ts';
export * from './format.ts';
export * from './graph.ts';
export * from './graph-costs.ts';
export * from './graph-labels.ts';
export * from './graph-tree.ts';
export * from './items.ts';
export * from './kernels.ts';
export * from './memory.ts';
export * from './memory-figures.ts';
export type * from './pipeline.ts';
export type * from './plan.ts';
export * from './schedule.ts';
export * from './ranks.ts';
export type * from './table.ts';
