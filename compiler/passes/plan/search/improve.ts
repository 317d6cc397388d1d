/**
 * The search under a memory limit (or beyond the tables of exact elimination): prices of memory give a bound and first
 * solutions, branch and bound closes small cores, large neighbourhoods better the rest.
 */
import { branch } from './branch.ts';
import type { BranchSearch } from './branch.ts';
import { coreOf, placesOf, strategiesAt } from './core.ts';
import type { Core } from './core.ts';
import { ascend, survivors } from './dual.ts';
import type { DualOutcome } from './dual.ts';
import { restrictNode } from './graph.ts';
import type { ChoiceGraph } from './graph.ts';
import { descend, repair } from './local.ts';
import { searchNeighbourhoods } from './neighbourhood.ts';
import { Position } from './position.ts';
import { FORBIDDEN } from './problem.ts';
import type { Choice } from './problem.ts';
import { wholeOf } from './region.ts';

export interface ImproveOptions {
  readonly effort: number;
  readonly seed: number;
  readonly expired: () => boolean;
  /** The least by which two costs differ: 1 for whole costs, else 0. */
  readonly step: number;
}

export interface Improvement {
  /** A strategy for each node of the graph, or null. */
  readonly choice: Choice | null;
  readonly bound: number;
  /** The choice is optimal; null then says that there is none. */
  readonly complete: boolean;
}

interface Solution {
  readonly cost: number;
  readonly choice: Choice;
}

/** Larger cores are not split: their bounds are too far off for a proof. */
const MOST_BRANCHED = 4000;
/** Strategies of a core whose bound is worth fewer iterations. */
const LARGE = 20_000;

export function improve(graph: ChoiceGraph, options: ImproveOptions): Improvement {
  let core = coreOf(graph, typicalCost(graph));
  let outcome = explore(core, options);
  for (let factor = 16; outcome.best === null && core.ceiling < dearestCost(graph); factor *= 64) {
    core = coreOf(graph, Math.min(typicalCost(graph) * factor, dearestCost(graph)));
    outcome = explore(core, options);
  }
  let best = outcome.best;
  let complete = best !== null && outcome.bound > best.cost - Math.max(options.step * 0.999, best.cost * 1e-12);
  if (!complete && core.costs.length <= MOST_BRANCHED) {
    const proof = prove(core, outcome.prices, best, options);
    complete = proof.complete;
    best = proof.best ?? best;
  }
  if (!complete && best !== null) best = refine(core, best, options);
  const choice = best === null ? null : onGraph(graph, core, best.choice);
  const bound = complete && best !== null ? best.cost : Math.max(0, outcome.bound);
  return { choice, bound: graph.fixedCost + bound, complete };
}

function onGraph(graph: ChoiceGraph, core: Core, places: Choice): Choice {
  const choice = new Int32Array(graph.nodes.length);
  core.ids.forEach((id, place) => (choice[id] = places[place]));
  return choice;
}

/** Bound, prices and the best of the solutions that the prices suggest. */
function explore(core: Core, options: ImproveOptions): DualOutcome & { readonly best: Solution | null } {
  let best: Solution | null = null;
  let calls = 0;
  const large = core.costs.length > LARGE;
  const suggest = (choice: Choice): void => {
    // Early prices suggest little, and mending it takes long in large cores.
    if (++calls % (large ? 8 : 4) !== 0 || (large && calls < 32)) return;
    const position = new Position(core, choice);
    if (!repair(position, placesOf(core) + 100)) return;
    descend(position);
    if (position.cost < (best?.cost ?? core.ceiling)) best = { cost: position.cost, choice: position.choice.slice() };
  };
  const outcome = ascend(core, {
    iterations: large ? 48 : 400,
    upper: () => best?.cost ?? core.ceiling / 8,
    strategyBounds: false,
    prices: new Float64Array(core.limits.length),
    expired: options.expired,
    suggest,
  });
  return { ...outcome, best };
}

/** Branch and bound over what the prices leave of the core. */
function prove(
  core: Core,
  prices: Float64Array,
  best: Solution | null,
  options: ImproveOptions,
): { readonly complete: boolean; readonly best: Solution | null } {
  const search: BranchSearch = {
    cutoff: best === null ? core.ceiling : best.cost,
    step: Math.max(options.step, best === null ? 0 : best.cost * 1e-12),
    splits: Math.ceil(Math.min(400 * options.effort, 20_000)),
    iterations: 24,
    tableLimit: 1 << 16,
    expired: options.expired,
    best: null,
  };
  const graph = wholeOf(core);
  if (best !== null) {
    const cutoff = best.cost - search.step;
    const outcome = ascend(core, {
      iterations: 100,
      upper: () => best.cost,
      strategyBounds: true,
      prices,
      expired: options.expired,
      suggest: () => undefined,
    });
    survivors(core, outcome, cutoff + Math.abs(cutoff) * 1e-9).forEach((kept, place) => {
      if (kept.length < strategiesAt(core, place)) restrictNode(graph, place, kept);
    });
  }
  const complete = branch(graph, search);
  return { complete, best: search.best };
}

/** Sizes of neighbourhoods by turns: about how many strategies are free, and how many splits they are worth. */
const NEIGHBOURHOODS: readonly (readonly [strategies: number, splits: number])[] = [
  [60, 3],
  [60, 3],
  [120, 8],
  [60, 3],
  [250, 20],
];

function refine(core: Core, start: Solution, options: ImproveOptions): Solution {
  let best = start;
  for (let turn = 0; turn < options.effort && !options.expired(); turn++) {
    const [strategies, splits] = NEIGHBOURHOODS[turn % NEIGHBOURHOODS.length];
    best = searchNeighbourhoods(core, best.choice, {
      rounds: 60,
      strategies,
      splits,
      seed: options.seed + turn,
      step: options.step,
      expired: options.expired,
    });
  }
  return best;
}

/** The dearest allowed picks of all nodes and edges: no solution costs more. */
const dearestCost = (graph: ChoiceGraph): number => 1 + summed(graph, (costs) => costs[costs.length - 1] ?? 0);

/** Middling picks: about what a careless solution costs. */
const typicalCost = (graph: ChoiceGraph): number => 1 + 4 * summed(graph, (costs) => costs[costs.length >> 1] ?? 0);

/** A figure of the sorted allowed costs of each node and each table, summed. */
function summed(graph: ChoiceGraph, figure: (sorted: Float64Array) => number): number {
  const of = (costs: Float64Array): number => figure(costs.filter((cost) => cost < FORBIDDEN).sort());
  let sum = 0;
  graph.nodes.forEach((node, index) => {
    if (node === null) return;
    sum += of(node.costs);
    for (const [neighbour, table] of node.tables) if (neighbour > index) sum += of(table);
  });
  return sum;
}
