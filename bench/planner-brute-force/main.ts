/**
 * The planner against trying everything: random choice problems (memory limits included), and random op graphs on random
 * meshes: `node dist/bench/planner-brute-force/main.js [count] [seed]`. Exits with 1 at the first difference.
 */
import type { BlockCosts } from '../../compiler/passes/plan/intra/index.ts';
import { planBlock } from '../../compiler/passes/plan/intra/index.ts';
import { isFeasible, randomFrom, solveChoice } from '../../compiler/passes/plan/search/index.ts';
import { bytesMoved, meshOf } from '../../compiler/passes/shard/index.ts';
import { bruteForce, randomProblem } from '../../test/plan/choice-problems.ts';
import { cheapestByTrying, randomOpGraph } from '../../test/plan/op-graphs.ts';

const count = Number(process.argv[2] ?? 1000);
const random = randomFrom(Number(process.argv[3] ?? 1));

const fail = (what: string, expected: number, found: number): never => {
  console.error(`${what}: ${found}, by trying everything ${expected}`);
  process.exit(1);
};

let infeasible = 0;
let limited = 0;
for (let round = 0; round < count; round++) {
  const problem = randomProblem(random, 8);
  const expected = bruteForce(problem);
  const { choice, cost, status } = solveChoice(problem);
  if (cost !== (expected?.cost ?? Infinity)) fail(`choice problem ${round}`, expected?.cost ?? Infinity, cost);
  if (status.kind !== (expected === null ? 'infeasible' : 'optimal')) fail(`status of choice problem ${round}`, 0, 1);
  if (choice !== null && !isFeasible(problem, choice)) fail(`feasibility of choice problem ${round}`, 0, 1);
  if (expected === null) infeasible++;
  if (problem.memoryLimit !== null) limited++;
}
console.log(
  `${count} choice problems equal (${limited} with a memory limit, ${infeasible} proved to have no solution)`,
);

const meshes = [
  meshOf({ dp: 2 }),
  meshOf({ dp: 4 }),
  meshOf({ dp: 8 }),
  meshOf({ dp: 2, mp: 2 }),
  meshOf({ dp: 2, mp: 3 }),
  meshOf({ dp: 2, mp: 4 }),
];
let [compared, operations] = [0, 0];
while (compared < count) {
  const mesh = meshes[Math.floor(random() * meshes.length)];
  const costs: BlockCosts = {
    flopsPerSecond: 1 + 30 * random(),
    memoryBytesPerSecond: 4 + 60 * random(),
    stepSeconds: (step) => (step.kind === 'split' ? 0 : step.axes.length + bytesMoved(step) / 8),
    training: random() < 0.7,
    stateFactor: 1,
    memoryLimit: null,
  };
  const graph = randomOpGraph(random, 8);
  const expected = cheapestByTrying(graph, mesh, costs, 20_000);
  if (expected === null) continue;
  const plan = planBlock(graph.operations, mesh, costs, { isParameter: (value) => graph.parameters.has(value) });
  const seconds = (plan?.forwardSeconds ?? Infinity) + (plan?.backwardSeconds ?? 0);
  if (Math.abs(seconds - expected) > 1e-9 * expected || plan?.status.kind !== 'optimal')
    fail(`op graph ${compared}`, expected, seconds);
  compared++;
  operations += graph.operations.length;
}
console.log(
  `${count} op graphs equal (${(operations / count).toFixed(1)} operations on average, meshes of 2 to 8 devices)`,
);
