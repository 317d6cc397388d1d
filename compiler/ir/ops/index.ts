/** The tensor ops and what is derived from their rows. */
export { baseOpTable, opTable } from './all.ts';
export { conditionType, constantType } from './arith-scalar.ts';
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
