/** Finds ops, parameters and groups by name, path, type and attributes; all words must match. */
import { groupOf, labelOf, nameOf } from '../../../report/index.ts';
import { type Model, pathOf } from './model.ts';

/** More results are counted but not listed. */
const MOST_RESULTS = 2000;

export interface Found {
  readonly items: readonly number[];
  readonly count: number;
}

const texts = new WeakMap<Model, readonly string[]>();

/** What is searched, for each item: made once for a graph. */
function textsOf(model: Model): readonly string[] {
  const known = texts.get(model) ?? makeTexts(model);
  texts.set(model, known);
  return known;
}

function makeTexts(model: Model): readonly string[] {
  const { tree, graph } = model;
  const { nodes, strings } = graph;
  const ofNodes = Array.from({ length: tree.nodeCount }, (_, node) => {
    const types = nodes.resultType.slice(nodes.resultStart[node], nodes.resultStart[node + 1]);
    const path = groupOf(tree, tree.parent[node] ?? -1)?.path ?? '';
    return `${nameOf(graph, node)} ${path} ${types.map((type) => strings[type] ?? '').join(' ')} ${strings[nodes.attributes[node] ?? 0] ?? ''}`.toLowerCase();
  });
  const ofGroups = tree.groups.map(({ title }, group) =>
    `${pathOf(model, tree.nodeCount + group)} ${labelOf(tree, tree.nodeCount + group)} ${title}`.toLowerCase(),
  );
  return [...ofNodes, ...ofGroups];
}

export function search(model: Model, query: string): Found {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return { items: [], count: 0 };
  const items: number[] = [];
  let count = 0;
  const searched = textsOf(model);
  const { nodeCount } = model.tree;
  const look = (item: number): void => {
    const text = searched[item] ?? '';
    if (!words.every((word) => text.includes(word))) return;
    count++;
    if (items.length < MOST_RESULTS) items.push(item);
  };
  for (let item = nodeCount + 1; item < searched.length; item++) look(item);
  for (const item of model.tree.order) look(item);
  return { items, count };
}
