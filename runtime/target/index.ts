/** Chips, clusters and rates as data, and the cost of collectives. */
export * from './chip.ts';
export * from './timing.ts';
export * from './chips.ts';
export * from './cluster.ts';
export * from './clusters.ts';
export { groupShape, stridedShape, type GroupShape } from './group.ts';
export * from './collective.ts';
