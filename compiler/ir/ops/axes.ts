/** Index notation for the common shapes of ops. `i0, i1, …` are the dimensions of the result, major first. */
import type { Axes, OpView } from '../core/definition.ts';
import type { Shape } from './dimension.ts';
import { tensor, tensors } from './dimension.ts';

/** A dimension that belongs to no index: an extent of 1 that broadcasts. */
export const WHOLE = '_';

/** `i0, i1, …` for a rank. */
export const indexNames = (rank: number, prefix = 'i'): readonly string[] =>
  Array.from({ length: rank }, (_, axis) => `${prefix}${axis}`);

/** The indices of an operand that broadcasts to a result, aligned at the right. */
export function alignedIndices(shape: Shape, result: Shape, names: readonly string[]): readonly string[] {
  const offset = result.length - shape.length;
  return shape.map((extent, axis) => (extent === result[axis + offset] ? names[axis + offset] : WHOLE));
}

/** Elementwise with broadcasting: every index may be divided. */
export function elementwiseAxes(op: OpView): Axes {
  const result = tensor(op.resultTypes[0]).shape;
  const names = indexNames(result.length);
  return {
    operands: tensors(op.operandTypes).map((type) => alignedIndices(type.shape, result, names)),
    results: op.resultTypes.map(() => names),
    summed: [],
    indivisible: [],
  };
}

/** All operands and results share one index space, but some axes must stay whole (softmax, sort, cumsum). */
export function alongAxes(op: OpView, rank: number, whole: readonly number[]): Axes {
  const names = indexNames(rank);
  return {
    operands: op.operandTypes.map(() => names),
    results: op.resultTypes.map(() => names),
    summed: [],
    indivisible: whole.map((axis) => names[axis]),
  };
}

/** `[i0, i1] [i1] -> [i0, i1], i1 whole`: index notation as the manual prints it. */
export function axesText(axes: Axes): string {
  const list = (names: readonly (readonly string[])[]) => names.map((indices) => `[${indices.join(', ')}]`).join(' ');
  const summed = axes.summed.length > 0 ? `, ${axes.summed.join(' and ')} by ${axes.reducer ?? 'sum'}` : '';
  const whole = axes.indivisible.length > 0 ? `, ${axes.indivisible.join(' and ')} whole` : '';
  return `${list(axes.operands)} -> ${list(axes.results)}${summed}${whole}`;
}
