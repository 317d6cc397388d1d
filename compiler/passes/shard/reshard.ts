/**
 * From one layout to another by the cheapest sequence of collectives.
 *
 * States are layouts, moves are what one collective can do to the minor end of a dimension's axes (slices stay
 * contiguous): cut further (free, each device keeps a part of what it has), gather, exchange a cut between dimensions
 * (all_to_all), join partial sums everywhere (all_reduce) or in parts (reduce_scatter). Shortest path (Dijkstra); ties
 * go to the move that is generated first, so that all ranks choose alike. MindSpore's redistribution instead applies
 * fixed rules in rounds; the moves are the same.
 */
import { elementCount } from '../../ir/index.ts';
import type { Reduction } from '../../ir/ops/index.ts';
import type { Layout } from './layout.ts';
import { cutAxes, divides, layoutOf, layoutText, sliceShape } from './layout.ts';
import type { Mesh } from './mesh.ts';
import { axesSize } from './mesh.ts';

/** One move; `bytes` is what a device holds before it. */
export type ReshardStep = { readonly bytes: number; readonly groupSize: number; readonly axes: readonly string[] } & (
  | { readonly kind: 'split'; readonly dimension: number }
  | { readonly kind: 'all_gather'; readonly dimension: number }
  | { readonly kind: 'all_to_all'; readonly from: number; readonly to: number }
  | { readonly kind: 'all_reduce'; readonly reduction: Reduction }
  | { readonly kind: 'reduce_scatter'; readonly dimension: number; readonly reduction: Reduction }
);

export type StepKind = ReshardStep['kind'];

/** What one step costs; any unit, not negative. */
export type StepCost = (step: ReshardStep) => number;

export interface Resharding {
  readonly steps: readonly ReshardStep[];
  /** The layout after each step. */
  readonly layouts: readonly Layout[];
  readonly cost: number;
}

/** Bytes that each device sends, as in ring algorithms. */
export const bytesMoved: StepCost = ({ kind, bytes, groupSize }) => {
  switch (kind) {
    case 'split':
      return 0;
    case 'all_gather':
      return bytes * (groupSize - 1);
    case 'all_reduce':
      return (2 * bytes * (groupSize - 1)) / groupSize;
    default:
      return (bytes * (groupSize - 1)) / groupSize;
  }
};

export interface ReshardOptions {
  readonly cost?: StepCost;
  /** Moves that may not be used. */
  readonly without?: ReadonlySet<StepKind>;
  /** Axes that only ever cut: parts along them are not on different devices. */
  readonly frozen?: ReadonlySet<string>;
}

/**
 * The cheapest steps from one layout to another of a tensor of some shape. `to` has no partial sums that `from` has not.
 * Null when there are none: an axis of `to` does not divide, or joins that are forbidden.
 */
export function reshard(
  mesh: Mesh,
  from: Layout,
  to: Layout,
  shape: readonly number[],
  elementBytes: number,
  options: ReshardOptions = {},
): Resharding | null {
  const goal = layoutText(to);
  if (layoutText(from) === goal) return { steps: [], layouts: [], cost: 0 };
  const cost = options.cost ?? bytesMoved;
  const wanted = new Set(cutAxes(to));
  const open: Path[] = [{ layout: from, key: layoutText(from), cost: 0, previous: null, step: null }];
  const settled = new Set<string>();
  for (;;) {
    const path = takeCheapest(open);
    if (path === null) return null;
    if (path.key === goal) return pathTo(path);
    if (settled.has(path.key)) continue;
    settled.add(path.key);
    for (const { step, layout } of movesFrom(mesh, path.layout, shape, elementBytes, wanted, to)) {
      if (options.without?.has(step.kind)) continue;
      if (step.kind !== 'split' && step.axes.some((axis) => options.frozen?.has(axis))) continue;
      const key = layoutText(layout);
      if (!settled.has(key)) open.push({ layout, key, cost: path.cost + cost(step), previous: path, step });
    }
  }
}

interface Path {
  readonly layout: Layout;
  readonly key: string;
  readonly cost: number;
  readonly previous: Path | null;
  readonly step: ReshardStep | null;
}

/** The cheapest open path, the earliest of equals; fewer than a hundred are ever open. */
function takeCheapest(open: Path[]): Path | null {
  let best = 0;
  for (let at = 1; at < open.length; at++) if (open[at].cost < open[best].cost) best = at;
  return open.splice(best, 1)[0] ?? null;
}

function pathTo(path: Path): Resharding {
  const steps: ReshardStep[] = [];
  const layouts: Layout[] = [];
  for (let at: Path = path; at.previous !== null && at.step !== null; at = at.previous) {
    steps.unshift(at.step);
    layouts.unshift(at.layout);
  }
  return { steps, layouts, cost: path.cost };
}

interface Move {
  readonly step: ReshardStep;
  readonly layout: Layout;
}

function* movesFrom(
  mesh: Mesh,
  layout: Layout,
  shape: readonly number[],
  elementBytes: number,
  wanted: ReadonlySet<string>,
  to: Layout,
): Generator<Move> {
  const slice = sliceShape(mesh, layout, shape);
  const bytes = elementCount(slice) * elementBytes;
  const used = new Set([...cutAxes(layout), ...layout.partial]);
  const { dimensions, partial, reduction } = layout;
  const facts = (axes: readonly string[]) => ({ bytes, axes, groupSize: axesSize(mesh, axes) });
  const changed = (next: readonly (readonly string[])[]) => layoutOf(next, partial, reduction);
  const grown = (dimension: number, axis: string) => dimensions.with(dimension, [...dimensions[dimension], axis]);

  for (const axis of mesh.axes) {
    if (used.has(axis) || !wanted.has(axis)) continue;
    for (const [dimension, extent] of slice.entries()) {
      if (!divides(mesh, axis, extent)) continue;
      yield { step: { kind: 'split', dimension, ...facts([axis]) }, layout: changed(grown(dimension, axis)) };
    }
  }
  for (const [dimension, axes] of dimensions.entries()) {
    for (let kept = axes.length - 1; kept >= 0; kept--) {
      const next = changed(dimensions.with(dimension, axes.slice(0, kept)));
      yield { step: { kind: 'all_gather', dimension, ...facts(axes.slice(kept)) }, layout: next };
    }
    const axis = axes.at(-1);
    if (axis === undefined) continue;
    for (const [target, extent] of slice.entries()) {
      if (target === dimension || !divides(mesh, axis, extent)) continue;
      const next = changed(grown(target, axis).with(dimension, axes.slice(0, -1)));
      yield { step: { kind: 'all_to_all', from: dimension, to: target, ...facts([axis]) }, layout: next };
    }
  }
  const joinable = partial.filter((axis) => !to.partial.includes(axis));
  for (const axes of joinable.length > 1 ? [joinable, ...joinable.map((axis) => [axis])] : [joinable]) {
    if (axes.length === 0) continue;
    const rest = partial.filter((axis) => !axes.includes(axis));
    yield { step: { kind: 'all_reduce', reduction, ...facts(axes) }, layout: layoutOf(dimensions, rest, reduction) };
  }
  for (const axis of joinable) {
    const rest = partial.filter((other) => other !== axis);
    for (const [dimension, extent] of slice.entries()) {
      if (!divides(mesh, axis, extent)) continue;
      const next = layoutOf(grown(dimension, axis), rest, reduction);
      yield { step: { kind: 'reduce_scatter', dimension, reduction, ...facts([axis]) }, layout: next };
    }
  }
}
