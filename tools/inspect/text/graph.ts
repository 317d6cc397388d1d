/** The graph section for a terminal: ops by kind, groups to depth 2, and what a comparison found. */
import {
  changeCounts,
  type Graph,
  type GraphDifference,
  type GraphSection,
  type GraphTree,
  graphTree,
  groupOf,
  kindOf,
  labelOf,
  nodeChanges,
  nodeCosts,
  type NodeCosts,
  nodesIn,
  type ReportHead,
} from '../report/index.ts';
import { formatAmount, formatBytes, formatCount } from '../report/format.ts';
import { printable } from './style.ts';

const MOST_KINDS = 8;
const MOST_CHILDREN = 24;
const MOST_DIFFERENCES = 40;
const DEPTH = 2;

/** Groups are listed at the first stage. */
export function graphText(section: GraphSection, head: ReportHead): string {
  const stages = section.graphs.flatMap((graph, index) => stageLines(graph, index === 0 ? DEPTH : 0));
  const comparison = section.comparison?.differences.flatMap((difference) => differenceLines(difference, head)) ?? [];
  return `${[...stages, ...comparison].map(printable).join('\n')}\n`;
}

function stageLines(graph: Graph, depth: number): readonly string[] {
  const tree = graphTree(graph);
  const ops = groupOf(tree, tree.nodeCount)?.ops ?? 0;
  return [
    `${graph.stage}: ${formatCount(ops)} ops, ${formatCount(countOf(graph, 'parameter'))} parameters`,
    `  by kind: ${kindsText(graph)}`,
    ...groupLines(tree, tree.nodeCount, nodeCosts(graph, null, []), depth),
    '',
  ];
}

const countOf = (graph: Graph, kind: ReturnType<typeof kindOf>): number =>
  graph.nodes.kind.filter((_, node) => kindOf(graph, node) === kind).length;

function kindsText(graph: Graph): string {
  const counts = new Map<string, number>();
  for (const [node, name] of graph.nodes.name.entries()) {
    if (kindOf(graph, node) !== 'op') continue;
    const text = (graph.strings[name] ?? '').replace(/^ms\./, '');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([one, left], [other, right]) => right - left || (one < other ? -1 : 1));
  const shown = ranked.slice(0, MOST_KINDS).map(([name, count]) => `${name} ${formatCount(count)}`);
  return [...shown, ...(ranked.length > MOST_KINDS ? [`and ${ranked.length - MOST_KINDS} kinds more`] : [])].join(', ');
}

function groupLines(tree: GraphTree, item: number, costs: NodeCosts, depth: number): readonly string[] {
  if (depth === 0) return [];
  const groups = (groupOf(tree, item)?.children ?? []).filter((child) => (groupOf(tree, child)?.ops ?? 0) > 0);
  const indent = '  '.repeat(1 + DEPTH - depth);
  const lines = groups
    .slice(0, MOST_CHILDREN)
    .flatMap((child) => [`${indent}${groupText(tree, child, costs)}`, ...groupLines(tree, child, costs, depth - 1)]);
  return groups.length > MOST_CHILDREN
    ? [...lines, `${indent}and ${groups.length - MOST_CHILDREN} groups more`]
    : lines;
}

function groupText(tree: GraphTree, item: number, costs: NodeCosts): string {
  const group = groupOf(tree, item);
  if (group === null) return '';
  const title = group.kind === 'fused' ? 'kernel' : group.title;
  const facts = [
    `${formatCount(group.ops)} op${group.ops === 1 ? '' : 's'}`,
    ...figure(sumOf(tree, item, costs.flops), (flops) => `${formatAmount(flops)}flop`),
    ...figure(sumOf(tree, item, costs.bytes), formatBytes),
  ];
  return `${labelOf(tree, item)}${title === '' ? '' : ` (${title})`}: ${facts.join(', ')}`;
}

const figure = (value: number, format: (value: number) => string): readonly string[] =>
  value > 0 ? [format(value)] : [];

const sumOf = (tree: GraphTree, item: number, column: Float64Array | null): number =>
  column === null ? 0 : nodesIn(tree, item).reduce((sum, node) => sum + (column[node] ?? 0), 0);

function differenceLines(difference: GraphDifference, head: ReportHead): readonly string[] {
  const { added, removed, changed } = changeCounts(difference);
  const tree = graphTree(difference.union);
  const reasons = new Map(difference.reasons.map(({ node, texts }) => [node, texts.join('; ')]));
  const nodes = [...tree.order].filter((node) => nodeChanges[difference.change[node] ?? 0] !== 'same');
  const signs = { same: ' ', added: '+', removed: '-', changed: '~' };
  const rows = nodes.slice(0, MOST_DIFFERENCES).map((node) => {
    const path = groupOf(tree, tree.parent[node] ?? -1)?.path ?? '';
    const sign = signs[nodeChanges[difference.change[node] ?? 0] ?? 'same'];
    const line = head.places[difference.union.nodes.place[node] ?? 0]?.positions[0]?.line;
    const where = [path, line === undefined ? '' : `line ${line}`].filter((text) => text !== '').join(', ');
    return `  ${sign} ${labelOf(tree, node)} in ${where === '' ? 'the network' : where}${reasons.has(node) ? `: ${reasons.get(node)}` : ''}`;
  });
  return [
    `compared at ${difference.stage}: ${added} added, ${removed} removed, ${changed} changed`,
    ...rows,
    ...(nodes.length > MOST_DIFFERENCES ? [`  and ${nodes.length - MOST_DIFFERENCES} more`] : []),
    '',
  ];
}
