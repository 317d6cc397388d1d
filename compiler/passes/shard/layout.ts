/**
 * Layouts: how a tensor lies on a mesh. Each dimension names the mesh axes that cut it, major first; an axis cuts at
 * most one dimension. Axes that are named nowhere hold copies. `partial` axes hold parts that are still to be joined by
 * `reduction`: the true tensor is the sum (…) over them.
 */
import type { Reduction } from '../../ir/ops/index.ts';
import type { Mesh } from './mesh.ts';
import { axesSize, axisSize, placeAlong } from './mesh.ts';

export interface Layout {
  readonly dimensions: readonly (readonly string[])[];
  readonly partial: readonly string[];
  /** How the parts join; means something only where `partial` names axes. */
  readonly reduction: Reduction;
}

const NONE: readonly string[] = [];

/** A layout without partial sums; axes by dimension, `layoutOf([['dp'], []])`. */
export const layoutOf = (
  dimensions: readonly (readonly string[])[],
  partial: readonly string[] = NONE,
  reduction: Reduction = 'sum',
): Layout => ({ dimensions, partial, reduction });

/** Whole on every device. */
export const replicated = (rank: number): Layout => layoutOf(Array.from({ length: rank }, () => NONE));

/** Text that is equal for equal layouts: `[dp, sp+mp, _]`, with `/sum(mp)` for partial sums. */
export function layoutText(layout: Layout): string {
  const dimensions = layout.dimensions.map((axes) => (axes.length === 0 ? '_' : axes.join('+'))).join(', ');
  return `[${dimensions}]${layout.partial.length > 0 ? `/${layout.reduction}(${layout.partial.join('+')})` : ''}`;
}

export const layoutsEqual = (left: Layout, right: Layout): boolean => layoutText(left) === layoutText(right);

/** Axes that cut some dimension. */
export const cutAxes = (layout: Layout): readonly string[] => layout.dimensions.flat();

/** The layout once its parts are joined everywhere. */
export const withoutPartial = (layout: Layout): Layout =>
  layout.partial.length === 0 ? layout : layoutOf(layout.dimensions);

/** The shape of each device's slice; every cut must divide its extent (see `layoutProblem`). */
export const sliceShape = (mesh: Mesh, layout: Layout, shape: readonly number[]): readonly number[] =>
  shape.map((extent, at) => extent / axesSize(mesh, layout.dimensions[at] ?? NONE));

/** Where a device's slice begins in each dimension. */
export function sliceBegins(mesh: Mesh, layout: Layout, shape: readonly number[], device: number): readonly number[] {
  const slice = sliceShape(mesh, layout, shape);
  return slice.map((extent, at) => extent * placeAlong(mesh, layout.dimensions[at], device));
}

/** Why a tensor of this shape cannot lie so, or null. */
export function layoutProblem(mesh: Mesh, layout: Layout, shape: readonly (number | string)[]): string | null {
  if (layout.dimensions.length !== shape.length)
    return `the layout has ${layout.dimensions.length} dimensions, the tensor ${shape.length}`;
  const named = [...cutAxes(layout), ...layout.partial];
  const unknown = named.find((axis) => !mesh.axes.includes(axis));
  if (unknown !== undefined) return `the mesh has no axis '${unknown}', its axes are ${mesh.axes.join(', ')}`;
  const repeated = named.find((axis, at) => named.indexOf(axis) !== at);
  if (repeated !== undefined) return `axis '${repeated}' is named twice`;
  for (const [at, axes] of layout.dimensions.entries()) {
    const [parts, extent] = [axesSize(mesh, axes), shape[at]];
    if (parts > 1 && (typeof extent !== 'number' || extent % parts !== 0))
      return `dimension ${at} of extent ${extent} does not divide into ${parts} parts (${axes.join(' and ')})`;
  }
  return null;
}

/** MindSpore's form: for each dimension the mesh axes that cut it, counted from the right; none is -1. */
export interface TensorMap {
  readonly deviceMatrix: readonly number[];
  readonly tensorMap: readonly (number | readonly number[])[];
}

/** A layout in MindSpore's form. Partial sums have none there. */
export function toTensorMap(mesh: Mesh, layout: Layout): TensorMap {
  const fromRight = (axis: string): number => mesh.axes.length - 1 - mesh.axes.indexOf(axis);
  const tensorMap = layout.dimensions.map((axes) => {
    if (axes.length === 0) return -1;
    return axes.length === 1 ? fromRight(axes[0]) : axes.map(fromRight);
  });
  return { deviceMatrix: mesh.sizes, tensorMap };
}

/** A layout from MindSpore's form over a mesh with the same device matrix. */
export function fromTensorMap(mesh: Mesh, tensorMap: TensorMap['tensorMap']): Layout {
  const named = (place: number): readonly string[] =>
    place < 0 ? NONE : [mesh.axes[mesh.axes.length - 1 - place] ?? `axis ${place}`];
  return layoutOf(tensorMap.map((places) => (typeof places === 'number' ? named(places) : places.flatMap(named))));
}

/**
 * `Layout((2, 2, 2), ("dp", "sp", "mp"))("dp", ("sp", "mp"), "None")`: the layout that such a call of MindSpore names.
 */
export const fromAliases = (aliases: readonly (string | readonly string[])[]): Layout =>
  layoutOf(aliases.map((alias) => (typeof alias === 'string' ? (alias === 'None' ? NONE : [alias]) : alias)));

/** Whether one more axis may cut a dimension whose slices have some extent now. */
export const divides = (mesh: Mesh, axis: string, extent: number): boolean => extent % axisSize(mesh, axis) === 0;
