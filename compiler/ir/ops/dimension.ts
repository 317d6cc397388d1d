/**
 * Arithmetic on dimensions. A dimension is a number or a name; equal names are equal extents, and a name meets nothing
 * else. Sums of names are spelled out (`seq+1`), so that two ops that compute the same extent agree on its name.
 */
import type { Dimension, TensorType, Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';

export type Shape = readonly Dimension[];

/** `2x3x?`-style text with names: `[2, seq, 16]`. */
export const shapeText = (shape: Shape): string => `[${shape.join(', ')}]`;

/** The tensor type of an operand whose slot has been checked; another kind is a bug in msc. */
export function tensor(type: Type): TensorType {
  if (type.kind !== 'tensor') throw new Error(`expected a tensor type, got ${type.key}`);
  return type;
}

/** The type as a computed result has it: without storage layout. Types are shared where they can be. */
export function plainType(type: Type): TensorType {
  const known = tensor(type);
  return known.encoding === null ? known : tensorType(known.shape, known.dtype);
}

export const tensors = (types: readonly Type[]): readonly TensorType[] => types.map(tensor);

/** The sum of extents, as a number when all are numbers. */
export function sumDimensions(extents: Shape): Dimension {
  let constant = 0;
  const names: string[] = [];
  for (const extent of extents) {
    if (typeof extent === 'number') constant += extent;
    else names.push(extent);
  }
  if (names.length === 0) return constant;
  if (constant === 0) return names.join('+');
  return constant > 0 ? `${names.join('+')}+${constant}` : `${names.join('+')}${constant}`;
}

/** An extent times a positive count. */
export function scaleDimension(extent: Dimension, count: number): Dimension {
  if (typeof extent === 'number') return extent * count;
  return count === 1 ? extent : `(${extent})*${count}`;
}

/** NumPy broadcasting of one pair of extents; null when they do not meet. */
export function broadcastDimension(left: Dimension, right: Dimension): Dimension | null {
  if (left === right) return left;
  if (left === 1) return right;
  return right === 1 ? left : null;
}

/** NumPy broadcasting, aligned at the right; null when the shapes do not meet. */
export function broadcastShapes(left: Shape, right: Shape): Shape | null {
  const rank = Math.max(left.length, right.length);
  const result: Dimension[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const extent = broadcastDimension(alignedExtent(left, rank, axis), alignedExtent(right, rank, axis));
    if (extent === null) return null;
    result.push(extent);
  }
  return result;
}

/** The shape that all shapes broadcast to; the caller has checked that they meet. */
export function broadcastAll(shapes: readonly Shape[]): Shape {
  return shapes.reduce((result, shape) => {
    const joined = broadcastShapes(result, shape);
    if (joined === null) throw new Error(`shapes ${shapeText(result)} and ${shapeText(shape)} do not broadcast`);
    return joined;
  }, []);
}

export const sameShape = (left: Shape, right: Shape): boolean =>
  left.length === right.length && left.every((extent, axis) => extent === right[axis]);

/** Why shapes do not broadcast, or null: names the first operand that does not meet those before it. */
export function broadcastProblem(names: readonly string[], shapes: readonly Shape[]): string | null {
  let joined: Shape = [];
  for (const [index, shape] of shapes.entries()) {
    const next = broadcastShapes(joined, shape);
    if (next === null)
      return `shape of ${names[index]} is ${shapeText(shape)}, it meets ${shapeText(joined)} of ${names.slice(0, index).join(' and ')}`;
    joined = next;
  }
  return null;
}

const alignedExtent = (shape: Shape, rank: number, axis: number): Dimension => shape[axis - rank + shape.length] ?? 1;

/** Elements of a shape as a product of a number and sorted names, for comparing element counts. */
export function countKey(shape: Shape): string {
  let constant = 1;
  const names: string[] = [];
  for (const extent of shape) {
    if (typeof extent === 'number') constant *= extent;
    else names.push(extent);
  }
  return [constant, ...names.sort()].join('*');
}
