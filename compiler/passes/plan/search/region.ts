/** The part of a core that a neighbourhood search may change: a graph of its own, all else paid and in memory. */
import { placesOf } from './core.ts';
import type { Core } from './core.ts';
import type { ChoiceGraph } from './graph.ts';
import { FORBIDDEN } from './problem.ts';
import type { Choice } from './problem.ts';

/** The graph over some places of a core while the others keep their choice; its node i is `places[i]`. */
export function regionOf(core: Core, choice: Choice, places: readonly number[]): ChoiceGraph {
  const indexOf = new Map(places.map((place, index) => [place, index]));
  const uncut = (value: number): number => (value >= core.ceiling ? FORBIDDEN : value);
  const graph: ChoiceGraph = {
    nodes: places.map((place) => ({
      costs: costsBeside(core, choice, place, indexOf).map(uncut),
      terms: [...core.terms[place]],
      tables: new Map(),
    })),
    fixedCost: 0,
    reductions: [],
    limits: roomBeside(core, choice, indexOf),
  };
  for (const [index, place] of places.entries())
    for (const edge of core.forward[place]) {
      const { second, uncut: tables } = core.edges[edge];
      const other = indexOf.get(second);
      if (other === undefined) continue;
      graph.nodes[index]?.tables.set(other, tables[0]);
      graph.nodes[other]?.tables.set(index, tables[1]);
    }
  return graph;
}

/** The whole core as a graph. */
export const wholeOf = (core: Core): ChoiceGraph =>
  regionOf(core, new Int32Array(placesOf(core)), [...core.ids.keys()]);

/** Costs of a place with its edges to places outside. */
function costsBeside(core: Core, choice: Choice, place: number, inside: ReadonlyMap<number, number>): Float64Array {
  const costs = core.costs.slice(core.starts[place], core.starts[place + 1]);
  for (const edge of core.backward[place]) {
    const { first, table } = core.edges[edge];
    if (inside.has(first)) continue;
    for (let own = 0; own < costs.length; own++) costs[own] += table[choice[first] * costs.length + own];
  }
  for (const edge of core.forward[place]) {
    const { second, table } = core.edges[edge];
    if (inside.has(second)) continue;
    const width = core.starts[second + 1] - core.starts[second];
    for (let own = 0; own < costs.length; own++) costs[own] += table[own * width + choice[second]];
  }
  return costs;
}

/** What the places outside leave of each limit. */
function roomBeside(core: Core, choice: Choice, inside: ReadonlyMap<number, number>): Float64Array {
  const used = new Float64Array(core.limits.length + 1);
  core.terms.forEach((terms, place) => {
    if (inside.has(place)) return;
    for (const { from, to, bytes } of terms) {
      used[from] += bytes[choice[place]];
      used[to] -= bytes[choice[place]];
    }
  });
  let sum = 0;
  return core.limits.map((limit, row) => limit - (sum += used[row]));
}
