/**
 * A graph as a tree that can be shown group by group: the groups of the section, and where a group would show too many children,
 * more groups of repeated blocks and of ranges. Items are nodes (below `nodeCount`) and groups (from there on).
 */
import { chunks } from './graph-chunks.ts';
import { type Graph, type GroupKind, groupKinds, nodeKinds, type NodeKind } from './graph.ts';

/** No group shows more children than that. */
export const MOST_CHILDREN = 250;

/** A group of the section, or one that was made because its parent had too many children. */
export interface TreeGroup {
  readonly parent: number;
  readonly kind: GroupKind | 'blocks';
  readonly name: string;
  /** Which call of the Cell, from 1. */
  readonly call: number;
  readonly title: string;
  /** Names from the network down, e.g. layer1.0.conv1; empty for the network. */
  readonly path: string;
  readonly place: number;
  readonly children: readonly number[];
  /** The nodes inside are `order[first]` to `order[end - 1]`. */
  readonly first: number;
  readonly end: number;
  /** How many ops are inside; parameters, constants and the like do not count. */
  readonly ops: number;
  /** How many groups beside this one, itself included, have the same ops with the same types in the same order. */
  readonly alike: number;
}

export interface GraphTree {
  readonly graph: Graph;
  readonly nodeCount: number;
  /** Groups by item minus `nodeCount`; the first is the network. */
  readonly groups: readonly TreeGroup[];
  /** The group (as an item) around each item; -1 for the network. */
  readonly parent: Int32Array;
  /** Nodes in the order of the program, so that each group's nodes stand together. */
  readonly order: Int32Array;
}

export const kindOf = ({ nodes }: Graph, node: number): NodeKind => nodeKinds[nodes.kind[node] ?? 0] ?? 'op';

export const isGroup = (tree: GraphTree, item: number): boolean => item >= tree.nodeCount;

/** The group behind an item, or null for a node. */
export const groupOf = (tree: GraphTree, item: number): TreeGroup | null => tree.groups[item - tree.nodeCount] ?? null;

export const nameOf = ({ strings, nodes }: Graph, node: number): string => strings[nodes.name[node] ?? 0] ?? '';

/** What an item is called: the op without its dialect, the name of a parameter, the last part of a Cell's path. */
export function labelOf(tree: GraphTree, item: number): string {
  const group = groupOf(tree, item);
  if (group !== null) return group.kind === 'fused' ? group.title : groupName(group);
  const name = nameOf(tree.graph, item);
  return kindOf(tree.graph, item) === 'op' || kindOf(tree.graph, item) === 'constant'
    ? name.replace(/^ms\./, '')
    : name;
}

/** A Cell's later calls are numbered. */
export const groupName = ({ name, call }: Pick<TreeGroup, 'name' | 'call'>): string =>
  call === 1 ? name : `${name} (${call})`;

/** Groups from the network to the one around an item. */
export function ancestors(tree: GraphTree, item: number): readonly number[] {
  const found: number[] = [];
  for (let at = tree.parent[item] ?? -1; at >= 0; at = tree.parent[at] ?? -1) found.unshift(at);
  return found;
}

/** The nodes inside of an item. */
export function nodesIn(tree: GraphTree, item: number): Int32Array {
  const group = groupOf(tree, item);
  return group === null ? Int32Array.of(item) : tree.order.subarray(group.first, group.end);
}

export function graphTree(graph: Graph): GraphTree {
  return new TreeBuilder(graph).build();
}

/** A list of items, or of lists that become groups. */
type Draft = {
  parent: number;
  kind: TreeGroup['kind'];
  name: string;
  call: number;
  title: string;
  place: number;
  items: number[];
};

class TreeBuilder {
  readonly #graph: Graph;
  readonly #count: number;
  readonly #drafts: Draft[] = [];
  readonly #signatures: number[] = [];
  readonly #signatureNumbers = new Map<string, number>();
  readonly #firstUse: Int32Array;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#count = graph.nodes.kind.length;
    this.#firstUse = firstUses(graph);
  }

  build(): GraphTree {
    const { groups, strings } = this.#graph;
    for (const [group, parent] of groups.parent.entries())
      this.#drafts.push({
        parent,
        kind: groupKinds[groups.kind[group] ?? 0] ?? 'cell',
        name: strings[groups.name[group] ?? 0] ?? '',
        call: groups.call[group] ?? 1,
        title: strings[groups.title[group] ?? 0] ?? '',
        place: groups.place[group] ?? 0,
        items: [],
      });
    this.#fill();
    for (let node = 0; node < this.#count; node++) this.#signatures.push(this.#nodeSignature(node));
    for (let group = groups.parent.length - 1; group >= 0; group--) this.#sign(group);
    for (let group = 0; group < groups.parent.length; group++) this.#divide(group);
    return this.#finish();
  }

  /** Items go to their groups in the order of the program; a group stands where its first node does. */
  #fill(): void {
    const { nodes, groups } = this.#graph;
    const position = new Float64Array(this.#count + groups.parent.length).fill(Infinity);
    for (let node = 0; node < this.#count; node++) {
      const use = this.#firstUse[node] ?? -1;
      const isMoved = use >= 0 && movable.has(kindOf(this.#graph, node));
      position[node] = isMoved ? use - 0.5 : node;
    }
    for (let node = 0; node < this.#count; node++) {
      for (let group = nodes.group[node] ?? 0; group >= 0; group = groups.parent[group] ?? -1) {
        const item = this.#count + group;
        if ((position[item] ?? 0) <= (position[node] ?? 0)) break;
        position[item] = position[node] ?? 0;
      }
      this.#drafts[nodes.group[node] ?? 0]?.items.push(node);
    }
    for (const [group, parent] of groups.parent.entries())
      if (parent >= 0 && Number.isFinite(position[this.#count + group]))
        this.#drafts[parent]?.items.push(this.#count + group);
    for (const { items } of this.#drafts)
      items.sort((left, right) => (position[left] ?? 0) - (position[right] ?? 0) || left - right);
  }

  #nodeSignature(node: number): number {
    const { nodes } = this.#graph;
    const kind = nodes.kind[node] ?? 0;
    const types = nodes.resultType.slice(nodes.resultStart[node], nodes.resultStart[node + 1]);
    const isOp = nodeKinds[kind] === 'op';
    return this.#number(`${kind} ${isOp ? `${nodes.name[node]} ${nodes.attributes[node]}` : ''} ${types.join(' ')}`);
  }

  #sign(group: number): void {
    const { kind, title, items } = this.#drafts[group] ?? emptyDraft;
    this.#signatures[this.#count + group] = this.#number(
      `(${kind} ${title} ${items.map((item) => this.#signatures[item]).join(' ')})`,
    );
  }

  #number(text: string): number {
    const known = this.#signatureNumbers.get(text) ?? this.#signatureNumbers.size;
    this.#signatureNumbers.set(text, known);
    return known;
  }

  /** Puts children of a group that has too many into groups of their own. */
  #divide(group: number): void {
    const draft = this.#drafts[group] ?? emptyDraft;
    if (draft.items.length <= MOST_CHILDREN) return;
    const { label, parts } = chunks(
      draft.items.map((item) => this.#signatures[item] ?? 0),
      MOST_CHILDREN,
    );
    const { items } = draft;
    draft.items = parts.map(({ start, end }, index) => {
      if (end - start === 1) return items[start] ?? 0;
      const inner = items.slice(start, end);
      const name = label === 'block' ? `block ${index + 1}` : this.#rangeName(inner, start);
      const made = this.#drafts.push({ ...emptyDraft, parent: group, name, title: '', items: inner }) - 1;
      this.#sign(made);
      for (const item of inner) if (item >= this.#count) (this.#drafts[item - this.#count] ?? emptyDraft).parent = made;
      this.#divide(made);
      return this.#count + made;
    });
  }

  /** First and last of a range: their names where they are Cells, else their places in the list, from 1. */
  #rangeName(items: readonly number[], start: number): string {
    const [first, last] = [items[0] ?? 0, items.at(-1) ?? 0];
    const name = (item: number): string => groupName(this.#drafts[item - this.#count] ?? emptyDraft);
    const areGroups = first >= this.#count && last >= this.#count;
    return areGroups ? `${name(first)} – ${name(last)}` : `${start + 1} – ${start + items.length}`;
  }

  #finish(): GraphTree {
    const parent = new Int32Array(this.#count + this.#drafts.length).fill(-1);
    for (const [group, { items }] of this.#drafts.entries())
      for (const item of items) parent[item] = this.#count + group;
    const order = new Int32Array(this.#count);
    const spans = this.#drafts.map(() => ({ first: 0, end: 0, ops: 0, path: '' }));
    let at = 0;
    const visit = (group: number, path: string): number => {
      const span = spans[group] ?? { first: 0, end: 0, ops: 0, path: '' };
      span.first = at;
      span.path = path;
      for (const item of this.#drafts[group]?.items ?? []) {
        if (item < this.#count) {
          order[at++] = item;
          if (kindOf(this.#graph, item) === 'op') span.ops++;
        } else
          span.ops += visit(item - this.#count, joined(path, partName(this.#drafts[item - this.#count] ?? emptyDraft)));
      }
      span.end = at;
      return span.ops;
    };
    visit(0, '');
    const groups = this.#drafts.map(({ parent: outer, items, ...draft }, group) => ({
      ...draft,
      ...(spans[group] ?? { first: 0, end: 0, ops: 0, path: '' }),
      parent: outer < 0 ? -1 : this.#count + outer,
      children: items,
      alike: this.#alike(group),
    }));
    return { graph: this.#graph, nodeCount: this.#count, groups, parent, order };
  }

  #alike(group: number): number {
    const draft = this.#drafts[group] ?? emptyDraft;
    const siblings = draft.parent < 0 ? [] : (this.#drafts[draft.parent]?.items ?? []);
    const signature = this.#signatures[this.#count + group];
    return siblings.filter((item) => item >= this.#count && this.#signatures[item] === signature).length;
  }
}

/** Nodes that stand before their first user, wherever they were made. */
const movable: ReadonlySet<NodeKind> = new Set(['parameter', 'constant']);

const emptyDraft: Draft = { parent: -1, kind: 'blocks', name: '', call: 1, title: '', place: 0, items: [] };

/** What a group adds to the paths in it. */
const partName = (draft: Draft): string => (draft.kind === 'fused' ? 'kernel' : groupName(draft));

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** The first node that uses each node; -1 where none does. */
function firstUses({ nodes }: Graph): Int32Array {
  const uses = new Int32Array(nodes.kind.length).fill(-1);
  for (let node = nodes.kind.length - 1; node >= 0; node--)
    for (let at = nodes.operandStart[node] ?? 0; at < (nodes.operandStart[node + 1] ?? 0); at++)
      uses[nodes.producer[at] ?? 0] = node;
  return uses;
}
