/**
 * Costs of the nodes of a graph. Arithmetic is counted op by op; simulated time and traffic are known by place and are divided among
 * the ops of a place by what they touch and compute. An op that was fused has a place of its own: before fusion its costs belong to
 * the ops that it is made of, and the other way round.
 */
import type { CostSection } from './costs.ts';
import { type Graph, type GraphSection, nodeKinds } from './graph.ts';

export const costKinds = ['seconds', 'bytes', 'flops'] as const;
export type CostKind = (typeof costKinds)[number];

/** One figure for each node; null where nothing is known. */
export type NodeCosts = Readonly<Record<CostKind, Float64Array | null>>;

const OP = nodeKinds.indexOf('op');

export function nodeCosts(graph: Graph, costs: CostSection | null, parts: GraphSection['parts']): NodeCosts {
  const { flops, bytes } = graph.nodes;
  if (costs?.timed !== true) return { seconds: null, bytes: known(bytes), flops: known(flops) };
  const owners = new Owners(graph, parts);
  const column = (value: (row: CostSection['places'][number]) => number): Float64Array => {
    const found = new Float64Array(graph.nodes.kind.length);
    for (const row of costs.places) owners.divide(row.place, value(row), found);
    return found;
  };
  return { seconds: column(({ seconds }) => seconds), bytes: column((row) => row.bytes), flops: known(flops) };
}

const known = (column: readonly number[]): Float64Array | null =>
  column.some((value) => value > 0) ? Float64Array.from(column, (value) => Math.max(0, value)) : null;

/** Arithmetic operations that take about as long as moving a byte; only shares within a place depend on it. */
const OPERATIONS_PER_BYTE = 16;

/** Which ops the costs of a place belong to. */
class Owners {
  readonly #weights: readonly number[];
  readonly #nodes = new Map<number, number[]>();
  readonly #parts: ReadonlyMap<number, readonly number[]>;
  /** Places of nodes that have a place as a part. */
  readonly #withPart = new Map<number, number[]>();

  constructor({ nodes }: Graph, parts: GraphSection['parts']) {
    this.#weights = nodes.bytes.map(
      (bytes, node) => 1 + Math.max(0, bytes) + Math.max(0, nodes.flops[node] ?? 0) / OPERATIONS_PER_BYTE,
    );
    this.#parts = new Map(parts.map(({ place, parts: places }) => [place, places]));
    for (const [node, place] of nodes.place.entries()) if (nodes.kind[node] === OP) put(this.#nodes, place, node);
    for (const place of this.#nodes.keys()) for (const part of this.#partsOf(place)) put(this.#withPart, part, place);
  }

  /** Adds a cost to the nodes of a place by weight. */
  divide(place: number, cost: number, target: Float64Array): void {
    if (cost === 0) return;
    const nodes = this.#nodes.get(place) ?? this.#related(place).flatMap((other) => this.#nodes.get(other) ?? []);
    const total = nodes.reduce((sum, node) => sum + (this.#weights[node] ?? 0), 0);
    for (const node of nodes) target[node] = (target[node] ?? 0) + (cost * (this.#weights[node] ?? 0)) / total;
  }

  #partsOf(place: number): readonly number[] {
    return this.#parts.get(place) ?? [place];
  }

  /** The places of nodes that became an op of this place; or else those of nodes that this place became a part of. */
  #related(place: number): readonly number[] {
    const parts = new Set(this.#partsOf(place));
    const others = [...new Set([...parts].flatMap((part) => this.#withPart.get(part) ?? []))];
    const inside = others.filter((other) => this.#partsOf(other).every((part) => parts.has(part)));
    return inside.length > 0 ? inside : others;
  }
}

function put(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
