/** Graphviz: one digraph for each stage, a cluster for each group. */
import {
  type Graph,
  graphTree,
  type GraphTree,
  groupName,
  groupOf,
  kindOf,
  labelOf,
  type NodeKind,
  shortType,
} from '../report/index.ts';
import type { ExportKind } from './export.ts';

export const graphvizExport: ExportKind = {
  name: 'graphviz',
  title: 'Graph for Graphviz (dot)',
  mediaType: 'text/vnd.graphviz',
  needs: ['graph'],
  uses: [],
  make: ({ sections }, base) =>
    (sections.graph?.graphs ?? []).map((graph) => ({
      name: `${base}.${graph.stage.replaceAll(/\W+/g, '-')}.dot`,
      text: graphvizText(graph),
    })),
};

const shapes: Readonly<Record<NodeKind, string>> = {
  op: 'box',
  input: 'ellipse',
  parameter: 'cylinder',
  constant: 'note',
  output: 'ellipse',
  argument: 'ellipse',
};

/** A graph in the language of dot; every name is quoted. */
export function graphvizText(graph: Graph): string {
  const tree = graphTree(graph);
  return [
    `digraph ${quoted(graph.stage)} {`,
    '  rankdir=TB; compound=true; node [fontname="sans-serif", fontsize=10]; edge [fontname="sans-serif", fontsize=8];',
    ...groupLines(tree, tree.nodeCount, '  '),
    ...edgeLines(graph),
    '}',
    '',
  ].join('\n');
}

function groupLines(tree: GraphTree, item: number, indent: string): readonly string[] {
  return (groupOf(tree, item)?.children ?? []).flatMap((child) => {
    const group = groupOf(tree, child);
    if (group === null) return [nodeLine(tree, child, indent)];
    const title = group.kind === 'fused' || group.title === '' ? '' : `: ${group.title}`;
    const label = group.kind === 'fused' ? labelOf(tree, child) : groupName(group) + title;
    return [
      `${indent}subgraph cluster_${child} {`,
      `${indent}  label=${quoted(label)};${group.kind === 'fused' ? ' style=dashed;' : ''}`,
      ...groupLines(tree, child, `${indent}  `),
      `${indent}}`,
    ];
  });
}

function nodeLine(tree: GraphTree, node: number, indent: string): string {
  const shape = shapes[kindOf(tree.graph, node)];
  return `${indent}n${node} [label=${quoted(labelOf(tree, node))}, shape=${shape}];`;
}

function edgeLines({ nodes, strings }: Graph): readonly string[] {
  return nodes.kind.flatMap((_, node) => {
    const start = nodes.operandStart[node] ?? 0;
    return nodes.producer.slice(start, nodes.operandStart[node + 1]).map((producer, index) => {
      const type = nodes.resultType[(nodes.resultStart[producer] ?? 0) + (nodes.slot[start + index] ?? 0)];
      return `  n${producer} -> n${node} [label=${quoted(shortType(strings[type ?? 0] ?? ''))}];`;
    });
  });
}

/** In quotes of dot a backslash begins an escape, and a quote ends the text. */
const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
