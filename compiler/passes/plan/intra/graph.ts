/**
 * A block as a choice problem. Nodes are operations (strategies: how they are cut) and values (strategies: how they rest,
 * their home); edges are the cheapest reshardings between them, of values forward and of gradients backward. This is how
 * the partitioner runs a plan: results go home, operands are fetched from home.
 */
import type { Operation, Value } from '../../../ir/index.ts';
import type { Layout, Mesh, OpSharding } from '../../shard/index.ts';
import { layoutOf, layoutText, replicated, reshard, withoutPartial } from '../../shard/index.ts';
import type { ChoiceEdge, ChoiceNode, ChoiceProblem } from '../search/index.ts';
import { FORBIDDEN } from '../search/index.ts';
import type { BlockCosts } from './costs.ts';
import { layoutsOf, shardingsOf } from './strategies.ts';
import { backwardFactor, computeSeconds, elementBytesOf, isDifferentiable, shapeOf, sliceBytes } from './work.ts';

export interface BlockOptions {
  /** Whether a value is a parameter: kept for good, and its gradient is wanted. */
  readonly isParameter: (value: Value) => boolean;
  /** Values that must lie alike: what a repeated layer returns and what it takes. */
  readonly ties?: readonly (readonly [Value, Value])[];
}

/** Cost terms of one strategy, in seconds. */
export interface WorkTerms {
  readonly forward: number;
  readonly backward: number;
}

export interface OperationNode {
  readonly operation: Operation;
  readonly strategies: readonly OpSharding[];
  readonly work: readonly WorkTerms[];
}

export interface ValueNode {
  readonly value: Value;
  readonly homes: readonly Layout[];
  readonly parameter: boolean;
  readonly hasGradient: boolean;
}

/** Seconds of the two sweeps over an edge. */
export type EdgeTerms = (operationStrategy: number, home: number) => WorkTerms;

export interface BlockEdge {
  readonly operation: number;
  readonly value: number;
  /** Which operand or result. */
  readonly side: 'operand' | 'result';
  readonly at: number;
  readonly terms: EdgeTerms;
}

export interface BlockGraph {
  /** Node i of the problem is `operations[i]`; values follow. */
  readonly operations: readonly OperationNode[];
  readonly values: readonly ValueNode[];
  readonly edges: readonly BlockEdge[];
  readonly problem: ChoiceProblem;
}

export function blockGraphOf(
  operations: readonly Operation[],
  mesh: Mesh,
  costs: BlockCosts,
  options: BlockOptions,
): BlockGraph {
  const gradients = gradientsOf(operations, options);
  const hasGradient = (value: Value): boolean => costs.training && gradients.has(value);
  const opNodes = operations.map((operation) => operationNode(operation, mesh, costs, hasGradient));
  const values = [...new Set(operations.flatMap((op) => [...op.operands, ...op.results]))];
  const valueNodes = values.map((value) => ({
    value,
    homes: homesOf(value, mesh),
    parameter: options.isParameter(value),
    hasGradient: hasGradient(value),
  }));
  const numberOf = new Map(values.map((value, index) => [value, index]));
  const seconds = reshardingSeconds(mesh, costs);
  const edges = opNodes.flatMap((node, operation) => edgesOf(node, operation, valueNodes, numberOf, seconds));
  const nodes = [
    ...opNodes.map(({ work }) => still(work.map(({ forward, backward }) => forward + backward))),
    ...valueNodes.map((node) => residentNode(node, operations, mesh, costs)),
  ];
  const problem: ChoiceProblem = {
    name: 'block',
    nodes,
    edges: [
      ...edges.map((edge) => choiceEdge(edge, opNodes, valueNodes)),
      ...(options.ties ?? []).flatMap(([left, right]) => tieOf(numberOf, valueNodes, opNodes.length, left, right)),
    ],
    memoryLimit: costs.memoryLimit,
  };
  return { operations: opNodes, values: valueNodes, edges, problem };
}

/** Values whose gradient is wanted: float parameters and inputs, and what is computed from them. */
function gradientsOf(operations: readonly Operation[], options: BlockOptions): ReadonlySet<Value> {
  const made = new Set(operations.flatMap((op) => op.results));
  const wanted = new Set<Value>();
  for (const op of operations) {
    for (const operand of op.operands)
      if (isDifferentiable(operand.type) && (options.isParameter(operand) || !made.has(operand))) wanted.add(operand);
    if (op.name !== 'ms.stop_gradient' && op.operands.some((operand) => wanted.has(operand)))
      for (const result of op.results) if (isDifferentiable(result.type)) wanted.add(result);
  }
  return wanted;
}

function operationNode(
  operation: Operation,
  mesh: Mesh,
  costs: BlockCosts,
  hasGradient: (value: Value) => boolean,
): OperationNode {
  const strategies = shardingsOf(operation, mesh);
  const factor = backwardFactor(operation, (at) => hasGradient(operation.operands[at]));
  const work = strategies.map((sharding) => {
    const forward = computeSeconds(operation, mesh, sharding, costs);
    return { forward, backward: costs.training ? forward * factor : 0 };
  });
  return { operation, strategies, work };
}

function homesOf(value: Value, mesh: Mesh): readonly Layout[] {
  const shape = shapeOf(value.type);
  if (shape !== null) return layoutsOf(shape, mesh);
  return [replicated(value.type.kind === 'tensor' ? value.type.shape.length : 0)];
}

const still = (costs: readonly number[]): ChoiceNode => ({ costs, memory: costs.map(() => 0), from: 0, to: 0 });

/**
 * Memory of a value: parameters stay; activations live from where they are made to their last use, and in training to
 * the end, since the backward pass reads them in reverse.
 */
function residentNode(node: ValueNode, operations: readonly Operation[], mesh: Mesh, costs: BlockCosts): ChoiceNode {
  const { value, homes, parameter } = node;
  const factor = parameter ? costs.stateFactor : 1;
  const made = operations.findIndex((op) => op.results.includes(value));
  const last = operations.findLastIndex((op) => op.operands.includes(value));
  const whole = parameter || (costs.training && last >= 0);
  return {
    costs: homes.map(() => 0),
    memory: homes.map((home) => sliceBytes(value.type, mesh, home) * factor),
    from: parameter ? 0 : Math.max(made, 0),
    to: whole || last < 0 ? operations.length : last + 1,
  };
}

type Seconds = (value: Value, from: Layout, to: Layout) => number;

function reshardingSeconds(mesh: Mesh, costs: BlockCosts): Seconds {
  const known = new Map<string, number>();
  return (value, from, to) => {
    const shape = shapeOf(value.type);
    if (shape === null) return 0;
    const bytes = elementBytesOf(value.type);
    const key = `${shape.join('x')} ${bytes} ${layoutText(from)} ${layoutText(to)}`;
    let found = known.get(key);
    if (found === undefined) {
      found = reshard(mesh, from, to, shape, bytes, { cost: costs.stepSeconds })?.cost ?? FORBIDDEN;
      known.set(key, found);
    }
    return found;
  };
}

function edgesOf(
  node: OperationNode,
  operation: number,
  values: readonly ValueNode[],
  numberOf: ReadonlyMap<Value, number>,
  seconds: Seconds,
): readonly BlockEdge[] {
  const edge = (side: BlockEdge['side'], value: Value, at: number): BlockEdge[] => {
    const number = numberOf.get(value);
    if (number === undefined) return [];
    const { homes, hasGradient } = values[number];
    const terms: EdgeTerms = (strategy, home) => {
      const sharding = node.strategies[strategy];
      const rest = homes[home];
      if (side === 'result') {
        const made = sharding.results[at];
        const backward = hasGradient ? seconds(value, rest, withoutPartial(made)) : 0;
        return { forward: seconds(value, made, rest), backward };
      }
      const taken = sharding.operands[at];
      const backward = hasGradient ? seconds(value, gradientLayout(sharding, at), rest) : 0;
      return { forward: seconds(value, rest, taken), backward };
    };
    return [{ operation, value: number, side, at, terms }];
  };
  return [
    ...node.operation.operands.flatMap((value, at) => edge('operand', value, at)),
    ...node.operation.results.flatMap((value, at) => edge('result', value, at)),
  ];
}

/** How the gradient of an operand comes out: cut as the operand, partial over axes that cut only other tensors. */
export function gradientLayout(sharding: OpSharding, at: number): Layout {
  const { dimensions } = sharding.operands[at];
  const own = new Set(dimensions.flat());
  const others = [...sharding.assignment.values()].flat().filter((axis) => !own.has(axis));
  return layoutOf(dimensions, others);
}

function choiceEdge(edge: BlockEdge, operations: readonly OperationNode[], values: readonly ValueNode[]): ChoiceEdge {
  const strategies = operations[edge.operation].strategies.length;
  const homes = values[edge.value].homes.length;
  const costs = new Float64Array(strategies * homes);
  for (let cell = 0; cell < costs.length; cell++) {
    const { forward, backward } = edge.terms(Math.floor(cell / homes), cell % homes);
    costs[cell] = Math.min(forward + backward, FORBIDDEN);
  }
  return { first: edge.operation, second: operations.length + edge.value, costs };
}

function tieOf(
  numberOf: ReadonlyMap<Value, number>,
  values: readonly ValueNode[],
  offset: number,
  left: Value,
  right: Value,
): readonly ChoiceEdge[] {
  const [first, second] = [numberOf.get(left), numberOf.get(right)];
  if (first === undefined || second === undefined) return [];
  const costs = values[first].homes.flatMap((home) =>
    values[second].homes.map((other) => (layoutText(home) === layoutText(other) ? 0 : FORBIDDEN)),
  );
  return [{ first: offset + first, second: offset + second, costs }];
}
