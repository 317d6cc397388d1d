/** Memory rows of a graph under reduction: what every choice holds is paid at once, terms and rows that cannot bind go. */
import type { ChoiceGraph, GraphNode } from './graph.ts';
import { FORBIDDEN } from './problem.ts';

/** False when some row is over its limit whatever is chosen. A strategy too large for its rows becomes forbidden. */
export function tightenMemory(graph: ChoiceGraph): boolean {
  const nodes = graph.nodes.filter((node) => node !== null);
  payLeast(graph, nodes);
  if (graph.limits.some((limit) => limit < 0)) return false;
  if (graph.limits.length === 0) return true;
  dropSlack(graph, nodes);
  compactRows(graph, nodes);
  forbidTooLarge(graph, nodes);
  return true;
}

/** Takes the least of each term out of the limits. */
function payLeast(graph: ChoiceGraph, nodes: readonly GraphNode[]): void {
  const paid = new Float64Array(graph.limits.length + 1);
  for (const node of nodes)
    node.terms = node.terms.flatMap(({ from, to, bytes }) => {
      const least = minimum(bytes);
      paid[from] += least;
      paid[to] -= least;
      const rest = least === 0 ? bytes : bytes.map((value) => value - least);
      return rest.some((value) => value > 0) ? [{ from, to, bytes: rest }] : [];
    });
  let sum = 0;
  graph.limits = graph.limits.map((limit, row) => limit - (sum += paid[row]));
}

/** Drops terms all of whose rows hold even the largest strategies. */
function dropSlack(graph: ChoiceGraph, nodes: readonly GraphNode[]): void {
  const most = new Float64Array(graph.limits.length + 1);
  for (const { terms } of nodes)
    for (const { from, to, bytes } of terms) {
      const largest = maximum(bytes);
      most[from] += largest;
      most[to] -= largest;
    }
  const bindingBefore = new Int32Array(graph.limits.length + 1);
  let sum = 0;
  graph.limits.forEach((limit, row) => {
    sum += most[row];
    bindingBefore[row + 1] = bindingBefore[row] + (sum > limit ? 1 : 0);
  });
  for (const node of nodes) node.terms = node.terms.filter(({ from, to }) => bindingBefore[to] > bindingBefore[from]);
}

/** Rows between two ends of terms see the same choices: the tightest of them stands for all. */
function compactRows(graph: ChoiceGraph, nodes: readonly GraphNode[]): void {
  const marks = new Uint8Array(graph.limits.length + 1);
  for (const { terms } of nodes) for (const { from, to } of terms) marks[from] = marks[to] = 1;
  const rowOf = new Int32Array(marks.length);
  const limits: number[] = [];
  marks.forEach((mark, row) => {
    if (mark === 1 || row === 0) limits.push(Infinity);
    rowOf[row] = limits.length - 1;
    if (row < graph.limits.length) limits[limits.length - 1] = Math.min(limits[limits.length - 1], graph.limits[row]);
  });
  const count = marks[graph.limits.length] === 1 ? limits.length - 1 : limits.length;
  graph.limits = Float64Array.from(limits.slice(0, count));
  for (const node of nodes)
    node.terms = node.terms.map(({ from, to, bytes }) => ({ from: rowOf[from], to: rowOf[to], bytes }));
}

/** Forbids strategies that are over a limit on their own. */
function forbidTooLarge(graph: ChoiceGraph, nodes: readonly GraphNode[]): void {
  const leastLimit = rangeMinimum(graph.limits);
  for (const node of nodes)
    for (const { from, to, bytes } of node.terms) {
      const limit = leastLimit(from, to);
      if (bytes.some((value) => value > limit))
        node.costs = node.costs.map((cost, strategy) => (bytes[strategy] > limit ? FORBIDDEN : cost));
    }
}

/** Least value of any range, by a table of power-of-two stretches. */
function rangeMinimum(values: Float64Array): (from: number, to: number) => number {
  const levels = [values];
  for (let width = 1; 2 * width <= values.length; width *= 2) {
    const below = levels[levels.length - 1];
    levels.push(
      Float64Array.from({ length: values.length - 2 * width + 1 }, (_, row) =>
        Math.min(below[row], below[row + width]),
      ),
    );
  }
  return (from, to) => {
    const level = 31 - Math.clz32(to - from);
    return Math.min(levels[level][from], levels[level][to - 2 ** level]);
  };
}

export const minimum = (values: ArrayLike<number>): number => {
  let least = Infinity;
  for (let index = 0; index < values.length; index++) if (values[index] < least) least = values[index];
  return least;
};

export const maximum = (values: ArrayLike<number>): number => {
  let most = -Infinity;
  for (let index = 0; index < values.length; index++) if (values[index] > most) most = values[index];
  return most;
};
