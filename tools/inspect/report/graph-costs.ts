/** Costs of the nodes of a graph: those of their places, divided among the ops of a place by the bytes that they touch. */
import type { CostSection } from './costs.ts';
import { type Graph, nodeKinds } from './graph.ts';

export const costKinds = ['seconds', 'bytes', 'flops'] as const;
export type CostKind = (typeof costKinds)[number];

/** One figure for each node; null where nothing is known. */
export type NodeCosts = Readonly<Record<CostKind, Float64Array | null>>;

const OP = nodeKinds.indexOf('op');

export function nodeCosts(graph: Graph, costs: CostSection | null): NodeCosts {
  if (costs === null) return { seconds: null, bytes: null, flops: null };
  const shares = sharesOf(graph);
  const column = (value: (row: CostSection['places'][number]) => number): Float64Array => {
    const byPlace = new Map(costs.places.map((row) => [row.place, value(row)]));
    return shares.map((share, node) => share * (byPlace.get(graph.nodes.place[node] ?? 0) ?? 0));
  };
  return {
    seconds: costs.timed ? column(({ seconds }) => seconds) : null,
    bytes: column(({ bytes, tensorBytes }) => (costs.timed ? bytes : tensorBytes)),
    flops: graph.nodes.flops.some((flops) => flops >= 0)
      ? Float64Array.from(graph.nodes.flops, (flops) => Math.max(0, flops))
      : column(({ flops }) => flops),
  };
}

/** The part of its place's costs that each op has; 0 for what is no op. */
function sharesOf({ nodes }: Graph): Float64Array {
  const weights = Float64Array.from(nodes.kind, (kind, node) =>
    kind === OP ? 1 + Math.max(0, nodes.bytes[node] ?? 0) : 0,
  );
  const totals = new Map<number, number>();
  for (const [node, place] of nodes.place.entries()) totals.set(place, (totals.get(place) ?? 0) + (weights[node] ?? 0));
  return weights.map((weight, node) => (weight === 0 ? 0 : weight / (totals.get(nodes.place[node] ?? 0) ?? weight)));
}
