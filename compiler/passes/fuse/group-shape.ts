/** Shapes of the values in a group: whole ones, and columns that lack the last axes. */
import type { Operation, Type } from '../../ir/index.ts';
import { integersOf } from '../../ir/index.ts';

export function elements(type: Type): number {
  return type.kind === 'tensor' ? type.shape.reduce<number>((product, extent) => product * Number(extent), 1) : 0;
}

/** Equal extents, stored in the same layout. */
export function sameShape(left: Type, right: Type): boolean {
  if (left.kind !== 'tensor' || right.kind !== 'tensor' || left.shape.length !== right.shape.length) return false;
  return (
    left.shape.every((extent, axis) => extent === right.shape[axis]) && left.encoding?.layout === right.encoding?.layout
  );
}

/** How many last axes of `whole` are 1 in `part`, whose other axes are equal; null where `part` is no such column. */
export function columnAxes(part: Type, whole: Type): number | null {
  if (part.kind !== 'tensor' || whole.kind !== 'tensor' || part.shape.length !== whole.shape.length) return null;
  if (part.encoding?.layout !== undefined || whole.encoding?.layout !== undefined) return null;
  const first = part.shape.findIndex((extent, axis) => extent !== whole.shape[axis]);
  return first >= 0 && part.shape.slice(first).every((extent) => extent === 1) ? part.shape.length - first : null;
}

/** How many last axes a reduction of a group takes away. */
export const reducedAxes = (reduction: Operation): number => integersOf(reduction.attributes, 'axes').length;

/** A shape for people, with its layout: `[1, 64, 56, 56] as NC1HWC0`. */
export function shapeText(type: Type): string {
  if (type.kind !== 'tensor') return type.key;
  const layout = type.encoding?.layout;
  return `[${type.shape.join(', ')}]${layout === undefined ? '' : ` as ${layout}`}`;
}
