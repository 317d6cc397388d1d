/** The oracle. */
export type { TensorValue } from './array.ts';
export { filled, fromNumbers, numbersOf, tensorValue, typeOf } from './array.ts';
export type { Evaluate } from './cell.ts';
export { evaluateOps } from './table.ts';
export type { EvaluateOptions, EvaluationFailure } from './function.ts';
export { evaluateFunction } from './function.ts';
export type { RuntimeValue } from './frame.ts';
export { isScalar } from './frame.ts';
export { scalarOf } from './scalar-tensor.ts';
export { evaluateScalar, evaluatesScalar } from './scalar.ts';
export type { RankFailure, RankOptions } from './ranks.ts';
export { evaluateRanks } from './ranks.ts';
export type { Blocked, Meeting, WaitingRank } from './rendezvous.ts';
export { nextMeeting } from './rendezvous.ts';
export { joinParts, partOf } from './collective.ts';
