/**
 * Large neighbourhood search: a connected part of the core is freed and solved exactly, memory included, while the rest
 * stays; better or equal solutions are taken. Deterministic for a seed.
 * Source: Shaw, Using constraint programming and local search methods to solve vehicle routing problems (1998).
 */
import { branch } from './branch.ts';
import type { BranchSearch } from './branch.ts';
import type { Core } from './core.ts';
import { coreCost, strategiesAt } from './core.ts';
import type { Choice } from './problem.ts';
import { randomFrom } from './random.ts';
import { addHeld, heldBy, regionOf } from './region.ts';

export interface NeighbourhoodOptions {
  readonly rounds: number;
  /** Strategies that a region frees, about; grows while regions are solved whole and shrinks while they are not. */
  readonly strategies: number;
  readonly splits: number;
  readonly seed: number;
  /** The least by which costs differ: 1 for whole costs. */
  readonly step: number;
  readonly expired: () => boolean;
}

export function searchNeighbourhoods(
  core: Core,
  start: Choice,
  options: NeighbourhoodOptions,
): { cost: number; choice: Choice } {
  const random = randomFrom(options.seed);
  const neighbours = neighboursOf(core);
  const choice = start.slice();
  const held = heldBy(core, choice);
  let cost = coreCost(core, choice);
  let size = options.strategies;
  for (let round = 0; round < options.rounds && !options.expired(); round++) {
    const places = grow(core, neighbours, Math.floor(size), random);
    const graph = regionOf(core, choice, places, held);
    const now = regionCost(core, choice, places);
    const search: BranchSearch = {
      cutoff: now + options.step * 0.5,
      step: options.step * 0.5,
      splits: options.splits,
      iterations: 24,
      tableLimit: 1 << 14,
      expired: options.expired,
      best: null,
    };
    const complete = branch(graph, search);
    size = Math.min(Math.max(size * (complete ? 1.03 : 0.93), 8), core.costs.length);
    const { best } = search;
    if (best === null) continue;
    places.forEach((place, index) => {
      addHeld(core, held, place, choice[place], -1);
      choice[place] = best.choice[index];
      addHeld(core, held, place, choice[place], 1);
    });
    cost += best.cost - now;
  }
  return { cost: coreCost(core, choice), choice };
}

/** Cost of the places and of all their edges. */
function regionCost(core: Core, choice: Choice, places: readonly number[]): number {
  const edges = new Set(places.flatMap((place) => [...core.forward[place], ...core.backward[place]]));
  let cost = 0;
  for (const place of places) cost += core.costs[core.starts[place] + choice[place]];
  for (const edge of edges) {
    const { first, second, table } = core.edges[edge];
    cost += table[choice[first] * strategiesAt(core, second) + choice[second]];
  }
  return cost;
}

const neighboursOf = (core: Core): readonly (readonly number[])[] =>
  core.ids.map((_, place) => [
    ...core.forward[place].map((edge) => core.edges[edge].second),
    ...core.backward[place].map((edge) => core.edges[edge].first),
  ]);

/** A random connected set of places (of several parts when one is too small) with about that many strategies. */
function grow(core: Core, neighbours: readonly (readonly number[])[], size: number, random: () => number): number[] {
  const places = new Set<number>();
  const frontier: number[] = [];
  let strategies = 0;
  while (strategies < size && places.size < core.ids.length) {
    const jump = frontier.length === 0 || random() < 0.05;
    const at = Math.floor(random() * frontier.length);
    const place = jump ? Math.floor(random() * core.ids.length) : frontier[at];
    if (!jump) frontier.splice(at, 1);
    if (places.has(place)) continue;
    places.add(place);
    strategies += strategiesAt(core, place) - 1;
    frontier.push(...neighbours[place].filter((other) => !places.has(other)));
  }
  return [...places].sort((left, right) => left - right);
}
