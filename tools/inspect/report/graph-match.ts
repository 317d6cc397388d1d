/**
 * Which node of one compilation is which of another: groups are paired from the network down, by name and class, then by what they
 * hold, so that a renamed Cell is the same Cell; in a pair of groups the nodes are paired in order.
 */
import { alignBy } from './graph-align.ts';
import { type Graph, groupKinds, nodeKinds } from './graph.ts';

export interface GraphMatch {
  /** The right node of each left node, or -1. */
  readonly rightOf: Int32Array;
  /** The left node of each right node, or -1. */
  readonly leftOf: Int32Array;
  /** The right group of each left group, or -1. */
  readonly groupOf: Int32Array;
}

export function matchGraphs(left: Graph, right: Graph): GraphMatch {
  return new Matching(new Contents(left), new Contents(right)).run();
}

/** Groups with fewer ops in common (of both together) are different groups. */
const LEAST_ALIKE = 0.5;
/** So many pairs of leftover groups are compared at most. */
const MOST_PAIRS = 40_000;

/** Kinds whose name says which one it is; the others are told apart by what they hold. */
const named: ReadonlySet<string> = new Set(['network', 'function', 'cell', 'region', 'outputs']);

/** A graph's groups with what is in them. */
class Contents {
  readonly graph: Graph;
  readonly nodes: readonly (readonly number[])[];
  readonly groups: readonly (readonly number[])[];
  /** How many ops of each name are in a group, with those in its groups. */
  readonly #counts = new Map<number, ReadonlyMap<string, number>>();

  constructor(graph: Graph) {
    this.graph = graph;
    const nodes: number[][] = graph.groups.parent.map(() => []);
    const groups: number[][] = graph.groups.parent.map(() => []);
    for (const [node, group] of graph.nodes.group.entries()) nodes[group]?.push(node);
    for (const [group, parent] of graph.groups.parent.entries()) groups[parent]?.push(group);
    this.nodes = nodes;
    this.groups = groups;
  }

  kind(group: number): string {
    return groupKinds[this.graph.groups.kind[group] ?? 0] ?? '';
  }

  /** What has to agree first: name, call and class, or for a kernel what it computes. */
  identity(group: number): string {
    const { name, call, title } = this.graph.groups;
    const text = (index: number | undefined): string => this.graph.strings[index ?? 0] ?? '';
    return `${this.kind(group)} ${named.has(this.kind(group)) ? `${text(name[group])} ${call[group]}` : ''} ${text(title[group])}`;
  }

  title(group: number): string {
    return `${this.kind(group)} ${this.graph.strings[this.graph.groups.title[group] ?? 0] ?? ''}`;
  }

  /** All that is known of a node; or its name; or of what is no op the types alone, since parameters of renamed Cells are renamed. */
  node(node: number, level: 'whole' | 'name' | 'types'): string {
    const { strings, nodes } = this.graph;
    const kind = nodeKinds[nodes.kind[node] ?? 0] ?? 'op';
    const types = nodes.resultType.slice(nodes.resultStart[node], nodes.resultStart[node + 1]);
    const typeText = types.map((type) => strings[type] ?? '').join(' ');
    const name = strings[nodes.name[node] ?? 0] ?? '';
    if (level === 'whole') return `${kind} ${name} ${strings[nodes.attributes[node] ?? 0] ?? ''} ${typeText}`;
    return `${kind} ${level === 'name' || kind === 'op' || kind === 'constant' ? name : typeText}`;
  }

  counts(group: number): ReadonlyMap<string, number> {
    const known = this.#counts.get(group);
    if (known !== undefined) return known;
    const found = new Map<string, number>();
    const add = (name: string, count: number): void => {
      found.set(name, (found.get(name) ?? 0) + count);
    };
    for (const node of this.nodes[group] ?? []) add(this.graph.strings[this.graph.nodes.name[node] ?? 0] ?? '', 1);
    for (const inner of this.groups[group] ?? []) for (const [name, count] of this.counts(inner)) add(name, count);
    this.#counts.set(group, found);
    return found;
  }
}

class Matching {
  readonly #left: Contents;
  readonly #right: Contents;
  readonly #match: GraphMatch;

  constructor(left: Contents, right: Contents) {
    this.#left = left;
    this.#right = right;
    this.#match = {
      rightOf: new Int32Array(left.graph.nodes.kind.length).fill(-1),
      leftOf: new Int32Array(right.graph.nodes.kind.length).fill(-1),
      groupOf: new Int32Array(left.graph.groups.parent.length).fill(-1),
    };
  }

  run(): GraphMatch {
    this.#groups(0, 0);
    return this.#match;
  }

  #groups(left: number, right: number): void {
    this.#match.groupOf[left] = right;
    this.#nodes(this.#left.nodes[left] ?? [], this.#right.nodes[right] ?? []);
    for (const [one, other] of this.#pairs(this.#left.groups[left] ?? [], this.#right.groups[right] ?? []))
      this.#groups(one, other);
  }

  #nodes(lefts: readonly number[], rights: readonly number[]): void {
    const key = (level: 'whole' | 'name' | 'types') => (node: number, side: 'left' | 'right') =>
      (side === 'left' ? this.#left : this.#right).node(node, level);
    for (const [one, other] of alignBy(lefts, rights, [key('whole'), key('name'), key('types')])) {
      const [left = -1, right = -1] = [lefts[one], rights[other]];
      this.#match.rightOf[left] = right;
      this.#match.leftOf[right] = left;
    }
  }

  #pairs(lefts: readonly number[], rights: readonly number[]): readonly (readonly [number, number])[] {
    const isNamed = (contents: Contents, group: number): boolean => named.has(contents.kind(group));
    const byName = new Map(
      rights.filter((group) => isNamed(this.#right, group)).map((group) => [this.#right.identity(group), group]),
    );
    const found = lefts.flatMap((group): (readonly [number, number])[] => {
      const other = isNamed(this.#left, group) ? byName.get(this.#left.identity(group)) : undefined;
      return other === undefined ? [] : [[group, other]];
    });
    const inOrder = this.#aligned(...rest(lefts, rights, found));
    const soFar = [...found, ...inOrder];
    return [...soFar, ...this.#alike(...rest(lefts, rights, soFar))];
  }

  /** Groups of one class, in order. */
  #aligned(lefts: readonly number[], rights: readonly number[]): readonly (readonly [number, number])[] {
    const contents = { left: this.#left, right: this.#right };
    const pairs = alignBy(lefts, rights, [
      (group, side) => `${contents[side].title(group)} ${[...contents[side].counts(group)].join(' ')}`,
      (group, side) => contents[side].title(group),
    ]);
    return pairs.flatMap(([one, other]): (readonly [number, number])[] => {
      const [left, right] = [lefts[one], rights[other]];
      return left === undefined || right === undefined || this.#likeness(left, right) < LEAST_ALIKE
        ? []
        : [[left, right]];
    });
  }

  /** Groups that hold much the same, the most alike first. */
  #alike(lefts: readonly number[], rights: readonly number[]): readonly (readonly [number, number])[] {
    if (lefts.length * rights.length > MOST_PAIRS) return [];
    const pairs = lefts
      .flatMap((left) => rights.map((right) => ({ left, right, likeness: this.#likeness(left, right) })))
      .filter(
        ({ left, right, likeness }) => likeness >= LEAST_ALIKE && this.#left.kind(left) === this.#right.kind(right),
      )
      .sort((one, other) => other.likeness - one.likeness || one.left - other.left || one.right - other.right);
    const taken = { left: new Set<number>(), right: new Set<number>() };
    return pairs.flatMap(({ left, right }): (readonly [number, number])[] => {
      if (taken.left.has(left) || taken.right.has(right)) return [];
      taken.left.add(left);
      taken.right.add(right);
      return [[left, right]];
    });
  }

  /** Shared ops over all ops, from 0 to 1. */
  #likeness(left: number, right: number): number {
    const [one, other] = [this.#left.counts(left), this.#right.counts(right)];
    let [shared, all] = [0, 0];
    for (const [name, count] of one) {
      shared += 2 * Math.min(count, other.get(name) ?? 0);
      all += count;
    }
    for (const count of other.values()) all += count;
    return all === 0 ? 1 : shared / all;
  }
}

/** What is in no pair. */
function rest(
  lefts: readonly number[],
  rights: readonly number[],
  pairs: readonly (readonly [number, number])[],
): [readonly number[], readonly number[]] {
  const [left, right] = [new Set(pairs.map(([one]) => one)), new Set(pairs.map(([, other]) => other))];
  return [lefts.filter((group) => !left.has(group)), rights.filter((group) => !right.has(group))];
}
