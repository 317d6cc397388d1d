/**
 * Reductions that keep an optimal choice: strategies that cannot or need not be chosen go, nodes whose best strategy
 * follows from one or two neighbours go. A node that holds memory is never folded by cost, since its best strategy then
 * depends on more than its neighbours; but a follower (each strategy of a neighbour allows at most one of its own) is
 * merged whole, memory and all. Most of a sharding graph consists of followers and leaves.
 */
import { addTable, nodeOf, removeNode, restrictNode, tableFrom } from './graph.ts';
import type { ChoiceGraph, GraphNode } from './graph.ts';
import { FORBIDDEN, addCosts } from './problem.ts';

/** A neighbour as seen from the node at hand: rows of the table are the node's strategies. */
interface Side {
  readonly neighbour: number;
  readonly costs: Float64Array;
  readonly table: Float64Array;
}

/** A fold may make a table this large, as a multiple of the tables that it replaces. */
const GROWTH = 4;

/**
 * Reduces to a fixed point. False when a node is left without a strategy: nothing is feasible. Strategies of a node are
 * compared with each other when that looks at no more than `mostCompared` cells.
 */
export function reduceGraph(graph: ChoiceGraph, mostCompared: number): boolean {
  const queue = [...graph.nodes.keys()].filter((index) => graph.nodes[index] !== null);
  const queued = new Uint8Array(graph.nodes.length).fill(1);
  const visit = (index: number): void => {
    if (queued[index] === 1 || graph.nodes[index] === null) return;
    queued[index] = 1;
    queue.push(index);
  };
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    queued[index] = 0;
    const touched = reduceNode(graph, index, mostCompared);
    if (touched === null) return false;
    touched.forEach(visit);
  }
  return true;
}

/** One reduction at a node: the nodes to look at again, none when nothing applies, null when nothing is feasible. */
function reduceNode(graph: ChoiceGraph, index: number, mostCompared: number): readonly number[] | null {
  const node = graph.nodes[index];
  if (node === null) return [];
  const sides = [...node.tables.keys()].map((neighbour) => ({
    neighbour,
    costs: nodeOf(graph, neighbour).costs,
    table: tableFrom(graph, index, neighbour),
  }));
  const kept = worthwhile(node, sides, mostCompared);
  if (kept.length === 0) return null;
  if (kept.length < node.costs.length) {
    restrictNode(graph, index, kept);
    return [index, ...node.tables.keys()];
  }
  if (node.terms.length === 0 && sides.length < 3 && foldIsSmall(node, sides)) return fold(graph, index, node, sides);
  for (const side of sides) {
    const strategy = followed(node, side);
    if (strategy !== null) return mergeFollower(graph, index, side, sides, strategy);
  }
  return [];
}

/** The strategies that are possible and that no other one beats whatever the neighbours choose. */
function worthwhile(node: GraphNode, sides: readonly Side[], mostCompared: number): readonly number[] {
  const possible: number[] = [];
  for (let strategy = 0; strategy < node.costs.length; strategy++)
    if (node.costs[strategy] < FORBIDDEN && sides.every((side) => hasPartner(side, strategy))) possible.push(strategy);
  let compared = possible.length ** 2;
  for (const { costs } of sides) compared += costs.length * possible.length ** 2;
  if (compared > mostCompared) return possible;
  const beaten = new Uint8Array(node.costs.length);
  for (const strategy of possible)
    for (const better of possible) {
      if (better === strategy || beaten[better] === 1 || !dominates(node, sides, better, strategy)) continue;
      beaten[strategy] = 1;
      break;
    }
  return possible.filter((strategy) => beaten[strategy] === 0);
}

function hasPartner({ costs, table }: Side, strategy: number): boolean {
  const row = strategy * costs.length;
  for (let partner = 0; partner < costs.length; partner++)
    if (table[row + partner] < FORBIDDEN && costs[partner] < FORBIDDEN) return true;
  return false;
}

function dominates(node: GraphNode, sides: readonly Side[], better: number, worse: number): boolean {
  let margin = node.costs[worse] - node.costs[better];
  if (margin < 0 && sides.length === 0) return false;
  for (const { bytes } of node.terms) if (bytes[better] > bytes[worse]) return false;
  for (const side of sides) {
    margin += leastMargin(side, better, worse);
    if (margin === -Infinity) return false;
  }
  return margin >= 0;
}

/** The least that choosing `better` instead of `worse` saves on one side. */
function leastMargin({ costs, table }: Side, better: number, worse: number): number {
  const width = costs.length;
  let least = FORBIDDEN;
  for (let partner = 0; partner < width; partner++) {
    const [bad, good] = [table[worse * width + partner], table[better * width + partner]];
    if (bad >= FORBIDDEN) continue;
    if (good >= FORBIDDEN) return -Infinity;
    if (bad - good < least) least = bad - good;
  }
  return least;
}

function foldIsSmall(node: GraphNode, sides: readonly Side[]): boolean {
  if (sides.length < 2) return true;
  const [left, right] = sides.map(({ costs }) => costs.length);
  return left * right <= GROWTH * node.costs.length * (left + right) + 64;
}

/** Removes a node with at most two neighbours: they pay for its best strategy. */
function fold(graph: ChoiceGraph, index: number, node: GraphNode, sides: readonly Side[]): readonly number[] {
  const widths = sides.map(({ costs }) => costs.length);
  const cells = widths.reduce((product, width) => product * width, 1);
  const costs = new Float64Array(cells).fill(FORBIDDEN);
  const strategy = new Int32Array(cells);
  const [left, right] = sides;
  const rightWidth = right?.costs.length ?? 1;
  for (let cell = 0; cell < cells; cell++)
    for (let own = 0; own < node.costs.length; own++) {
      const column = Math.floor(cell / rightWidth);
      const near = left === undefined ? 0 : left.table[own * left.costs.length + column];
      const far = right === undefined ? 0 : right.table[own * rightWidth + (cell % rightWidth)];
      const cost = addCosts(node.costs[own], near + far);
      if (cost >= costs[cell]) continue;
      costs[cell] = cost;
      strategy[cell] = own;
    }
  const by = sides.map(({ neighbour }) => neighbour);
  graph.reductions.push({ kind: 'determined', node: index, by, widths, strategy });
  removeNode(graph, index);
  if (sides.length === 0) graph.fixedCost = addCosts(graph.fixedCost, costs[0]);
  else if (sides.length === 1) addNodeCosts(nodeOf(graph, by[0]), costs);
  else addTable(graph, by[0], by[1], costs);
  return by;
}

function addNodeCosts(node: GraphNode, costs: Float64Array): void {
  node.costs = node.costs.map((cost, strategy) => addCosts(cost, costs[strategy]));
}

/** The only strategy that each one of a neighbour allows (-1: none), or null when some allow several. */
function followed(node: GraphNode, { costs, table }: Side): Int32Array | null {
  const strategy = new Int32Array(costs.length).fill(-1);
  for (let own = 0; own < node.costs.length; own++)
    for (let leading = 0; leading < costs.length; leading++) {
      if (table[own * costs.length + leading] >= FORBIDDEN) continue;
      if (strategy[leading] >= 0) return null;
      strategy[leading] = own;
    }
  return strategy;
}

/** Makes a follower part of its leader: costs, memory and tables to other nodes. */
function mergeFollower(
  graph: ChoiceGraph,
  index: number,
  { neighbour, table }: Side,
  sides: readonly Side[],
  strategy: Int32Array,
): readonly number[] {
  const node = nodeOf(graph, index);
  const leader = nodeOf(graph, neighbour);
  const width = leader.costs.length;
  const ofLeader = (value: (own: number, leading: number) => number, never: number): Float64Array =>
    Float64Array.from(strategy, (own, leading) => (own < 0 ? never : value(own, leading)));
  addNodeCosts(
    leader,
    ofLeader((own, leading) => addCosts(node.costs[own], table[own * width + leading]), FORBIDDEN),
  );
  for (const { from, to, bytes } of node.terms)
    leader.terms.push({ from, to, bytes: ofLeader((own) => bytes[own], 0) });
  const touched = removeNode(graph, index);
  for (const side of sides) {
    if (side.neighbour === neighbour) continue;
    const columns = side.costs.length;
    const moved = new Float64Array(width * columns).fill(FORBIDDEN);
    strategy.forEach((own, leading) => {
      if (own >= 0) moved.set(side.table.subarray(own * columns, (own + 1) * columns), leading * columns);
    });
    addTable(graph, neighbour, side.neighbour, moved);
  }
  const by = [neighbour];
  graph.reductions.push({ kind: 'determined', node: index, by, widths: [width], strategy });
  return touched;
}
