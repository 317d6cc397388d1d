/**
 * The iteration space of a row-wise kernel.
 *
 * All values of a group broadcast to one shape. Neighbouring axes along which every value either varies or does not
 * are merged; what is left is read as [outer…, rows, columns]. Within a tile of rows × columns a value is one of four
 * kinds: full, row (varies along columns only), column (along rows only), or scalar; along the outer axes it advances
 * by its own stride.
 */

/** How a value lies in the iteration space: element strides along the outer axes, the rows and the columns (0: repeated). */
export interface AccessPattern {
  readonly outer: readonly number[];
  readonly row: number;
  readonly column: number;
}

export interface Domain {
  readonly outer: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** By the number of the shape given to `iterationDomain`. */
  readonly patterns: readonly AccessPattern[];
}

/**
 * The space of values with these shapes (all broadcastable to the first one's rank or less, row-major). The last
 * `keptAxes` axes are the columns and are not merged with the axes before them (0: no such axes). Null when some value
 * varies along a part of the kept axes only.
 */
export function iterationDomain(shapes: readonly (readonly number[])[], keptAxes: number): Domain | null {
  const rank = Math.max(1, ...shapes.map((shape) => shape.length));
  const padded = shapes.map((shape) => [...new Array<number>(rank - shape.length).fill(1), ...shape]);
  const extents = Array.from({ length: rank }, (_, axis) => Math.max(...padded.map((shape) => shape[axis])));
  const kept = mergeAxes(padded, extents, rank - keptAxes, rank);
  if (kept.length > 1) return null;
  const groups = [...mergeAxes(padded, extents, 0, rank - keptAxes), ...kept];
  // The columns must exist, if only one.
  if (groups.length === 0 || (keptAxes > 0 && kept.length === 0)) groups.push([]);
  const sizes = groups.map((axes) => axes.reduce((count, axis) => count * extents[axis], 1));
  const varies = padded.map((shape) => groups.map((axes) => axes.some((axis) => shape[axis] > 1)));
  const strides = varies.map((flags) => rowMajorStrides(sizes, flags));
  const split = Math.max(0, sizes.length - 2);
  const at = (list: readonly number[], index: number, otherwise: number): number =>
    index < 0 ? otherwise : list[index];
  return {
    outer: sizes.slice(0, split),
    rows: at(sizes, sizes.length - 2, 1),
    columns: sizes[sizes.length - 1],
    patterns: strides.map((list) => ({
      outer: list.slice(0, split),
      row: at(list, list.length - 2, 0),
      column: list[list.length - 1],
    })),
  };
}

/** The axes from `start` to `end` in runs that can be walked as one: each value varies along the whole run or along none of it. */
function mergeAxes(
  shapes: readonly (readonly number[])[],
  extents: readonly number[],
  start: number,
  end: number,
): number[][] {
  const groups: number[][] = [];
  let signature = '';
  for (let axis = start; axis < end; axis++) {
    if (extents[axis] === 1) continue;
    const flags = shapes.map((shape) => (shape[axis] > 1 ? 'v' : '-')).join('');
    if (flags === signature) groups[groups.length - 1].push(axis);
    else groups.push([axis]);
    signature = flags;
  }
  return groups;
}

function rowMajorStrides(sizes: readonly number[], varies: readonly boolean[]): readonly number[] {
  const strides = new Array<number>(sizes.length).fill(0);
  let next = 1;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    if (!varies[axis]) continue;
    strides[axis] = next;
    next *= sizes[axis];
  }
  return strides;
}
