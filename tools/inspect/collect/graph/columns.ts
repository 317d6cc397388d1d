/** Columns of a graph while it is being made. */
import { NOWHERE, type Graph, groupKinds, type GroupKind, nodeKinds, type NodeKind } from '../../report/index.ts';

/** Result `slot` of node `node`. */
export interface Producer {
  readonly node: number;
  readonly slot: number;
}

export interface NodeRow {
  readonly kind: NodeKind;
  readonly name: string;
  readonly attributes: string;
  readonly place: number;
  readonly group: number;
  readonly operands: readonly Producer[];
  readonly results: readonly string[];
  readonly flops: number;
  readonly bytes: number;
}

/** The group of nodes that get theirs when all uses are known. */
export const FLOATING = -1;

const numbersOf = <Kind extends string>(kinds: readonly Kind[]): ReadonlyMap<Kind, number> =>
  new Map(kinds.map((kind, index) => [kind, index]));

const kindNumbers = numbersOf<NodeKind>(nodeKinds);
const groupKindNumbers = numbersOf<GroupKind>(groupKinds);

/** Collects rows; every text is kept once. */
export class GraphColumns {
  readonly #strings: string[] = [''];
  readonly #numbers = new Map<string, number>([['', 0]]);
  readonly #rows: NodeRow[] = [];
  readonly #groupOf: number[] = [];
  readonly #placeOf: number[] = [];
  readonly #groups = {
    parent: [] as number[],
    kind: [] as number[],
    name: [] as number[],
    title: [] as number[],
    call: [] as number[],
    place: [] as number[],
  };
  /** The latest group of each name. */
  readonly #current = new Map<string, number>();
  /** The first node in each group. */
  readonly #first: number[] = [];
  /** Operands that are known only after the nodes that make them, e.g. what a region gives back. */
  readonly #late = new Map<number, readonly Producer[]>();

  text(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.#strings.length);
    return this.#strings.push(value) - 1;
  }

  node(row: NodeRow): number {
    this.#groupOf.push(row.group);
    this.#placeOf.push(row.place);
    const node = this.#rows.push(row) - 1;
    for (let group = row.group; group >= 0; group = this.#groups.parent[group] ?? -1) this.#first[group] ??= node;
    return node;
  }

  addOperands(node: number, operands: readonly Producer[]): void {
    this.#late.set(node, [...(this.#late.get(node) ?? []), ...operands]);
  }

  group(parent: number, kind: GroupKind, name: string, title: string, place: number = NOWHERE): number {
    const { parent: parents, kind: kinds, name: names, title: titles, call, place: places } = this.#groups;
    kinds.push(groupKindNumbers.get(kind) ?? 0);
    names.push(this.text(name));
    titles.push(this.text(title));
    call.push(1);
    places.push(place);
    return parents.push(parent) - 1;
  }

  /**
   * The group of that name in `parent` for a node with these operands. A Cell that is called again gets a new group, or the graph of
   * groups would have cycles: it was left when an operand comes from outside and was made after the group's first node.
   */
  childGroup(parent: number, kind: GroupKind, name: string, title: string, operands: readonly Producer[]): number {
    const key = `${parent} ${kind} ${name}`;
    const known = this.#current.get(key);
    const isLeft = known !== undefined && operands.some(({ node }) => this.#isAfter(node, known));
    if (known === undefined || isLeft) {
      const made = this.group(parent, kind, name, title);
      this.#groups.call[made] = known === undefined ? 1 : (this.#groups.call[known] ?? 1) + 1;
      this.#current.set(key, made);
      return made;
    }
    if (title !== '' && this.#groups.title[known] === 0) this.#groups.title[known] = this.text(title);
    return known;
  }

  /** Whether a node outside of a group may depend on it. */
  #isAfter(node: number, group: number): boolean {
    if (node < (this.#first[group] ?? Infinity) || (this.#rows[node]?.operands.length ?? 0) === 0) return false;
    return !this.#path(this.#groupOf[node] ?? FLOATING).includes(group);
  }

  finish(stage: string): Graph {
    this.#settle();
    const operands = this.#rows.map((row, node) => [...row.operands, ...(this.#late.get(node) ?? [])]);
    const results = this.#rows.map((row) => row.results);
    return {
      stage,
      nodes: {
        kind: this.#rows.map(({ kind }) => kindNumbers.get(kind) ?? 0),
        name: this.#rows.map(({ name }) => this.text(name)),
        attributes: this.#rows.map(({ attributes }) => this.text(attributes)),
        place: this.#placeOf,
        group: this.#groupOf,
        operandStart: starts(operands),
        producer: operands.flatMap((list) => list.map(({ node }) => node)),
        slot: operands.flatMap((list) => list.map(({ slot }) => slot)),
        resultStart: starts(results),
        resultType: results.flatMap((list) => list.map((type) => this.text(type))),
        flops: this.#rows.map(({ flops }) => flops),
        bytes: this.#rows.map(({ bytes }) => bytes),
      },
      groups: this.#groups,
      strings: this.#strings,
    };
  }

  /** Parameters and constants go to the innermost group around all their users that is no kernel, and to the first user's place. */
  #settle(): void {
    const users = new Map<number, number[]>();
    for (const [node, { operands }] of this.#rows.entries())
      for (const { node: producer } of [...operands, ...(this.#late.get(node) ?? [])])
        if (this.#groupOf[producer] === FLOATING) users.set(producer, [...(users.get(producer) ?? []), node]);
    for (const [node, group] of this.#groupOf.entries()) {
      if (group !== FLOATING) continue;
      const places = (users.get(node) ?? []).map((user) => this.#placeOf[user]);
      if (this.#placeOf[node] === NOWHERE) this.#placeOf[node] = places[0] ?? NOWHERE;
      this.#groupOf[node] = this.#outsideKernels(
        this.#common((users.get(node) ?? []).map((user) => this.#groupOf[user])),
      );
    }
  }

  /** The innermost group that holds all of them. */
  #common(groups: readonly number[]): number {
    const paths = groups.filter((group) => group !== FLOATING).map((group) => this.#path(group));
    const first = paths[0] ?? [0];
    const depth = first.findIndex((group, index) => paths.some((path) => path[index] !== group));
    return first[(depth < 0 ? first.length : depth) - 1] ?? 0;
  }

  #outsideKernels(group: number): number {
    const fused = groupKindNumbers.get('fused');
    let found = group;
    while (this.#groups.kind[found] === fused) found = this.#groups.parent[found] ?? 0;
    return found;
  }

  #path(group: number): readonly number[] {
    const path: number[] = [];
    for (let at = group; at >= 0; at = this.#groups.parent[at] ?? -1) path.unshift(at);
    return path;
  }
}

function starts(lists: readonly (readonly unknown[])[]): readonly number[] {
  const found = [0];
  let at = 0;
  for (const list of lists) found.push((at += list.length));
  return found;
}
