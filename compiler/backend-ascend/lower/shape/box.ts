/** Rules of shape ops say which box of the operand goes to which box of the result; this carries it out. */
import type { Operation, Value } from '../../../ir/index.ts';
import { dtypeBytes } from '../../../ir/index.ts';
import { physicalShape } from '../layout.ts';
import type { Lowering } from '../lowering.ts';
import { tensorOf } from '../tensor.ts';
import type { CopyAxis } from './affine.ts';
import { affineCopy, rowMajor } from './affine.ts';
import { launchCopy } from './copy.ts';

/** Which elements move; offsets and strides in elements. */
export interface Box {
  readonly axes: readonly CopyAxis[];
  readonly sourceOffset?: number;
  readonly targetOffset?: number;
}

/** The static shape of a value. */
export const shapeOf = (value: Value): readonly number[] => physicalShape(tensorOf(value));

/** Row-major element strides of a value. */
export const stridesOf = (value: Value): readonly number[] => rowMajor(shapeOf(value));

/** Copies a box of one value into another; kernels are named after the op. */
export function copyBox(lowering: Lowering, op: Operation, source: Value, target: Value, box: Box): void {
  const bytes = dtypeBytes(tensorOf(source).dtype);
  launchCopy(
    lowering,
    op.name.slice('ms.'.length),
    affineCopy(bytes, box.axes),
    { buffer: lowering.buffer(source), bytes: (box.sourceOffset ?? 0) * bytes },
    { buffer: lowering.buffer(target), bytes: (box.targetOffset ?? 0) * bytes },
  );
}

/** The axes of a box that covers `extents` with these strides. */
export function boxAxes(
  extents: readonly number[],
  source: readonly number[],
  target: readonly number[],
): readonly CopyAxis[] {
  return extents.map((extent, axis) => ({ extent, source: source[axis], target: target[axis] }));
}

/** `Σ index·stride`. */
export function offsetOf(index: readonly number[], strides: readonly number[]): number {
  return index.reduce((sum, at, axis) => sum + at * strides[axis], 0);
}
