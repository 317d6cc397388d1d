/** The part of a core that a neighbourhood search may change: a graph of its own, all else paid and in memory. */
import { placesOf } from './core.ts';
import type { Core } from './core.ts';
import type { ChoiceGraph } from './graph.ts';
import { FORBIDDEN } from './problem.ts';
import type { Choice } from './problem.ts';

/**
 * The graph over some places of a core while the others keep their choice; its node i is `places[i]`. `held` is the
 * memory of the whole choice (see `heldBy`).
 */
export function regionOf(core: Core, choice: Choice, places: readonly number[], held: Float64Array): ChoiceGraph {
  const indexOf = new Map(places.map((place, index) => [place, index]));
  const uncut = (value: number): number => (value >= core.ceiling ? FORBIDDEN : value);
  const { limits, rowOf } = roomBeside(core, choice, places, held);
  const graph: ChoiceGraph = {
    nodes: places.map((place) => ({
      costs: costsBeside(core, choice, place, indexOf).map(uncut),
      terms: core.terms[place].map(({ from, to, bytes }) => ({ from: rowOf(from), to: rowOf(to), bytes })),
      tables: new Map(),
    })),
    fixedCost: 0,
    reductions: [],
    limits,
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
export function wholeOf(core: Core): ChoiceGraph {
  const choice = new Int32Array(placesOf(core));
  return regionOf(core, choice, [...core.ids.keys()], heldBy(core, choice));
}

/** Memory of a choice as changes from row to row: what begins less what ends there. */
export function heldBy(core: Core, choice: Choice): Float64Array {
  const held = new Float64Array(core.limits.length + 1);
  for (let place = 0; place < placesOf(core); place++) addHeld(core, held, place, choice[place], 1);
  return held;
}

/** Adds the memory of a place's strategy, `sign` times. */
export function addHeld(core: Core, held: Float64Array, place: number, strategy: number, sign: 1 | -1): void {
  for (const { from, to, bytes } of core.terms[place]) {
    held[from] += sign * bytes[strategy];
    held[to] -= sign * bytes[strategy];
  }
}

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

/**
 * What the places outside leave of the limits. Rows between two ends of the region's terms see the same of its choices:
 * the tightest of them stands for all.
 */
function roomBeside(
  core: Core,
  choice: Choice,
  places: readonly number[],
  held: Float64Array,
): { readonly limits: Float64Array; readonly rowOf: (row: number) => number } {
  const outside = held.slice();
  for (const place of places) addHeld(core, outside, place, choice[place], -1);
  const ends = new Set([0, core.limits.length]);
  for (const place of places)
    for (const { from, to } of core.terms[place]) {
      ends.add(from);
      ends.add(to);
    }
  const sorted = Int32Array.from(ends).sort();
  const limits = new Float64Array(sorted.length - 1).fill(Infinity);
  let used = 0;
  for (let segment = 0; segment < limits.length; segment++)
    for (let row = sorted[segment]; row < sorted[segment + 1]; row++) {
      used += outside[row];
      limits[segment] = Math.min(limits[segment], core.limits[row] - used);
    }
  const segmentOf = new Map(Array.from(sorted, (row, segment) => [row, segment]));
  return { limits, rowOf: (row) => segmentOf.get(row) ?? 0 };
}
