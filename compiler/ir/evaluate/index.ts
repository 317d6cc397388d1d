/** The oracle. */
export type { TensorValue } from './array.ts';
export { filled, fromNumbers, numbersOf, tensorValue, typeOf } from './array.ts';
export type { Evaluate } from './cell.ts';
export { evaluateOps } from './table.ts';
