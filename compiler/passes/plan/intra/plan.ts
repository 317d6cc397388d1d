/** The cheapest layouts of one block on a mesh, explained; repeated blocks are solved once. */
import type { Operation, Value } from '../../../ir/index.ts';
import type { Layout, Mesh } from '../../shard/index.ts';
import type { Choice, ChoiceProblem, SolutionStatus, SolveOptions } from '../search/index.ts';
import { FORBIDDEN, peakOf, solveChoice } from '../search/index.ts';
import type { BlockCosts } from './costs.ts';
import type { BlockGraph, BlockOptions } from './graph.ts';
import { blockGraphOf } from './graph.ts';
import { structureOf } from './structure.ts';
import { sliceBytes } from './work.ts';

/** What one operation costs in a plan, in seconds; communication of its results and operands included. */
export interface ChoiceTerms {
  readonly computeForward: number;
  readonly computeBackward: number;
  readonly communicationForward: number;
  readonly communicationBackward: number;
}

export interface OperationChoice {
  readonly operation: Operation;
  readonly operands: readonly Layout[];
  /** As computed: parts may still have to be joined. */
  readonly results: readonly Layout[];
  readonly terms: ChoiceTerms;
  /** The best plan of the block in which this operation is cut otherwise; null when there is none or none was asked for. */
  readonly runnerUp: {
    readonly operands: readonly Layout[];
    readonly results: readonly Layout[];
    /** How many seconds more the whole block takes. */
    readonly secondsMore: number;
  } | null;
}

export interface LayerPlan {
  readonly forwardSeconds: number;
  readonly backwardSeconds: number;
  /** The part of both that is collectives. */
  readonly communicationSeconds: number;
  /** Bytes of the parameters on one device, without gradients and optimizer state. */
  readonly weightBytes: number;
  /** Bytes of activations on one device at the fullest time. */
  readonly activationBytes: number;
  readonly choices: readonly OperationChoice[];
  /** How each value rests between operations. */
  readonly homes: ReadonlyMap<Value, Layout>;
  readonly status: SolutionStatus;
  /** No plan of the block takes fewer seconds. */
  readonly bound: number;
}

export interface PlanOptions extends BlockOptions {
  /** Finds the runner-up of each operation: one more search per operation. */
  readonly explain?: boolean;
  readonly solve?: SolveOptions;
}

/** Plans a block: straight-line operations in order. Null when nothing fits the memory limit or the ties. */
export function planBlock(
  operations: readonly Operation[],
  mesh: Mesh,
  costs: BlockCosts,
  options: PlanOptions,
): LayerPlan | null {
  const graph = blockGraphOf(operations, mesh, costs, options);
  const { choice, status, bound } = solveChoice(graph.problem, options.solve);
  return choice === null ? null : planFrom(graph, mesh, options, choice, status, bound);
}

/**
 * Plans several blocks; of those that are equal in structure (ops, attributes, types, wiring, parameters) one is
 * searched and the others take its choices over.
 */
export function planBlocks(
  blocks: readonly (readonly Operation[])[],
  mesh: Mesh,
  costs: BlockCosts,
  options: PlanOptions,
): readonly (LayerPlan | null)[] {
  const solved = new Map<string, { readonly graph: BlockGraph; readonly solution: ReturnType<typeof solveChoice> }>();
  return blocks.map((operations) => {
    const key = structureOf(operations, options);
    const known = solved.get(key);
    const graph =
      known === undefined ? blockGraphOf(operations, mesh, costs, options) : retarget(known.graph, operations);
    const solution = known?.solution ?? solveChoice(graph.problem, options.solve);
    solved.set(key, { graph: known?.graph ?? graph, solution });
    const { choice, status, bound } = solution;
    return choice === null ? null : planFrom(graph, mesh, options, choice, status, bound);
  });
}

/** The graph of a block over another one of equal structure: values correspond by their order of appearance. */
function retarget(graph: BlockGraph, operations: readonly Operation[]): BlockGraph {
  const values = [...new Set(operations.flatMap((op) => [...op.operands, ...op.results]))];
  return {
    ...graph,
    operations: graph.operations.map((node, index) => ({ ...node, operation: operations[index] })),
    values: graph.values.map((node, index) => ({ ...node, value: values[index] })),
  };
}

function planFrom(
  graph: BlockGraph,
  mesh: Mesh,
  options: PlanOptions,
  choice: Choice,
  status: SolutionStatus,
  bound: number,
): LayerPlan {
  const { operations, values } = graph;
  const homeOf = (value: number): number => choice[operations.length + value];
  const terms = termsOf(graph, choice);
  const sum = (term: keyof ChoiceTerms): number => terms.reduce((total, of) => total + of[term], 0);
  const communicationForward = sum('communicationForward');
  const communicationBackward = sum('communicationBackward');
  const weights = values.flatMap(({ value, homes, parameter }, index) =>
    parameter ? [sliceBytes(value.type, mesh, homes[homeOf(index)])] : [],
  );
  const seconds = sum('computeForward') + sum('computeBackward') + communicationForward + communicationBackward;
  return {
    forwardSeconds: sum('computeForward') + communicationForward,
    backwardSeconds: sum('computeBackward') + communicationBackward,
    communicationSeconds: communicationForward + communicationBackward,
    weightBytes: weights.reduce((total, bytes) => total + bytes, 0),
    activationBytes: activationPeak(graph, choice),
    homes: new Map(values.map(({ value, homes }, index) => [value, homes[homeOf(index)]])),
    status,
    bound,
    choices: operations.map(({ operation, strategies }, index) => ({
      operation,
      operands: strategies[choice[index]].operands,
      results: strategies[choice[index]].results,
      terms: terms[index],
      runnerUp: options.explain === true ? runnerUpOf(graph, index, choice, seconds, options) : null,
    })),
  };
}

/** Cost terms by operation. */
function termsOf(graph: BlockGraph, choice: Choice): readonly ChoiceTerms[] {
  const offset = graph.operations.length;
  const forward = new Float64Array(offset);
  const backward = new Float64Array(offset);
  for (const edge of graph.edges) {
    const terms = edge.terms(choice[edge.operation], choice[offset + edge.value]);
    forward[edge.operation] += terms.forward;
    backward[edge.operation] += terms.backward;
  }
  return graph.operations.map(({ work }, index) => ({
    computeForward: work[choice[index]].forward,
    computeBackward: work[choice[index]].backward,
    communicationForward: forward[index],
    communicationBackward: backward[index],
  }));
}

function activationPeak(graph: BlockGraph, choice: Choice): number {
  const { problem, operations, values } = graph;
  const nodes = problem.nodes.map((node, index) => {
    const parameter = values[index - operations.length]?.parameter ?? false;
    return parameter ? { ...node, from: 0, to: 0 } : node;
  });
  return peakOf({ ...problem, nodes }, choice).memory;
}

/** The best plan without the chosen strategy of one operation. */
function runnerUpOf(
  graph: BlockGraph,
  index: number,
  choice: Choice,
  seconds: number,
  options: PlanOptions,
): OperationChoice['runnerUp'] {
  const { problem, operations } = graph;
  const node = problem.nodes[index];
  const costs = Float64Array.from(node.costs).fill(FORBIDDEN, choice[index], choice[index] + 1);
  const without: ChoiceProblem = { ...problem, nodes: problem.nodes.with(index, { ...node, costs }) };
  const other = solveChoice(without, options.solve);
  if (other.choice === null) return null;
  const { operands, results } = operations[index].strategies[other.choice[index]];
  return { operands, results, secondsMore: other.cost - seconds };
}
