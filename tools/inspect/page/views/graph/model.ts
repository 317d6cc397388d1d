/** A graph made ready for looking at it: its tree, who uses what, and sums over groups. */
import {
  type Graph,
  type GraphTree,
  graphTree,
  groupOf,
  kindOf,
  labelOf,
  type NodeKind,
  nodesIn,
} from '../../../report/index.ts';

/** Ends of edges that leave a group. */
export const ENTRY = -1;
export const EXIT = -2;

/** Tensors that flow between two children of a group, or between a child and the outside; each tensor once. */
export interface Flow {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** String: the type that all of them have, or -1 where they differ. */
  readonly type: number;
}

export type Hidden = ReadonlySet<NodeKind>;

export interface Model {
  readonly tree: GraphTree;
  readonly graph: Graph;
  /** Where each node stands in `tree.order`. */
  readonly position: Int32Array;
  /** Where the users of each node begin in `users`. */
  readonly userStart: Int32Array;
  readonly users: Int32Array;
  /** Which result each user takes. */
  readonly userSlot: Int32Array;
  readonly flows: Map<string, readonly Flow[]>;
}

export function modelOf(graph: Graph): Model {
  const tree = graphTree(graph);
  const position = new Int32Array(tree.nodeCount);
  for (let at = 0; at < tree.nodeCount; at++) position[tree.order[at] ?? 0] = at;
  return { tree, graph, position, ...usersOf(graph), flows: new Map() };
}

function usersOf({ nodes }: Graph): Pick<Model, 'userStart' | 'users' | 'userSlot'> {
  const count = nodes.kind.length;
  const userStart = new Int32Array(count + 1);
  for (const producer of nodes.producer) userStart[producer + 1] = (userStart[producer + 1] ?? 0) + 1;
  for (let node = 0; node < count; node++) userStart[node + 1] = (userStart[node + 1] ?? 0) + (userStart[node] ?? 0);
  const next = userStart.slice();
  const users = new Int32Array(nodes.producer.length);
  const userSlot = new Int32Array(nodes.producer.length);
  for (let node = 0; node < count; node++)
    for (let at = nodes.operandStart[node] ?? 0; at < (nodes.operandStart[node + 1] ?? 0); at++) {
      const producer = nodes.producer[at] ?? 0;
      users[next[producer] ?? 0] = node;
      userSlot[next[producer] ?? 0] = nodes.slot[at] ?? 0;
      next[producer] = (next[producer] ?? 0) + 1;
    }
  return { userStart, users, userSlot };
}

/** The nodes that use a node, each use once. */
export const usersOfNode = ({ users, userStart }: Model, node: number): Int32Array =>
  users.subarray(userStart[node], userStart[node + 1]);

/** The nodes that make a node's operands. */
export function producersOf({ graph: { nodes } }: Model, node: number): readonly number[] {
  return nodes.producer.slice(nodes.operandStart[node], nodes.operandStart[node + 1]);
}

/** Children of a group that are drawn: those with a node that is not hidden. */
export function childrenOf(model: Model, item: number, hidden: Hidden): readonly number[] {
  const children = groupOf(model.tree, item)?.children ?? [];
  return hidden.size === 0 ? children : children.filter((child) => !isHidden(model, child, hidden));
}

function isHidden({ tree, graph }: Model, item: number, hidden: Hidden): boolean {
  const group = groupOf(tree, item);
  if (group === null) return hidden.has(kindOf(graph, item));
  if (group.ops > 0) return false;
  return nodesIn(tree, item).every((node) => hidden.has(kindOf(graph, node)));
}

/** The flows inside a group, those of hidden nodes left out. */
export function flowsOf(model: Model, item: number, hidden: Hidden): readonly Flow[] {
  const key = `${item} ${[...hidden].join(' ')}`;
  const known = model.flows.get(key) ?? collectFlows(model, item, hidden);
  model.flows.set(key, known);
  return known;
}

function collectFlows(model: Model, item: number, hidden: Hidden): readonly Flow[] {
  const { tree, graph, position } = model;
  const group = groupOf(tree, item);
  if (group === null) return [];
  const childAt = new Int32Array(group.end - group.first);
  for (const child of group.children) {
    const inner = groupOf(tree, child);
    if (inner === null) childAt[(position[child] ?? 0) - group.first] = child;
    else childAt.fill(child, inner.first - group.first, inner.end - group.first);
  }
  const inside = (node: number): number | undefined => childAt[(position[node] ?? 0) - group.first];
  const found = new FlowTable(graph, tree.parent.length);
  for (const node of nodesIn(tree, item)) {
    if (hidden.has(kindOf(graph, node))) continue;
    const to = inside(node) ?? ENTRY;
    const { operandStart, producer, slot } = graph.nodes;
    for (let at = operandStart[node] ?? 0; at < (operandStart[node + 1] ?? 0); at++) {
      const maker = producer[at] ?? 0;
      if (hidden.has(kindOf(graph, maker))) continue;
      const from = inside(maker) ?? ENTRY;
      if (from !== to) found.add(from, to, maker, slot[at] ?? 0);
    }
    for (let at = model.userStart[node] ?? 0; at < (model.userStart[node + 1] ?? 0); at++) {
      const user = model.users[at] ?? 0;
      if (inside(user) === undefined && !hidden.has(kindOf(graph, user)))
        found.add(to, EXIT, node, model.userSlot[at] ?? 0);
    }
  }
  return found.flows();
}

/** Flows between pairs, with what they have in common. */
class FlowTable {
  readonly #graph: Graph;
  readonly #width: number;
  readonly #rows = new Map<number, { from: number; to: number; type: number; tensors: Set<number> }>();

  constructor(graph: Graph, width: number) {
    this.#graph = graph;
    this.#width = width + 2;
  }

  add(from: number, to: number, maker: number, slot: number): void {
    const { resultStart, resultType } = this.#graph.nodes;
    const tensor = (resultStart[maker] ?? 0) + slot;
    const type = resultType[tensor] ?? -1;
    const key = (from + 2) * this.#width + to + 2;
    const row = this.#rows.get(key);
    if (row === undefined) this.#rows.set(key, { from, to, type, tensors: new Set([tensor]) });
    else {
      row.tensors.add(tensor);
      if (row.type !== type) row.type = -1;
    }
  }

  flows(): readonly Flow[] {
    return [...this.#rows.values()].map(({ tensors, ...row }) => ({ ...row, count: tensors.size }));
  }
}

/** One step of a tensor's way through the groups: between two children of `group`, or through its border. */
export interface Step {
  readonly group: number;
  readonly from: number;
  readonly to: number;
}

/** The way from one node to another through all groups between them. */
export function wayOf(model: Model, from: number, to: number): readonly Step[] {
  const { tree } = model;
  const outer = new Set<number>();
  for (let at = tree.parent[from] ?? -1; at >= 0; at = tree.parent[at] ?? -1) outer.add(at);
  const steps: Step[] = [];
  let target = to;
  let common = tree.parent[to] ?? -1;
  for (; common >= 0 && !outer.has(common); common = tree.parent[common] ?? -1) {
    steps.push({ group: common, from: ENTRY, to: target });
    target = common;
  }
  let source = from;
  for (let at = tree.parent[from] ?? -1; at >= 0 && at !== common; at = tree.parent[at] ?? -1) {
    steps.push({ group: at, from: source, to: EXIT });
    source = at;
  }
  return [...steps, { group: common, from: source, to: target }];
}

/** Sums of a column of nodes over any group in constant time. */
export function sums({ tree }: Model, values: ArrayLike<number>): (item: number) => number {
  const prefix = new Float64Array(tree.nodeCount + 1);
  for (let at = 0; at < tree.nodeCount; at++)
    prefix[at + 1] = (prefix[at] ?? 0) + Math.max(0, values[tree.order[at] ?? 0] ?? 0);
  return (item) => {
    const group = groupOf(tree, item);
    return group === null ? Math.max(0, values[item] ?? 0) : (prefix[group.end] ?? 0) - (prefix[group.first] ?? 0);
  };
}

/** Where an item is, e.g. `layer1.0.conv1`; a node's own name comes last. */
export function pathOf(model: Model, item: number): string {
  const group = groupOf(model.tree, item);
  if (group !== null) return group.path === '' ? 'network' : group.path;
  const outer = aroundOf(model, item);
  return outer === '' ? labelOf(model.tree, item) : `${outer}.${labelOf(model.tree, item)}`;
}

/** The path of the group around an item; empty at the top. */
export const aroundOf = ({ tree }: Model, item: number): string => groupOf(tree, tree.parent[item] ?? -1)?.path ?? '';

/** The path of a group that is a Cell, without the groups that only divide it; null for anything else. */
export function cellPathOf({ tree }: Model, item: number): string | null {
  if (groupOf(tree, item)?.kind !== 'cell') return null;
  const names: string[] = [];
  for (let group = groupOf(tree, item); group !== null; group = groupOf(tree, group.parent))
    if (group.kind === 'cell') names.unshift(group.name);
  return names.join('.');
}
