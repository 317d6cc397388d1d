/**
 * Branch and bound over a graph: reductions, exact elimination where no memory binds, else Lagrangian bounds that also
 * remove strategies; what is left is split on the strategies of one node. Complete unless the budget of splits ends.
 */
import type { Core } from './core.ts';
import { coreCost, coreOf, placesOf, strategiesAt } from './core.ts';
import type { DualOutcome } from './dual.ts';
import { ascend, survivors } from './dual.ts';
import { eliminate, eliminationOrder } from './eliminate.ts';
import { expandChoice, restrictNode } from './graph.ts';
import type { ChoiceGraph, GraphNode } from './graph.ts';
import { descend, repair } from './local.ts';
import { Position } from './position.ts';
import type { Choice } from './problem.ts';
import { reduceGraph } from './reduce.ts';
import { tightenMemory } from './tighten.ts';

export interface BranchSearch {
  /** Solutions must cost less than this; falls as they are found. */
  cutoff: number;
  /** How much less a next one must cost: 1 for whole costs. */
  readonly step: number;
  /** Splits that may still be made. */
  splits: number;
  readonly iterations: number;
  readonly tableLimit: number;
  readonly expired: () => boolean;
  /** The best solution found: a strategy for each node of the graph that was given first. */
  best: { readonly cost: number; readonly choice: Choice } | null;
}

/** Comparing the strategies of a node may look at so many cells: it is done at every split. */
const COMPARED = 4096;

/** True when everything below the cutoff was searched; the graph is used up. */
export function branch(graph: ChoiceGraph, search: BranchSearch): boolean {
  for (;;) {
    if (!shrink(graph, COMPARED)) return true;
    const core = coreOf(graph, Math.max(2 * Math.abs(search.cutoff - graph.fixedCost), Number.MIN_VALUE));
    const order = core.terms.every((terms) => terms.length === 0) ? eliminationOrder(core, search.tableLimit) : null;
    if (order !== null) {
      record(graph, core, eliminate(core, core.costs, order).choice, search);
      return true;
    }
    if (search.splits <= 0 || search.expired()) return false;
    const outcome = boundOf(graph, core, search);
    const left = search.cutoff - search.step - graph.fixedCost;
    if (outcome.bound > left) return true;
    const kept = survivors(core, outcome, left + Math.abs(left) * 1e-9);
    if (kept.some((strategies) => strategies.length === 0)) return true;
    const removed = keepOnly(graph, core, kept);
    if (removed * 4 < core.costs.length - placesOf(core)) return split(graph, core, outcome, kept, search);
  }
}

/** Reductions of nodes and of memory rows until neither helps. False: nothing is feasible. */
export function shrink(graph: ChoiceGraph, mostCompared = Infinity): boolean {
  for (let size = Infinity; ;) {
    if (!reduceGraph(graph, mostCompared) || !tightenMemory(graph)) return false;
    const next = graph.nodes.reduce(
      (sum, node) => sum + (node === null ? 0 : node.costs.length + node.terms.length),
      0,
    );
    if (next >= size) return true;
    size = next;
  }
}

function boundOf(graph: ChoiceGraph, core: Core, search: BranchSearch): DualOutcome {
  let calls = 0;
  return ascend(core, {
    iterations: search.iterations,
    upper: () => search.cutoff - graph.fixedCost,
    strategyBounds: true,
    prices: new Float64Array(core.limits.length),
    expired: search.expired,
    suggest: (choice) => {
      if (++calls % 4 !== 0) return;
      const position = new Position(core, choice);
      if (!repair(position, placesOf(core))) return;
      descend(position);
      record(graph, core, position.choice, search);
    },
  });
}

function record(graph: ChoiceGraph, core: Core, places: Choice, search: BranchSearch): void {
  const cost = graph.fixedCost + coreCost(core, places);
  if (cost > search.cutoff - search.step || !new Position(core, places).fits) return;
  const choice = new Int32Array(graph.nodes.length);
  core.ids.forEach((id, place) => (choice[id] = places[place]));
  search.best = { cost, choice: expandChoice(graph, choice) };
  search.cutoff = cost;
}

/** How many strategies went. */
function keepOnly(graph: ChoiceGraph, core: Core, kept: readonly (readonly number[])[]): number {
  let removed = 0;
  kept.forEach((strategies, place) => {
    const gone = strategiesAt(core, place) - strategies.length;
    if (gone > 0) restrictNode(graph, core.ids[place], strategies);
    removed += gone;
  });
  return removed;
}

/** Tries the strategies of the node whose bounds differ most, most promising first. */
function split(
  graph: ChoiceGraph,
  core: Core,
  outcome: DualOutcome,
  kept: readonly (readonly number[])[],
  search: BranchSearch,
): boolean {
  const boundsAt = (place: number): readonly number[] =>
    kept[place].map((strategy) => outcome.strategyBounds[core.starts[place] + strategy]);
  const regret = (place: number): number => {
    const bounds = boundsAt(place)
      .slice()
      .sort((left, right) => left - right);
    const memory = core.terms[place].length > 0 ? 1 : 0.5;
    return bounds.length < 2
      ? -1
      : (memory * (bounds[1] - outcome.bound + (bounds[bounds.length - 1] - bounds[0]) / 8 + Number.MIN_VALUE)) /
          bounds.length;
  };
  let chosen = 0;
  for (let place = 1; place < placesOf(core); place++) if (regret(place) > regret(chosen)) chosen = place;
  const bounds = boundsAt(chosen);
  const order = [...bounds.keys()].sort((left, right) => bounds[left] - bounds[right]);
  let complete = true;
  for (const strategy of order) {
    search.splits--;
    const child = cloneGraph(graph);
    restrictNode(child, core.ids[chosen], [strategy]);
    if (!branch(child, search)) complete = false;
    if (!complete && (search.splits <= 0 || search.expired())) return false;
  }
  return complete;
}

/** Tables are never written in place, so that they may be shared. */
function cloneGraph(graph: ChoiceGraph): ChoiceGraph {
  const clone = (node: GraphNode): GraphNode => ({
    costs: node.costs,
    terms: [...node.terms],
    tables: new Map(node.tables),
  });
  return {
    nodes: graph.nodes.map((node) => (node === null ? null : clone(node))),
    fixedCost: graph.fixedCost,
    reductions: [...graph.reductions],
    limits: graph.limits,
  };
}
