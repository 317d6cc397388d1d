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
