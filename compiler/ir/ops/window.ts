/** Sliding windows: the geometry that convolutions and poolings share. */
import type { AttributeMap } from '../core/attribute.ts';
import { boolOf, integersOf } from '../core/definition.ts';
import type { Type } from '../core/type.ts';
import { tensor } from './dimension.ts';
import { integersSlot } from './slot.ts';

/** One spatial dimension of a window. */
export interface Window {
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBefore: number;
  readonly padAfter: number;
  readonly ceil: boolean;
}

export const windowSlots = [
  integersSlot('strides', '[vertical, horizontal]'),
  integersSlot('pads', '[top, bottom, left, right]'),
  integersSlot('dilations', '[vertical, horizontal]'),
];

/** How many window positions fit. With `ceil` a last window may reach over the end if it starts inside. */
export function windowPositions(window: Window): number {
  const reach = window.dilation * (window.kernel - 1) + 1;
  const room = window.input + window.padBefore + window.padAfter - reach;
  if (!window.ceil) return Math.floor(room / window.stride) + 1;
  const count = Math.ceil(room / window.stride) + 1;
  return (count - 1) * window.stride >= window.input + window.padBefore ? count - 1 : count;
}

/** The two windows of an op on an NCHW operand; spatial extents must be numbers (`spatialProblem`). */
export function windowsOf(x: Type, kernel: readonly number[], attributes: AttributeMap): readonly [Window, Window] {
  const [strides, pads, dilations] = ['strides', 'pads', 'dilations'].map((name) => integersOf(attributes, name));
  const ceil = attributes.has('ceil_mode') && boolOf(attributes, 'ceil_mode');
  const along = (axis: 0 | 1): Window => ({
    input: Number(tensor(x).shape[2 + axis]),
    kernel: kernel[axis],
    stride: strides[axis],
    dilation: dilations[axis],
    padBefore: pads[2 * axis],
    padAfter: pads[2 * axis + 1],
    ceil,
  });
  return [along(0), along(1)];
}

/** Ranks of x, and spatial extents that are numbers. */
export function spatialProblem([x]: readonly Type[]): string | null {
  const { shape } = tensor(x);
  if (shape.length !== 4) return `rank of x is ${shape.length}, expected 4 (NCHW)`;
  const name = shape.slice(2).find((extent) => typeof extent === 'string');
  return name === undefined ? null : `a spatial dimension of x is '${name}', expected a number`;
}

/** Lengths and signs of the window attributes. */
export function windowAttributeProblem(_: readonly Type[], attributes: AttributeMap): string | null {
  for (const [name, length, least] of [
    ['strides', 2, 1],
    ['pads', 4, 0],
    ['dilations', 2, 1],
    ['kernel', 2, 1],
  ] as const) {
    if (!attributes.has(name)) continue;
    const values = integersOf(attributes, name);
    if (values.length !== length) return `${name} has ${values.length} numbers, expected ${length}`;
    const low = values.find((value) => value < least);
    if (low !== undefined) return `${name} holds ${low}, expected at least ${least}`;
  }
  return null;
}

/** Whether the window fits at least once. */
export function reachProblem(windows: readonly Window[]): string | null {
  const bad = windows.find((window) => windowPositions(window) < 1);
  if (!bad) return null;
  return `the window reaches over ${bad.dilation * (bad.kernel - 1) + 1}, x with its pads is ${bad.input + bad.padBefore + bad.padAfter}`;
}
