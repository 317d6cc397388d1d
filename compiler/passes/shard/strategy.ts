/**
 * MindSpore's unnamed strategies: cuts of each dimension, ((2, 1), (1, 4)). They get names here: the indices of the
 * operation take mesh axes in the order in which they first appear, so that the first index cuts along the major axes
 * and what is left over is repeated at the minor end.
 */
import type { Operation } from '../../ir/index.ts';
import type { Layout } from './layout.ts';
import { layoutOf } from './layout.ts';
import type { Mesh } from './mesh.ts';
import { axisSize } from './mesh.ts';
import { notationOf } from './notation.ts';

/** Layouts for the cuts of operands or results, or null where the mesh has no axes for them. */
export function strategyCuts(
  op: Operation,
  side: 'in' | 'out',
  cuts: readonly (readonly number[])[],
  mesh: Mesh,
): readonly Layout[] | null {
  const notation = notationOf(op);
  const dimensions = side === 'in' ? notation.operands : notation.results;
  const axesOfIndex = new Map<string, readonly string[] | null>();
  const free = [...mesh.axes];
  const layouts = cuts.map((numbers, tensor) =>
    numbers.map((cut, at) => {
      // A dimension without an index stands for itself.
      const key = dimensions[tensor]?.[at]?.join('*') || `${tensor}.${at}`;
      const known = axesOfIndex.get(key);
      if (known !== undefined) return known;
      const taken = takeAxes(free, mesh, cut);
      axesOfIndex.set(key, taken);
      return taken;
    }),
  );
  if (layouts.some((axes) => axes.includes(null))) return null;
  return layouts.map((axes) => layoutOf(axes.map((names) => names ?? [])));
}

/** Takes free axes, in order, whose sizes multiply to a cut. */
function takeAxes(free: string[], mesh: Mesh, cut: number): readonly string[] | null {
  const taken: string[] = [];
  let rest = cut;
  for (const axis of [...free]) {
    if (rest % axisSize(mesh, axis) !== 0 || axisSize(mesh, axis) === 1) continue;
    taken.push(axis);
    free.splice(free.indexOf(axis), 1);
    rest /= axisSize(mesh, axis);
  }
  return rest === 1 ? taken : null;
}
