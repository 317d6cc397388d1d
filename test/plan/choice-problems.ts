/** Random small choice problems and their answer by trying everything, for tests and benches. */
import type { ChoiceProblem } from '../../compiler/passes/plan/search/index.ts';
import { FORBIDDEN } from '../../compiler/passes/plan/search/index.ts';

/** Every combination, costed from the definition. Null when none is feasible. */
export function bruteForce(problem: ChoiceProblem): { readonly cost: number; readonly choice: Int32Array } | null {
  const choice = new Int32Array(problem.nodes.length);
  let best: { cost: number; choice: Int32Array } | null = null;
  for (;;) {
    const cost = plainCost(problem, choice);
    if (cost < FORBIDDEN && fits(problem, choice) && (best === null || cost < best.cost))
      best = { cost, choice: choice.slice() };
    let node = 0;
    while (node < choice.length && ++choice[node] === problem.nodes[node].costs.length) choice[node++] = 0;
    if (node === choice.length) return best;
  }
}

function plainCost({ nodes, edges }: ChoiceProblem, choice: Int32Array): number {
  let cost = 0;
  nodes.forEach(({ costs }, node) => (cost += costs[choice[node]]));
  for (const { first, second, costs } of edges)
    cost += costs[choice[first] * nodes[second].costs.length + choice[second]];
  return cost;
}

function fits({ nodes, memoryLimit }: ChoiceProblem, choice: Int32Array): boolean {
  const end = Math.max(0, ...nodes.map(({ to }) => to));
  for (let time = 0; time < end; time++) {
    let memory = 0;
    nodes.forEach(
      ({ from, to, memory: bytes }, node) => (memory += from <= time && time < to ? bytes[choice[node]] : 0),
    );
    if (memory > (memoryLimit ?? Infinity)) return false;
  }
  return true;
}

/**
 * A problem from a source of uniform numbers: up to `mostNodes` nodes with 1 to 4 strategies, followers (identity tables
 * with all else forbidden), parallel edges, empty lives and limits between impossible and slack.
 */
export function randomProblem(random: () => number, mostNodes: number): ChoiceProblem {
  const below = (end: number): number => Math.floor(random() * end);
  const cost = (): number => (random() < 0.08 ? FORBIDDEN : below(50));
  const list = <T>(length: number, make: () => T): T[] => Array.from({ length }, make);
  const nodes = list(1 + below(mostNodes), () => {
    const strategies = 1 + below(4);
    const from = below(12);
    return { costs: list(strategies, cost), memory: list(strategies, () => below(20)), from, to: from + below(8) };
  });
  const edges = list(nodes.length === 1 ? 0 : below(2 * nodes.length), () => {
    const first = below(nodes.length);
    const second = (first + 1 + below(nodes.length - 1)) % nodes.length;
    const [rows, columns] = [nodes[first].costs.length, nodes[second].costs.length];
    const follows = random() < 0.3;
    const costs = list(rows * columns, cost).map((value, cell) =>
      follows && Math.floor(cell / columns) % columns !== cell % columns ? FORBIDDEN : value,
    );
    return { first, second, costs };
  });
  const whole = nodes.reduce((sum, { memory }) => sum + Math.max(...memory), 0);
  const memoryLimit = random() < 0.25 ? null : Math.round(whole * (0.15 + 0.6 * random()));
  return { name: 'random', nodes, edges, memoryLimit };
}
