/** The tensor ops and what is derived from their rows. */
export { baseOpTable, opTable } from './all.ts';
export { outputCount, primalCount } from './differentiate.ts';
export { conditionType, constantType } from './arith-scalar.ts';
export type { CollectiveName, Reduction } from './collective.ts';
export { isCollective } from './collective.ts';
export { isTensorOp, tensorOps, tensorOpTable } from './table.ts';
export type { TensorOpName } from './table.ts';
export { renderOpsManual, renderOpsTable } from './manual.ts';
export { axesText } from './axes.ts';
export type { Decomposition, TensorOpDefinition } from './define.ts';
export { slotProblem, attributeProblem } from './define.ts';
export { loadNumber, storeNumber } from './element.ts';
export type { OpSink } from './emitter.ts';
export { Emitter } from './emitter.ts';
export { broadcastShapes, shapeText, tensor } from './dimension.ts';
export type { Window } from './window.ts';
export { windowPositions, windowsOf } from './window.ts';
/** The rows by family, for columns that are written by family. */
export type { activationOps } from './activation.ts';
export type { convOps } from './conv.ts';
export type { binaryOps, comparisonOps, unaryOps } from './elementwise.ts';
export type { matmulOps } from './matmul.ts';
export type { normOps } from './norm.ts';
export type { poolOps } from './pool.ts';
export type { reduceOps } from './reduce.ts';
export type { resizeOps } from './resize.ts';
export type { shapeOps } from './shape.ts';
