/**
 * Which mesh axes cut which indices of an operation, and the layouts of operands and results that follow.
 *
 * A dimension of several indices [a·b] is cut by the axes of a, then those of b; slices are contiguous only if b is cut
 * no earlier than a is cut completely.
 */
import type { Operation } from '../../ir/index.ts';
import type { Layout } from './layout.ts';
import { layoutOf } from './layout.ts';
import type { Mesh } from './mesh.ts';
import { axesSize, axisSize } from './mesh.ts';
import type { DimensionIndices, Notation } from './notation.ts';
import { COLLECTIVE_REDUCTION, notationOf } from './notation.ts';

/** Mesh axes by index, major first. */
export type Assignment = ReadonlyMap<string, readonly string[]>;

type Cuts = readonly (readonly string[])[];

/** A wish: a tensor of the operation that lies so. Earlier ones win over later ones. */
export interface Wish {
  readonly dimensions: readonly DimensionIndices[];
  readonly cuts: Cuts;
}

/** The assignment that fulfils wishes in order, each as far as it does not meet those before it. */
export function assign(mesh: Mesh, notation: Notation, wishes: readonly Wish[]): Assignment {
  const assignment = new Map<string, readonly string[]>();
  const used = new Set<string>();
  for (const { dimensions, cuts } of wishes) {
    for (const [at, indices] of dimensions.entries()) {
      for (const [index, axes] of project(mesh, notation, indices, cuts[at] ?? [])) {
        if (notation.roleOf(index).kind === 'whole') continue;
        extend(assignment, used, index, axes);
      }
    }
  }
  return trimmed(mesh, notation, assignment);
}

function extend(
  assignment: Map<string, readonly string[]>,
  used: Set<string>,
  index: string,
  axes: readonly string[],
): void {
  const known = assignment.get(index) ?? [];
  if (known.length >= axes.length || known.some((axis, at) => axes[at] !== axis)) return;
  const more: string[] = [];
  for (const axis of axes.slice(known.length)) {
    if (used.has(axis)) break;
    used.add(axis);
    more.push(axis);
  }
  if (more.length > 0) assignment.set(index, [...known, ...more]);
}

/** The axes of a dimension handed to its indices, major first, as far as they divide. */
export function project(
  mesh: Mesh,
  notation: Notation,
  indices: DimensionIndices,
  axes: readonly string[],
): readonly (readonly [index: string, axes: readonly string[]])[] {
  const found: [string, string[]][] = [];
  let next = 0;
  for (const index of indices) {
    let rest = notation.extents.get(index) ?? 1;
    const taken: string[] = [];
    while (next < axes.length && rest % axisSize(mesh, axes[next]) === 0)
      rest /= axisSize(mesh, taken[taken.push(axes[next++]) - 1]);
    if (taken.length > 0) found.push([index, taken]);
    if (rest !== 1) break;
  }
  return found;
}

/** Takes away what would leave gaps: an index that is cut although one before it in a dimension is not cut completely. */
function trimmed(mesh: Mesh, notation: Notation, assignment: Map<string, readonly string[]>): Assignment {
  for (let changed = true; changed;) {
    changed = false;
    for (const dimensions of [...notation.operands, ...notation.results]) {
      for (const indices of dimensions) {
        let complete = true;
        for (const index of indices) {
          const axes = assignment.get(index) ?? [];
          if (!complete && axes.length > 0) {
            assignment.delete(index);
            changed = true;
          }
          complete &&= axesSize(mesh, axes) === (notation.extents.get(index) ?? 1);
        }
      }
    }
  }
  return assignment;
}

const cutsOf = (dimensions: readonly DimensionIndices[], assignment: Assignment): Cuts =>
  dimensions.map((indices) => indices.flatMap((index) => assignment.get(index) ?? []));

/** How an operation is computed in parts. Results may be partial. */
export interface OpSharding {
  readonly assignment: Assignment;
  readonly operands: readonly Layout[];
  readonly results: readonly Layout[];
}

/** Layouts of an operation under an assignment. */
export function shardingOf(notation: Notation, assignment: Assignment): OpSharding {
  const joined = [...assignment].flatMap(([index, axes]) => {
    const role = notation.roleOf(index);
    return role.kind === 'joined' ? [{ axes, by: COLLECTIVE_REDUCTION[role.by] ?? 'sum' }] : [];
  });
  const partial = joined.flatMap(({ axes }) => axes);
  return {
    assignment,
    operands: notation.operands.map((dimensions) => layoutOf(cutsOf(dimensions, assignment))),
    results: notation.results.map((dimensions) =>
      layoutOf(cutsOf(dimensions, assignment), partial, joined[0]?.by ?? 'sum'),
    ),
  };
}

/** The sharding of an operation whose indices are cut as given, for whoever enumerates strategies. */
export const shardingFor = (op: Operation, assignment: Assignment): OpSharding =>
  shardingOf(notationOf(op), assignment);
