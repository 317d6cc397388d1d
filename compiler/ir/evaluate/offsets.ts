/** Moving elements by offset tables: every op that only moves data is a table of where each result element comes from. */
import { elementArray } from '../core/attribute.ts';
import { elementCount } from '../core/type.ts';
import type { TensorValue } from './array.ts';
import { stridesOf } from './array.ts';

/** Marks a result element that comes from nowhere. */
export const NOWHERE = -1;

/** For a result shape and a step for each dimension, the offset of each element in row-major order. */
export function steppedOffsets(shape: readonly number[], steps: readonly number[]): Int32Array {
  return mappedOffsets(
    shape.map((extent, axis) => Int32Array.from({ length: extent }, (_, index) => index * steps[axis])),
  );
}

/** The sum of one contribution for each dimension, in row-major order; NOWHERE wins over everything. */
export function mappedOffsets(contributions: readonly Int32Array[]): Int32Array {
  let offsets: Int32Array = new Int32Array(1);
  for (const row of contributions) {
    const next = new Int32Array(offsets.length * row.length);
    let at = 0;
    for (const offset of offsets) {
      for (const more of row) next[at++] = offset === NOWHERE || more === NOWHERE ? NOWHERE : offset + more;
    }
    offsets = next;
  }
  return offsets;
}

/** Offsets into `from` of a result whose index along each axis is looked up in a list (NOWHERE allowed). */
export function lookedUpOffsets(from: readonly number[], lists: readonly (readonly number[])[]): Int32Array {
  const strides = stridesOf(from);
  return mappedOffsets(
    lists.map((list, axis) => Int32Array.from(list, (index) => (index === NOWHERE ? NOWHERE : index * strides[axis]))),
  );
}

/** Offsets of an operand that broadcasts to a shape; null when it already has it. */
export function broadcastOffsets(from: readonly number[], to: readonly number[]): Int32Array | null {
  if (from.length === to.length && from.every((extent, axis) => extent === to[axis])) return null;
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return steppedOffsets(
    to,
    to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : strides[axis - missing])),
  );
}

/** The elements at offsets; NOWHERE gives zero bits. */
export function take(value: TensorValue, shape: readonly number[], offsets: Int32Array): TensorValue {
  const data = elementArray(value.dtype, elementCount(shape));
  const source = value.data;
  for (let index = 0; index < offsets.length; index++) {
    if (offsets[index] !== NOWHERE) data[index] = source[offsets[index]];
  }
  return { shape, dtype: value.dtype, data };
}

export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
