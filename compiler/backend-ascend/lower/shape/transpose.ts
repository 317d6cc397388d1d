/** Transposition: dimension i of the result is dimension permutation[i] of the operand. */
import { integersOf } from '../../../ir/index.ts';
import type { LowerRule } from '../lowering.ts';
import { boxAxes, copyBox, shapeOf, stridesOf } from './box.ts';

export const transposeRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  const [result] = op.results;
  const permutation = integersOf(op.attributes, 'permutation');
  if (keepsOrder(permutation, shapeOf(x))) {
    lowering.alias(result, x);
    return null;
  }
  const strides = stridesOf(x);
  copyBox(lowering, op, x, result, {
    axes: boxAxes(
      shapeOf(result),
      permutation.map((axis) => strides[axis]),
      stridesOf(result),
    ),
  });
  return null;
};

/** True when only dimensions of extent 1 change their place: the bytes stay. */
function keepsOrder(permutation: readonly number[], shape: readonly number[]): boolean {
  const moved = permutation.filter((axis) => shape[axis] !== 1);
  return moved.every((axis, at) => at === 0 || moved[at - 1] < axis);
}
