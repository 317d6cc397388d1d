/** Seconds of one operation on one device by the roofline: matrix operations or bytes, whichever takes longer. */
import type { Operation, Type } from '../../../ir/index.ts';
import { dtypeBytes, elementCount, isFloat } from '../../../ir/index.ts';
import type { Layout, Mesh, OpSharding } from '../../shard/index.ts';
import { axesSize, notationOf, sliceShape } from '../../shard/index.ts';
import { productOf } from '../outer/products.ts';
import type { BlockCosts } from './costs.ts';

/** Operations that move nothing: their result is their operand seen otherwise. */
const VIEWS: ReadonlySet<string> = new Set(['ms.reshape', 'ms.constant', 'ms.depend', 'ms.stop_gradient']);

/** Matrix operations of the whole op; 0 where the cube has nothing to do. */
export function flopsOf(op: Operation): number {
  if (op.name === 'ms.attention') {
    const { extents } = notationOf(op);
    const size = (index: string): number => extents.get(index) ?? 1;
    const others = [...extents.keys()].filter((index) => index !== 'd' && index !== 'e').map(size);
    return others.reduce((product, extent) => product * extent, 2) * (size('d') + size('e'));
  }
  const product = productOf(op);
  return product === null ? 0 : 2 * product.rows * product.inner * product.columns * product.copies;
}

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
  if (VIEWS.has(op.name)) return 0;
  const parts = [...sharding.assignment.values()].reduce((product, axes) => product * axesSize(mesh, axes), 1);
  let bytes = 0;
  op.operands.forEach(({ type }, at) => (bytes += sliceBytes(type, mesh, sharding.operands[at])));
  op.results.forEach(({ type }, at) => (bytes += sliceBytes(type, mesh, sharding.results[at])));
  return Math.max(flopsOf(op) / parts / costs.flopsPerSecond, bytes / costs.memoryBytesPerSecond);
}

/** How many times the forward work the backward pass does: once for each operand that has a gradient. */
export const backwardFactor = (op: Operation, hasGradient: (at: number) => boolean): number =>
  op.operands.filter(({ type }, at) => isDifferentiable(type) && hasGradient(at)).length;

export const isDifferentiable = (type: Type): boolean => type.kind === 'tensor' && isFloat(type.dtype);
