/** What the reductions leave, packed for the solvers: strategies of all nodes in one column, edges with their tables. */
import { nodeOf, tableFrom } from './graph.ts';
import type { ChoiceGraph, MemoryTerm } from './graph.ts';
import type { Choice } from './problem.ts';

export interface CoreEdge {
  /** `first` comes before `second` in the order of the core. */
  readonly first: number;
  readonly second: number;
  /** Row-major by strategy of `first`. */
  readonly table: Float64Array;
  /** The tables before they were cut, with `first` and with `second` as rows. */
  readonly uncut: readonly [Float64Array, Float64Array];
}

export interface Core {
  /** Node of the graph by place. */
  readonly ids: readonly number[];
  /** First strategy of each place in the columns; one more at the end. */
  readonly starts: Int32Array;
  readonly costs: Float64Array;
  /** Where costs are cut: from here on they say "never". */
  readonly ceiling: number;
  readonly edges: readonly CoreEdge[];
  /** Edges to later places, and from earlier ones. */
  readonly forward: readonly (readonly number[])[];
  readonly backward: readonly (readonly number[])[];
  readonly terms: readonly (readonly MemoryTerm[])[];
  readonly limits: Float64Array;
}

/** Costs are cut at `ceiling`: any value above that of a known solution keeps every better one and every bound valid. */
export function coreOf(graph: ChoiceGraph, ceiling: number): Core {
  const ids = [...graph.nodes.keys()].filter((index) => graph.nodes[index] !== null);
  const place = new Map(ids.map((id, index) => [id, index]));
  const nodes = ids.map((id) => nodeOf(graph, id));
  const starts = new Int32Array(ids.length + 1);
  nodes.forEach(({ costs }, index) => (starts[index + 1] = starts[index] + costs.length));
  const costs = new Float64Array(starts[ids.length]);
  nodes.forEach((node, index) => costs.set(cut(node.costs, ceiling), starts[index]));
  const edges: CoreEdge[] = [];
  const forward: number[][] = ids.map(() => []);
  const backward: number[][] = ids.map(() => []);
  ids.forEach((id, first) => {
    for (const [neighbour, table] of nodes[first].tables) {
      const second = place.get(neighbour);
      if (neighbour < id || second === undefined) continue;
      forward[first].push(edges.length);
      backward[second].push(edges.length);
      const uncut = [table, tableFrom(graph, neighbour, id)] as const;
      edges.push({ first, second, table: cut(table, ceiling), uncut });
    }
  });
  return {
    ids,
    starts,
    costs,
    ceiling,
    edges,
    forward,
    backward,
    terms: nodes.map(({ terms }) => joinTerms(terms)),
    limits: graph.limits,
  };
}

const cut = (values: Float64Array, ceiling: number): Float64Array => values.map((value) => Math.min(value, ceiling));

/** Terms over the same rows become one. */
function joinTerms(terms: readonly MemoryTerm[]): readonly MemoryTerm[] {
  const byRows = new Map<string, MemoryTerm>();
  for (const { from, to, bytes } of terms) {
    const old = byRows.get(`${from}-${to}`);
    const sum = old === undefined ? bytes : bytes.map((value, strategy) => value + old.bytes[strategy]);
    byRows.set(`${from}-${to}`, { from, to, bytes: sum });
  }
  return [...byRows.values()].filter(({ bytes }) => bytes.some((value) => value !== 0));
}

export const placesOf = (core: Core): number => core.ids.length;

export const strategiesAt = (core: Core, place: number): number => core.starts[place + 1] - core.starts[place];

/** Costs of strategies when a byte in row r costs `prices[r]`, and what the limits give back: L = cost − refund. */
export function pricedCosts(
  core: Core,
  prices: Float64Array,
): { readonly costs: Float64Array; readonly refund: number } {
  const before = new Float64Array(prices.length + 1);
  let refund = 0;
  for (let row = 0; row < prices.length; row++) {
    before[row + 1] = before[row] + prices[row];
    refund += prices[row] * core.limits[row];
  }
  const costs = core.costs.slice();
  core.terms.forEach((terms, place) => {
    for (const { from, to, bytes } of terms) {
      const price = before[to] - before[from];
      if (price > 0) for (let own = 0; own < bytes.length; own++) costs[core.starts[place] + own] += price * bytes[own];
    }
  });
  return { costs, refund };
}

/** Cost of a choice by place. */
export function coreCost(core: Core, choice: Choice): number {
  let total = 0;
  for (let place = 0; place < placesOf(core); place++) total += core.costs[core.starts[place] + choice[place]];
  for (const { first, second, table } of core.edges)
    total += table[choice[first] * strategiesAt(core, second) + choice[second]];
  return total;
}

/** How much each row is over its limit (negative: room). */
export function rowExcess(core: Core, choice: Choice): Float64Array {
  const excess = new Float64Array(core.limits.length + 1);
  core.terms.forEach((terms, place) => {
    for (const { from, to, bytes } of terms) {
      excess[from] += bytes[choice[place]];
      excess[to] -= bytes[choice[place]];
    }
  });
  for (let row = 1; row < excess.length; row++) excess[row] += excess[row - 1];
  return excess.subarray(0, core.limits.length).map((value, row) => value - core.limits[row]);
}
