/** Everything that may be chosen: how an operation is cut, and how a value rests between operations. */
import type { Operation } from '../../../ir/index.ts';
import type { Assignment, Layout, Mesh, Notation, OpSharding } from '../../shard/index.ts';
import { axesSize, layoutOf, layoutProblem, notationOf, shardingFor } from '../../shard/index.ts';

/** Reducers whose parts collectives can join. */
const JOINABLE: ReadonlySet<string> = new Set(['sum', 'product', 'maximum', 'minimum']);

/**
 * All ways to cut an operation: each mesh axis cuts one index or none (then the axis computes copies). Axes on one index
 * stand in mesh order. An index that does not divide stays whole, as does one that its definition calls whole.
 */
export function shardingsOf(op: Operation, mesh: Mesh): readonly OpSharding[] {
  const notation = notationOf(op);
  const indices = [...notation.extents.keys()].filter((index) => mayCut(notation, index));
  let assignments: readonly Assignment[] = [new Map()];
  for (const axis of mesh.axes)
    assignments = assignments.flatMap((assignment) => [
      assignment,
      ...indices.map((index) => new Map(assignment).set(index, [...(assignment.get(index) ?? []), axis])),
    ]);
  return assignments
    .filter((assignment) => isPossible(notation, mesh, assignment))
    .map((assignment) => shardingFor(op, assignment));
}

function mayCut(notation: Notation, index: string): boolean {
  const role = notation.roleOf(index);
  return role.kind === 'parallel' || (role.kind === 'joined' && JOINABLE.has(role.by));
}

function isPossible(notation: Notation, mesh: Mesh, assignment: Assignment): boolean {
  for (const [index, axes] of assignment)
    if ((notation.extents.get(index) ?? 1) % axesSize(mesh, axes) !== 0) return false;
  return [...notation.operands, ...notation.results]
    .flat()
    .every((indices) => isContiguous(notation, mesh, assignment, indices));
}

/** In a dimension of several indices one may be cut only if those before it are cut completely. */
function isContiguous(notation: Notation, mesh: Mesh, assignment: Assignment, indices: readonly string[]): boolean {
  let complete = true;
  for (const index of indices) {
    const axes = assignment.get(index) ?? [];
    if (!complete && axes.length > 0) return false;
    complete &&= axesSize(mesh, axes) === (notation.extents.get(index) ?? 1);
  }
  return true;
}

/** All layouts without partial sums of a shape: each mesh axis cuts one dimension or none. */
export function layoutsOf(shape: readonly number[], mesh: Mesh): readonly Layout[] {
  let all: readonly (readonly (readonly string[])[])[] = [shape.map(() => [])];
  for (const axis of mesh.axes)
    all = all.flatMap((cuts) => [cuts, ...cuts.map((axes, dimension) => cuts.with(dimension, [...axes, axis]))]);
  return all.map((cuts) => layoutOf(cuts)).filter((layout) => layoutProblem(mesh, layout, shape) === null);
}
