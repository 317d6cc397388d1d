/** Layouts, resharding, propagation and the partitioner. */
export type { Mesh } from './mesh.ts';
export { axesSize, axisSize, coordinatesOf, deviceAt, deviceCount, groupAlong, meshOf, placeAlong } from './mesh.ts';
export type { Layout, TensorMap } from './layout.ts';
export {
  cutAxes,
  fromAliases,
  fromTensorMap,
  layoutOf,
  layoutProblem,
  layoutsEqual,
  layoutText,
  replicated,
  sliceBegins,
  sliceShape,
  toTensorMap,
  withoutPartial,
} from './layout.ts';
export type { Resharding, ReshardOptions, ReshardStep, StepCost, StepKind } from './reshard.ts';
export { bytesMoved, reshard } from './reshard.ts';
export type { Assignment, OpSharding } from './assignment.ts';
export { shardingFor, shardingOf } from './assignment.ts';
export type { DimensionIndices, Notation, Role } from './notation.ts';
export { notationOf } from './notation.ts';
export type { Partition, PartitionOptions, PartitionResult } from './partition.ts';
export { partition } from './partition.ts';
export type { CopiesDiffer, TensorPlacement } from './placement.ts';
export { assemble, sliceFor } from './placement.ts';
export { shardDiagnostics } from './diagnostics.ts';
export { verifyRanks } from './verify-ranks.ts';
