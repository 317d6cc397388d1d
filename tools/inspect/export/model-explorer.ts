/**
 * Google's Model Explorer: a collection of graphs as its `input_graph.ts` and `graph_builder.py` describe it. Groups become
 * namespaces, each stage a graph.
 */
import {
  costKinds,
  type Graph,
  graphTree,
  groupOf,
  kindOf,
  labelOf,
  nodeCosts,
  type NodeCosts,
  type Place,
  type Report,
  uniquePaths,
} from '../report/index.ts';
import type { ExportKind } from './export.ts';

interface KeyValue {
  readonly key: string;
  readonly value: string;
}

interface Metadata {
  readonly id: string;
  readonly attrs: readonly KeyValue[];
}

/** A node of Model Explorer. */
interface ExplorerNode {
  readonly id: string;
  readonly label: string;
  /** Path of the group, parts joined by `/`. */
  readonly namespace: string;
  readonly attrs: readonly KeyValue[];
  readonly incomingEdges: readonly {
    readonly sourceNodeId: string;
    readonly sourceNodeOutputId: string;
    readonly targetNodeInputId: string;
  }[];
  readonly inputsMetadata: readonly Metadata[];
  readonly outputsMetadata: readonly Metadata[];
}

interface ExplorerGraph {
  readonly id: string;
  readonly nodes: readonly ExplorerNode[];
  readonly groupNodeAttributes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const modelExplorerExport: ExportKind = {
  name: 'model-explorer',
  title: 'Graph for Model Explorer (JSON)',
  mediaType: 'application/json',
  needs: ['graph'],
  uses: ['costs'],
  make: (report, base) => [{ name: `${base}.model-explorer.json`, text: modelExplorerJson(report, base) }],
};

/** The text of the file; `label` names the collection. */
export function modelExplorerJson({ head, sections }: Report, label = head.subject.file): string {
  const graphs = (sections.graph?.graphs ?? []).map((graph) =>
    explorerGraph(graph, head.places, nodeCosts(graph, sections.costs ?? null, sections.graph?.parts ?? [])),
  );
  return `${JSON.stringify({ label, graphs })}\n`;
}

function explorerGraph(graph: Graph, places: readonly Place[], costs: NodeCosts): ExplorerGraph {
  const tree = graphTree(graph);
  const paths = uniquePaths(tree, '/').map((path) => path.join('/'));
  const nodes = Array.from({ length: tree.nodeCount }, (_, node) => ({
    id: String(node),
    label: labelOf(tree, node),
    namespace: paths[(tree.parent[node] ?? tree.nodeCount) - tree.nodeCount] ?? '',
    attrs: attributesOf(graph, node, places, costs),
    ...edgesOf(graph, node),
    outputsMetadata: resultsOf(graph, node).map((type, index) => ({ id: String(index), attrs: shapeOf(type) })),
  }));
  const groups = tree.groups.map((_, group) => groupOf(tree, tree.nodeCount + group));
  return {
    id: graph.stage,
    nodes,
    groupNodeAttributes: Object.fromEntries(
      groups.flatMap((group, index) =>
        group === null || group.title === '' || index === 0
          ? []
          : [[paths[index] ?? '', { [group.kind === 'cell' ? 'class' : group.kind]: group.title }] as const],
      ),
    ),
  };
}

function attributesOf(graph: Graph, node: number, places: readonly Place[], costs: NodeCosts): readonly KeyValue[] {
  const { strings, nodes } = graph;
  const lines = (strings[nodes.attributes[node] ?? 0] ?? '').split('\n').filter((line) => line !== '');
  const place = places[nodes.place[node] ?? 0];
  const facts: readonly KeyValue[] = [
    { key: 'kind', value: kindOf(graph, node) },
    { key: 'cell', value: place?.cell ?? '' },
    { key: 'location', value: (nodes.place[node] ?? 0) === 0 ? '' : (place?.text ?? '') },
    ...costKinds.map((key) => ({ key, value: textOf(costs[key]?.[node] ?? 0) })),
  ];
  return [
    ...lines.map((line) => {
      const at = line.indexOf(' = ');
      return at < 0 ? { key: line, value: 'true' } : { key: line.slice(0, at), value: line.slice(at + 3) };
    }),
    ...facts.filter(({ value }) => value !== ''),
  ];
}

const textOf = (cost: number): string => (cost === 0 ? '' : String(cost));

function edgesOf(graph: Graph, node: number): Pick<ExplorerNode, 'incomingEdges' | 'inputsMetadata'> {
  const { nodes } = graph;
  const start = nodes.operandStart[node] ?? 0;
  const operands = nodes.producer.slice(start, nodes.operandStart[node + 1]);
  return {
    incomingEdges: operands.map((producer, index) => ({
      sourceNodeId: String(producer),
      sourceNodeOutputId: String(nodes.slot[start + index] ?? 0),
      targetNodeInputId: String(index),
    })),
    inputsMetadata: operands.map((producer, index) => ({
      id: String(index),
      attrs: shapeOf(resultsOf(graph, producer)[nodes.slot[start + index] ?? 0] ?? ''),
    })),
  };
}

const resultsOf = ({ strings, nodes }: Graph, node: number): readonly string[] =>
  nodes.resultType.slice(nodes.resultStart[node], nodes.resultStart[node + 1]).map((type) => strings[type] ?? '');

/** Model Explorer shows `tensor_shape` on edges. */
const shapeOf = (type: string): readonly KeyValue[] => (type === '' ? [] : [{ key: 'tensor_shape', value: type }]);
