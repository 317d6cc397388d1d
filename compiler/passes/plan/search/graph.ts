/** The working form of a choice problem: one table per pair of nodes, shrunk in place by the reductions. */
import { FORBIDDEN, addCosts } from './problem.ts';
import type { Choice, ChoiceProblem } from './problem.ts';

/** Memory that a node's strategies hold over rows of the memory limit, half open, beyond the least of them. */
export interface MemoryTerm {
  readonly from: number;
  readonly to: number;
  /** By strategy. */
  readonly bytes: Float64Array;
}

export interface GraphNode {
  costs: Float64Array;
  terms: MemoryTerm[];
  /** Table of the pair by neighbour: row-major with the node's own strategies as rows; never written in place. */
  readonly tables: Map<number, Float64Array>;
}

/** What a reduction did, so that a choice of what is left becomes a choice of everything. */
export type Reduction =
  /** Only these strategies are left. */
  | { readonly kind: 'restrict'; readonly node: number; readonly kept: readonly number[] }
  /** The strategy follows from those of the neighbours (none, one or two; the second varies fastest). */
  | {
      readonly kind: 'determined';
      readonly node: number;
      readonly by: readonly number[];
      readonly widths: readonly number[];
      readonly strategy: Int32Array;
    };

export interface ChoiceGraph {
  /** Null once a node is reduced away. */
  readonly nodes: (GraphNode | null)[];
  /** Cost of nodes that are gone. */
  fixedCost: number;
  readonly reductions: Reduction[];
  /** Room for the terms, by row. */
  limits: Float64Array;
}

export function graphOf(
  problem: ChoiceProblem,
  limits: Float64Array,
  termsOf: (node: number) => readonly MemoryTerm[],
): ChoiceGraph {
  const graph: ChoiceGraph = {
    nodes: problem.nodes.map(({ costs }, index) => ({
      costs: Float64Array.from(costs, (cost) => Math.min(cost, FORBIDDEN)),
      terms: [...termsOf(index)],
      tables: new Map(),
    })),
    fixedCost: 0,
    reductions: [],
    limits,
  };
  for (const { first, second, costs } of problem.edges) addTable(graph, first, second, Float64Array.from(costs));
  return graph;
}

export function nodeOf(graph: ChoiceGraph, index: number): GraphNode {
  const node = graph.nodes[index];
  if (node === null || node === undefined) throw new Error(`choice node ${index} is reduced away`);
  return node;
}

/** The table between a node and its neighbour with the node's strategies as rows. */
export function tableFrom(graph: ChoiceGraph, node: number, neighbour: number): Float64Array {
  const table = nodeOf(graph, node).tables.get(neighbour);
  if (table === undefined) throw new Error(`no table between choice nodes ${node} and ${neighbour}`);
  return table;
}

/** Adds a table (rows: strategies of `first`); parallel edges become one, a loop becomes a cost of its node. */
export function addTable(graph: ChoiceGraph, first: number, second: number, costs: Float64Array): void {
  const [one, other] = [nodeOf(graph, first), nodeOf(graph, second)];
  const [rows, columns] = [one.costs.length, other.costs.length];
  if (first === second) {
    one.costs = one.costs.map((cost, index) => addCosts(cost, costs[index * columns + index]));
    return;
  }
  const old = one.tables.get(second);
  const sum = old === undefined ? costs : old.map((cost, index) => addCosts(cost, costs[index]));
  one.tables.set(second, sum);
  other.tables.set(first, transposed(sum, rows, columns));
}

export function transposed(table: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(table.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = table[row * columns + column];
  return result;
}

/** Takes a node out of the graph; returns who its neighbours were. */
export function removeNode(graph: ChoiceGraph, index: number): readonly number[] {
  const neighbours = [...nodeOf(graph, index).tables.keys()];
  for (const neighbour of neighbours) nodeOf(graph, neighbour).tables.delete(index);
  graph.nodes[index] = null;
  return neighbours;
}

/** Keeps only some strategies of a node, in its tables too. */
export function restrictNode(graph: ChoiceGraph, index: number, kept: readonly number[]): void {
  const node = nodeOf(graph, index);
  for (const neighbour of node.tables.keys()) {
    const table = tableFrom(graph, index, neighbour);
    const columns = nodeOf(graph, neighbour).costs.length;
    const rest = new Float64Array(kept.length * columns);
    kept.forEach((strategy, row) =>
      rest.set(table.subarray(strategy * columns, (strategy + 1) * columns), row * columns),
    );
    node.tables.set(neighbour, rest);
    nodeOf(graph, neighbour).tables.set(index, transposed(rest, kept.length, columns));
  }
  node.costs = Float64Array.from(kept, (strategy) => node.costs[strategy]);
  node.terms = node.terms.map((term) => ({
    ...term,
    bytes: Float64Array.from(kept, (strategy) => term.bytes[strategy]),
  }));
  graph.reductions.push({ kind: 'restrict', node: index, kept });
}

/** Turns a choice of the nodes that are left into one of the whole problem, in place: reductions undone, last first. */
export function expandChoice(graph: ChoiceGraph, choice: Choice): Choice {
  for (let step = graph.reductions.length - 1; step >= 0; step--) {
    const reduction = graph.reductions[step];
    if (reduction.kind === 'restrict') choice[reduction.node] = reduction.kept[choice[reduction.node]];
    else {
      let cell = 0;
      reduction.by.forEach((node, place) => (cell = cell * reduction.widths[place] + choice[node]));
      choice[reduction.node] = reduction.strategy[cell];
    }
  }
  return choice;
}
