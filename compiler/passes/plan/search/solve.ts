/**
 * Solves a choice problem: reductions; exact elimination when no memory binds what they leave; else prices of memory,
 * annealing and neighbourhood search for a good solution, branch and bound for the proof, within a budget of work.
 */
import { shrink } from './branch.ts';
import { coreOf } from './core.ts';
import { eliminate, eliminationOrder } from './eliminate.ts';
import { expandChoice, graphOf } from './graph.ts';
import type { ChoiceGraph } from './graph.ts';
import { improve } from './improve.ts';
import { FORBIDDEN, costOf, hasWholeCosts } from './problem.ts';
import type { Choice, ChoiceProblem } from './problem.ts';
import { memoryRowsOf } from './rows.ts';

export type SolutionStatus =
  /** Memory does not bind what is left after the reductions; eliminating it node by node is the proof. */
  | { readonly kind: 'optimal'; readonly by: 'elimination' | 'branch and bound' | 'HiGHS' }
  /** The best found; no solution is cheaper than the bound, `gap` = (cost − bound) / cost. */
  | { readonly kind: 'heuristic'; readonly gap: number }
  /** Proved to have no solution within the limit. */
  | { readonly kind: 'infeasible' }
  /** None was found, none was excluded. */
  | { readonly kind: 'unknown' };

export interface ChoiceSolution {
  readonly status: SolutionStatus;
  /** Null when there is none. */
  readonly choice: Choice | null;
  readonly cost: number;
  /** No feasible choice costs less. */
  readonly bound: number;
}

export interface SolveOptions {
  /** Multiplies the work of the heuristics; time grows about linearly. */
  readonly effort?: number;
  readonly seed?: number;
  /** Ends the search early; the answer is then what was found so far. */
  readonly expired?: () => boolean;
}

/** Tables of the exact elimination have at most this many cells. */
const TABLE_LIMIT = 1 << 22;

export function statusText(status: SolutionStatus): string {
  if (status.kind === 'optimal') return `optimal by ${status.by}`;
  if (status.kind === 'heuristic') return `heuristic, gap ${(100 * status.gap).toFixed(2)} %`;
  return status.kind === 'infeasible' ? 'nothing fits' : 'nothing found';
}

/** Costs must not be negative. */
export function solveChoice(problem: ChoiceProblem, options: SolveOptions = {}): ChoiceSolution {
  const { limits, termsOf } = memoryRowsOf(problem);
  const graph = graphOf(problem, limits, termsOf);
  if (!shrink(graph)) return INFEASIBLE;
  const exact = solveByElimination(graph);
  if (exact === 'infeasible') return INFEASIBLE;
  if (exact !== null) {
    const choice = expandChoice(graph, exact);
    const cost = costOf(problem, choice);
    return { status: { kind: 'optimal', by: 'elimination' }, choice, cost, bound: cost };
  }
  const found = improve(graph, {
    effort: options.effort ?? 1,
    seed: options.seed ?? 1,
    expired: options.expired ?? (() => false),
    step: hasWholeCosts(problem) ? 1 : 0,
  });
  if (found.choice === null)
    return found.complete
      ? INFEASIBLE
      : { status: { kind: 'unknown' }, choice: null, cost: Infinity, bound: found.bound };
  const choice = expandChoice(graph, found.choice);
  const cost = costOf(problem, choice);
  if (found.complete) return { status: { kind: 'optimal', by: 'branch and bound' }, choice, cost, bound: cost };
  const status = { kind: 'heuristic', gap: cost > 0 ? (cost - found.bound) / cost : 0 } as const;
  return { status, choice, cost, bound: found.bound };
}

const INFEASIBLE: ChoiceSolution = { status: { kind: 'infeasible' }, choice: null, cost: Infinity, bound: Infinity };

/** An optimal choice of the graph's nodes when memory does not matter and tables stay small, else null. */
function solveByElimination(graph: ChoiceGraph): Choice | 'infeasible' | null {
  if (graph.nodes.some((node) => node !== null && node.terms.length > 0)) return null;
  const core = coreOf(graph, FORBIDDEN);
  const order = eliminationOrder(core, TABLE_LIMIT);
  if (order === null) return null;
  const { cost, choice } = eliminate(core, core.costs, order);
  if (graph.fixedCost + cost >= FORBIDDEN) return 'infeasible';
  const all = new Int32Array(graph.nodes.length);
  core.ids.forEach((id, place) => (all[id] = choice[place]));
  return all;
}
