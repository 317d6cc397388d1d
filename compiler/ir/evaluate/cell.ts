/** The evaluate column: what one op computes. */
import type { OpView } from '../core/definition.ts';
import type { TensorValue } from './array.ts';

/** Results from operands. Shapes come from the operands, or from the stated result types where the op states them. */
export type Evaluate = (operands: readonly TensorValue[], op: OpView) => readonly TensorValue[];
