/** Bounds of strided slices. Attributes list only the cut axes, so that whole dimensions may be symbolic or divided. */
import type { AttributeMap } from '../core/attribute.ts';
import { integersOf } from '../core/definition.ts';
import type { Type } from '../core/type.ts';
import { sameShape, shapeText, tensor } from './dimension.ts';
import { integersSlot } from './slot.ts';

export const sliceSlots = [
  integersSlot('axes', 'the dimensions that are cut, increasing'),
  integersSlot('begins', 'first index, for each axis'),
  integersSlot('ends', 'first index not taken, for each axis'),
  integersSlot('strides', 'step, for each axis; at least 1'),
];

/** How many elements the slice takes along its axis number `index`. */
export function sliceLength(attributes: AttributeMap, index: number): number {
  const [begins, ends, strides] = ['begins', 'ends', 'strides'].map((name) => integersOf(attributes, name)[index]);
  return Math.max(0, Math.ceil((ends - begins) / strides));
}

export function sliceProblem([x]: readonly Type[], attributes: AttributeMap): string | null {
  const axes = integersOf(attributes, 'axes');
  for (const name of ['begins', 'ends', 'strides']) {
    const { length } = integersOf(attributes, name);
    if (length !== axes.length) return `${name} has ${length} numbers, axes has ${axes.length}`;
  }
  for (const [index, axis] of axes.entries()) {
    const extent = tensor(x).shape[axis];
    const [begin, end, stride] = ['begins', 'ends', 'strides'].map((name) => integersOf(attributes, name)[index]);
    const inside = begin >= 0 && end >= begin && (typeof extent === 'string' || end <= extent);
    if (!inside) return `bounds of axis ${axis} are ${begin} to ${end}, its extent is ${extent}`;
    if (stride < 1) return `stride of axis ${axis} is ${stride}, expected at least 1`;
  }
  return null;
}

/** The update of slice_update has the shape that slice would give. */
export function updateProblem([x, update]: readonly Type[], attributes: AttributeMap): string | null {
  const expected = [...tensor(x).shape];
  for (const [index, axis] of integersOf(attributes, 'axes').entries()) expected[axis] = sliceLength(attributes, index);
  const found = tensor(update).shape;
  return sameShape(found, expected)
    ? null
    : `shape of update is ${shapeText(found)}, shape of the slice is ${shapeText(expected)}`;
}
