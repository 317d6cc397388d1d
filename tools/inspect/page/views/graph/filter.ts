/** The page's filter on a graph: which ops came from what is selected. */
import { useMemo } from 'preact/hooks';
import { kindOf } from '../../../report/index.ts';
import { shownPlaces } from '../../shell/state.ts';
import { type Model, sums } from './model.ts';

export interface Filter {
  /** Whether an item has something that passes. */
  readonly isShown: (item: number) => boolean;
  /** How many ops of an item pass. */
  readonly count: (item: number) => number;
  /** Ops that pass, in the order of the program; empty without a filter. */
  readonly nodes: readonly number[];
}

export function useFilter(model: Model): Filter {
  const places = shownPlaces.value;
  return useMemo(() => filterOf(model, places), [model, places]);
}

function filterOf(model: Model, places: ReadonlySet<number> | null): Filter {
  if (places === null) return { isShown: () => true, count: () => 0, nodes: [] };
  const { graph, tree } = model;
  const passes = Uint8Array.from(graph.nodes.place, (place) => (places.has(place) ? 1 : 0));
  const all = sums(model, passes);
  const isOp = (node: number): boolean => passes[node] === 1 && kindOf(graph, node) === 'op';
  const ops = sums(
    model,
    passes.map((_, node) => (isOp(node) ? 1 : 0)),
  );
  return { isShown: (item) => all(item) > 0, count: ops, nodes: [...tree.order].filter(isOp) };
}
