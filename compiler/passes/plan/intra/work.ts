/** Seconds of one operation on one device by the roofline: matrix operations or bytes, whichever takes longer. */
import type { Operation, Type } from '../../../ir/index.ts';
import { dtypeBytes, elementCount, isFloat } from '../../../ir/index.ts';
import type { Layout, Mesh, OpSharding } from '../../shard/index.ts';
import { isView, matrixFlops } from '../../analysis/index.ts';
import { axesSize, sliceShape } from '../../shard/index.ts';
import type { BlockCosts } from './costs.ts';

export const shapeOf = (type: Type): readonly number[] | null => {
  if (type.kind !== 'tensor') return null;
  const shape = type.shape.map(Number);
  return shape.every(Number.isInteger) ? shape : null;
};

export const elementBytesOf = (type: Type): number => (type.kind === 'tensor' ? dtypeBytes(type.dtype) : 0);

/** Bytes of one device's slice. */
export function sliceBytes(type: Type, mesh: Mesh, layout: Layout): number {
  const shape = shapeOf(type);
  return shape === null ? 0 : elementCount(sliceShape(mesh, layout, shape)) * elementBytesOf(type);
}

/** Forward seconds of one device's part. */
export function computeSeconds(op: Operation, mesh: Mesh, sharding: OpSharding, costs: BlockCosts): number {
  if (isView(op)) return 0;
  const parts = [...sharding.assignment.values()].reduce((product, axes) => product * axesSize(mesh, axes), 1);
  let bytes = 0;
  op.operands.forEach(({ type }, at) => (bytes += sliceBytes(type, mesh, sharding.operands[at])));
  op.results.forEach(({ type }, at) => (bytes += sliceBytes(type, mesh, sharding.results[at])));
  return Math.max(matrixFlops(op) / parts / costs.flopsPerSecond, bytes / costs.memoryBytesPerSecond);
}

/** How many times the forward work the backward pass does: once for each operand that has a gradient. */
export const backwardFactor = (op: Operation, hasGradient: (at: number) => boolean): number =>
  op.operands.filter(({ type }, at) => isDifferentiable(type) && hasGradient(at)).length;

export const isDifferentiable = (type: Type): boolean => type.kind === 'tensor' && isFloat(type.dtype);
