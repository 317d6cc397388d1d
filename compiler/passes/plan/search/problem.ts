/**
 * The choice problem of intra-operator parallelism as plain data: every node takes one strategy, every edge charges a
 * pair of strategies, and at no time may the strategies in life hold more memory than a device has.
 * The form is that of the ASPLOS/EuroSys 2025 contest on intra-operator parallelism (google/iopddl).
 */

/** Costs from here on say "never". Sums saturate, so that two forbidden picks are as bad as one. */
export const FORBIDDEN = 1e18;

export const addCosts = (left: number, right: number): number => Math.min(left + right, FORBIDDEN);

export interface ChoiceNode {
  /** Cost by strategy. */
  readonly costs: ArrayLike<number>;
  /** Memory by strategy. */
  readonly memory: ArrayLike<number>;
  /** Life in time steps, half open; an empty life holds no memory. */
  readonly from: number;
  readonly to: number;
}

export interface ChoiceEdge {
  readonly first: number;
  readonly second: number;
  /** Row-major: strategy of `first` * (strategies of `second`) + strategy of `second`. */
  readonly costs: ArrayLike<number>;
}

export interface ChoiceProblem {
  readonly name: string;
  readonly nodes: readonly ChoiceNode[];
  readonly edges: readonly ChoiceEdge[];
  /** Null: memory does not matter. */
  readonly memoryLimit: number | null;
}

/** One strategy index per node. */
export type Choice = Int32Array;

/** The sum of all node and edge costs, exact as long as they are integers; FORBIDDEN when one pick is. */
export function costOf(problem: ChoiceProblem, choice: Choice): number {
  let total = 0;
  problem.nodes.forEach((node, index) => (total = addCosts(total, node.costs[choice[index]])));
  for (const { first, second, costs } of problem.edges) {
    const width = problem.nodes[second].costs.length;
    total = addCosts(total, costs[choice[first] * width + choice[second]]);
  }
  return total;
}

/** Memory of a choice at every time step. */
export function memoryOverTime(problem: ChoiceProblem, choice: Choice): Float64Array {
  const end = problem.nodes.reduce((latest, node) => Math.max(latest, node.to), 0);
  const memory = new Float64Array(end + 1);
  problem.nodes.forEach((node, index) => {
    if (node.from >= node.to) return;
    memory[node.from] += node.memory[choice[index]];
    memory[node.to] -= node.memory[choice[index]];
  });
  for (let time = 1; time <= end; time++) memory[time] += memory[time - 1];
  return memory;
}

/** The largest memory of a choice and when it is reached. */
export function peakOf(problem: ChoiceProblem, choice: Choice): { readonly memory: number; readonly time: number } {
  const memory = memoryOverTime(problem, choice);
  const time = memory.reduce((best, value, index) => (value > memory[best] ? index : best), 0);
  return { memory: memory[time] ?? 0, time };
}

/** Whether every pick is allowed and memory stays within the limit. */
export function isFeasible(problem: ChoiceProblem, choice: Choice): boolean {
  if (costOf(problem, choice) >= FORBIDDEN) return false;
  return problem.memoryLimit === null || peakOf(problem, choice).memory <= problem.memoryLimit;
}

/** Whether all costs are whole numbers: then a bound may be rounded up. */
export function hasWholeCosts(problem: ChoiceProblem): boolean {
  const whole = (costs: ArrayLike<number>): boolean => {
    for (let index = 0; index < costs.length; index++) if (!Number.isInteger(costs[index])) return false;
    return true;
  };
  return problem.nodes.every(({ costs }) => whole(costs)) && problem.edges.every(({ costs }) => whole(costs));
}
